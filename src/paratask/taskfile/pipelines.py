"""What `[pipelines]` of paratask.toml says, frozen, and as the tasks that it comes to. See "Pipelines" in docs/design.md.

A pipeline becomes a task that calls one internal task for each stage, in order; a stage's task calls its tasks and then its gate.
Names are looked up among the tasks that there are. How it is written is in decode_pipelines.py; how calls are carried out is not known.
"""

from __future__ import annotations

import os
from fnmatch import fnmatchcase

from paratask.errors import TaskfileDecodeError, TaskNotFoundError, seen_from
from paratask.events import StageMade
from paratask.frozen import dataclass, replace
from paratask.names import nearest_name
from paratask.taskfile.lookup import TaskIndex
from paratask.taskfile.model import Call, Task, Variable
from paratask.taskfile.paths import is_address
from paratask.taskfile.tasks import Tasks, pending

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from paratask.errors import Position
    from paratask.taskfile.model import Taskfile, Variables


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A task of a stage, or its gate: a name, or a pattern of names (`test-*`), with the variables that it is called with."""

    task: str
    position: Position
    variables: Variables


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """`on_failure` is empty where the run's counts; `variables` are for all that it calls."""

    name: str
    position: Position
    variables: Variables
    entries: tuple[Entry, ...] = ()
    gate: Entry | None = None
    is_sequential: bool = False
    on_failure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """Stages, in order, of which each begins when the one before it has passed."""

    name: str
    position: Position
    stages: tuple[Stage, ...]
    desc: str = ""
    summary: str = ""
    aliases: tuple[str, ...] = ()


def stage_task(pipeline: str, stage: str) -> str:
    """The name of a stage's task."""
    return f"{pipeline}:{stage}"


def stage_marks(pipelines: Iterable[Pipeline], *, own_name: Callable[[str], str] = str) -> dict[str, StageMade]:
    """What is to be announced of a stage's job, by its task's name; without the job. `own_name`: see TaskIndex."""
    return {
        stage_task(pipeline.name, stage.name): StageMade(
            job="", pipeline=pipeline.name, stage=stage.name, number=number, of=len(pipeline.stages),
            gate=own_name(stage.gate.task) if stage.gate else "",
        )
        for pipeline in pipelines
        for number, stage in enumerate(pipeline.stages, 1)
    }  # fmt: skip


def with_pipelines(taskfile: Taskfile, pipelines: Mapping[str, Pipeline]) -> Taskfile:
    """The Taskfile with the tasks of pipelines. Raises TaskfileDecodeError for names that are taken, or name nothing."""
    named = {name: _pipeline_task(pipeline) for name, pipeline in pipelines.items()}
    for name, task in named.items():
        _check_free(name, task.position, taskfile, f"pipeline `{name}`")
    _check_circles(pipelines, taskfile)
    index = TaskIndex(replace(taskfile, tasks=Tasks({**pending(taskfile.tasks), **pending(named)})))
    made = dict(named)
    for pipeline in pipelines.values():
        for stage in pipeline.stages:
            name, what = stage_task(pipeline.name, stage.name), f"the task of stage `{stage.name}`"
            _check_free(name, stage.position, taskfile, what)
            if name in made:
                twice = f"two stages of pipeline `{pipeline.name}` are called `{stage.name}`"
                message = f"{what} has the name of pipeline `{name}`" if name in named else twice
                raise TaskfileDecodeError(message, position=stage.position)
            made[name] = _Resolved(taskfile, index, pipeline, stage).task(name)
    return replace(taskfile, tasks=Tasks({**pending(taskfile.tasks), **pending(made)}))


def _check_free(name: str, position: Position, taskfile: Taskfile, what: str) -> None:
    """Raises TaskfileDecodeError for what is no name, and where it is a task's. Aliases give way, as they do to tasks: to look at all of
    them here would make all tasks, of which a run needs few.
    """
    if not name.strip() or "*" in name or "{{" in name:
        raise TaskfileDecodeError(f"`{name}` is no name for {what}", position=position)
    if name in taskfile.tasks:
        there = taskfile.tasks[name].position
        if not is_address(there.file):
            there = replace(there, file=seen_from(there.file, os.path.dirname(position.file)))
        message = f"{what} has the name of the task at {there}"
        raise TaskfileDecodeError(message, position=position)


def _check_circles(pipelines: Mapping[str, Pipeline], taskfile: Taskfile) -> None:
    """Raises TaskfileDecodeError for a stage that names its own pipeline, or one that comes back to it. Tasks between are not looked at."""
    names = {alias: name for name, pipeline in pipelines.items() for alias in pipeline.aliases if alias not in taskfile.tasks}
    names.update(zip(pipelines, pipelines, strict=True))
    called = {
        name: [(s, e, names[e.task]) for s, e in _entries(pipeline) if e.task in names] for name, pipeline in pipelines.items()
    }
    for name, calls in called.items():
        for stage, entry, target in calls:
            reached = [target]
            for other in reached:
                reached += {after for *_, after in called[other]} - {*reached}
            if name in reached:
                which = "is its own pipeline" if target == name else f"leads back to `{name}`"
                message = f"stage `{stage.name}` names `{entry.task}`, which {which}"
                raise TaskfileDecodeError(message, position=entry.position)


def _entries(pipeline: Pipeline) -> Iterator[tuple[Stage, Entry]]:
    """All that its stages name, with the stage."""
    for stage in pipeline.stages:
        for entry in (*stage.entries, *((stage.gate,) if stage.gate else ())):
            yield stage, entry


def _task(name: str, position: Position, steps: Iterable[Call]) -> Task:
    return Task(
        name=name, position=position, steps=tuple(steps), variables={}, environment={}, include_variables={},
        included_taskfile_variables={},
    )  # fmt: skip


def _pipeline_task(pipeline: Pipeline) -> Task:
    steps = (
        Call(
            task=stage_task(pipeline.name, stage.name),
            position=stage.position,
            variables=stage.variables,
            why_alone=_why_now(pipeline, index),
        )
        for index, stage in enumerate(pipeline.stages)
    )
    task = _task(pipeline.name, pipeline.position, steps)
    return replace(task, desc=pipeline.desc, summary=pipeline.summary, aliases=pipeline.aliases)


def _why_now(pipeline: Pipeline, index: int) -> str:
    place = f"stage {index + 1} of {len(pipeline.stages)} of `{pipeline.name}`"
    if not index:
        return place
    before = pipeline.stages[index - 1]
    wanted = f"pass its gate `{before.gate.task}`" if before.gate else "end well"
    return f"{place}; before it stage `{before.name}` has to {wanted}"


class _Resolved:
    """One stage, whose names are being looked up."""

    def __init__(self, taskfile: Taskfile, index: TaskIndex, pipeline: Pipeline, stage: Stage) -> None:
        self._taskfile = taskfile
        self._index = index
        self._pipeline = pipeline
        self._stage = stage
        self._passed_on = {name: Variable(ref=f".{name}", secret=variable.secret) for name, variable in stage.variables.items()}

    def task(self, name: str) -> Task:
        stage = self._stage
        alone = f"stage `{stage.name}` runs its tasks one at a time" if stage.is_sequential else ""
        steps = [self._call(entry, alone) for entry in self._entries()]
        if stage.gate is not None:
            steps.append(self._gate(stage.gate))
        return replace(_task(name, stage.position, steps), internal=True, on_failure=stage.on_failure)

    def _gate(self, gate: Entry) -> Call:
        if "*" in gate.task or "{{" in gate.task:
            message = f"the gate of stage `{self._stage.name}` is one task, and `{gate.task}` may be several"
            raise TaskfileDecodeError(message, position=gate.position)
        self._check_known(gate)
        about = {"PARATASK_PIPELINE": self._pipeline.name, "PARATASK_STAGE": self._stage.name}
        variables = {**{name: Variable(value=value) for name, value in about.items()}, **gate.variables}
        reason = f"the gate of stage `{self._stage.name}`: all else in it has to end well before"
        return self._call(replace(gate, variables=variables), reason)

    def _call(self, entry: Entry, why_alone: str) -> Call:
        variables = {**self._passed_on, **entry.variables}
        return Call(task=entry.task, position=entry.position, variables=variables, why_alone=why_alone)

    def _entries(self) -> Iterator[Entry]:
        """One for each task. A pattern gives those that nothing else in the stage names, in the Taskfile's order."""
        stage = self._stage
        given = {entry.task for entry in stage.entries} | ({stage.gate.task} if stage.gate else set())
        for entry in stage.entries:
            if "*" not in entry.task:
                self._check_known(entry)
                yield entry
                continue
            for name in self._matching(entry):
                if name not in given:
                    given.add(name)
                    yield replace(entry, task=name)

    def _matching(self, entry: Entry) -> list[str]:
        tasks = self._taskfile.tasks
        names = [name for name in tasks if "*" not in name and fnmatchcase(name, entry.task) and not tasks[name].internal]
        if not names:
            raise self._unknown(entry, "matches no task", nearest_name(entry.task, list(tasks)))
        return names

    def _check_known(self, entry: Entry) -> None:
        """What a template names is known when it runs. Raises TaskfileDecodeError."""
        if "{{" in entry.task or entry.task in self._taskfile.tasks:
            return
        try:
            self._index.find(entry.task, entry.position)
        except TaskNotFoundError as error:
            raise self._unknown(entry, "is no task", nearest_name(entry.task, list(self._taskfile.tasks))) from error

    def _unknown(self, entry: Entry, what: str, nearest: str) -> TaskfileDecodeError:
        return TaskfileDecodeError(
            f"stage `{self._stage.name}` names `{entry.task}`, which {what}",
            position=entry.position,
            help=f"did you mean `{nearest}`?" if nearest else "",
        )
