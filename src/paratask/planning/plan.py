"""The whole plan of a run, for people and tools: every call, what it waits for, what it may run beside, and why.

Built with the same arranging as a run, from what is known without running anything. Knows nothing of how it is shown.
"""

from __future__ import annotations

from paratask.claims.model import Claims
from paratask.errors import ParataskError
from paratask.frozen import dataclass
from paratask.names import JobNames
from paratask.planning.estimates import Estimates, variables_digest
from paratask.variables.ready import ReadyCall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from paratask.planning.arrangement import Arrangement
    from paratask.planning.planner import Planner
    from paratask.variables.ready import ReadyTask

MAX_DEPTH = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedJob:
    """One call. `after` and `together_with` are ids of jobs of the same parent; `kind` says what made it a job.

    `estimate_seconds` is what it takes with all it calls, `command_seconds` what its own commands take, `cores` how many these
    keep busy; None where no earlier run tells. `peak_bytes` is the most memory that they had.
    """

    id: str
    task: str
    parent: str
    kind: str
    after: tuple[str, ...]
    together_with: tuple[str, ...]
    claims: Claims
    reason: str
    estimate_seconds: float | None
    command_seconds: float | None = None
    cores: float | None = None
    peak_bytes: int = 0
    children: tuple[tuple[PlannedJob, ...], ...] = ()

    def walk(self) -> list[PlannedJob]:
        """This job and all below it, in written order."""
        return [self, *(job for group in self.children for child in group for job in child.walk())]


class PlanBuilder:
    """Builds the plan of calls. `estimates` are what earlier runs teach."""

    def __init__(self, *, planner: Planner, estimates: Estimates | None = None) -> None:
        self._planner = planner
        self._estimates = Estimates() if estimates is None else estimates
        self._names = JobNames()

    def build(self, calls: Sequence[ReadyCall]) -> tuple[PlannedJob, ...]:
        """The called jobs, with everything below them. Raises ParataskError for a call that cannot be made ready."""
        for call in calls:
            self._planner.expansion.prepare(call.task or "", call.variables)
        return self._group(calls, self._planner.arrange(calls), parent="", kind="call", before=(), depth=0)

    def _group(
        self,
        calls: Sequence[ReadyCall],
        arrangement: Arrangement,
        *,
        parent: str,
        kind: str,
        before: tuple[str, ...],
        depth: int,
    ) -> tuple[PlannedJob, ...]:
        ids = [self._names.take(call.task or "unknown") for call in calls]
        jobs = []
        for index, call in enumerate(calls):
            after = tuple(ids[i] for i in sorted(arrangement.after[index])) or before
            together = tuple(ids[i] for i in arrangement.together(index))
            reach = self._planner.expansion.reach_of_call(call)
            estimate = self._estimates.of(call.task or "", variables_digest(call.variables))
            jobs.append(
                PlannedJob(
                    id=ids[index],
                    task=call.task or "(not known before it runs)",
                    parent=parent,
                    kind=kind,
                    after=after,
                    together_with=together,
                    claims=reach.claims,
                    reason=arrangement.reasons[index] + _spelling(call),
                    estimate_seconds=estimate.seconds if estimate else None,
                    command_seconds=estimate.command_seconds if estimate else None,
                    cores=estimate.cores if estimate else None,
                    peak_bytes=estimate.peak_bytes if estimate else 0,
                    children=self._children(call, ids[index], depth),
                )
            )
        return tuple(jobs)

    def _children(self, call: ReadyCall, job: str, depth: int) -> tuple[tuple[PlannedJob, ...], ...]:
        if call.task is None or depth > MAX_DEPTH:
            return ()
        try:
            ready = self._planner.expansion.prepare(call.task, call.variables)
        except ParataskError:
            return ()
        groups: list[tuple[PlannedJob, ...]] = []
        before: tuple[str, ...] = ()
        dependencies = [d for d in ready.dependencies if isinstance(d, ReadyCall)]
        if dependencies:
            dependencies, arrangement = self._planner.arrange_dependencies(dependencies, ready.task.name)
            groups.append(self._group(dependencies, arrangement, parent=job, kind="dependency", before=(), depth=depth + 1))
            before = _last(groups[-1])
        for calls in _call_groups(ready):
            arrangement = self._planner.arrange(calls, ready.task.name)
            groups.append(self._group(calls, arrangement, parent=job, kind="step", before=before, depth=depth + 1))
            before = _last(groups[-1])
        return tuple(groups)


def _spelling(call: ReadyCall) -> str:
    """Where a call was read from something that is no call to `task`."""
    source = call.source
    return f"; read from `{source.spelling}{' &' if source.background else ''}`" if source.spelling else ""


def _last(group: tuple[PlannedJob, ...]) -> tuple[str, ...]:
    """Those of a group that nothing in it waits for: what comes next waits for them."""
    waited_for = {job for member in group for job in member.after}
    return tuple(member.id for member in group if member.id not in waited_for)


def _call_groups(ready: ReadyTask) -> list[list[ReadyCall]]:
    groups: list[list[ReadyCall]] = [[]]
    for step in ready.steps:
        if isinstance(step, ReadyCall):
            groups[-1].append(step)
        elif groups[-1]:
            groups.append([])
    return [group for group in groups if group]
