"""A number that two processes have: one counts, and the other sees it without being told. Neither makes a system call for that.

The one that is to count gets a descriptor of the memory in which it is. What was counted stays where that process crashes.
"""

from __future__ import annotations

import mmap
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

SIZE = 8


class SharedCount:
    """Nothing is counted yet. `fd` is for the other process, until `close`. Raises OSError where there is no such memory to be had."""

    def __init__(self) -> None:
        self.fd = _memory()
        try:
            os.ftruncate(self.fd, SIZE)
            self._numbers = _numbers(self.fd)
        except BaseException:
            self.close()
            raise

    @property
    def value(self) -> int:
        """How much was counted by now."""
        return self._numbers[0]

    def close(self) -> None:
        """The descriptor; the number stays."""
        os.close(self.fd)


def counter(fd: int) -> Callable[[], None]:
    """What counts one more, for the process that has the descriptor, which it needs no longer then. Raises OSError."""
    numbers = _numbers(fd)

    def count() -> None:
        numbers[0] += 1

    return count


def _numbers(fd: int) -> memoryview[int]:
    return memoryview(mmap.mmap(fd, SIZE)).cast("Q")


def _memory() -> int:
    if sys.platform == "linux":
        return os.memfd_create("count")
    import tempfile

    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())
