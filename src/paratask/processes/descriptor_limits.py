"""A higher limit of open descriptors for ourselves, and the one that we were given for processes.

Some programs close every descriptor that they might have, or cannot use high ones, so processes get what they would get without us.
Loaded when a run comes near its limit. Knows nothing of runs.
"""

from __future__ import annotations

import os
import resource
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 1 << 16 if sys.platform == "linux" else 10_240


def raise_limit() -> RaisedLimit | None:
    """Take as many as we may; None where that is no more than we have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST if hard == resource.RLIM_INFINITY else min(hard, MOST)
    if soft == resource.RLIM_INFINITY or wanted <= soft:
        return None
    spare: list[int] = []
    try:
        while len(spare) < 3:
            spare.append(os.open(os.devnull, os.O_RDWR))
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (OSError, ValueError):
        for fd in spare:
            os.close(fd)
        return None
    return RaisedLimit(given=(soft, hard), ours=(wanted, hard), spare=spare)


class RaisedLimit:
    """`most` is how many we may have open."""

    def __init__(self, *, given: tuple[int, int], ours: tuple[int, int], spare: Sequence[int]) -> None:
        self._given = given
        self._ours = ours
        self._spare = spare
        self.most = ours[0]

    def lower(self, fds: Sequence[int]) -> Sequence[int]:
        """Take back what we were given, for a process to be started; its descriptors under numbers that are below it."""
        for fd, low in zip(fds, self._spare, strict=True):
            os.dup2(fd, low, inheritable=False)
        resource.setrlimit(resource.RLIMIT_NOFILE, self._given)
        return self._spare

    def restore(self) -> None:
        """The process has started, or could not be."""
        resource.setrlimit(resource.RLIMIT_NOFILE, self._ours)
        null = os.open(os.devnull, os.O_RDWR)
        for low in self._spare:
            os.dup2(null, low, inheritable=False)
        os.close(null)
