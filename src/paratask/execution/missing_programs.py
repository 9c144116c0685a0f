"""Programs that are not there: what is said of a command that could not be started, and whether one whose program the shell did not find
would meet the same again. See "When something fails" in docs/design.md.

That is asked when no neighbour runs any more, who might have been about to make the program. Knows nothing of attempts, nor how shell text is
read. Loaded when something has failed.
"""

from __future__ import annotations

import os
from shlex import quote

from paratask.errors import CommandFailedError, seen_from, shown_command
from paratask.processes.process import NOT_EXECUTABLE, NOT_FOUND, Ended
from paratask.processes.shell import SHELL_WORDS
from paratask.variables.scopes import exported

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from paratask.errors import ParataskError
    from paratask.processes.capture import Log
    from paratask.processes.streams import Sink
    from paratask.variables.ready import ReadyTask

    Called = Callable[[str, str], Collection[tuple[str, str]]]
    """The programs that a shell text calls by itself when run in a folder, each with its folder; none where that is not known."""

INSTALLED = ("node_modules/.bin", ".venv/bin", "venv/bin", "vendor/bin")


def not_started(folder: str, shown: str, error: OSError, log: Log, sink: Sink) -> Ended:
    """Say why the system did not start a command, of which `shown` is the text; the end that it came to."""
    missing = isinstance(error, (FileNotFoundError, NotADirectoryError))
    where = f" in `{folder}`" if not os.path.isdir(folder) else ""
    text = f"paratask: cannot start `{shown_command(shown)}`{where}: {error.strerror}\n".encode(errors="replace")
    log.write(text)
    sink.write(2, text)
    return Ended(exit_status=NOT_FOUND if missing else NOT_EXECUTABLE, signal=0, cpu_seconds=0.0, peak_bytes=0)


def is_in_vain(
    failure: ParataskError, ready: ReadyTask, *, environ: Mapping[str, str], own_first: bool, called: Called
) -> bool:
    """Whether the command failed with the exit code for it, and a program that it calls is not there, or may not be executed.

    A program that is there, and gives that exit code since it misses another one, may find that next time.
    """
    if not isinstance(failure, CommandFailedError) or failure.exit_status not in (NOT_FOUND, NOT_EXECUTABLE):
        return False
    path = exported(ready.environment, environ, own_first=own_first).get("PATH", "")
    return bool(_missing(failure.command, path, ready.dir or os.getcwd(), called))


def _missing(text: str, path: str, folder: str, called: Called) -> list[tuple[str, str]]:
    programs = called(text, folder)
    return sorted((name, where) for name, where in programs if name not in SHELL_WORDS and not _is_there(name, path, where))


def help_for_missing(text: str, path: str, folder: str, called: Called) -> str:
    """For a command that failed since a program was not found, or may not be executed: which, and where there is one. Empty where all that it
    calls is there, and where that is not known. `task` is called by Taskfiles, and we have its place.
    """
    missing = _missing(text, path, folder, called)
    names = [name for name, _ in missing]
    if len(set(names)) != 1:
        shown = ", no ".join(f"`{name}`" for name in dict.fromkeys(names) if "/" not in name)
        return f"there is no {shown} on PATH" if shown else ""
    name, where = missing[0]
    if "/" in name:
        return _help_for_path(name, where)
    words = text.split()
    if words[0] == name == "task":
        call = " ".join(("{{.TASK_EXE}}", *words[1:]))
        return f"there is no `task` here; `{call}` calls whoever reads this Taskfile"
    if any(os.path.isfile(os.path.join(where, part, name)) for part in path.split(os.pathsep)):
        return f"`{name}` is on PATH, and is not executable"
    if local := _installed_near(name, where):
        return f"there is no `{name}` on PATH, but there is `{local}`"
    return f"there is no `{name}` on PATH; `paratask --doctor` looks for others"


def _help_for_path(name: str, folder: str) -> str:
    file = os.path.join(folder, name)
    if os.path.isfile(file):
        return f"`{name}` is not executable: `chmod +x {quote(seen_from(file, os.getcwd()))}`"
    return "" if os.path.exists(file) else f"there is no `{name}` in `{folder}`, where the command ran"


def _installed_near(name: str, folder: str) -> str:
    """Where a package manager has put it, as seen from `folder`, which is in there or below; empty where none has."""
    above = folder
    while above != os.path.dirname(above):
        for file in (os.path.join(above, place, name) for place in INSTALLED):
            if _is_there(file, "", above):
                return os.path.relpath(file, folder)
        above = os.path.dirname(above)
    return ""


def _is_there(name: str, path: str, folder: str) -> bool:
    parts = [""] if "/" in name else path.split(os.pathsep)
    files = (os.path.join(folder, part, name) for part in parts)
    return any(os.access(file, os.X_OK) and not os.path.isdir(file) for file in files)
