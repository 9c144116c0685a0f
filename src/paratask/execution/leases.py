"""Leases: a command waits for its turn here. See "Resources" in docs/design.md. The rules are scheduling's; this adds waiting."""

from __future__ import annotations

from paratask.kernel.cancel import StoppedClocks
from paratask.kernel.loop import Event
from paratask.scheduling.admission import Admission
from paratask.scheduling.budget import AT_ONCE, ORDINARY, Reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from paratask.execution.jobserver.pool import Pool
    from paratask.execution.strands import Door
    from paratask.kernel.loop import Loop
    from paratask.scheduling.admission import Ticket
    from paratask.scheduling.budget import Budget, Cost

ASK_AGAIN_SECONDS = 0.2
HOLD_SECONDS = 0.25
"""So long a free slot waits at most for those who are about to ask for one."""
NO_READING = Reading()
SLOTS_VARIABLE = "PARATASK_JOB_SLOTS"
"""Tells a nested paratask of our jobserver, in the words of MAKEFLAGS, without making a plain `make` below it parallel."""


def is_below_jobserver(environ: Mapping[str, str]) -> bool:
    """Whether this environment names a jobserver, which may not be there."""
    return SLOTS_VARIABLE in environ or "--jobserver-" in environ.get("MAKEFLAGS", "")


class Leases:
    """`measure` reads the machine; it is asked only where a limit depends on it."""

    def __init__(self, loop: Loop, budget: Budget, measure: Callable[[], Reading]) -> None:
        self._loop = loop
        self._admission = Admission(budget)
        self._measure = measure
        self._granted: dict[Ticket, Event] = {}
        self._behind: dict[Ticket, Door] = {}
        """Those that wait behind doors at which nothing has begun."""

        self._asks_at = float("inf")
        self._pool: Pool | None = None
        self._is_ranked = False
        self._due_since: float | None = None

    @property
    def cpu_in_use(self) -> float:
        """What the leases that are out cost together."""
        return self._admission.cpu_in_use

    def to_come_bytes(self) -> float:
        """What commands that run are going to take beyond what they have; infinite where that is not known of one."""
        return self._admission.to_come_bytes

    @property
    def is_one_at_a_time(self) -> bool:
        return self._admission.one_at_a_time

    def share(self, pool: Pool) -> None:
        """From here on, take a token of this pool for each slot beyond the first. Leases that are out have theirs."""
        self._pool = pool
        self._admission.slots = 1.0 + pool.held

    def unshare(self) -> None:
        """The pool is about to be closed."""
        self._pool = None
        self._admission.slots = float("inf")

    def reasons(self) -> Iterator[tuple[str, str, str]]:
        """Of those that wait: whose it is, what keeps it from starting, and the name of a resource; see Admission."""
        for ticket, held, name in self._admission.reasons(self._measure(), self._loop.now()):
            yield ticket.owner, held, name

    def owners(self) -> tuple[Iterator[str], str]:
        """Whose the leases are that are waited for, in the order of their ranks; and what keeps all of them from starting, if it is one thing."""
        return (ticket.owner for ticket in self._admission.waiting()), self._admission.full()

    def users(self, name: str) -> list[str]:
        """Who has some of a resource."""
        return self._admission.users(name)

    async def take(
        self, cost: Cost = ORDINARY, *, priority: float = 0.0, owner: str = "", leads: bool = False, door: Door | None = None
    ) -> Ticket:
        """Wait for a lease. Give it back with `give_back`. `owner` is the job that it is for. Raises Cancelled.

        One that `leads` need not wait for who is about to ask: nobody of them goes before it. Where the `door` is shut, or is shut meanwhile,
        it is waited there instead, and for a lease again once it is open.
        """
        while door is not None and not door.has_begun:
            if (shut := door.shut()) is not None:
                await shut.wait()
                continue
            ticket = await self._take(cost, priority, owner, leads=leads, door=door)
            if ticket is None:
                continue
            if door.has_begun or door.shut() is None:
                door.begin()
                return ticket
            self._admission.release(ticket, is_unused=True)
            self._grant_soon()
        ticket = await self._take(cost, priority, owner, leads=leads, door=None)
        assert ticket is not None  # only a door sends somebody away
        return ticket

    def look_at_doors(self) -> None:
        """Members may start no more, for now or for good: who waits here behind a door that is shut is sent there, since the wait might be a long one
        (for a rate, or memory), and somebody who has to be alone would have to wait for it too.
        """
        sent = [ticket for ticket, door in self._behind.items() if not self._granted[ticket].is_set and door.shut() is not None]
        for ticket in sent:
            del self._behind[ticket]
            self._admission.withdraw(ticket)
            self._granted[ticket].set()
        if sent:
            self._grant_when_idle()

    async def _take(self, cost: Cost, priority: float, owner: str, *, leads: bool, door: Door | None) -> Ticket | None:
        """A lease, or None for who was sent to the door. Raises Cancelled."""
        ticket = self._admission.request(cost, priority=priority)
        ticket.owner = owner
        self._is_ranked = self._is_ranked or 0.0 < priority < AT_ONCE
        event = self._granted[ticket] = Event(self._loop)
        if door is not None:
            self._behind[ticket] = door
        if priority == AT_ONCE:
            self._grant()
        elif leads:
            self._grant_from(priority)
        else:
            self._grant_soon()
        try:
            with StoppedClocks(self._loop):
                await event.wait()
            was_sent = door is not None and ticket not in self._behind
        except BaseException:
            if not event.is_set:
                self._admission.withdraw(ticket)
                self._grant_when_idle()  # it may have kept others from starting, and tokens for itself
            elif door is None or ticket in self._behind:
                self._admission.release(ticket, is_unused=True)
                self._grant()
            raise
        finally:
            del self._granted[ticket]
            self._behind.pop(ticket, None)
        return None if was_sent else ticket

    def give_back(self, ticket: Ticket, *, cores: float | None = None) -> None:
        """Its command has ended, and kept so many cores busy, where that is known."""
        if cores is not None:
            self._admission.note_seen(ticket, cores)
        self._admission.release(ticket)
        self._grant_soon()

    def note_cores(self, ticket: Ticket, cores: float) -> None:
        """A command was seen to keep so many cores busy: what it leaves free, others may have."""
        if self._admission.note_cores(ticket, cores):
            self._grant()

    def one_at_a_time(self) -> None:
        """From here on, one command at a time."""
        self._admission.one_at_a_time = True

    def _grant_soon(self) -> None:
        """At once, or where it is known who should go first, when all have asked who can: the first of a long chain of calls asks late."""
        if not self._is_ranked:
            self._grant()
        elif self._due_since is None:
            self._grant_when_idle()
        elif self._loop.now() > self._due_since + HOLD_SECONDS:
            self._grant()

    def _grant_when_idle(self) -> None:
        """Once, when nobody can go on any more without something from outside."""
        if self._due_since is None:
            self._due_since = self._loop.now()
            self._loop.when_idle(self._grant)

    def _grant_from(self, priority: float) -> None:
        """To those who have at least so much; the others go on waiting for who asks late."""
        if self._pool is not None:
            self._grant()
            return
        self._grant_by(self._read(), least=priority)
        self._grant_soon()

    def _grant(self) -> None:
        self._due_since = None
        reading = self._read()
        self._grant_by(reading)
        if self._pool is not None:
            self._take_tokens(self._pool, reading)
        self._ask_later()

    def _read(self) -> Reading:
        return self._measure() if self._admission.needs_reading() else NO_READING

    def _grant_by(self, reading: Reading, *, least: float = float("-inf")) -> None:
        for ticket in self._admission.grant(reading, self._loop.now(), least=least):
            self._granted[ticket].set()

    def _take_tokens(self, pool: Pool, reading: Reading) -> None:
        """Take what is free for those who wait for a slot, or wait for it; give back what nobody here uses.

        Who waits for several keeps those that it has by then: whoever has the others goes on with its own slot at least, so all come
        back. One that runs with fewer than it costs, because one command may always run, gets the rest as far as it is free.
        """
        from paratask.scheduling.slots import tokens_needed

        while self._admission.wants_slot and pool.take():
            self._admission.slots = 1.0 + pool.held
            self._grant_by(reading)
        needed = tokens_needed(self._admission.cpu_in_use)
        while pool.held < needed and pool.take():
            pass
        if self._admission.wants_slot:
            pool.listen(self._grant)
        else:
            pool.unlisten()
            pool.give_back(max(0, pool.held - needed))
        self._admission.slots = 1.0 + pool.held

    def _ask_later(self) -> None:
        """Somebody may start although nothing is given back: when load or memory allow it, or a rate."""
        at = self._admission.next_at
        if self._admission.is_tight:
            at = min(at, self._loop.now() + ASK_AGAIN_SECONDS)
        if at < self._asks_at:
            self._asks_at = at
            self._loop.call_at(at, self._ask_again)

    def _ask_again(self) -> None:
        self._asks_at = float("inf")
        self._grant()
