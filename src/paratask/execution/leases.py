"""Leases: a command waits for its turn here. See "Resources" in docs/design.md. The rules are scheduling's; this adds waiting."""

from __future__ import annotations

from paratask.kernel.loop import Event
from paratask.scheduling.admission import Admission
from paratask.scheduling.budget import Reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from paratask.kernel.loop import Loop
    from paratask.scheduling.admission import Ticket
    from paratask.scheduling.budget import Budget

ASK_AGAIN_SECONDS = 0.2
NO_READING = Reading()


class Leases:
    """`measure` reads the machine; it is asked only where a limit depends on it."""

    def __init__(self, loop: Loop, budget: Budget, measure: Callable[[], Reading]) -> None:
        self._loop = loop
        self._admission = Admission(budget)
        self._measure = measure
        self._granted: dict[Ticket, Event] = {}
        self._asking = False

    async def take(self, *, priority: float = 0.0, cpu: float = 1.0) -> Ticket:
        """Wait for a lease. Give it back with `give_back`. Raises Cancelled."""
        ticket = self._admission.request(cpu=cpu, priority=priority)
        event = self._granted[ticket] = Event(self._loop)
        self._grant()
        try:
            await event.wait()
        except BaseException:
            if event.is_set:
                self._admission.release(ticket)
                self._grant()
            else:
                self._admission.withdraw(ticket)
            raise
        finally:
            del self._granted[ticket]
        return ticket

    def give_back(self, ticket: Ticket) -> None:
        self._admission.release(ticket)
        self._grant()

    def one_at_a_time(self) -> None:
        """From here on, one command at a time."""
        self._admission.one_at_a_time = True

    def _grant(self) -> None:
        reading = self._measure() if self._admission.needs_reading() else NO_READING
        for ticket in self._admission.grant(reading):
            self._granted[ticket].set()
        if self._admission.is_tight and not self._asking:
            self._asking = True
            self._loop.call_at(self._loop.now() + ASK_AGAIN_SECONDS, self._ask_again)

    def _ask_again(self) -> None:
        self._asking = False
        self._grant()
