"""What would happen several times if the tasks were verified: effects outside the checkout, and commands that nobody knows.

Looked up as a plan does it, running nothing. A task that paratask.toml declares `local`, or not, is believed. Other than in a plan, a
command is looked at as far as it is written where a part of it is not known before it runs: `git push {{.BRANCH}}` is a push.
"""

from __future__ import annotations

import os

from paratask.cli.setup import inner_claims
from paratask.diagnosing.programs import TEMPLATE, UNKNOWN
from paratask.errors import ParataskError
from paratask.frozen import dataclass, replace
from paratask.languages.effects import EffectWatch
from paratask.planning.here import on_this_machine
from paratask.planning.own_claims import own_claims, text_claims
from paratask.plugins.manager import load_plugins
from paratask.taskfile.model import Call, Command, suits
from paratask.variables.dynamic import run_static
from paratask.variables.ready import ReadyCall, ReadyCommand, ReadyDefer, UnknownSteps
from paratask.variables.scopes import Mode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from paratask.execution.workbench import Workbench
    from paratask.taskfile.model import Task
    from paratask.variables.ready import ReadyStep, ReadyTask

MAX_CALLS = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """`outside`: task, command and reason of each; `unknown`: task and command. `folders`: all tasks that may run, and where, as far as that
    is known.
    """

    outside: tuple[tuple[str, str, str], ...]
    unknown: tuple[tuple[str, str], ...]
    folders: tuple[tuple[Task, str], ...]


def find_effects(bench: Workbench, calls: Sequence[ReadyCall], warn: Callable[[str], None]) -> Effects:
    """Of all that the calls reach."""
    watch = EffectWatch(bench.project.root_dir, plugins=load_plugins(warn=warn), environ=os.environ, runs=inner_claims(bench))
    settings = bench.project.settings
    outside: dict[tuple[str, str, str], None] = {}
    unknown: dict[tuple[str, str], None] = {}
    folders: dict[tuple[str, str], tuple[Task, str]] = {}
    seen: set[object] = set()
    waiting = list(calls)
    while waiting and len(seen) < MAX_CALLS:
        call = waiting.pop(0)
        key = (call.task, tuple((name, repr(value)) for name, value in call.variables.items()))
        if call.task is None or key in seen:
            continue
        seen.add(key)
        try:
            found = bench.index.find(call.task)
            if not suits(found.task.platforms, bench.platform):
                continue
            ready = run_static(bench.preparation.prepare(found, call.task, call.variables, Mode.UNKNOWN))
        except ParataskError:
            continue
        if ready.dir is not None:
            folders[ready.task.name, ready.dir] = ready.task, ready.dir
        declared = settings.claims_of(ready.task.name)
        if declared is not None and declared.local:
            continue
        ready = _as_far_as_written(on_this_machine(ready, bench.platform))
        calls_below = list(_calls(ready))
        waiting += calls_below
        if declared is not None and declared.local is False:
            outside[ready.task.name, "", "paratask.toml declares `local = false`"] = None
            continue
        watch.begin()
        list(own_claims(ready, watch))
        for below in calls_below:
            text_claims(_written(below.condition, below.source.condition), watch.root, watch)
        outside.update({(ready.task.name, text, reason): None for text, reason in watch.outside.items()})
        unknown.update({(ready.task.name, text): None for text in watch.unknown})
        unknown.update({(ready.task.name, f"task: {below.source.task}"): None for below in calls_below if below.task is None})
    return Effects(outside=tuple(outside), unknown=tuple(unknown), folders=tuple(folders.values()))


def _calls(ready: ReadyTask) -> Iterator[ReadyCall]:
    """All that a task may call, in loops that are not known yet as well."""
    yield from ready.calls()
    for step in (*ready.dependencies, *ready.steps):
        if isinstance(step, UnknownSteps) and isinstance(step.source, Call):
            source = step.source
            yield ReadyCall(task=None if "{{" in source.task else source.task, variables={}, condition=None, source=source)


def _as_far_as_written(ready: ReadyTask) -> ReadyTask:
    """The task with an unknown word in the place of what is not known yet, as far as its commands go."""
    return replace(ready, condition=_written(ready.condition, ready.task.condition), steps=tuple(map(_step, ready.steps)))


def _step(step: ReadyStep) -> ReadyStep:
    source = step.source
    if not isinstance(source, Command):
        return step
    if isinstance(step, ReadyDefer):
        return replace(step, texts=(_written(None, source.text),))
    known = step if isinstance(step, ReadyCommand) else ReadyCommand(text=None, shown="", condition=None, source=source)
    return replace(known, text=_written(known.text, source.text), condition=_written(known.condition, source.condition))


def _written(known: str | None, source: str) -> str:
    return TEMPLATE.sub(UNKNOWN, source) if known is None else known
