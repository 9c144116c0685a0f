"""What a tree holds after a run, so that two can be compared: for each path its kind, whether it is executable, and its content.

Content is a digest (xxh3, 128 bits); files that are untouched since they were copied are not read, but marked as the original's. Of
git folders only HEAD and refs count: indexes, logs and packed objects differ from run to run though nothing does that matters.
Times do not count. Knows nothing of runs.
"""

from __future__ import annotations

import os
import stat

from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    Mark = tuple[int, int, int, int]
    Tree = Mapping[str, "Entry"]

CHUNK = 1 << 20
GIT_HEADS = frozenset(("HEAD", "packed-refs"))
GIT_DETAILS = frozenset(("logs", "objects"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One path. `content` is a digest, a link's target, or empty for folders; None means that it is the original's.

    `changed_at` is the time of modification, in seconds since the epoch.
    """

    kind: str
    executable: bool = False
    content: str | None = ""
    changed_at: float = 0.0


def read_marks(folder: str) -> dict[str, Mark]:
    """What tells whether a file was touched, by path below `folder`."""
    return {path: _mark(found) for path, found in _walk(folder, frozenset()) if stat.S_ISREG(found.st_mode)}


def read_tree(folder: str, marks: Mapping[str, Mark], left_out: frozenset[str], *, is_git: bool = False) -> dict[str, Entry]:
    """What is below `folder`. `left_out` are paths below it; `is_git` is for a git folder that lies by itself."""
    tree = {}
    for path, found in _walk(folder, left_out):
        if not counts(path.split("/"), is_git=is_git):
            continue
        tree[path] = _entry(os.path.join(folder, path), found, marks.get(path))
    return tree


def counts(parts: Sequence[str], *, is_git: bool = False) -> bool:
    """Whether a path is compared; of what lies in git folders, only HEAD and refs."""
    if not is_git:
        if ".git" not in parts:
            return True
        parts = parts[parts.index(".git") + 1 :]
    if "refs" in parts:
        return GIT_DETAILS.isdisjoint(parts[: parts.index("refs")])
    return not parts or (parts[-1] in GIT_HEADS and GIT_DETAILS.isdisjoint(parts))


def digest(path: str) -> str:
    """Of a file's content, read in pieces; empty where it cannot be read."""
    import xxhash

    state = xxhash.xxh3_128()
    try:
        with open(path, "rb", buffering=0) as file:
            while piece := file.read(CHUNK):
                state.update(piece)
    except OSError as error:
        return f"unreadable: {error.strerror}"
    return state.hexdigest()


def _entry(path: str, found: os.stat_result, mark: Mark | None) -> Entry:
    changed_at = found.st_mtime
    if stat.S_ISDIR(found.st_mode):
        return Entry(kind="folder", changed_at=changed_at)
    if stat.S_ISLNK(found.st_mode):
        return Entry(kind="link", content=os.readlink(path), changed_at=changed_at)
    if not stat.S_ISREG(found.st_mode):
        return Entry(kind="special", changed_at=changed_at)
    content = None if mark is not None and _is_untouched(mark, found) else digest(path)
    return Entry(kind="file", executable=bool(found.st_mode & 0o111), content=content, changed_at=changed_at)


def _mark(found: os.stat_result) -> Mark:
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _is_untouched(mark: Mark, found: os.stat_result) -> bool:
    """A change time in whole seconds is that of a file system which would hide a change."""
    return mark == _mark(found) and found.st_ctime_ns % 1_000_000_000 != 0


def _walk(folder: str, left_out: frozenset[str]) -> Iterator[tuple[str, os.stat_result]]:
    waiting = [""]
    while waiting:
        below = waiting.pop()
        try:
            entries = sorted(os.scandir(os.path.join(folder, below)), key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            path = f"{below}/{entry.name}" if below else entry.name
            if path in left_out:
                continue
            try:
                found = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            yield path, found
            if stat.S_ISDIR(found.st_mode):
                waiting.append(path)


def comparer(original: Callable[[str], str]) -> Callable[[str, Entry, Entry], bool]:
    """Whether two entries of a path hold the same; `original` gives the digest of the original's file."""

    def same(path: str, left: Entry, right: Entry) -> bool:
        if left.content == right.content:
            return True
        contents = [original(path) if entry.content is None else entry.content for entry in (left, right)]
        return contents[0] == contents[1]

    return same
