"""What a run does at a moment, for who shows it: which commands run, what keeps the others from starting, and what is left of the budget.

Asked for now and then, so that a run which nobody looks at pays nothing. The reasons are those of the rules that decide: of admission for
commands that wait for a lease, of their group for jobs that have not started, of their execution for calls whose work another one does. Knows nothing of how it is shown.
"""

from __future__ import annotations

from itertools import islice

from paratask.execution.view import Hold, Look
from paratask.frozen import replace
from paratask.processes.meters import Meter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from paratask.execution.leases import Leases
    from paratask.execution.neighbours import Neighbours
    from paratask.execution.once import Execution
    from paratask.execution.overlaps import Overlaps
    from paratask.kernel.loop import Loop
    from paratask.scheduling.budget import Budget, Reading

MOST_REASONS = 30
"""So many are asked for of each kind: nobody shows more, and a run may have thousands that wait."""

READ_AGAIN_SECONDS = 1.0


class Lookout:
    """Looks at one run. `now` is the time since the epoch."""

    def __init__(
        self,
        *,
        loop: Loop,
        now: Callable[[], float],
        budget: Budget,
        leases: Leases,
        overlaps: Overlaps,
        neighbours: Neighbours,
        executions: Mapping[str, Execution],
    ) -> None:
        self._loop = loop
        self.now = now
        self.budget = budget
        self._leases = leases
        self._overlaps = overlaps
        self._neighbours = neighbours
        self._executions = executions
        measured = replace(budget, load=budget.load or 1.0, memory_bytes=budget.memory_bytes or 1)
        self._meter = Meter(measured, loop.now)
        self._reading: Reading | None = None
        self._read_again_at = 0.0

    def __call__(self) -> Look:
        now = self._loop.now()
        running = self._overlaps.running
        return Look(
            at=self.now(),
            commands={job.id: now - process.started_at for job, process in running.items()},
            holds=self.holds(),
            cpu=self._leases.cpu_in_use,
            peak_bytes=sum(process.tree_bytes for process in running.values()),
            reading=self._read(now),
            budget=self.budget,
            labels={job.id: job.label for job in running if job.label},
            is_quiet=self._neighbours.quiet.is_alone,
        )

    def began(self) -> dict[str, float]:
        """When the commands that run began, in seconds since the epoch, by their jobs' ids."""
        ahead = self.now() - self._loop.now()
        return {job.id: round(process.started_at + ahead, 2) for job, process in self._overlaps.running.items()}

    def holds(self) -> dict[str, Hold]:
        """What keeps others from starting, by the ids of jobs."""
        owners, kind = self._leases.owners()
        reasons = list(islice(self._leases.reasons(), MOST_REASONS))
        if not kind and reasons and not reasons[-1][2]:
            kind = reasons[-1][1]  # who comes after it does not start before it, nor for less
        holds = dict.fromkeys(filter(None, owners), Hold(kind=kind or "order"))
        for owner, held, name in reasons:
            if owner:
                holds[owner] = Hold(kind=held, name=name, others=tuple(filter(None, self._leases.users(name))) if name else ())
        for group in self._neighbours.groups:
            for job, kind, before in islice(group.reasons(), MOST_REASONS):
                if kind != "order" or before:
                    holds[job.id] = Hold(kind="after" if kind == "order" else kind, others=tuple(other.id for other in before))
        for execution in self._executions.values():
            for name in islice(execution.joined, MOST_REASONS):
                holds[name] = Hold(kind="shared", others=(execution.job.id,) if execution.job is not None else ())
        return holds

    def _read(self, now: float) -> Reading:
        """The machine, once a second: that is all anybody can read."""
        if self._reading is None or now >= self._read_again_at:
            self._reading = self._meter.fresh()
            self._read_again_at = now + READ_AGAIN_SECONDS
        return self._reading
