"""Room for one more process: descriptors of ours, and processes that the system grants. See "Processes" in docs/design.md.

`running` are our processes. Whoever finds no room waits until one of them has ended, and tries again; one that finds none while nothing runs has to do
without. Knows nothing of commands.
"""

from __future__ import annotations

import errno
import os
import sys
from collections import deque

from paratask.kernel.loop import Event

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from typing import TypeVar

    from paratask.kernel.loop import Loop
    from paratask.processes.descriptor_limits import RaisedLimit

    T = TypeVar("T")

SHORTAGES = frozenset((errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.ENOMEM))
PROCESSES = frozenset((errno.EAGAIN, errno.ENOMEM))
RESERVE = 16
"""So many descriptors are left for what a run opens for a moment."""

EACH = 2
"""What a running command may still open: its log, and a file for output that is held back."""


class Room:
    """One for all commands of a run, made when there may be too little. `check` before a process is started, `again` where it could not be."""

    def __init__(self, loop: Loop, running: Collection[object]) -> None:
        self._loop = loop
        self._running = running
        self._waiting: deque[Event] = deque()
        self._most = sys.maxsize
        self._limits_are_given = True
        self._limit = _descriptor_limit()
        self._calm = self._limit // 2
        self.raised_limit: RaisedLimit | None = None

    def check(self, descriptor: int) -> None:
        """Raise OSError where a process whose highest descriptor this is would be one too many."""
        running = len(self._running)
        if running >= self._most:
            raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        if descriptor >= self._calm:
            self._check_descriptors(descriptor, running)

    def _check_descriptors(self, descriptor: int, running: int) -> None:
        """Takes a higher limit, where that may be had, first."""
        if self._limits_are_given:
            self._limits_are_given = False
            self._raise_limit()
        if descriptor >= self._calm and running and descriptor + EACH * running + RESERVE > self._limit:
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    def _raise_limit(self) -> None:
        """As high as we may."""
        from paratask.processes.descriptor_limits import raise_limit

        raised = self.raised_limit = raise_limit()
        if raised is not None:
            self._limit = raised.most
            self._calm = raised.most // 2

    async def again(self, start: Callable[[], T], error: OSError, *, let_go: Callable[[], bool]) -> T:
        """What `start()` returns, called again when there may be room. Raises its OSError where waiting does not help, and Cancelled.

        `error` is what it raised the first time. `let_go` gives up what can be missed, and says whether there was something.
        """
        waited = alone = False
        try:
            while error.errno in SHORTAGES and not alone:
                if self._running:
                    self._beware(error)
                    await self._wait(first=waited)
                    waited = True
                elif not let_go():
                    await self._loop.checkpoint()  # one that has ended may not have closed everything yet
                    alone = not self._running
                self._loop.raise_if_cancelled()
                try:
                    return start()
                except OSError as raised:
                    error = raised
            raise error
        finally:
            self.wake()

    def _beware(self, error: OSError) -> None:
        """What runs starts processes as well: where there were no more to be had, so many at once are too many."""
        if error.errno in PROCESSES and self._most > len(self._running):
            self._most = max(1, len(self._running) // 2)

    async def _wait(self, *, first: bool) -> None:
        turn = Event(self._loop)
        if first:
            self._waiting.appendleft(turn)
        else:
            self._waiting.append(turn)
        try:
            await turn.wait()
        except BaseException:
            if turn.is_set:
                self.wake()
            else:
                self._waiting.remove(turn)
            raise

    def wake(self) -> None:
        """Let the first one that waits try; if it can, it wakes the next."""
        if self._waiting:
            self._waiting.popleft().set()


def _descriptor_limit() -> int:
    limit = os.sysconf("SC_OPEN_MAX")
    return limit if limit > 0 else sys.maxsize
