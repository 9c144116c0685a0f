"""The real poller: the monotonic clock, selectors, and signals as callbacks in the loop.

Signals are taken from the interpreter's wakeup descriptor, which the C handler writes each number to. The Python handlers do
nothing: they run some time later, and one that came after the descriptor was emptied would wake nobody. Knows nothing of fibers.
"""

from __future__ import annotations

import os
import selectors
import signal
from time import monotonic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class SystemPoller:
    """Implements loop.Poller. `close` puts the signal handlers back."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._callbacks: dict[int, Callable[[], object]] = {}
        self._previous: dict[int, object] = {}
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_read, False)
        os.set_blocking(self._wake_write, False)
        self._selector.register(self._wake_read, selectors.EVENT_READ, self._take_signals)
        self._previous_wakeup = signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)

    def now(self) -> float:
        return monotonic()

    def on_signal(self, number: int, callback: Callable[[], object]) -> None:
        """Call back, from `wait`, each time the signal has arrived; several at once may count as one."""
        self._callbacks[number] = callback
        self._previous.setdefault(number, signal.signal(number, _ignore))

    def wait(self, timeout_seconds: float | None) -> list[Callable[[], object]]:
        return [key.data for key, _ in self._selector.select(timeout_seconds)]

    def _take_signals(self) -> None:
        arrived: dict[int, None] = {}
        try:
            while numbers := os.read(self._wake_read, 4096):
                arrived.update(dict.fromkeys(numbers))
        except BlockingIOError:
            pass
        for number in arrived:
            callback = self._callbacks.get(number)
            if callback is not None:
                callback()

    def watch(self, fd: int, callback: Callable[[], object]) -> None:
        self._selector.register(fd, selectors.EVENT_READ, callback)

    def unwatch(self, fd: int) -> None:
        self._selector.unregister(fd)

    def close(self) -> None:
        signal.set_wakeup_fd(self._previous_wakeup)
        for number, handler in self._previous.items():
            signal.signal(number, handler)  # type: ignore[arg-type]
        self._selector.close()
        os.close(self._wake_read)
        os.close(self._wake_write)


def _ignore(_number: int, _frame: object) -> None:
    """What the interpreter runs; see the module."""
