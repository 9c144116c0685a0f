"""Signals to paratask itself. See "Processes" in docs/design.md.

Once: everything that runs gets the signal, then SIGKILL after two seconds; deferred steps still run. Twice: at once. Knows who is
to be told, not what they do.
"""

from __future__ import annotations

import os
import signal
from functools import partial

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from paratask.kernel.cancel import CancelScope
    from paratask.kernel.poller import SystemPoller
    from paratask.processes.process import Processes
    from paratask.processes.streams import ConsoleSink

ECHO_SECONDS = 0.1
"""Another signal so soon is no second one, whichever it is: `timeout` sends each to its child and to the group that it is in, a terminal
that is closed sends SIGHUP after SIGINT, and services that stop a job send SIGINT and SIGTERM together. Nobody has read anything by then.
"""

PATIENCE_SECONDS = 1.0
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
NAMES: dict[int, str] = {
    signal.SIGINT: "interrupt", signal.SIGTERM: "terminated", signal.SIGHUP: "hangup", signal.SIGQUIT: "quit",
}  # fmt: skip


class Interrupts:
    """`scope` is the run's; `number` is the signal that ended it, 0 where none did. `names_first`: say which the first one was."""

    def __init__(
        self,
        *,
        poller: SystemPoller,
        processes: Processes,
        scope: CancelScope,
        sink: ConsoleSink,
        say: Callable[[str], None],
        names_first: bool = True,
    ) -> None:
        self._poller = poller
        self._scope = scope
        self._sink = sink
        self._is_impatient = False
        self._seen = 0
        self._say = say
        self._names_first = names_first
        self.number = 0
        self._arrived_at = self._noted_at = 0.0
        self.kill_all: Callable[[], None] = processes.kill_all
        """Ends all that runs, at once."""

        self.before_exit: list[Callable[[], None]] = []
        """What is still to be done when everything is ended at once."""

        self.last: list[Callable[[], None]] = []
        """What comes after that, and may take a moment: to keep and to say what is known. One more signal cuts it short."""

        for number in SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                poller.on_signal(number, partial(self._take, number), at_once=self._note)

    def _note(self) -> None:
        """While somebody reads our output slowly or not at all (a pager), nothing else goes on here, and nobody would be told.

        What is written now may be blocked, and what will be: from here on somebody looks. And how soon after another one it came is known
        only here: to stop a thousand jobs takes longer than an echo.
        """
        self._noted_at = self._poller.now()
        if not self._is_impatient:
            self._is_impatient = True
            signal.signal(signal.SIGALRM, self._look)
            signal.setitimer(signal.ITIMER_REAL, PATIENCE_SECONDS, PATIENCE_SECONDS)

    def _look(self, *_: object) -> None:
        """Give up a write that went on when we looked before."""
        before, self._seen = self._seen, self._sink.begun
        if before == self._seen:
            self._sink.give_up()

    def close(self) -> None:
        """The run is over."""
        if self._is_impatient:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _take(self, number: int) -> None:
        """The loop has come to it."""
        self._arrive(number, self._noted_at)

    def arrive(self, number: int) -> None:
        """A step that had the terminal was ended by the signal, which did not come to us."""
        self._arrive(number, self._poller.now())

    def _arrive(self, number: int, at: float) -> None:
        if self.number:
            if at - self._arrived_at < ECHO_SECONDS:
                return
            self._say("paratask: second signal, ending everything at once")
            self.kill_all()
            self._leave()
        self.number = number
        self._arrived_at = at
        if self._names_first:
            self._say(f'task: Signal received: "{NAMES.get(number, str(number))}"')
        self._scope.cancel(number)

    def _leave(self) -> None:
        try:
            for last in list(self.before_exit):
                last()
            if self.last:
                for number in SIGNALS:
                    signal.signal(number, signal.SIG_DFL)
            for last in list(self.last):
                last()
        finally:
            os._exit(1)
