"""The project that `--exec` runs: a task for each command line, made here and read from no file; and where its records are kept.

What paratask.toml says about the machine (jobs, load, memory) counts here as well; what it says of tasks does not, since there are none.
Knows nothing of running.
"""

from __future__ import annotations

import json
import os
import sys

from paratask.cli.setup import current_folder, own_environment
from paratask.errors import TaskfileNotFoundError
from paratask.execution.machine import SystemMachine
from paratask.execution.workbench import Workbench
from paratask.frozen import dataclass, replace
from paratask.names import cut
from paratask.records.logs import COMMANDS_FILE
from paratask.records.shapes import COMMANDS, is_shaped
from paratask.state_files import parse_kept, read_kept
from paratask.taskfile.model import NOWHERE, Command, Task, Taskfile
from paratask.taskfile.paths import cleaned
from paratask.taskfile.project import Project, root_settings
from paratask.taskfile.settings import NO_SETTINGS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from paratask.cli.options import Typed
    from paratask.taskfile.settings import Settings

SCHEMA = 1
LONGEST_NAME = 120
OPENING, ESCAPED = "{{", '{{"{{"}}'


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A command line: its number, counted from 1, its text, and what stands before each line of its output where that is asked for."""

    number: int
    text: str
    prefix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Commands:
    """All command lines, by the names of their tasks, and the folder in which they run. `has_slot`: some ask for the slot's number."""

    lines: Mapping[str, Line]
    folder: str
    has_slot: bool = False


def named(lines: Iterable[Line]) -> dict[str, Line]:
    """Each under a name of its own: its text, shortened to a line, with a number where another has that already."""
    found: dict[str, Line] = {}
    counts: dict[str, int] = {}
    for line in lines:
        name = short = shortened(line.text)
        while name in found:
            counts[short] = counts.get(short, 1) + 1
            name = f"{short} ({counts[short]})"
        found[name] = line
    return found


def shortened(text: str) -> str:
    """On one line, and no longer than a name may be."""
    return cut(" ".join(text.split()) or "(nothing)", LONGEST_NAME)


def make_bench(typed: Typed, commands: Commands) -> Workbench:
    """Raises TaskfileError for a paratask.toml that cannot be read."""
    environ = own_environment()
    root, settings = root_of(commands.folder)
    taskfile = Taskfile(
        file=os.path.join(root or commands.folder, ""),
        version="3",
        tasks={name: _task(name, line, commands.folder) for name, line in commands.lines.items()},
        variables={},
        environment={},
        silent=True,
    )
    project = Project(taskfile=taskfile, settings=settings, root_dir=root or commands.folder, oddities=())
    bench = Workbench(
        project=project, machine=SystemMachine(environ=environ, cwd=commands.folder), environ=environ, user_dir=commands.folder,
        program=sys.argv[0], temp_dir=typed.text("temp_dir"), suggests=False,
    )  # fmt: skip
    if not root:
        bench.state_dir = own_state(environ)
    return bench


def working_folder(typed: Typed) -> str:
    """Where the commands run: here, or in `--dir`."""
    return cleaned(os.path.join(current_folder(os.environ), typed.text("dir")))


def root_of(folder: str) -> tuple[str, Settings]:
    """The folder of the Taskfile or paratask.toml at or above `folder`, with the settings that hold here; empty where there is none."""
    try:
        root, settings = root_settings(folder)
    except TaskfileNotFoundError:
        return "", NO_SETTINGS
    if settings is NO_SETTINGS:
        return root, settings
    return root, replace(settings, claims={}, resources={}, only_parallel=(), on_failure="", positions={})


def own_state(environ: Mapping[str, str]) -> str:
    """Where records are kept of commands that ran where no Taskfile is: in the user's own folder for such things, not among the files. Who has
    no home has `/` for one, as in most containers: else `~` would be a folder among the files.
    """
    base = environ.get("XDG_STATE_HOME", "")
    if not os.path.isabs(base):
        home = os.path.expanduser("~")
        base = os.path.join(home if os.path.isabs(home) else "/", ".local", "state")
    return os.path.join(base, "paratask")


def make_own_state(state: str, environ: Mapping[str, str]) -> None:
    """The user's own folder for records, which nobody else may read, where `state` is that one: what is run by hand is mostly private, as
    a shell's history is. XDG Base Directory Specification: folders are made with 0700.
    """
    if state == own_state(environ):
        try:
            os.makedirs(state, mode=0o700, exist_ok=True)
        except OSError:  # then nothing is kept, and whoever tries to says so
            pass


def _task(name: str, line: Line, folder: str) -> Task:
    return Task(
        name=name,
        steps=(Command(text=_as_written(line.text), position=NOWHERE),),
        folder=folder,
        prefix=_as_written(line.prefix),
        variables={},
        environment={},
        include_variables={},
        included_taskfile_variables={},
    )


def _as_written(text: str) -> str:
    """A text that is no template, as one that comes to it."""
    return text.replace(OPENING, ESCAPED) if OPENING in text else text


def document_of(commands: Commands) -> str:
    """What is kept of them, as JSON text."""
    document = {
        "schema": SCHEMA,
        "folder": commands.folder,
        "has_slot": commands.has_slot,
        "lines": [[line.text, line.prefix] for line in commands.lines.values()],
    }
    return json.dumps(document, ensure_ascii=False) + "\n"


def commands_of(folder: str) -> Commands | None:
    """What the run that is kept in `folder` was to carry out; None for a run of tasks."""
    try:
        document: Any = parse_kept(read_kept(os.path.join(folder, COMMANDS_FILE)))
        if not is_shaped(document, COMMANDS, tuple(COMMANDS)):
            return None
        lines = [Line(number=number, text=text, prefix=prefix) for number, (text, prefix) in enumerate(document["lines"], 1)]
        return Commands(lines=named(lines), folder=document["folder"], has_slot=document["has_slot"])
    except (OSError, ValueError):
        return None
