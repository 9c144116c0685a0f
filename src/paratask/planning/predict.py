"""How long a plan takes within a budget: a simulation of its work, and the bounds between which the truth lies. Pure.

List scheduling by the rules of scheduling/admission.py: whenever something ends, the waiting work of the highest priority starts, as
far as it may. Deterministic. Knows numbers, and nothing of tasks.
"""

from __future__ import annotations

from heapq import heappop, heappush

from paratask.frozen import dataclass
from paratask.scheduling.admission import Admission
from paratask.scheduling.budget import ORDINARY, Reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from paratask.scheduling.admission import Ticket
    from paratask.scheduling.budget import Budget, Cost

PLENTY = 1 << 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a command does. `after` are indexes of earlier work; without a `cost` it only joins what is before it.

    `cpu_seconds` are those that it computes; no budget makes that less.
    """

    seconds: float
    after: tuple[int, ...] = ()
    cost: Cost | None = ORDINARY
    cpu_seconds: float = 0.0
    priority: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Seconds: of the longest way, the least that is possible, what is predicted, and one after another."""

    critical: float
    lower: float
    predicted: float
    total: float


def predict(work: Sequence[Work], budget: Budget, *, cores: float, available_bytes: int = PLENTY) -> Bounds:
    """`cores` are those that compute; `available_bytes` is the memory that may be had before anything runs."""
    critical = longest_way(work)
    total = sum(item.seconds for item in work)
    lower = max(
        critical, *_by_resource(work, budget), sum(min(item.cpu_seconds, item.seconds * cores) for item in work) / cores
    )
    predicted = max(lower, simulate(work, budget, available_bytes=available_bytes))
    return Bounds(critical=critical, lower=lower, predicted=predicted, total=total)


def _by_resource(work: Sequence[Work], budget: Budget) -> Iterator[float]:
    """Seconds in which there would be enough of one thing, if it were in use all the time."""
    costs = [(item.seconds, item.cost) for item in work if item.cost is not None]
    yield sum(seconds * min(cost.cpu, budget.cpus) for seconds, cost in costs) / budget.cpus
    if budget.jobs:
        yield sum(seconds for seconds, _ in costs) / budget.jobs
    for name, resource in budget.resources.items():
        if not resource.per_seconds:
            yield sum(seconds * cost.uses.get(name, 0) for seconds, cost in costs) / resource.count


def longest_way(work: Sequence[Work]) -> float:
    """Seconds along the longest chain."""
    ends: list[float] = []
    for item in work:
        ends.append(item.seconds + max((ends[index] for index in item.after), default=0.0))
    return max(ends, default=0.0)


def simulate(work: Sequence[Work], budget: Budget, *, available_bytes: int = PLENTY) -> float:
    """When the last work ends. Something always runs while anything is left."""
    return _Simulation(work, budget, available_bytes).run()


class _Simulation:
    def __init__(self, work: Sequence[Work], budget: Budget, available_bytes: int) -> None:
        self._work = work
        self._available = available_bytes
        self._admission = Admission(budget)
        self._waiting: dict[Ticket, int] = {}
        self._leases: dict[int, Ticket] = {}
        self._now = 0.0
        self._missing = [len(set(item.after)) for item in work]
        self._followers: list[list[int]] = [[] for _ in work]
        for index, item in enumerate(work):
            for before in set(item.after):
                self._followers[before].append(index)
        self._running: list[tuple[float, int]] = []

    def run(self) -> float:
        for index, missing in enumerate(self._missing):
            if not missing:
                self._becomes_ready(index)
        self._start()
        ended = 0.0
        while self._running or self._waiting:
            if self._running and self._running[0][0] <= self._admission.next_at:
                self._now, index = heappop(self._running)
                self._ends(index)
                ended = self._now
            else:
                self._now = self._admission.next_at
            self._start()
        return ended

    def _becomes_ready(self, index: int) -> None:
        item = self._work[index]
        if item.cost is None:
            heappush(self._running, (self._now + item.seconds, index))
        else:
            self._waiting[self._admission.request(item.cost, priority=item.priority)] = index

    def _ends(self, index: int) -> None:
        lease = self._leases.pop(index, None)
        if lease is not None:
            self._admission.release(lease)
            self._available += lease.seen_bytes
        for follower in self._followers[index]:
            self._missing[follower] -= 1
            if not self._missing[follower]:
                self._becomes_ready(follower)

    def _start(self) -> None:
        """Start all that may; each has its peak of memory from the beginning."""
        for ticket in self._admission.grant(Reading(available_bytes=max(0, self._available)), self._now):
            index = self._waiting.pop(ticket)
            self._leases[index] = ticket
            ticket.note_size(ticket.memory_bytes)
            self._available -= ticket.seen_bytes
            heappush(self._running, (self._now + self._work[index].seconds, index))
