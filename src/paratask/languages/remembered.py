"""What is kept of what was read: answers for as long as the same `Place` is asked, which does not change, and texts of files from one plan
of a run to the next, read again where a file may have changed.

Each set of calls is arranged by what the checkout is like then, and a compiler's sources are thousands of files. A file is believed to be the
same while its size, times and inode are, and its last change is so long ago that another one would have had another time (as git's index
has it). What commands claim is kept as well: what starts itself has no end, and what nests too deep is cut off; a reading in which something
was left out for that is remembered only as long as what it was met below is still being read.
Knows no language and no commands.
"""

from __future__ import annotations

import os
import time
from functools import lru_cache

from paratask.claims.model import unknown
from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from paratask.claims.model import Claims

    Function = TypeVar("Function", bound=Callable[..., object])

MAX_BYTES = 1 << 20
_MAX_DEPTH = 8
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a text or a program's call was found to claim, and how many cores it takes at most at one time."""

    claims: Claims
    cpu: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _ForNow:
    """A reading with something left out: below which others, and how deep it was met."""

    reading: Reading
    below: frozenset[object]
    depth: int


class Readings:
    """Those of one view of a checkout, by keys that stand for all that they depend on."""

    def __init__(self) -> None:
        self._kept: dict[object, Reading] = {}
        self._for_now: dict[object, _ForNow] = {}
        self._open: set[object] = set()
        self._met_again: set[object] = set()
        self._too_deep = False
        self.depth = 0

    def clear(self) -> None:
        """Forget all of them."""
        self._kept.clear()

    def found(self, key: object) -> Reading | None:
        """What is remembered, as far as it holds here."""
        if key in self._kept:
            return self._kept[key]
        for_now = self._for_now.get(key)
        if for_now is None or for_now.depth > self.depth or not for_now.below <= self._open:
            return None
        self._met_again |= for_now.below
        return for_now.reading

    def read(self, key: object, make: Callable[[], Reading], keep: Callable[[], bool]) -> Reading:
        """What `make` finds; remembered where `keep` says so afterwards."""
        if key in self._open:
            self._met_again.add(key)
            return Reading(claims=unknown("commands that start themselves"))
        self._open.add(key)
        try:
            reading = self.nested(make)
        finally:
            self._open.discard(key)
            self._met_again.discard(key)
        if keep() and (self._met_again or self._too_deep):
            self._for_now[key] = _ForNow(reading=reading, below=frozenset(self._met_again), depth=self.depth)
        elif keep():
            self._kept[key] = reading
        return reading

    def nested(self, make: Callable[[], Reading]) -> Reading:
        """What `make` finds one deeper. Commands start commands, and may do so for ever with other words each time."""
        if self.depth == 0:
            self._too_deep = False
            self._for_now.clear()
        if self.depth >= _MAX_DEPTH:
            self._too_deep = True
            return Reading(claims=unknown(f"commands that start one another more than {_MAX_DEPTH} deep"))
        self.depth += 1
        try:
            return make()
        finally:
            self.depth -= 1
