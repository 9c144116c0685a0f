"""How long a plan takes within a budget: a simulation of its work, and the bounds between which the truth lies. Pure.

List scheduling: whenever something ends, the waiting work of the highest priority starts, as far as it fits. Deterministic.
Knows numbers, and nothing of tasks.
"""

from __future__ import annotations

from heapq import heappop, heappush

from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a command does. `after` are indexes of earlier work, `cost` is in slots of the budget (0: it needs none).

    `cpu_seconds` are those that it computes; no budget makes that less.
    """

    seconds: float
    after: tuple[int, ...] = ()
    cost: float = 1.0
    cpu_seconds: float = 0.0
    priority: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Seconds: of the longest way, the least that is possible, what is predicted, and one after another."""

    critical: float
    lower: float
    predicted: float
    total: float


def predict(work: Sequence[Work], *, slots: float, cores: float, jobs: int = 0) -> Bounds:
    """`slots` is what the budget lets run at once, in cores; `cores` what computes; `jobs` how many run at most (0: no limit)."""
    critical = longest_way(work)
    total = sum(item.seconds for item in work)
    in_slots = sum(item.seconds * min(item.cost, slots) for item in work) / slots
    computing = sum(min(item.cpu_seconds, item.seconds * cores) for item in work) / cores
    by_number = sum(item.seconds for item in work if item.cost) / jobs if jobs else 0.0
    lower = max(critical, in_slots, computing, by_number)
    predicted = max(lower, simulate(work, slots=slots, jobs=jobs))
    return Bounds(critical=critical, lower=lower, predicted=predicted, total=total)


def longest_way(work: Sequence[Work]) -> float:
    """Seconds along the longest chain."""
    ends: list[float] = []
    for item in work:
        ends.append(item.seconds + max((ends[index] for index in item.after), default=0.0))
    return max(ends, default=0.0)


def simulate(work: Sequence[Work], *, slots: float, jobs: int = 0) -> float:
    """When the last work ends. Something always runs while anything is left."""
    return _Simulation(work, slots, jobs).run()


class _Simulation:
    def __init__(self, work: Sequence[Work], slots: float, jobs: int) -> None:
        self._work = work
        self._places = jobs or len(work)
        self._free = slots
        self._slots = slots
        self._now = 0.0
        self._missing = [len(set(item.after)) for item in work]
        self._followers: list[list[int]] = [[] for _ in work]
        for index, item in enumerate(work):
            for before in set(item.after):
                self._followers[before].append(index)
        self._ready: list[tuple[float, int]] = []
        self._running: list[tuple[float, int]] = []

    def run(self) -> float:
        for index, missing in enumerate(self._missing):
            if not missing:
                self._becomes_ready(index)
        self._start()
        while self._running:
            self._now, index = heappop(self._running)
            self._give_back(index)
            self._ends(index)
            self._start()
        return self._now

    def _cost(self, index: int) -> float:
        return min(self._work[index].cost, self._slots)

    def _give_back(self, index: int) -> None:
        cost = self._cost(index)
        self._free += cost
        self._places += 1 if cost else 0

    def _becomes_ready(self, index: int) -> None:
        heappush(self._ready, (-self._work[index].priority, index))

    def _ends(self, index: int) -> None:
        for follower in self._followers[index]:
            self._missing[follower] -= 1
            if not self._missing[follower]:
                self._becomes_ready(follower)

    def _start(self) -> None:
        """As `Admission.grant`: by priority, and what is smaller may pass what does not fit."""
        passed: list[tuple[float, int]] = []
        while self._ready and (self._free > 1e-9 or not passed):
            entry = heappop(self._ready)
            cost = self._cost(entry[1])
            if cost > self._free + 1e-9 or (cost and not self._places):
                passed.append(entry)
                continue
            self._free -= cost
            self._places -= 1 if cost else 0
            heappush(self._running, (self._now + self._work[entry[1]].seconds, entry[1]))
        for entry in passed:
            heappush(self._ready, entry)
