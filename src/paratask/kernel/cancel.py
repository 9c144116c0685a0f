"""Cancel scopes: what may be stopped together, and what is shielded from it. After trio's idea of them.

A scope is entered with `with`. Cancelling it raises `Cancelled` in every fiber parked inside, and at each later wait there,
until the scope is left. Knows nothing of what fibers wait for.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType

    from paratask.kernel.loop import Fiber, Loop, Timer


class Cancelled(BaseException):
    """Raised where a fiber waits inside a cancelled scope. Swallowed by that scope; catch it only to clean up."""

    def __init__(self, scope: CancelScope) -> None:
        super().__init__(scope.reason)
        self.scope = scope


class CancelScope:
    """A region of one fiber, and of all fibers started in groups inside it.

    `shield` keeps cancellation of outer scopes out. `reason` is for whoever finds itself cancelled. `deadline` is a time of the
    loop's clock, in seconds.
    """

    def __init__(self, loop: Loop, *, shield: bool = False, deadline: float | None = None) -> None:
        self._loop = loop
        self._deadline = deadline
        self._timer: Timer | None = None
        self._fiber: Fiber | None = None
        self.shield = shield
        self.parent: CancelScope | None = None
        self.cancelled = False
        self.reason: object = None

    def cancel(self, reason: object = None) -> None:
        """Stop everything inside, now. Further calls do nothing."""
        if not self.cancelled:
            self.cancelled = True
            self.reason = reason
            self._loop.deliver_cancellation()

    def cancelled_by(self) -> CancelScope | None:
        """The outermost cancelled scope that reaches in here, if any."""
        found = None
        scope: CancelScope | None = self
        while scope is not None:
            if scope.cancelled:
                found = scope
            scope = None if scope.shield else scope.parent
        return found

    def __enter__(self) -> CancelScope:  # noqa: PYI034 - nobody subclasses it
        fiber = self._fiber = self._loop.current
        self.parent = fiber.scope
        fiber.scope = self
        if self._deadline is not None:
            self.start_clock(self._deadline - self._loop.now())
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        if self._timer is not None:
            self._timer.cancel()
        if self._fiber is not None and self.parent is not None:
            self._fiber.scope = self.parent
        return isinstance(error, Cancelled) and error.scope is self

    def deadlines_of(self, fiber: Fiber) -> list[CancelScope]:
        """This scope and those around it, as far as `fiber` itself entered them and a deadline is running."""
        if self._fiber is not fiber:
            return []
        above = self.parent.deadlines_of(fiber) if self.parent is not None else []
        return above if self._timer is None or self.cancelled else [self, *above]

    def stop_clock(self) -> float:
        """Take the deadline back; how many seconds were left to it."""
        assert self._timer is not None
        self._timer.cancel()
        return self.seconds_left()

    def restart_clock(self, seconds: float) -> None:
        """The deadline is so many seconds from now, in place of the one before, if there was one."""
        if self._timer is not None:
            self._timer.cancel()
        self.start_clock(seconds)

    def seconds_left(self) -> float:
        """To the deadline that is running."""
        assert self._timer is not None
        return max(0.0, self._timer.at - self._loop.now())

    def take_back(self) -> bool:
        """Make it one that was not cancelled and has no deadline: for the fiber that entered it, when all inside has ended and it begins
        anew. Whether that is so: another fiber's was to end as well, and it waits for us.
        """
        if self._fiber is not self._loop.current:
            return False
        self.cancelled, self.reason, self._timer = False, None, None
        return True

    def start_clock(self, seconds: float) -> None:
        """The deadline is so many seconds from now."""
        self._timer = self._loop.call_at(self._loop.now() + seconds, lambda: self.cancel("deadline"))


class StoppedClocks:
    """Inside, the deadlines of the current fiber stand still: for waiting that is no part of what has to be done in time.

    Deadlines around a group are not stopped by a member of it, since other members may be at work meanwhile.
    """

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._stopped: list[tuple[CancelScope, float]] = []

    def __enter__(self) -> None:
        fiber = self._loop.current
        self._stopped = [(scope, scope.stop_clock()) for scope in fiber.scope.deadlines_of(fiber)]

    def __exit__(self, *_: object) -> None:
        for scope, seconds in self._stopped:
            scope.start_clock(seconds)


class Deadlines:
    """How much time is left until each deadline of the current fiber; `put_back` sets them to so much again, for whoever begins
    anew.

    As with StoppedClocks, deadlines around a group are not those of its members.
    """

    def __init__(self, loop: Loop) -> None:
        fiber = loop.current
        self._left = [(scope, scope.seconds_left()) for scope in fiber.scope.deadlines_of(fiber)]

    def put_back(self) -> None:
        for scope, seconds in self._left:
            if not scope.cancelled:
                scope.restart_clock(seconds)
