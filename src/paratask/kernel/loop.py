"""The loop: runs fibers (coroutines) until the main one ends, in one thread.

Time, file descriptors and signals come through a `Poller`, so that tests/simulation can put others in their place. Knows
nothing of processes, tasks or output.
"""

from __future__ import annotations

from collections import deque
from heapq import heappop, heappush

from paratask.kernel.cancel import Cancelled, CancelScope

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Generator, Iterable
    from typing import Protocol, TypeVar

    T = TypeVar("T")

    class Poller(Protocol):
        """Where time and readiness come from."""

        def now(self) -> float:
            """Seconds of a clock that never goes back."""

        def wait(self, timeout_seconds: float | None) -> Iterable[Callable[[], object]]:
            """Wait until something is ready, or for the given time; the callbacks of what is ready."""

        def watch(self, fd: int, callback: Callable[[], object]) -> None:
            """Call back, from `wait`, whenever `fd` is readable, until `unwatch`."""

        def unwatch(self, fd: int) -> None: ...

        def close(self) -> None: ...


BEGINNERS = 4
"""After so many fibers have begun, the loop looks whether something has happened outside."""


class Fiber:
    """One coroutine being run. `scope` is the innermost cancel scope it is in."""

    __slots__ = ("coroutine", "done", "error", "parked", "scope")

    def __init__(self, coroutine: Coroutine[object, object, object], scope: CancelScope) -> None:
        self.coroutine = coroutine
        self.scope = scope
        self.parked = False
        self.error: BaseException | None = None
        self.done: Callable[[Fiber], None] | None = None


class Timer:
    """A callback at a time; `cancel` takes it back."""

    __slots__ = ("at", "callback", "order")

    def __init__(self, at: float, order: int, callback: Callable[[], None]) -> None:
        self.at = at
        self.order = order
        self.callback: Callable[[], None] | None = callback

    def __lt__(self, other: Timer) -> bool:
        return (self.at, self.order) < (other.at, other.order)

    def cancel(self) -> None:
        self.callback = None


class _Park:
    """Awaiting it gives control back to the loop until the fiber is woken."""

    def __await__(self) -> Generator[None, object, object]:
        return (yield)


class DeadlockError(RuntimeError):
    """Every fiber waits, and nothing is left that could wake one: a defect of the program."""


class Loop:
    """Runs fibers. Use `run` once; everything else is for what runs inside it."""

    def __init__(self, poller: Poller) -> None:
        self.poller = poller
        self.root = CancelScope(self)
        self._woken: deque[tuple[Fiber, object, BaseException | None]] = deque()
        self._started: deque[Fiber] = deque()
        self._timers: list[Timer] = []
        self._timer_count = 0
        self._fibers: dict[Fiber, None] = {}
        self._current: Fiber | None = None
        self._expected = 0
        self._idle: list[Callable[[], None]] = []
        self._closing = False

    @property
    def current(self) -> Fiber:
        """The fiber that runs now."""
        assert self._current is not None, "only inside the loop"
        return self._current

    def now(self) -> float:
        return self.poller.now()

    def run(self, main: Coroutine[object, object, T]) -> T:
        """Run `main` to its end and return its result. Raises what it raises, and DeadlockError."""
        results: list[T] = []

        async def keep_result() -> None:
            results.append(await main)

        fiber = self.start(keep_result(), self.root)
        try:
            self._run_ready()
            while fiber in self._fibers:
                if self._idle:
                    self._call_idle()
                else:
                    self._wait()
                self._run_ready()
        finally:
            self._close_all()
        if fiber.error is not None:
            raise fiber.error
        return results[0]

    def start(self, coroutine: Coroutine[object, object, object], scope: CancelScope, *, is_next: bool = False) -> Fiber:
        """A new fiber in `scope`. It begins after those that were started before it, or as the next one.

        Whoever starts one answers for its end: see groups.TaskGroup.
        """
        fiber = Fiber(coroutine, scope)
        self._fibers[fiber] = None
        if is_next:
            self._started.appendleft(fiber)
        else:
            self._started.append(fiber)
        return fiber

    def _run_ready(self) -> None:
        """Run fibers until none can go on. Those that were woken go before those that begin. After every few beginners the loop
        looks for what has ended meanwhile: among thousands that begin at once, it need not wait for all of them.
        """
        begun = 0
        while self._woken or self._started:
            if self._woken:
                self._step(*self._woken.popleft())
                continue
            self._step(self._started.popleft(), None, None)
            begun += 1
            if not begun % BEGINNERS and self._expected:
                self._look(0.0)

    def when_idle(self, callback: Callable[[], None]) -> None:
        """Call back once, when nobody can go on any more without something from outside."""
        self._idle.append(callback)

    def _call_idle(self) -> None:
        idle, self._idle = self._idle, []
        for callback in idle:
            callback()

    def _close_all(self) -> None:
        """Let the fibers that are left clean up. None of them can wait any more."""
        self._closing = True
        for fiber in self._fibers:
            self._current = fiber
            fiber.coroutine.close()
        self._current = None
        self._closing = False
        self._fibers.clear()
        self._woken.clear()
        self._started.clear()

    def _step(self, fiber: Fiber, value: object, error: BaseException | None) -> None:
        self._current = fiber
        try:
            if error is not None:
                fiber.coroutine.throw(error)
            else:
                fiber.coroutine.send(value)
        except StopIteration:
            self._end(fiber, None)
        except BaseException as raised:  # noqa: BLE001 - handed to whoever started the fiber
            self._end(fiber, raised)
        finally:
            self._current = None

    def _end(self, fiber: Fiber, error: BaseException | None) -> None:
        del self._fibers[fiber]
        fiber.error = error
        if fiber.done is not None:
            fiber.done(fiber)

    def _wait(self) -> None:
        while self._timers and self._timers[0].callback is None:
            heappop(self._timers)
        timeout = max(0.0, self._timers[0].at - self.now()) if self._timers else None
        if timeout is None and not self._expected:
            raise DeadlockError(f"{len(self._fibers)} fibers wait for each other")
        self._look(timeout)

    def _look(self, timeout_seconds: float | None) -> None:
        """Call back for all that is due now; with a timeout, wait so long for the first of it."""
        for callback in self.poller.wait(timeout_seconds):
            callback()
        now = self.now()
        while self._timers and self._timers[0].at <= now:
            due = heappop(self._timers).callback
            if due is not None:
                due()

    def call_at(self, at: float, callback: Callable[[], None]) -> Timer:
        """Call back at a time of this loop's clock."""
        self._timer_count += 1
        timer = Timer(at, self._timer_count, callback)
        heappush(self._timers, timer)
        return timer

    def expect(self, change: int) -> None:
        """Change the count of things outside that may still wake a fiber: watched descriptors, processes that will end. While
        there are none, and no timers, to wait is a DeadlockError.
        """
        self._expected += change

    def watch(self, fd: int, callback: Callable[[], object]) -> None:
        """Call back whenever `fd` is readable."""
        self.expect(1)
        self.poller.watch(fd, callback)

    def unwatch(self, fd: int) -> None:
        self.expect(-1)
        self.poller.unwatch(fd)

    async def park(self) -> object:
        """Wait until somebody calls `wake` for this fiber. Raises Cancelled."""
        if self._closing:
            raise GeneratorExit
        self.raise_if_cancelled()
        self.current.parked = True
        return await _Park()

    def raise_if_cancelled(self) -> None:
        """Raise Cancelled if a cancelled scope reaches the current fiber: before something that must not begin then, and that
        waits for nothing.
        """
        scope = self.current.scope.cancelled_by()
        if scope is not None:
            raise Cancelled(scope)

    def wake(self, fiber: Fiber, value: object = None) -> None:
        """Let a parked fiber go on; nothing where it is not parked."""
        if fiber.parked:
            fiber.parked = False
            self._woken.append((fiber, value, None))

    async def give_way(self) -> None:
        """Let all who were woken go on first. Cancellation waits."""
        if self._woken:
            self._woken.append((self.current, None, None))
            await _Park()

    async def sleep(self, seconds: float) -> None:
        fiber = self.current
        timer = self.call_at(self.now() + seconds, lambda: self.wake(fiber))
        try:
            await self.park()
        finally:
            timer.cancel()

    async def checkpoint(self) -> None:
        """Give way to the other fibers, and to cancellation."""
        await self.sleep(0)

    def deliver_cancellation(self) -> None:
        """Raise Cancelled in every parked fiber that a cancelled scope reaches. Called by scopes."""
        for fiber in list(self._fibers):
            if fiber.parked:
                scope = fiber.scope.cancelled_by()
                if scope is not None:
                    fiber.parked = False
                    self._woken.append((fiber, None, Cancelled(scope)))


class Event:
    """A flag that fibers can wait for. Set once, it stays set."""

    __slots__ = ("_loop", "_waiting", "is_set")

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._waiting: list[Fiber] = []
        self.is_set = False

    def set(self) -> None:
        self.is_set = True
        waiting, self._waiting = self._waiting, []
        for fiber in waiting:
            self._loop.wake(fiber)

    async def wait(self) -> None:
        if self.is_set:
            return
        fiber = self._loop.current
        self._waiting.append(fiber)
        try:
            await self._loop.park()
        finally:
            if fiber in self._waiting:
                self._waiting.remove(fiber)
