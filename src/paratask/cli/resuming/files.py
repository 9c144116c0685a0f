"""Whether files that a job reads changed since it ended, by the kernel's own note of when each changed (ctime).

Copying and unpacking may set a file's time of modification to anything; nobody sets this one. A folder counts as changed when
something came or went in it, if that might have been read. Looks only inside the checkout: tools and caches elsewhere are taken as they are.
"""

from __future__ import annotations

import os
import stat

from paratask.claims.overlap import compile_pattern, escape, literal_prefix, overlap
from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TypeAlias

    Area: TypeAlias = tuple[str, Sequence[str]]
    """A pattern, and those whose places it leaves out."""

OURS = frozenset((".paratask", ".task", ".git"))
TICK_SECONDS = 0.01
"""The kernel's clock for files may be so much behind; it is never ahead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A path that changed at `moment`; of a folder, what is in it. `area` is what was looked at."""

    path: str
    is_folder: bool
    moment: float
    area: Area

    @property
    def sentence(self) -> str:
        """For people."""
        if self.is_folder:
            return f"something came or went in {self.path or 'the checkout'}"
        return f"{self.path} changed"

    def may_be_in(self, area: Area) -> bool:
        """Whether what changed is, or may have been, in the area."""
        pattern, excluding = area
        place = escape(self.path) if self.path else ""
        if self.is_folder:
            return overlap(f"{place}/*" if place else "*", pattern)
        return overlap(place, pattern) and not any(overlap(place, other) for other in excluding)


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """A job that wrote in `areas` from one moment to another. Where that is not certain, only that something came or went is put
    down to it: it was killed, so that nobody knows until when it wrote, or may have begun when the run was killed.
    """

    areas: Sequence[Area]
    started_at: float
    ended_at: float
    is_certain: bool

    def explains(self, change: Change, *, is_later: bool) -> bool:
        """Whether it was this job, and nothing to those who read there: it comes later, or made something else in the same folder."""
        if not self.started_at - TICK_SECONDS <= change.moment <= self.ended_at:
            return False
        if not change.is_folder and not (self.is_certain and is_later):
            return False
        there = [area for area in self.areas if change.may_be_in(area)]
        return bool(there) and (is_later or not any(overlap(pattern, change.area[0]) for pattern, _ in there))


def first_gone(root: str, patterns: Sequence[str], *, since: float | None = None) -> str:
    """What was written, and is one path, and is not there; with `since`, not any more, as far as its folder tells. Else empty."""
    paths = [literal_prefix(pattern) for pattern in patterns if _is_here(pattern) and compile_pattern(pattern).literal]
    gone = (path for path in paths if not os.path.lexists(os.path.join(root, path)))
    return next((path for path in gone if since is None or _may_have_been(root, path, since)), "")


def _may_have_been(root: str, path: str, moment: float) -> bool:
    """Whether what is not there may have been at that moment: not in what is no folder, nor where nothing came or went since."""
    folder = os.path.dirname(path)
    while folder and not os.path.lexists(os.path.join(root, folder)):
        folder = os.path.dirname(folder)
    try:
        found = os.stat(os.path.join(root, folder))
    except OSError:
        return True
    return stat.S_ISDIR(found.st_mode) and found.st_ctime > moment


class Changes:
    """What changed in a checkout since a moment, the `oldest` that will be asked for. Folders are gone through once, until `forget`."""

    def __init__(self, root: str, oldest: float) -> None:
        self._root = root
        self._oldest = oldest
        self._known: dict[str, list[tuple[str, bool, float]]] = {}

    def forget(self) -> None:
        """Something ran meanwhile."""
        self._known.clear()

    def since(self, moment: float, areas: Sequence[Area]) -> Iterator[Change]:
        """In the areas, as far as they are inside the checkout."""
        for area in areas:
            prefix = literal_prefix(area[0])
            if not _is_here(area[0]):
                continue
            if not os.path.lexists(os.path.join(self._root, prefix)):
                yield from _gone_since(self._root, prefix, moment, area)
                continue
            for path, is_folder, changed_at in self._below(prefix):
                change = Change(path=path, is_folder=is_folder, moment=changed_at, area=area)
                if changed_at > moment and change.may_be_in(area):
                    yield change

    def _below(self, prefix: str) -> list[tuple[str, bool, float]]:
        if prefix not in self._known:
            self._known[prefix] = list(_changed(self._root, prefix, self._oldest))
        return self._known[prefix]


def _is_here(pattern: str) -> bool:
    return not pattern.startswith(("/", "~", ".."))


def _changed(root: str, path: str, moment: float) -> Iterator[tuple[str, bool, float]]:
    """At and below a relative path, with whether it is a folder, and when it changed. Links are not followed."""
    full = os.path.join(root, path)
    try:
        found = os.lstat(full)
        is_folder = stat.S_ISDIR(found.st_mode)
        entries = sorted(os.scandir(full), key=lambda entry: entry.name) if is_folder else []
    except OSError:
        yield path, False, float("inf")
        return
    if found.st_ctime > moment:
        yield path, is_folder, found.st_ctime
    for entry in entries:
        if entry.name not in OURS:
            yield from _changed_entry(root, os.path.join(path, entry.name), entry, moment)


def _changed_entry(root: str, path: str, entry: os.DirEntry[str], moment: float) -> Iterator[tuple[str, bool, float]]:
    if entry.is_dir(follow_symlinks=False):
        yield from _changed(root, path, moment)
        return
    try:
        changed_at = entry.stat(follow_symlinks=False).st_ctime
    except OSError:
        changed_at = float("inf")
    if changed_at > moment:
        yield path, False, changed_at


def _gone_since(root: str, path: str, moment: float, area: Area) -> Iterator[Change]:
    """What is not there may have been: the folder that it would be in, or the nearest above that, says since when it is not."""
    folder = os.path.dirname(path)
    while folder and not os.path.isdir(os.path.join(root, folder)):
        folder = os.path.dirname(folder)
    changed_at = os.stat(os.path.join(root, folder)).st_ctime
    if changed_at > moment:
        yield Change(path=folder, is_folder=True, moment=changed_at, area=area)
