"""The real poller: the monotonic clock, descriptors, and signals as callbacks in the loop.

Signals are taken from the interpreter's wakeup descriptor, which the C handler writes each number to. The Python handlers do
nothing: they run some time later, and one that came after the descriptor was emptied would wake nobody. Knows nothing of fibers.
"""

from __future__ import annotations

import os
import select
import signal
from time import monotonic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class SystemPoller:
    """Implements loop.Poller. `close` puts the signal handlers back."""

    def __init__(self) -> None:
        self._descriptors = _Epoll() if hasattr(select, "epoll") else _Selector()
        self._skipped_seconds = 0.0
        self._callbacks: dict[int, Callable[[], object]] = {}
        self._previous: dict[int, object] = {}
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_read, False)
        os.set_blocking(self._wake_write, False)
        self.watch = self._descriptors.watch
        self.unwatch = self._descriptors.unwatch
        self.wait = self._descriptors.wait
        self.watch(self._wake_read, self._take_signals)
        self._previous_wakeup = signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)

    def now(self) -> float:
        return monotonic() - self._skipped_seconds

    def skip(self, seconds: float) -> None:
        """So much of the time that has passed is not to count: we were stopped."""
        self._skipped_seconds += seconds

    def on_signal(self, number: int, callback: Callable[[], object], *, at_once: Callable[[], object] | None = None) -> None:
        """Call back, from `wait`, each time the signal has arrived; several at once may count as one.

        `at_once` is called by the interpreter, in the midst of whatever runs then, also where that hinders `wait`.
        """
        self._callbacks[number] = callback
        handler = _ignore if at_once is None else lambda _number, _frame: at_once()
        self._previous.setdefault(number, signal.signal(number, handler))

    def _take_signals(self) -> None:
        """What is more than one read takes is there at the next `wait`."""
        for number in dict.fromkeys(os.read(self._wake_read, 4096)):
            callback = self._callbacks.get(number)
            if callback is not None:
                callback()

    def close(self) -> None:
        signal.set_wakeup_fd(self._previous_wakeup)
        for number, handler in self._previous.items():
            signal.signal(number, handler)  # type: ignore[arg-type]
        self._descriptors.close()
        os.close(self._wake_read)
        os.close(self._wake_write)


class _Epoll:
    """Linux. `selectors` keeps books on top of it, which takes three times as long as the kernel does, twice for each command."""

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._callbacks: dict[int, Callable[[], object]] = {}
        self.close = self._epoll.close

    def watch(self, fd: int, callback: Callable[[], object]) -> None:
        self._epoll.register(fd, select.EPOLLIN)
        self._callbacks[fd] = callback

    def unwatch(self, fd: int) -> None:
        self._epoll.unregister(fd)
        del self._callbacks[fd]

    def wait(self, timeout_seconds: float | None) -> list[Callable[[], object]]:
        return [self._callbacks[fd] for fd, _ in self._epoll.poll(timeout_seconds)]


class _Selector:
    """Other systems."""

    def __init__(self) -> None:
        import selectors

        self._selector = selectors.DefaultSelector()
        self._read = selectors.EVENT_READ
        self.close = self._selector.close

    def watch(self, fd: int, callback: Callable[[], object]) -> None:
        self._selector.register(fd, self._read, callback)

    def unwatch(self, fd: int) -> None:
        self._selector.unregister(fd)

    def wait(self, timeout_seconds: float | None) -> list[Callable[[], object]]:
        return [key.data for key, _ in self._selector.select(timeout_seconds)]


def _ignore(_number: int, _frame: object) -> None:
    """What the interpreter runs; see the module."""
