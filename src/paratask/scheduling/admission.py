"""Who may start: leases granted whole or not at all, highest priority first. See "Resources" in docs/design.md.

Rules, in order: one command always runs; a smaller command may pass a larger one at most `MAX_PASSES` times, so that none
starves; after a fallback everything goes one at a time. Pure: readings are arguments.
"""

from __future__ import annotations

from bisect import insort

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.scheduling.budget import Budget, Reading

MAX_PASSES = 16
PASSABLE = ("", "cpu", "slot")
"""What may keep one from starting while a smaller one still could."""


class Ticket:
    """A request for a lease, and then the lease. `cpu` is its cost in cores; higher `priority` goes first."""

    __slots__ = ("cpu", "order", "passed", "priority")

    def __init__(self, *, cpu: float, priority: float, order: int) -> None:
        self.cpu = cpu
        self.priority = priority
        self.order = order
        self.passed = 0


def _rank(ticket: Ticket) -> tuple[float, int]:
    return -ticket.priority, ticket.order


class Admission:
    """Holds who waits and who runs. Every ticket that was granted must be released once."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._waiting: list[Ticket] = []  # in the order of `_rank`
        self._running: set[Ticket] = set()
        self._orders = 0
        self.one_at_a_time = False
        self.held_back_by = ""
        self.slots = float("inf")
        """How many job slots are ours to use, where they are shared with others."""

        self.wants_slot = False

    @property
    def running(self) -> int:
        """How many leases are out."""
        return len(self._running)

    @property
    def cpu_in_use(self) -> float:
        """What the leases that are out cost together."""
        return sum(ticket.cpu for ticket in self._running)

    @property
    def is_tight(self) -> bool:
        """Whether somebody waits for load or memory, which no release announces: ask again after a while."""
        return bool(self._waiting) and self.held_back_by in ("load", "memory")

    def request(self, *, cpu: float = 1.0, priority: float = 0.0) -> Ticket:
        self._orders += 1
        ticket = Ticket(cpu=min(cpu, self._budget.cpus), priority=priority, order=self._orders)
        insort(self._waiting, ticket, key=_rank)
        return ticket

    def withdraw(self, ticket: Ticket) -> None:
        """The one who asked no longer wants it."""
        self._waiting.remove(ticket)

    def release(self, ticket: Ticket) -> None:
        self._running.remove(ticket)

    def needs_reading(self) -> bool:
        """Whether `grant` would look at its reading: measuring costs time."""
        return bool(self._waiting and self._running and (self._budget.load or self._budget.memory_bytes))

    def grant(self, reading: Reading) -> list[Ticket]:
        """Those who may start now; they count as running from here on."""
        granted: list[Ticket] = []
        passed: list[Ticket] = []
        self.held_back_by = ""
        self.wants_slot = False
        while len(passed) < len(self._waiting):
            ticket = self._waiting[len(passed)]
            held = self._held_back(ticket, reading, len(granted))
            if held:
                self.held_back_by = self.held_back_by or held
                self.wants_slot = self.wants_slot or held == "slot"
                passed.append(ticket)
            else:
                del self._waiting[len(passed)]
                self._running.add(ticket)
                granted.append(ticket)
                for larger in passed:
                    larger.passed += 1
            if held not in PASSABLE or len(passed) > MAX_PASSES or any(other.passed >= MAX_PASSES for other in passed):
                break
        return granted

    def _held_back(self, ticket: Ticket, reading: Reading, just_granted: int) -> str:
        """What keeps the ticket from starting; empty when nothing does."""
        if not self._running:
            return ""
        if self.one_at_a_time:
            return "turn"
        cpu = self.cpu_in_use + ticket.cpu
        if cpu > self._budget.cpus:
            return "cpu"
        if cpu > self.slots:
            return "slot"
        if self._budget.load and reading.running_processes + just_granted >= self._budget.load:
            return "load"
        if self._budget.memory_bytes and reading.available_bytes < self._budget.memory_bytes:
            return "memory"
        return ""
