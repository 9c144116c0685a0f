"""Where new files of a pattern could appear: the folders to be told about. Looks at the disk; knows nothing of tasks and events."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase

from paratask.freshness.globs import MAGIC, absolute_pattern, expand_braces

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from paratask.taskfile.model import Glob

IGNORED = ("/.task", "/.git", "/.hg", "/node_modules", "/.paratask")
"""go-task: ignorePaths; the last one is ours."""


def is_ignored(path: str) -> bool:
    """Whether a path is in, or is, a folder that is never watched. go-task: ShouldIgnore."""
    return any(f"{ignored}/" in path or path.endswith(ignored) for ignored in IGNORED)


def folders_of(folder: str, globs: Sequence[Glob], environ: Mapping[str, str]) -> set[str]:
    """Absolute paths of folders that are there. Where a pattern's own is not, the nearest one above it."""
    found: set[str] = set()
    for glob in globs:
        if not glob.negate:
            for pattern in expand_braces(absolute_pattern(folder, glob.pattern, environ)):
                found.update(path for path in _folders(pattern) if not is_ignored(path))
    return found


def _folders(pattern: str) -> Iterator[str]:
    root, below = "/", pattern.strip("/").split("/")
    while len(below) > 1 and not MAGIC & set(below[0]):
        root = os.path.join(root, below.pop(0))
    if not os.path.isdir(root):
        yield _nearest(root)
        return
    depth = -1 if "**" in below else len(below) - 1
    yield from _walk(root, depth, [segment for segment in below[:-1] if segment.startswith(".")])


def _nearest(path: str) -> str:
    while not os.path.isdir(path):
        path = os.path.dirname(path)
    return path


def _walk(root: str, depth: int, hidden: Sequence[str]) -> Iterator[str]:
    """`root` and the folders below it, `depth` levels (-1: all). Hidden ones are left out, which wildcards do not mean, but for those that
    a segment of the pattern names: these are `hidden`.
    """
    yield root
    if depth == 0:
        return
    try:
        with os.scandir(root) as entries:
            names = sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
    except OSError:
        return
    for name in names:
        path = os.path.join(root, name)
        is_meant = not name.startswith(".") or any(fnmatchcase(name, segment) for segment in hidden)
        if is_meant and not is_ignored(path):
            yield from _walk(path, depth - 1, hidden)
