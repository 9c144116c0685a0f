"""Opens the projects of runs that commands start, to be planned with: `task -d api build` in a shell text."""

from __future__ import annotations

import os

from paratask.claims.model import unknown
from paratask.cli.options import parse
from paratask.cli.setup import project_folder, special_variables
from paratask.errors import ParataskError
from paratask.execution.machine import SystemMachine
from paratask.execution.workbench import Workbench
from paratask.planning.inner_runs import InnerProject
from paratask.taskfile.project import OWN_NAME, PYPROJECT, read_project
from paratask.templating import UNKNOWN, render
from paratask.variables.dynamic import run_static
from paratask.variables.scopes import Mode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from paratask.claims.model import Claims
    from paratask.cli.options import Typed
    from paratask.languages.inner_runs import InnerRun
    from paratask.plugins.hookspecs import Place

_OURS = "paratask"
_MAX_RUNS = 500
"""How many different ones are looked into; a loop may make any number of them."""


class InnerRuns:
    """Tells what the runs claim that commands of a project start, remembering it: for one plan. Runs that differ in nothing but their
    tasks share what was opened.
    """

    def __init__(self, outer: Workbench) -> None:
        self._outer = outer
        self._opened: dict[object, InnerProject | None] = {}
        self._known: dict[InnerRun, Claims | None] = {}
        self._begun: set[InnerRun] = set()

    def claims(self, run: InnerRun, place: Place) -> Claims | None:
        """None where the run is not understood."""
        if run in self._begun:
            return unknown(f"`{' '.join((run.program, *run.words))}` starts itself")
        if run not in self._known:
            if len(self._known) >= _MAX_RUNS:
                return None
            self._begun.add(run)
            try:
                self._known[run] = self._looked_up(run, place)
            except ParataskError:
                self._known[run] = None
            finally:
                self._begun.discard(run)
        return self._known[run]

    def _looked_up(self, run: InnerRun, place: Place) -> Claims | None:
        typed = parse([*run.words, *(["--", *run.rest] if run.rest else [])], self._outer.environ)
        named = (typed.text("taskfile"), project_folder(typed, self._outer.environ), tuple(typed.variables.items()))
        key = (run.cwd, run.program, run.rest, run.given, named)
        if key not in self._opened:
            bench = _opened(run, typed, self._outer)
            self._opened[key] = (
                None if bench is None else InnerProject(bench=bench, program=run.program, cwd=run.cwd, place=place)
            )
        project = self._opened[key]
        return None if project is None else project.claims(typed.calls or ("default",))


def _opened(run: InnerRun, typed: Typed, outer: Workbench) -> Workbench | None:
    """None for what only paratask knows where `task` is called, and where a Taskfile names a variable whose value is not known."""
    if outer.own_environment_first:
        return None
    given = {name: value for name, value in run.given if value is not None}
    environ = {**outer.environ, **given}
    machine = SystemMachine(environ=environ, cwd=run.cwd)
    try:
        project = read_project(
            entrypoint=typed.text("taskfile"),
            folder=project_folder(typed, environ),
            cwd=run.cwd,
            environ=environ,
            fill=lambda text, values: render(text, values, machine),
        )
    except OSError:
        return None
    if project.taskfile.file.endswith((OWN_NAME, PYPROJECT)) and run.program != _OURS:
        return None
    if project.root_dir != outer.project.root_dir and _has_settings(project.root_dir):
        return None
    if _names_any([name for name, value in run.given if value is None], project.files):
        return None
    bench = Workbench(
        project=project, machine=machine, environ=environ, user_dir=run.cwd, program=run.program, temp_dir="",
    )  # fmt: skip
    unknown = dict.fromkeys(("CLI_ARGS", "CLI_ARGS_LIST"), UNKNOWN) if run.rest is None else {}
    bench.add_variables(command_line=typed.variables, special={**special_variables(typed), **unknown})
    run_static(bench.read_dotenv(Mode.UNKNOWN))
    return bench


def _has_settings(folder: str) -> bool:
    """Whether a file there may switch experiments on, which the outer run does not have."""
    return any(os.path.exists(os.path.join(folder, name)) for name in (".taskrc.yml", ".taskrc.yaml"))


def _names_any(names: Iterable[str], paths: Iterable[str]) -> bool:
    """Whether one of the files has one of these names in it."""
    names = tuple(names)
    texts = [_text(path) for path in paths] if names else []
    return any(name in text for text in texts for name in names)


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""
