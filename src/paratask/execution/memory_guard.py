"""When memory runs out all the same: the youngest job that may run twice is ended, and queued again. See "Resources" in docs/design.md.

Looks while commands run side by side: seldom where there is plenty, often where there is little. Loaded with the first look. Knows
what runs and how large it is; the further attempt is theirs who run it.
"""

from __future__ import annotations

import signal

from paratask.frozen import dataclass
from paratask.processes.cgroups import oom_kills
from paratask.processes.memory import tree_bytes
from paratask.processes.meters import Meter, default_reserve

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from paratask.execution.jobs import Job
    from paratask.execution.turns import Turn
    from paratask.kernel.cancel import CancelScope
    from paratask.processes.process import Process
    from paratask.scheduling.budget import Budget, Reading

SELDOM_SECONDS, OFTEN_SECONDS = 0.2, 0.03
FADING = 0.8
LOOKS = 4
"""So often we look, at least, until memory would run out at the rate at which it goes."""

WORTH_ENDING = 4
"""A job that has less than this part of what the largest has is left alone: that would not help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarded:
    """What the guard looks after. `running` are the jobs whose commands run, oldest first; `endable` those that may be ended, by their scopes.

    `is_repeatable` says whether what a turn runs may run twice; `to_come` how many bytes all are going to take, as far as that is known.
    """

    budget: Budget
    running: Mapping[Job, Process]
    endable: Mapping[Job, tuple[Turn, CancelScope]]
    is_repeatable: Callable[[Turn], bool]
    to_come: Callable[[], float]


class MemoryGuard:
    """`now` is a clock in seconds; the others look at the machine."""

    def __init__(
        self,
        guarded: Guarded,
        *,
        now: Callable[[], float],
        measure: Callable[[], Reading] | None = None,
        sizes_of: Callable[[Iterable[int]], dict[int, int]] = tree_bytes,
        count_kills: Callable[[], int] = oom_kills,
    ) -> None:
        budget = guarded.budget
        self._to_come = guarded.to_come
        self._budget = budget
        self._now = now
        self._last = (float("inf"), float("-inf"))
        self._running = guarded.running
        self._endable = guarded.endable
        self._is_repeatable = guarded.is_repeatable
        self._measure = measure or Meter(budget, now).fresh
        self._sizes_of = sizes_of
        self._count_kills = count_kills
        self._rate = 0.0
        self._least = min(budget.memory_bytes, default_reserve()) // 2
        self._kills = count_kills()
        """So many have nothing to do with us, or are known to us by now."""

    def look(self) -> float:
        """Look, and end as many as need be; in how many seconds to look again."""
        growth = self._growth()
        left = self._last[0] - growth * OFTEN_SECONDS
        if left < self._least:
            for job, size in self._sizes().items():
                self._running[job].note_size(size)
            left = self._last[0] - min(growth * OFTEN_SECONDS, self._to_come())
        if left < self._least or self._budget.own_memory_bytes:
            self._end_some(left)
        soon = (left - self._least) / growth / LOOKS if growth else SELDOM_SECONDS
        return min(SELDOM_SECONDS, max(OFTEN_SECONDS, soon))

    def _growth(self) -> float:
        """Bytes a second by which less and less is available; what was seen lately counts as well."""
        before, then = self._last
        available = self._measure().available_bytes if self._budget.memory_bytes else float("inf")
        self._last = available, self._now()
        if self._last[1] > then and before < float("inf"):
            self._rate = max((before - available) / (self._last[1] - then), self._rate * FADING)
        return self._rate

    def _end_some(self, left: float) -> None:
        """The youngest that may run twice, until what they give back is enough. The oldest goes on."""
        sizes = self._sizes()
        ending = {job for job, (_, scope) in self._endable.items() if scope.cancelled}
        given_back = sum(size for job, size in sizes.items() if job in ending)
        own, most = sum(sizes.values()), self._budget.own_memory_bytes or float("inf")
        worth = max(sizes.values(), default=0) / WORTH_ENDING
        for job in list(sizes)[:0:-1]:
            if left + given_back >= self._least and own - given_back <= most:
                return
            if job not in ending and sizes[job] >= worth and self._end(job, sizes[job]):
                given_back += sizes[job]

    def _sizes(self) -> dict[Job, int]:
        found = self._sizes_of([process.pid for process in self._running.values()])
        return {job: found.get(process.pid, 0) for job, process in self._running.items()}

    def _end(self, job: Job, size: int) -> bool:
        """Whether it may be."""
        if job not in self._endable:
            return False
        turn, scope = self._endable[job]
        if not self._is_repeatable(turn):
            return False
        job.peak_bytes = max(job.peak_bytes, size)
        scope.cancel(signal.SIGKILL)
        return True

    def was_killed(self) -> bool:
        """Whether the kernel has ended a process for want of memory of which we did not know."""
        is_new = self._count_kills() > self._kills
        self._kills += is_new
        return is_new
