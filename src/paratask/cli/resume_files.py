"""Whether files that a job reads changed since it ended, by the kernel's own note of when each changed (ctime).

Copying and unpacking may set a file's time of modification to anything; nobody sets this one. A folder counts as changed when
something came or went in it, if that might have been read. Looks only inside the checkout: tools and caches elsewhere are taken as they are.
"""

from __future__ import annotations

import os

from paratask.claims.overlap import compile_pattern, escape, literal_prefix, overlap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

OURS = frozenset((".paratask", ".task", ".git"))


def changed_since(root: str, moment: float, *, reads: Sequence[tuple[str, Sequence[str]]], writes: Sequence[str]) -> str:
    """A path that changed, or that was written and is gone; empty where there is none. `reads` are patterns, with what they leave out."""
    for pattern in writes:
        if (
            _is_here(pattern)
            and compile_pattern(pattern).literal
            and not os.path.lexists(os.path.join(root, literal_prefix(pattern)))
        ):
            return literal_prefix(pattern)
    for pattern, excluding in reads:
        if not _is_here(pattern):
            continue
        for path, is_folder in _changed(root, literal_prefix(pattern), moment):
            place = escape(path) if path else ""
            meant = (f"{place}/*" if place else "*") if is_folder else place
            if overlap(meant, pattern) and (is_folder or not any(overlap(place, other) for other in excluding)):
                return path or "."
    return ""


def _is_here(pattern: str) -> bool:
    return not pattern.startswith(("/", "~", ".."))


def _changed(root: str, prefix: str, moment: float) -> Iterator[tuple[str, bool]]:
    """Relative paths at and below `prefix` that changed since, and whether each is a folder. Links are not followed."""
    path = os.path.join(root, prefix) if prefix else root
    try:
        found = os.lstat(path)
    except OSError:
        parent = os.path.dirname(prefix)
        if prefix:  # it is not there: since when, its folder says
            yield from ((prefix, False) for _ in _folder_changed(os.path.join(root, parent), moment))
        return
    is_folder = os.path.isdir(path) and not os.path.islink(path)
    if found.st_ctime > moment:
        yield prefix, is_folder
    if not is_folder:
        return
    try:
        names = sorted(os.listdir(path))
    except OSError:
        yield prefix, False
        return
    for name in names:
        if name not in OURS:
            yield from _changed(root, os.path.join(prefix, name), moment)


def _folder_changed(folder: str, moment: float) -> Iterator[None]:
    try:
        if os.stat(folder).st_ctime > moment:
            yield None
    except OSError:
        yield None
