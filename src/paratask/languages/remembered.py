"""What is kept of what was read: answers for as long as the same `Place` is asked, which does not change, and texts of files from one plan
of a run to the next, read again where a file may have changed.

Each set of calls is arranged by what the checkout is like then, and a compiler's sources are thousands of files. A file is believed to be the
same while its size, times and inode are, and its last change is so long ago that another one would have had another time (as git's index
has it). Knows no language, and neither questions nor answers.
"""

from __future__ import annotations

import os
import time
from functools import lru_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    Function = TypeVar("Function", bound=Callable[..., object])

MAX_BYTES = 1 << 20
SETTLED_NANOSECONDS = 2_000_000_000
"""Times of files are seldom coarser."""


def remembered(size: int) -> Callable[[Function], Function]:
    """Decorator: the last `size` answers are kept. A place is told from others by being itself, which type checkers do not know."""

    def decorate(function: Function) -> Function:
        return lru_cache(maxsize=size)(function)  # type: ignore[return-value]

    return decorate


class Texts:
    """Of one run. `read` gives so many first bytes of a file, or None; `now` is the clock that files are dated by, in nanoseconds."""

    def __init__(self, read: Callable[[str, int], bytes | None], now: Callable[[], int] = time.time_ns) -> None:
        self._read = read
        self._now = now
        self._known: dict[str, tuple[tuple[int, ...], str | None]] = {}

    def of(self, path: str) -> str | None:
        """The file's text; None where it is no text, very large, or cannot be read."""
        try:
            found = os.stat(path)
        except (OSError, ValueError):
            return None
        mark = (found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino, found.st_dev)
        known = self._known.get(path)
        if known is not None and known[0] == mark:
            return known[1]
        began = self._now()
        text = decoded(self._read(path, MAX_BYTES + 1))
        if began - max(found.st_mtime_ns, found.st_ctime_ns) > SETTLED_NANOSECONDS:
            self._known[path] = mark, text
        return text


def decoded(data: bytes | None) -> str | None:
    """The text that so many bytes are; None where they are none."""
    if data is None or len(data) > MAX_BYTES or b"\0" in data:
        return None
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None
