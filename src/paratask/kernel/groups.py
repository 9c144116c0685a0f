"""Groups of fibers: nobody leaves the block before all of them have ended. After trio's nurseries.

    async with TaskGroup(loop) as group:
        group.start(fetch, "a")
        group.start(fetch, "b")

The first error of a member cancels the others and is raised at the end of the block. Knows nothing of tasks of a Taskfile.
"""

from __future__ import annotations

from paratask.kernel.cancel import Cancelled, CancelScope

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from types import TracebackType

    from paratask.kernel.loop import Fiber, Loop


class TaskGroup:
    """Members run until all have ended; see the module. `scope` cancels them all."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._open = 0
        self._waiting: Fiber | None = None
        self._error: BaseException | None = None
        self.scope = CancelScope(loop)

    def start(self, function: Callable[..., Coroutine[object, object, object]], *arguments: object) -> None:
        """Run `function(*arguments)` as a member."""
        self._take_in(self._loop.start(function(*arguments), self.scope))

    def start_next(self, function: Callable[..., Coroutine[object, object, object]], *arguments: object) -> None:
        """As `start`, before all that have not begun yet."""
        self._take_in(self._loop.start(function(*arguments), self.scope, is_next=True))

    def _take_in(self, fiber: Fiber) -> None:
        self._open += 1
        fiber.done = self._member_ended

    def _member_ended(self, fiber: Fiber) -> None:
        self._open -= 1
        error = fiber.error
        if error is not None and not isinstance(error, Cancelled) and self._error is None:
            self._error = error
            self.scope.cancel(error)
        if self._waiting is not None and not self._open:
            self._loop.wake(self._waiting)

    async def __aenter__(self) -> TaskGroup:  # noqa: PYI034 - nobody subclasses it
        self.scope.__enter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if error is not None and not isinstance(error, Cancelled):
            self._error = self._error or error
            self.scope.cancel(error)
        elif error is not None:
            self.scope.cancel(error.scope.reason)
        cancelled = await self._wait_for_members()
        swallowed = self.scope.__exit__(kind, error, trace)
        if self._error is not None:
            raise self._error
        if cancelled is not None and cancelled.scope is not self.scope:
            raise cancelled
        if error is None:
            self._loop.raise_if_cancelled()  # members may have been cancelled from outside while this fiber was about to go on
        return swallowed

    async def _wait_for_members(self) -> Cancelled | None:
        """Wait, through cancellation: members are told, and are waited for all the same."""
        cancelled = None
        fiber = self._loop.current
        while self._open:
            self._waiting = fiber
            try:
                with CancelScope(self._loop, shield=cancelled is not None):
                    await self._loop.park()
            except Cancelled as raised:
                cancelled = raised
        self._waiting = None
        return cancelled
