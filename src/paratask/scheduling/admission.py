"""Who may start: leases granted whole or not at all, highest priority first. See "Resources" in docs/design.md.

Rules, in order: one command always runs, unless a rate forbids it for a while; a smaller command may pass one that takes more of what
all take (cores, memory) at most `MAX_PASSES` times; nobody passes one that waits for a named resource, among those that use it. So none
starves. After a fallback everything goes one at a time. Pure: readings and the time are arguments.
"""

from __future__ import annotations

from bisect import insort
from collections import deque
from itertools import chain
from operator import attrgetter

from paratask.scheduling.budget import LEAST_GUESSED, ORDINARY, cpu_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from paratask.scheduling.budget import Budget, Cost, Reading, Resource

MAX_PASSES = 16
PASSABLE = frozenset(("cpu", "slot", "peak"))
"""What may keep one from starting while a smaller one still could."""

NAMED = frozenset(("resource", "rate"))
"""What keeps only those from starting that use the same."""

TIGHT = frozenset(("load", "memory", "peak"))
"""What may end without anybody giving a lease back."""

TOLD = TIGHT | NAMED
"""What a ticket keeps for who asks afterwards why it waited. That cores are taken is the ordinary course of things."""

MAX_STALLED = 0.2
"""The share of time that may pass with something waiting for memory: beyond it, nothing is started beside others."""

LEAST_CPU = 0.01
"""What the cheapest command costs: so many for a core, at most."""

ENOUGH_SEEN, MOST_SEEN = 4, 8
"""Of so many commands it has to be seen what they keep busy until that tells about others, and so many of the last ones tell it."""

ROUNDING = 1e-9
_RANK = attrgetter("rank")


class Ticket:
    """A request for a lease, and then the lease. Higher `priority` goes first; `seen_bytes` is the most memory it was seen to have.

    `owner` is whose it is, for who asks why somebody waits. `held_by` is what was first seen to keep it from starting, of what is `TOLD`,
    and `held_since` when that was, or began for who stands before it and waits for the same.
    """

    __slots__ = (
        "began_at", "cpu", "held_by", "held_since", "is_declared", "is_guessed", "memory_bytes", "names", "owner", "passed", "rank", "seen_bytes",
        "uses",
    )  # fmt: skip

    def __init__(self, cost: Cost, *, cpu: float, priority: float, order: int) -> None:
        self.cpu = cpu
        self.is_declared = cost.is_declared
        self.is_guessed = cost.is_guessed
        self.memory_bytes = cost.memory_bytes
        self.uses = cost.uses
        self.names = tuple(sorted(cost.uses))
        self.rank = (-priority, order)
        self.passed = 0
        self.seen_bytes = 0
        self.owner = ""
        self.held_by = ""
        self.held_since = 0.0
        self.began_at = 0.0

    def note_size(self, size: int) -> None:
        """It was seen to have so many bytes."""
        self.seen_bytes = max(self.seen_bytes, size)

    def note_held(self, held: str, now: float) -> None:
        """That kept it from starting just now."""
        if not self.held_by and held in TOLD:
            self.held_by, self.held_since = held, now

    @property
    def to_come_bytes(self) -> int:
        """What it is going to take beyond what it has."""
        return max(0, self.memory_bytes - self.seen_bytes)


class Admission:
    """Holds who waits and who runs. Every ticket that was granted must be released once."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._lanes: dict[tuple[str, ...], list[Ticket]] = {}
        """Who waits, by the names of what they use; each in the order of their ranks, and none of them empty."""

        self._running: set[Ticket] = set()
        self._in_use = dict.fromkeys(budget.resources, 0)
        self._held: dict[tuple[str, ...], tuple[str, float, float]] = {}
        """Of the lanes whose first waits for what they use: for which of `NAMED`, since when, and until when; those behind it wait for that, too."""

        self._begun: dict[str, deque[float]] = {name: deque() for name, found in budget.resources.items() if found.per_seconds}
        self._seen: dict[Ticket, float] = {}
        self._guess = min(ORDINARY.cpu, budget.cpus)
        self._orders = 0
        self.cpu_in_use = 0.0
        """What the leases that are out cost together."""

        self.one_at_a_time = False
        self.held_back_by = ""
        self.is_tight = False
        """Whether somebody waits for load or memory, which no release announces: ask again after a while."""

        self.slots = float("inf")
        """How many job slots are ours to use, where they are shared with others."""

        self.wants_slot = False
        self.next_at = float("inf")
        """When a rate lets somebody start who waits for it."""

    @property
    def running(self) -> int:
        """How many leases are out."""
        return len(self._running)

    @property
    def to_come_bytes(self) -> float:
        """What those that run are going to take beyond what they have; infinite where that is not known of one."""
        return sum(ticket.to_come_bytes if ticket.memory_bytes else float("inf") for ticket in self._running)

    def request(self, cost: Cost = ORDINARY, *, priority: float = 0.0) -> Ticket:
        self._orders += 1
        ticket = Ticket(cost, cpu=min(max(cost.cpu, LEAST_CPU), self._budget.cpus), priority=priority, order=self._orders)
        insort(self._lanes.setdefault(ticket.names, []), ticket, key=_RANK)
        return ticket

    def withdraw(self, ticket: Ticket) -> None:
        """The one who asked no longer wants it."""
        self._held.pop(ticket.names, None)
        lane = self._lanes.get(ticket.names, [])
        lane.remove(ticket)
        if not lane:
            del self._lanes[ticket.names]

    def release(self, ticket: Ticket, *, is_unused: bool = False) -> None:
        """`is_unused`: nothing began with it, so that it does not count where only so many may begin in a time."""
        self._running.remove(ticket)
        self.cpu_in_use = self.cpu_in_use - ticket.cpu if self._running else 0.0
        for name, count in ticket.uses.items():
            if name not in self._begun:
                self._in_use[name] -= count
            elif is_unused:
                for _ in range(min(count, self._begun[name].count(ticket.began_at))):
                    self._begun[name].remove(ticket.began_at)

    def note_seen(self, ticket: Ticket, cores: float) -> None:
        """A command kept so many cores busy, which is a guess at those of which nothing is known."""
        self._seen.pop(ticket, None)
        self._seen[ticket] = cores
        if len(self._seen) > MOST_SEEN:
            del self._seen[next(iter(self._seen))]
        if len(self._seen) >= ENOUGH_SEEN:
            self._guess = min(ORDINARY.cpu, max(LEAST_GUESSED, cpu_of(max(self._seen.values()))), self._budget.cpus)

    def note_cores(self, ticket: Ticket, cores: float) -> bool:
        """Take what was seen of a command that runs for its cost, where that was not declared. Whether it leaves more free than before."""
        if ticket not in self._running:
            return False
        self.note_seen(ticket, cores)
        if ticket.is_declared:
            return False
        before = ticket.cpu
        ticket.cpu = min(max(cpu_of(cores), LEAST_CPU), self._budget.cpus)
        self.cpu_in_use += ticket.cpu - before
        return ticket.cpu < before

    def needs_reading(self) -> bool:
        """Whether `grant` would look at its reading: measuring costs time."""
        budget = self._budget
        if not self._lanes or not (budget.load or budget.memory_bytes) or self.full():
            return False
        return bool(self._running) or sum(map(len, self._lanes.values())) > 1

    def grant(self, reading: Reading, now: float = 0.0, *, least: float = float("-inf")) -> list[Ticket]:
        """Those who may start now, `now` in seconds of any clock, of those whose priority is the `least` or more.

        They count as running from here on.
        """
        self.wants_slot = self.is_tight = False
        self.next_at = float("inf")
        self.held_back_by = self.full() if self._lanes else ""
        return list(self._granted(reading, now, least)) if self._lanes and not self.held_back_by else []

    def waiting(self, *, using: bool = False) -> list[Ticket]:
        """In the order of their ranks; those that use resources alone, if so asked."""
        return sorted(chain(*(lane for names, lane in self._lanes.items() if names or not using)), key=_RANK)

    def reasons(self, reading: Reading, now: float) -> Iterator[tuple[Ticket, str, str]]:
        """Of those that wait, in the order of their ranks: what keeps each from starting, by the rules of `grant`; and the resource's name,
        where it is one. "order": only that it may not go past others. Where all are kept by one thing, only those that use resources.
        """
        full = self.full()
        kept: set[str] = set()
        for ticket in self.waiting(using=bool(full)):
            name = next((name for name in ticket.names if name in kept or self._lacks(name, ticket, now)), "")
            if name:
                held = "rate" if name in self._begun else "resource"
                kept.update(ticket.names)
            else:
                held = full or self._held_back(ticket, reading, 0, now) or "order"
            yield ticket, held, name

    def _lacks(self, name: str, ticket: Ticket, now: float) -> bool:
        return bool(self._held_by(name, self._budget.resources[name], ticket.uses[name], now))

    def users(self, name: str) -> list[str]:
        """Whose leases have some of a resource."""
        return [ticket.owner for ticket in self._running if name in ticket.uses]

    def full(self) -> str:
        """What keeps everybody from starting, whoever it is: the rule, not the only way in which it applies. Empty where nothing does."""
        if not self._running:
            return ""
        if self.one_at_a_time:
            return "turn"
        if self._budget.jobs and len(self._running) >= self._budget.jobs:
            return "jobs"
        return "cpu" if self.cpu_in_use + LEAST_CPU > self._budget.cpus + ROUNDING else ""

    def _granted(self, reading: Reading, now: float, least: float) -> Iterator[Ticket]:
        turn = _Turn(self._lanes)
        granted = 0
        while (ticket := turn.next()) is not None and ticket.rank[0] <= -least:
            if ticket.is_guessed:
                ticket.cpu = self._guess
            held = self._held_back(ticket, reading, granted, now) if ticket.uses.keys().isdisjoint(turn.kept) else "resource"
            if not held:
                turn.take(ticket)
                self._note_lane(ticket, "", now)
                self._start(ticket, now)
                granted += 1
                yield ticket
                full = self.full() if self._lanes else ""
                self.held_back_by = self.held_back_by or full
                if full or turn.is_over:
                    return
                continue
            self._note_lane(ticket, held, now)
            ticket.note_held(held, now)
            self.held_back_by = self.held_back_by or held
            self.wants_slot = self.wants_slot or held == "slot"
            self.is_tight = self.is_tight or held in TIGHT
            if not turn.goes_past(ticket, held):
                return

    def _note_lane(self, ticket: Ticket, held: str, now: float) -> None:
        """The first of its lane may start, where `held` is empty, or may not. Whoever comes next in the same go waited for what that one did."""
        if not ticket.names:
            return
        what, since, until = self._held.pop(ticket.names, ("", now, now))
        if held in NAMED:
            since = since if now <= until else now
            self._held[ticket.names] = (held, since, float("inf"))
            ticket.note_held(held, since)
        elif not held and what and now <= until:
            self._held[ticket.names] = (what, since, now)
            ticket.note_held(what, since)

    def _start(self, ticket: Ticket, now: float) -> None:
        self._running.add(ticket)
        ticket.began_at = now
        self.cpu_in_use += ticket.cpu
        for name, count in ticket.uses.items():
            if name in self._begun:
                self._begun[name].extend([now] * count)
            else:
                self._in_use[name] += count

    def _held_back(self, ticket: Ticket, reading: Reading, just_granted: int, now: float) -> str:
        """What keeps the ticket from starting; empty when nothing does."""
        for name, count in ticket.uses.items():
            held = self._held_by(name, self._budget.resources[name], count, now)
            if held:
                return held
        if not self._running:
            return ""
        budget = self._budget
        cpu = self.cpu_in_use + ticket.cpu - ROUNDING
        if cpu > budget.cpus:
            return "cpu"
        if cpu > self.slots:
            return "slot"
        if budget.load and reading.running_processes + just_granted >= budget.load:
            return "load"
        return self._held_by_memory(ticket, reading)

    def _held_by(self, name: str, resource: Resource, count: int, now: float) -> str:
        if not resource.per_seconds:
            return "resource" if self._in_use[name] + count > resource.count else ""
        begun = self._begun[name]
        while begun and begun[0] + resource.per_seconds <= now:
            begun.popleft()
        too_many = len(begun) + count - resource.count
        if too_many <= 0:
            return ""
        self.next_at = min(self.next_at, begun[too_many - 1] + resource.per_seconds)
        return "rate"

    def _held_by_memory(self, ticket: Ticket, reading: Reading) -> str:
        budget = self._budget
        if budget.own_memory_bytes:
            taken = sum(max(other.memory_bytes, other.seen_bytes) for other in self._running)
            if taken + max(1, ticket.memory_bytes) > budget.own_memory_bytes:
                return "peak"
        if not budget.memory_bytes:
            return ""
        if reading.available_bytes < budget.memory_bytes or reading.stalled >= MAX_STALLED:
            return "memory"
        promised = sum(other.to_come_bytes for other in self._running)
        return "peak" if reading.available_bytes - promised - ticket.memory_bytes < budget.memory_bytes else ""


class _Turn:
    """One go through those who wait, in the order of their ranks; ends when somebody may not be passed any more."""

    def __init__(self, lanes: dict[tuple[str, ...], list[Ticket]]) -> None:
        self._lanes = lanes
        self._places = dict.fromkeys(lanes, 0)
        self._passed: list[Ticket] = []
        self.kept: set[str] = set()
        """Names of what somebody waits for: who comes after it uses none of these."""

    def next(self) -> Ticket | None:
        """The first of those who were not looked at in this turn."""
        found: Ticket | None = None
        for names, place in self._places.items():
            lane = self._lanes[names]
            if place < len(lane) and (found is None or lane[place].rank < found.rank):
                found = lane[place]
        return found

    def take(self, ticket: Ticket) -> None:
        """It starts, and so passes those who were skipped."""
        names = ticket.names
        del self._lanes[names][self._places[names]]
        if not self._lanes[names]:
            del self._lanes[names], self._places[names]
        for larger in self._passed:
            larger.passed += 1

    def goes_past(self, ticket: Ticket, held: str) -> bool:
        """Whether others may start before it, which waits for `held`."""
        names = ticket.names
        if held in NAMED:
            self.kept.update(names)
            del self._places[names]
        elif held in PASSABLE:
            self._places[names] += 1
            self._passed.append(ticket)
        else:
            return False
        return not self.is_over

    @property
    def is_over(self) -> bool:
        """Nobody may be passed for ever."""
        return len(self._passed) > MAX_PASSES or any(other.passed >= MAX_PASSES for other in self._passed)
