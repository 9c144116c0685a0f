"""Paths to patterns that will also hold for the next run: folders, where that takes nothing from a neighbour.

A job that wrote `dist/a.3f2c.js` writes `dist/b.99.js` next time. So what it wrote becomes the widest folder that branches, or in
which a name came or went, and in which it read nothing that it did not write and nobody else touched anything; what it read becomes
the widest folder that branches or was listed, in which nobody else wrote. Never the root, and never a workspace's folder or one
above it. Thereby no two jobs conflict that did not by their paths (see `hazards.py`).

`F/**/*` is all below F without F itself, for where somebody else looks at F. `F/*.beam` is all with that ending right in F, for where
many such names were looked for in vain, as Erlang looks for every module in its working folder. Pure; knows no tasks.
"""

from __future__ import annotations

from paratask.claims.overlap import escape, literal_prefix, overlap
from paratask.frozen import dataclass, replace
from paratask.observing.accesses import Accesses
from paratask.observing.ground import GIT
from paratask.observing.hazards import above, ancestors, marks, parent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

MAX_PATTERNS = 200
_MANY_NAMES = 24
_GENERATED = frozenset(("node_modules", "vendor", "target", "dist", "build", "out", "coverage", "tmp", "venv"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Patterns:
    """What a job reads and writes, as patterns of claims, sorted."""

    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()


def may_rewrite(job: Accesses, workspaces: AbstractSet[str]) -> Accesses:
    """With writes of what it may rewrite next time, having rewritten its like now: a formatter's files that were in order.

    Its like are files with the same ending in the same workspace that it read. State that a tool keeps does not count: what lies in
    hidden and generated folders, and where it made new names as well.
    """
    likes = rewritten_kinds(job, workspaces)
    like = frozenset(p for p in job.reads if not p.startswith("/") and (_workspace(p, workspaces), _ending(p)) in likes)
    return replace(job, writes=job.writes | frozenset(path for path in like if not any(map(_is_generated, path.split("/")))))


def rewritten_kinds(job: Accesses, workspaces: AbstractSet[str]) -> set[tuple[str, str]]:
    """The workspaces and endings of files that a job rewrote, having read them; none for one that is no formatter."""
    new = {parent(path) for path in job.made - job.reads - job.looks}
    return {
        (_workspace(path, workspaces), _ending(path))
        for path in job.reads & job.writes
        if not path.startswith("/") and parent(path) not in new and not any(map(_is_generated, path.split("/")))
    }


def _is_generated(segment: str) -> bool:
    return segment.startswith(".") or segment in _GENERATED


def generalised(
    jobs: Sequence[Accesses], workspaces: AbstractSet[str], held: Sequence[Sequence[Patterns]] = ()
) -> list[Patterns]:
    """For each job its patterns. `held[i]` are patterns that others than job i already have, from earlier runs."""
    homes = workspaces | ancestors(workspaces)
    touch = _Touched(jobs, homes)
    return [_Generalising(index, job, touch, held[index] if held else ()).patterns() for index, job in enumerate(jobs)]


class _Touched:
    """Which jobs touch what, for all folders."""

    def __init__(self, jobs: Sequence[Accesses], homes: AbstractSet[str]) -> None:
        self._homes = homes
        self.marks = marks(jobs)
        self.at: dict[str, set[int]] = {}
        self.below: dict[str, set[int]] = {}
        self.written_at: dict[str, set[int]] = {}
        self.written_below: dict[str, set[int]] = {}
        self.written_in: dict[str, set[tuple[int, str]]] = {}
        for index, job in enumerate(jobs):
            for path in self.marks[index] | job.writes:
                self._add(path, index, self.at, self.below)
            for path in job.writes:
                self._add(path, index, self.written_at, self.written_below)
                self.written_in.setdefault(parent(path), set()).add((index, path))
        for index, job in enumerate(jobs):
            for path in self.listed(index, job):
                self._add(path, index, self.at, self.below)

        self.foes = self._foes(jobs)

    def listed(self, index: int, job: Accesses) -> Iterator[str]:
        """What others wrote right in folders that a job listed."""
        for folder in job.lists:
            if not self.is_home(folder):
                yield from (path for writer, path in self.written_in.get(folder, ()) if writer != index)

    def is_home(self, folder: str) -> bool:
        """Whether it never stands for what is in it."""
        return folder in ("", "/") or folder in self._homes or (folder.startswith("/") and folder.count("/") == 1)

    def _foes(self, jobs: Sequence[Accesses]) -> list[set[int]]:
        """For each job those that it conflicts with already: nothing is lost by touching more of theirs."""
        found: list[set[int]] = [set() for _ in jobs]
        pairs = [(w, other) for path, writers in self.written_at.items() for w in writers for other in self.at[path]]
        pairs += [(w, i) for i, job in enumerate(jobs) for f in job.lists if f for w, _ in self.written_in.get(f, ())]
        for one, other in pairs:
            found[one].add(other)
            found[other].add(one)
        return found

    def _add(self, path: str, index: int, at: dict[str, set[int]], below: dict[str, set[int]]) -> None:
        at.setdefault(path, set()).add(index)
        for folder in above(path):
            below.setdefault(folder, set()).add(index)


class _Generalising:
    """One job's paths becoming patterns."""

    def __init__(self, index: int, job: Accesses, touch: _Touched, held: Sequence[Patterns]) -> None:
        self._index = index
        self._friends = {index} | touch.foes[index]
        self._job = job
        self._marks = touch.marks[index]
        self._touch = touch
        self._is_home = touch.is_home
        self._held = held
        self._foreign = ancestors((job.reads | job.looks) - job.writes)

    def patterns(self) -> Patterns:
        writes = self._bounded(list(self._write_patterns()))
        looked_for = list(self._looked_for())
        found = (*self._read_patterns(), *map(_only, self._touch.listed(self._index, self._job)), *looked_for)
        reads = self._bounded([pattern for pattern in found if not any(_is_kind(pattern, kind) for kind in looked_for)])
        reads = [pattern for pattern in reads if not any(covers(other, pattern) for other in writes)]
        return Patterns(reads=simplified(reads), writes=simplified(writes))

    def _write_patterns(self) -> Iterator[str]:
        tree = _Tree(self._job.writes)
        for path in tree.walk(self._as_written):
            if path in tree.marked:
                yield _only(path)
            if self._as_written(path, tree):
                yield _whole(path, itself=not self._others(self._touch.at, path))

    def _as_written(self, folder: str, tree: _Tree) -> bool:
        """Whether a folder may stand for all that is written in it."""
        if self._is_home(folder) or folder in self._foreign or self._others(self._touch.below, folder):
            return False
        if self._is_held(folder, writing=True):
            return False
        below = tree.children.get(folder, ())
        made = any(path in self._job.made and path not in tree.children for path in below)
        return made or len(below) > 1 or folder in self._job.trees

    def _read_patterns(self) -> Iterator[str]:
        tree = _Tree(self._marks)
        for path in tree.walk(self._as_read):
            if path in tree.marked:
                yield _only(path)
            if self._as_read(path, tree):
                yield _whole(path, itself=path in tree.marked or not self._others(self._touch.written_at, path))

    def _as_read(self, folder: str, tree: _Tree) -> bool:
        if self._is_home(folder) or self._others(self._touch.written_below, folder) or self._is_held(folder, writing=False):
            return False
        return len(tree.children.get(folder, ())) > 1 or folder in self._job.lists

    def _looked_for(self) -> Iterator[str]:
        """Endings of which many names were looked for in vain in one folder, where no other job has to do with such a name."""
        kinds: dict[tuple[str, str], int] = {}
        for path in self._job.missing & self._marks:
            stem, dot, ending = path.rpartition("/")[2].rpartition(".")
            if dot and stem and not path.startswith("/"):
                kinds[parent(path), ending] = kinds.get((parent(path), ending), 0) + 1
        for (folder, ending), count in kinds.items():
            pattern = f"{_written(folder)}/*.{_written(ending)}".removeprefix("/")
            written = self._touch.written_in.get(folder, ())
            met = any(writer not in self._friends and overlap(pattern, _written(path)) for writer, path in written)
            if (
                count > _MANY_NAMES
                and not met
                and not any(overlap(pattern, other) for held in self._held for other in held.writes)
            ):
                yield pattern

    def _others(self, table: dict[str, set[int]], folder: str) -> bool:
        return bool(table.get(folder, self._friends) - self._friends)

    def _is_held(self, folder: str, *, writing: bool) -> bool:
        """Whether a pattern from earlier, of another task, would conflict."""
        whole = _whole(folder, itself=True)
        for patterns in self._held:
            for pattern in (*patterns.writes, *(patterns.reads if writing else ())):
                prefix = literal_prefix(pattern)
                if (_inside(prefix, folder) or _inside(folder, prefix)) and overlap(pattern, whole):
                    return True
        return False

    def _bounded(self, patterns: list[str]) -> list[str]:
        """At most so many: the folder that holds most of them stands for them, if need be one that somebody else touches."""
        patterns = list(simplified(patterns))
        while len(patterns) > MAX_PATTERNS:
            counts: dict[str, int] = {}
            for pattern in patterns:
                for folder in above(literal_prefix(pattern)):
                    if not self._is_home(folder):
                        counts[folder] = counts.get(folder, 0) + 1
            deepest = max(counts, key=lambda folder: (counts[folder], folder.count("/"), folder), default="")
            if not deepest or counts[deepest] < 2:
                return ["**"] if not patterns[0].startswith("/") else patterns
            whole = _whole(deepest, itself=True)
            patterns = [whole, *(pattern for pattern in patterns if not covers(whole, pattern))]
        return patterns


class _Tree:
    """Paths by their folders."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.marked = frozenset(paths)
        self.children: dict[str, set[str]] = {}
        for path in self.marked:
            below = path
            for folder in above(path):
                known = self.children.setdefault(folder, set())
                if below in known:
                    break
                known.add(below)
                below = folder

    def walk(self, stops: object) -> Iterator[str]:
        """All paths from the top, each folder before what is in it; nothing below one that `stops`."""
        assert callable(stops)
        waiting = sorted((self.children.get("", set()) | self.children.get("/", set())) - {"/"}, reverse=True)
        while waiting:
            path = waiting.pop()
            yield path
            if not stops(path, self):
                waiting += sorted(self.children.get(path, ()), reverse=True)


def simplified(patterns: Iterable[str]) -> tuple[str, ...]:
    """Sorted, without those that another one covers. A folder and all below it become one."""
    kept = set(patterns)
    for pattern in list(kept):
        if pattern.endswith("/**/*") and pattern[:-5] in kept:
            kept.add(pattern[:-2])
    wide = {pattern[:-3] for pattern in kept if pattern.endswith("/**")}
    below = {pattern[:-5] for pattern in kept if pattern.endswith("/**/*")}
    return tuple(sorted(pattern for pattern in kept if not _is_covered(pattern, wide, wide | below)))


def _is_covered(pattern: str, wide: AbstractSet[str], below: AbstractSet[str]) -> bool:
    """`wide` are folders that are covered with all below, `below` those of which all below is."""
    folder = pattern[:-5] if pattern.endswith("/**/*") else pattern.removesuffix("/**")
    itself = folder in wide and not pattern.endswith("/**")
    return itself or any(path in below for path in above(folder))


def covers(wide: str, narrow: str) -> bool:
    """Whether all that matches `narrow` matches `wide`, where `wide` is a path, a folder or all below one."""
    if wide in (narrow, "**"):
        return wide == narrow or not narrow.startswith("/")
    if wide.endswith("/**"):
        folder = wide[:-3]
        return narrow == folder or narrow.startswith(folder + "/")
    if wide.endswith("/**/*"):
        folder = wide[:-5]
        return narrow.startswith(folder + "/") and narrow != folder + "/**"
    return False


def _is_kind(pattern: str, kind: str) -> bool:
    """Whether a pattern is of one name, right in the folder of `kind` and with its ending (`F/*.beam`)."""
    folder, _, ending = kind.rpartition("*")
    return pattern != kind and pattern.startswith(folder) and pattern.endswith(ending) and "/" not in pattern[len(folder) :]


def _only(path: str) -> str:
    return _whole(path, itself=True) if path.rpartition("/")[2] == GIT else _written(path)


def _whole(folder: str, *, itself: bool) -> str:
    return f"{_written(folder)}/**" if itself else f"{_written(folder)}/**/*"


def _written(path: str) -> str:
    """As a pattern; bytes that are no text become `?`, since a file of text cannot hold them."""
    return "".join("?" if "\ud800" <= char <= "\udfff" else char for char in escape(path))


def _inside(path: str, folder: str) -> bool:
    return not folder or path == folder or path.startswith(folder + "/")


def _workspace(path: str, workspaces: AbstractSet[str]) -> str:
    return next((folder for folder in above(path) if folder in workspaces), "")


def _ending(path: str) -> str:
    """What kind of file it is: its ending, or its name where it has none."""
    name = path.rpartition("/")[2]
    stem, dot, ending = name.rpartition(".")
    return ending if dot and stem else name
