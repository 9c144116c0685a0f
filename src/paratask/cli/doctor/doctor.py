"""`--doctor`: what this machine has, and what is suspicious about it, the Taskfile and what earlier runs left.

Runs nothing but `--version` of bash, git, strace and task. The checks of the Taskfile are diagnosing's.
"""

from __future__ import annotations

import os
import sys
from itertools import chain

from paratask.cli.doctor.facts import check_machine, check_reporters, facts, project_facts
from paratask.cli.doctor.state import check_state
from paratask.cli.looking_back.state import state_beside
from paratask.cli.on_terminal import fitted
from paratask.cli.setup import current_folder, make_workbench, painter_for
from paratask.diagnosing.finding import Finding
from paratask.diagnosing.lines import check_lines, check_oddities
from paratask.diagnosing.programs import check_programs
from paratask.diagnosing.scripts import check_scripts
from paratask.errors import ParataskError, TaskNotFoundError
from paratask.execution.machine import SystemMachine
from paratask.processes.shell import SHELL_WORDS, Shell
from paratask.reporting.doctor_text import doctor_document, render_doctor
from paratask.taskfile.model import Call, Platform, suits
from paratask.taskfile.paths import is_address

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from paratask.cli.options import Typed
    from paratask.execution.workbench import Workbench
    from paratask.taskfile.model import Task

ALSO_BUILT_IN = frozenset(("echo", "true", "false", "task", "paratask"))


class _Files:
    """See Files in diagnosing/scripts.py."""

    def exists(self, path: str) -> bool:
        return os.path.exists(path)

    def is_executable(self, path: str) -> bool:
        return os.path.isdir(path) or os.access(path, os.X_OK)

    def names_in(self, folder: str) -> list[str]:
        return os.listdir(folder) if os.path.isdir(folder) else []


def doctor(typed: Typed) -> int:
    """`--doctor`: look at the named tasks and what they call, or at all tasks. The exit code: 1 where there is a problem; a
    note is none.
    """
    environ = dict(os.environ)
    about = facts(environ)
    findings = list(chain(check_machine(environ), _check_project(typed, environ, about)))
    findings.sort(key=lambda finding: not finding.is_problem)
    if typed.flag("json"):
        import json

        sys.stdout.write(json.dumps(doctor_document(about, findings), indent=2, ensure_ascii=False) + "\n")
    else:
        text = render_doctor(
            about, findings, cwd=current_folder(environ), whole=typed.flag("verbose"), paint=painter_for(typed, 1)
        )
        sys.stdout.write(fitted(text))
    return 1 if any(finding.is_problem for finding in findings) else 0


def _check_project(typed: Typed, environ: Mapping[str, str], about: dict[str, str]) -> Iterator[Finding]:
    """What is told of the project goes to `about`. A Taskfile that cannot be read is a finding as well."""
    cwd = current_folder(environ)
    try:
        bench = make_workbench(typed, says_oddities=False)
        about.update(project_facts(bench, cwd))
        tasks = _chosen(bench, typed.calls)
    except TaskNotFoundError as error:
        yield Finding(
            kind="no-such-task", message=error.message, why="there is nothing of it to look at",
            help=error.help or "`paratask --list-all` shows those that there are", is_problem=True,
        )  # fmt: skip
        return
    except ParataskError as error:
        yield Finding(
            kind="taskfile", message=error.message, why="without it nothing runs",
            help=error.help or ("mend this line" if error.position else "`paratask --init` writes one"), is_problem=True,
            position=error.position,
        )  # fmt: skip
        if state := state_beside(typed):
            yield from check_state(state, cwd)
        return
    yield from check_oddities(bench.project.oddities)
    yield from check_lines(tasks, lambda name: bench.index.find(name).task)
    shell, machine = Shell(environ), SystemMachine(environ=environ, cwd=bench.project.root_dir)
    path = environ.get("PATH", os.defpath)
    here = Platform(os=machine.os, arch=machine.arch)
    if "PATH" not in bench.taskfile.environment:
        yield from check_programs(
            tasks,
            find=lambda name: bench.index.find(name).task,
            is_there=lambda name: shell.find(name, path) is not None,
            built_in=SHELL_WORDS | ALSO_BUILT_IN,
            suits=lambda platforms: suits(platforms, here),
        )
    yield from check_scripts(
        [task for task in tasks if not is_address(task.position.file)], every=bench.taskfile.tasks.values(),
        root=bench.project.root_dir, cwd=cwd, files=_Files(), suits=lambda platforms: suits(platforms, here),
    )  # fmt: skip
    yield from check_reporters(bench)
    yield from check_state(bench.state_dir, cwd)


def _chosen(bench: Workbench, names: Sequence[str]) -> tuple[Task, ...]:
    """All tasks; or those that are named, with all that they reach by calls whose names are known. Raises TaskNotFoundError."""
    if not names:
        return tuple(bench.taskfile.tasks.values())
    chosen: dict[str, Task] = {}
    waiting = [bench.index.find(name).task for name in names]
    while waiting:
        task = waiting.pop()
        if task.name not in chosen:
            chosen[task.name] = task
            waiting += _reached(bench, task)
    return tuple(chosen.values())


def _reached(bench: Workbench, task: Task) -> Iterator[Task]:
    for step in (*task.dependencies, *task.steps):
        if isinstance(step, Call) and "{{" not in step.task:
            try:
                yield bench.index.find(step.task).task
            except ParataskError:
                continue
