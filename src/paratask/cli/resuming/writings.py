"""What the jobs of an earlier run wrote by themselves, and when: a change that one of them made is no reason to run again what came
before it. Goes by what tasks claim, and by when the journal says that they ran. Runs nothing.
"""

from __future__ import annotations

from paratask.claims.model import Access, Evidence
from paratask.cli.resuming.files import Writing
from paratask.errors import ParataskError
from paratask.variables.dynamic import run_static
from paratask.variables.ready import ReadyCall, ReadyDefer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from paratask.cli.resuming.files import Change
    from paratask.execution.workbench import Workbench
    from paratask.planning.planner import Planner
    from paratask.records.finished import FinishedJobs, Key
    from paratask.variables.ready import ReadyTask

FOR_EVER = float("inf")
UNTOLD_SECONDS = 1.0
"""After the last line of a journal: a job may have begun that it does not tell of, as lines wait for a moment."""


class Writings:
    """What the jobs of a run wrote, as far as their claims tell: of all jobs that its `calls` led to."""

    def __init__(self, bench: Workbench, planner: Planner, earlier: FinishedJobs, calls: Sequence[ReadyCall]) -> None:
        self._bench = bench
        self._planner = planner
        self._earlier = earlier
        self._calls = calls
        self._found: list[tuple[int, Writing]] | None = None
        self._ranks: dict[Key, int] = {}

    def explain(self, change: Change, place: Key) -> bool:
        """Whether a job of that run made the change, and one at a time that is nothing to the job at that place."""
        if self._found is None:
            self._found = list(self._of_calls(self._calls, ()))
        rank = self._ranks.get(place, len(self._ranks))
        return any(writing.explains(change, is_later=other > rank) for other, writing in self._found)

    def _of_calls(self, calls: Sequence[ReadyCall], above: Key) -> Iterator[tuple[int, Writing]]:
        """What the jobs of these calls wrote, each with its rank in written order. Whoever calls others comes after them."""
        for call, place in placed(calls, above, self._bench.index.own_name):
            if not self._earlier.ran(place) and place[-1][0] in {name for name, _ in above}:
                continue  # it calls itself, and did not come so far
            try:
                ready = self._planner.expansion.prepare(call.task or "", call.variables)
                inner = calls_made(ready, self._planner, self._bench)
            except ParataskError:
                continue
            yield from self._of_calls(inner, place)
            rank = self._ranks[place] = len(self._ranks)
            for writing in self._of_job(ready, place):
                yield rank, writing

    def _of_job(self, ready: ReadyTask, place: Key) -> Iterator[Writing]:
        """What one job wrote by itself, where all of that is understood. What is not understood might be said to have written
        anything.
        """
        if all(isinstance(step, ReadyCall) for step in ready.steps):
            return
        claims = self._planner.expansion.reach_of_task(ready).claims
        if claims.evidence is Evidence.NONE:
            return
        areas = [(entry.pattern, entry.excluding) for entry in claims.entries if entry.access in (Access.WRITE, Access.ADD)]
        for began, ended in self._earlier.ran(place):
            yield Writing(
                areas=areas, started_at=began, ended_at=FOR_EVER if ended is None else ended, is_certain=ended is not None
            )
        for at in self._earlier.killed_at:
            yield Writing(areas=areas, started_at=at, ended_at=at + UNTOLD_SECONDS, is_certain=False)


def placed(calls: Sequence[ReadyCall], above: Key, own_name: Callable[[str], str]) -> Iterator[tuple[ReadyCall, Key]]:
    """Calls of one job, with the places that their jobs have in the run."""
    counts: dict[str, int] = {}
    for call in calls:
        name = own_name(call.task or "")
        counts[name] = counts.get(name, 0) + 1
        yield call, (*above, (name, counts[name]))


def calls_made(ready: ReadyTask, planner: Planner, bench: Workbench) -> list[ReadyCall]:
    """What a task that goes well calls, in the order in which jobs are made of it. Raises ParataskError."""
    dependencies = [call for call in ready.dependencies if isinstance(call, ReadyCall)]
    if len(dependencies) > 1:
        dependencies, _ = planner.arrange_dependencies(dependencies, ready.task.name)
    deferred = [step.source for step in reversed(ready.steps) if isinstance(step, ReadyDefer)]
    last = [run_static(bench.preparation.deferred(source, ready, 0)) for source in deferred]
    return [step for step in (*dependencies, *ready.steps, *last) if isinstance(step, ReadyCall)]
