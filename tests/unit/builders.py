"""Short ways to nodes, Taskfiles, ready tasks and coroutines' results, for the unit tests."""

from __future__ import annotations

import os
import posixpath
import textwrap

from paratask.taskfile.decode import Decoder
from paratask.taskfile.decode_file import decode_taskfile
from paratask.taskfile.lookup import TaskIndex
from paratask.taskfile.origins import local_origin
from paratask.taskfile.reader import TaskfileReader
from paratask.taskfile.yaml_nodes import parse_yaml
from paratask.templating import Machine, render
from paratask.variables.dynamic import DynamicValues
from paratask.variables.preparation import Preparation
from paratask.variables.scopes import Mode, Scopes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping, Sequence
    from pathlib import Path

    from paratask.taskfile.model import Glob, Oddity, Task, Taskfile, Variables
    from paratask.taskfile.nodes import Node
    from paratask.variables.ready import ReadyTask

FILE = "/repo/Taskfile.yml"
ROOT = "/repo"


def plain(color: str, text: str) -> str:
    """A painter that does not paint."""
    del color
    return text


def marked(color: str, text: str) -> str:
    """A painter whose colours can be read."""
    return f"<{color}>{text}</>"


def at_once(coroutine: Coroutine[object, object, object]) -> object:
    """The result of a coroutine that never waits."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value
    coroutine.close()
    raise AssertionError("it waits for something")


def node(text: str) -> Node:
    """One YAML document's root."""
    found = parse_yaml(textwrap.dedent(text).encode(), FILE)
    assert found is not None
    return found


def decode(text: str) -> tuple[Taskfile, list[Oddity]]:
    """A Taskfile's text, and what was odd in it."""
    decoder = Decoder(FILE)
    taskfile = decode_taskfile(decoder, parse_yaml(textwrap.dedent(text).encode(), FILE))
    return taskfile, decoder.oddities


def task_of(body: str) -> Task:
    """The task that `t: BODY` makes; a body of several lines is a block below `t:`."""
    body = textwrap.dedent(body).strip("\n")
    value = "\n" + textwrap.indent(body, "    ") if "\n" in body else f" {body}"
    taskfile, oddities = decode(f"version: '3'\ntasks:\n  t:{value}\n")
    assert oddities == []
    return taskfile.tasks["t"]


def write(folder: Path, files: Mapping[str, str | bytes]) -> str:
    """Files below a folder, dedented; the folder's path."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else textwrap.dedent(text).encode())
    return str(folder)


def fill(text: str, values: Mapping[str, object]) -> str:
    """A template, on a machine that tells nothing."""
    return render(text, values, Machine())


def reader(environ: Mapping[str, str] | None = None) -> TaskfileReader:
    return TaskfileReader(environ=environ or {}, fill=fill)


def read(folder: Path, files: Mapping[str, str | bytes], environ: Mapping[str, str] | None = None) -> Taskfile:
    """The Taskfile.yml of these files, with its includes."""
    return reader(environ).read(local_origin(os.path.join(write(folder, files), "Taskfile.yml")))


class FakeDisk:
    """Implements `paratask.variables.filling.Surroundings` over texts by absolute path; globs are exact names."""

    def __init__(self, files: Mapping[str, str] | None = None) -> None:
        self.files = dict(files or {})

    def read_text(self, path: str) -> str | None:
        return self.files.get(path)

    def globs(self, folder: str, globs: Sequence[Glob], *, use_gitignore: bool) -> list[str]:
        del use_gitignore
        wanted = {posixpath.normpath(posixpath.join(folder, glob.pattern)) for glob in globs if not glob.negate}
        return sorted(path for path in self.files if path in wanted)

    def source_value(self, kind: str, folder: str, sources: Sequence[Glob], *, use_gitignore: bool) -> object:
        return f"{kind} of {len(self.globs(folder, sources, use_gitignore=use_gitignore))}"


class FakeShell:
    """Answers `sh:` texts from a table, and keeps what it was asked."""

    def __init__(self, outputs: Mapping[str, str] | None = None) -> None:
        self.outputs = outputs or {}
        self.asked: list[tuple[str, str, Mapping[str, str]]] = []

    async def run(self, command: str, folder: str, environment: Mapping[str, str]) -> str:
        self.asked.append((command, folder, environment))
        return self.outputs.get(command, f"<{command}>\n")


class Bench:
    """A Taskfile made workable without a machine."""

    def __init__(
        self,
        taskfile: Taskfile,
        *,
        environ: Mapping[str, str] | None = None,
        special: Mapping[str, object] | None = None,
        files: Mapping[str, str] | None = None,
        outputs: Mapping[str, str] | None = None,
    ) -> None:
        self.shell = FakeShell(outputs)
        self.dynamic = DynamicValues(self.shell.run)
        self.index = TaskIndex(taskfile)
        environ = environ or {}
        self.scopes = Scopes(
            taskfile=taskfile, environ=environ, special=special or {}, root_dir=ROOT, machine=Machine(), dynamic=self.dynamic
        )
        self.preparation = Preparation(
            taskfile=taskfile, scopes=self.scopes, root_dir=ROOT, environ=environ, surroundings=FakeDisk(files)
        )

    def ready(self, name: str = "t", variables: Variables | None = None, mode: Mode = Mode.RUN) -> ReadyTask:
        """The task of that name, made ready."""
        return at_once(  # type: ignore[return-value]
            self.preparation.prepare(self.index.find(name), name, variables or {}, mode)
        )

    def value(self, variable: str, name: str = "t", variables: Variables | None = None, mode: Mode = Mode.RUN) -> object:
        """What a task sees under a name."""
        return self.ready(name, variables, mode).scope.values.get(variable)


def bench(text: str, **how: object) -> Bench:
    """See Bench; `text` is the Taskfile less its version."""
    return Bench(decode("version: '3'\n" + textwrap.dedent(text))[0], **how)  # type: ignore[arg-type]
