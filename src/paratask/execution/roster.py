"""Where the members of one group stand, and which of them wait for nobody any more.

Pure. Knows nothing of why a member may start or not, and of what its members are.
"""

from __future__ import annotations

import enum
from heapq import heapify, heappop, heappush

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Standing(enum.Enum):
    """What has become of a member.

    WAITING     it has not started, or was let go before it did anything; it waits for others, or could start
    RUNNING     it has started
    AT_DOOR     it has started, but begun no command, and waits to: it counts as one that has not started
    STOPPING    it runs, and was told to stop for now
    STOPPED     it has; it begins anew when it starts again, and counts as one that has not
    SUCCEEDED   it came to its end
    FAILED      for good
    CANCELLED   it was stopped, and does not start again
    """

    WAITING = "waiting"
    RUNNING = "running"
    AT_DOOR = "at its door"
    STOPPING = "stopping"
    STOPPED = "stopped"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    __hash__ = object.__hash__  # members are one of a kind; Enum's own runs Python at each look-up


_ACTIVE = frozenset((Standing.RUNNING, Standing.STOPPING))
_BEFORE_START = frozenset((Standing.WAITING, Standing.AT_DOOR, Standing.STOPPED))


class Roster:
    """Of a group of which member i waits for `after[i]`. `running` are those that have started and not ended, `failed` those that failed.

    With `failed_are_over`, nobody waits any longer for a member that failed.
    """

    def __init__(self, after: Sequence[frozenset[int]], *, failed_are_over: bool) -> None:
        self._after = after
        self._failed_are_over = failed_are_over
        self._standings = [Standing.WAITING] * len(after)
        self._before_start = len(after)
        self._lacks = [len(before) for before in after]  # how many each still waits for
        self._free = [index for index, count in enumerate(self._lacks) if not count]  # a heap of those that wait for nobody
        self._followers: dict[int, list[int]] = {}
        for index, before in enumerate(after):
            for other in before:
                self._followers.setdefault(other, []).append(index)
        self.running: set[int] = set()
        self.failed: list[int] = []

    def __getitem__(self, index: int) -> Standing:
        return self._standings[index]

    @property
    def is_over(self) -> bool:
        """Whether nobody runs, and nobody is left that could start."""
        return not (self._before_start or self.running)

    @property
    def free(self) -> Sequence[int]:
        """Those that wait for nobody and have not started, the first in written order first, the others in no order."""
        return self._free

    def take_free(self, count: int) -> list[int]:
        """Take the first so many of those out, in written order, for them to start."""
        return [heappop(self._free) for _ in range(count)]

    def not_free(self, index: int) -> None:
        """Take one of those out that has gone on by itself."""
        self._free.remove(index)
        heapify(self._free)

    def move(self, index: int, standing: Standing) -> Standing:
        """It stands there from now on; where it stood."""
        was = self._standings[index]
        self._standings[index] = standing
        self._before_start += (standing in _BEFORE_START) - (was in _BEFORE_START)
        if standing in _ACTIVE:
            self.running.add(index)
        else:
            self.running.discard(index)
        if standing is Standing.AT_DOOR or standing is Standing.STOPPED:
            heappush(self._free, index)
        elif standing is Standing.FAILED:
            self.failed.append(index)
            if self._failed_are_over:
                self._let_follow(index)
        elif standing is Standing.SUCCEEDED:
            self._let_follow(index)
        return was

    def _let_follow(self, index: int) -> None:
        """Those that wait for this member wait for it no more; who waits for nobody now is free to start."""
        for follower in self._followers.get(index, ()):
            self._lacks[follower] -= 1
            if not self._lacks[follower]:
                heappush(self._free, follower)

    def standing(self, *standings: Standing) -> Iterator[int]:
        """The members that stand so, in written order."""
        return (index for index, standing in enumerate(self._standings) if standing in standings)

    def awaited(self, index: int) -> list[int]:
        """Those that a member still waits for, in written order."""
        return [other for other in sorted(self._after[index]) if not self._is_over(other)]

    def _is_over(self, index: int) -> bool:
        return self._standings[index] is Standing.SUCCEEDED or (
            self._failed_are_over and self._standings[index] is Standing.FAILED
        )

    def behind_failed(self) -> set[int]:
        """Members that wait, at any distance, for one that failed, and so never start."""
        behind: set[int] = set()
        found = [] if self._failed_are_over else list(self.failed)
        while found:
            more = [index for index in self._followers.get(found.pop(), ()) if index not in behind]
            behind.update(more)
            found += more
        return behind
