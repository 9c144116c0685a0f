"""The whole plan of a run, for people and tools: every call, what it waits for, what it may run beside, and why.

Built with the same arranging as a run, from what is known without running anything. A plan is a tree, in which calls that several
others make stand several times; where that would be too much, what such a call does is planned once. Knows nothing of how it is shown.
"""

from __future__ import annotations

from paratask.claims.model import Claims
from paratask.errors import ParataskError
from paratask.frozen import dataclass
from paratask.names import JobNames
from paratask.planning.arrangement import one_after_another
from paratask.planning.beside import Beside
from paratask.planning.estimates import Estimates, variables_digest
from paratask.variables.ready import ReadyCall, grouped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TypeAlias

    from paratask.planning.arrangement import Arrangement
    from paratask.planning.planner import Planner
    from paratask.taskfile.model import Task
    from paratask.variables.ready import ReadyTask

    Key: TypeAlias = tuple[str, tuple[tuple[str, str], ...]]
    """A call: the task's name as written, and its variables."""

MAX_JOBS = 2_000
MAX_DEPTH = 50
"""A tree that is larger is not unfolded: its calls stand below the first that is alike."""

MAX_SHARED_DEPTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedJob:
    """One call. `after` and `together_with` are ids of jobs of the same parent; `kind` says what made it a job.

    `estimate_seconds` is what it takes with all it calls, `command_seconds` what its own commands take, `cores` how many these
    keep busy; None where no earlier run tells. `peak_bytes` is the most memory that they had. `same_as` is the id of the job
    of which the `children` are this one's as well, where they are not given again. `once` is the same for all jobs that are carried out
    a single time, together; empty for others. `label` is that of the task, as far as it is known before the run. `reason_beside` is the reason in short, for whom `together_with` are named;
    `reason_before` is why those in `after` come first, where that is no matter of what these jobs touch.
    """

    id: str
    task: str
    parent: str
    kind: str
    after: tuple[str, ...]
    together_with: Beside
    claims: Claims
    reason: str
    estimate_seconds: float | None
    command_seconds: float | None = None
    cores: float | None = None
    peak_bytes: int = 0
    reason_beside: str = ""
    reason_before: str = ""
    same_as: str = ""
    once: str = ""
    label: str = ""
    children: tuple[tuple[PlannedJob, ...], ...] = ()

    def walk(self) -> list[PlannedJob]:
        """This job and all below it, in written order."""
        return [self, *(job for group in self.children for child in group for job in child.walk())]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Neighbours:
    """Calls of a task that are arranged together; `kind` as that of their jobs. `is_cut_off`: commands stand before them, and calls before those."""

    calls: Sequence[ReadyCall]
    arrangement: Arrangement
    kind: str
    caller: Task | None = None
    is_cut_off: bool = False


class PlanBuilder:
    """Builds the plan of calls. `estimates` are what earlier runs teach."""

    def __init__(self, *, planner: Planner, estimates: Estimates | None = None) -> None:
        self._planner = planner
        self._estimates = Estimates() if estimates is None else estimates
        self._names = JobNames()
        self._below: dict[tuple[Key, bool], tuple[_Neighbours, ...]] = {}
        self._first: dict[tuple[Key, bool], str] = {}
        self._shares = False

    def build(self, calls: Sequence[ReadyCall], *, together: str = "") -> tuple[PlannedJob, ...]:
        """The called jobs, with everything below them; `together` is who said that these all overlap. Raises ParataskError for a call that
        cannot be made ready.
        """
        for call in calls:
            self._planner.expansion.prepare(call.task or "", call.variables)
        arrangement = self._planner.together(calls, together) if together else self._planner.arrange(calls)
        top = _Neighbours(calls=calls, arrangement=arrangement, kind="call")
        self._shares = self._is_large(calls)
        return self._group(top, parent="", before=(), depth=0, is_forgiven=False)

    def _is_large(self, calls: Sequence[ReadyCall]) -> bool:
        """Whether the tree has more jobs than anybody reads, or is so deep that calls may go round."""
        waiting = [(call, 0, False) for call in calls]
        count = 0
        while waiting:
            call, depth, is_forgiven = waiting.pop()
            count += 1
            if count > MAX_JOBS or depth > MAX_DEPTH:
                return True
            waiting += [
                (inner, depth + 1, is_forgiven or inner.is_forgiven(group.caller))
                for group in self._groups_below(call, is_forgiven=is_forgiven)
                for inner in group.calls
            ]
        return False

    def _group(
        self, neighbours: _Neighbours, *, parent: str, before: tuple[str, ...], depth: int, is_forgiven: bool
    ) -> tuple[PlannedJob, ...]:
        calls, arrangement = neighbours.calls, neighbours.arrangement
        names = [self._planner.job_name(call.task or "") for call in calls]
        why_before = "a command stands between" if before and neighbours.is_cut_off else ""
        ids = [self._names.take(name or "unknown") for name in names]
        together = arrangement.together_masks()
        jobs = []
        for index, call in enumerate(calls):
            after = tuple(ids[i] for i in sorted(arrangement.after[index])) or before
            reach = self._planner.expansion.reach_of_call(call)
            estimate = self._estimates.of(names[index], variables_digest(call.variables))
            goes_on = is_forgiven or call.is_forgiven(neighbours.caller)
            same_as = self._planned_before(call, ids[index], is_forgiven=goes_on)
            also = _spelling(call) + self._why_nothing(call)
            ready = self._ready(call)
            jobs.append(
                PlannedJob(
                    id=ids[index],
                    task=names[index] or "(not known before it runs)",
                    parent=parent,
                    kind=neighbours.kind,
                    after=after,
                    together_with=Beside(ids, together[index]),
                    claims=reach.claims,
                    reason=arrangement.reasons[index] + also,
                    reason_beside=(arrangement.reasons_beside or arrangement.reasons)[index] + also,
                    reason_before="" if arrangement.after[index] else why_before,
                    estimate_seconds=estimate.seconds if estimate else None,
                    command_seconds=estimate.command_seconds if estimate else None,
                    cores=estimate.cores if estimate else None,
                    peak_bytes=estimate.peak_bytes if estimate else 0,
                    same_as=same_as,
                    once=_once(ready, call),
                    label=ready.label if ready is not None else "",
                    children=() if same_as else self._children(call, ids[index], depth, is_forgiven=goes_on),
                )
            )
        return tuple(jobs)

    def _ready(self, call: ReadyCall) -> ReadyTask | None:
        """Its task, as far as it can be made ready; None where nothing of it would run."""
        if call.task is None or self._planner.expansion.is_elsewhere(call):
            return None
        try:
            return self._planner.expansion.prepare(call.task, call.variables)
        except ParataskError:
            return None

    def _why_nothing(self, call: ReadyCall) -> str:
        return "; it is not for this platform, and runs nothing" if self._planner.expansion.is_elsewhere(call) else ""

    def _planned_before(self, call: ReadyCall, job: str, *, is_forgiven: bool) -> str:
        """The id of the first job that calls the same, in plans that share; `job` where it is that one counts from here on."""
        if not self._shares or not self._groups_below(call, is_forgiven=is_forgiven):
            return ""
        first = self._first.setdefault((_key(call), is_forgiven), job)
        return "" if first == job else first

    def _children(self, call: ReadyCall, job: str, depth: int, *, is_forgiven: bool) -> tuple[tuple[PlannedJob, ...], ...]:
        if depth > MAX_SHARED_DEPTH:
            return ()
        groups: list[tuple[PlannedJob, ...]] = []
        before: tuple[str, ...] = ()
        for neighbours in self._groups_below(call, is_forgiven=is_forgiven):
            groups.append(self._group(neighbours, parent=job, before=before, depth=depth + 1, is_forgiven=is_forgiven))
            before = _last(groups[-1])
        return tuple(groups)

    def _groups_below(self, call: ReadyCall, *, is_forgiven: bool) -> tuple[_Neighbours, ...]:
        """What a call calls: its dependencies, then neighbours among its steps, then what is deferred. Looked at once for all alike."""
        key = _key(call), is_forgiven
        if key not in self._below:
            ready = self._ready(call)
            self._below[key] = () if ready is None else tuple(self._arranged(ready, is_forgiven=is_forgiven))
        return self._below[key]

    def _arranged(self, ready: ReadyTask, *, is_forgiven: bool) -> Iterator[_Neighbours]:
        dependencies = [d for d in ready.dependencies if isinstance(d, ReadyCall)]
        if dependencies:
            dependencies, arrangement = self._planner.arrange_dependencies(dependencies, ready.task.name)
            yield _Neighbours(calls=dependencies, arrangement=arrangement, kind="dependency")
        for number, calls in enumerate(part for part in grouped(ready.steps) if isinstance(part, list)):
            arrangement = self._planner.arrange(calls, ready, is_forgiven=is_forgiven)
            yield _Neighbours(calls=calls, arrangement=arrangement, kind="step", caller=ready.task, is_cut_off=number > 0)
        for call in ready.deferred_calls():
            arrangement = one_after_another(1, "deferred, so it comes at the end")
            yield _Neighbours(calls=[call], arrangement=arrangement, kind="deferred", caller=ready.task)


def _key(call: ReadyCall) -> Key:
    return (call.task or "", tuple((name, repr(value)) for name, value in call.variables.items()))


def _once(ready: ReadyTask | None, call: ReadyCall) -> str:
    if ready is None:
        return ""
    return {"once": ready.full_name, "when_changed": f"{ready.full_name} {_key(call)[1]}"}.get(ready.run, "")


def _spelling(call: ReadyCall) -> str:
    """Where a call was read from something that is no call to `task`."""
    source = call.source
    return f"; read from `{source.spelling}{' &' if source.background else ''}`" if source.spelling else ""


def _last(group: tuple[PlannedJob, ...]) -> tuple[str, ...]:
    """Those of a group that nothing in it waits for: what comes next waits for them."""
    waited_for = {job for member in group for job in member.after}
    return tuple(member.id for member in group if member.id not in waited_for)
