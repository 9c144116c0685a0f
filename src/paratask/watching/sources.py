"""The files that are watched, and whether any of them changed. go-task: collectSources, traverse.

Looks at tasks without running anything while they run (`learn_known`), and with their `sh:` variables once they have ended
(`learn_all`): run earlier, a command might miss what a step before it makes. What counts is the difference between two looks at
the disk, so events may come twice, late, or in no order. Knows nothing of events.
"""

from __future__ import annotations

import os
import stat

from paratask.errors import ParataskError
from paratask.frozen import dataclass
from paratask.variables.dynamic import run_static
from paratask.variables.ready import ReadyCall
from paratask.variables.scopes import Mode
from paratask.watching.folders import folders_of, is_ignored

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Protocol

    from paratask.taskfile.lookup import TaskIndex
    from paratask.taskfile.model import Glob
    from paratask.variables.preparation import Preparation

    class Bench(Protocol):
        """What a project was made into."""

        index: TaskIndex
        preparation: Preparation
        environ: Mapping[str, str]

        def globs(self, folder: str, globs: Sequence[Glob], *, use_gitignore: bool) -> list[str]:
            """The files that match, absolute."""


MAX_CALLS = 1000
"""As many as may be made of one task in a run: there may be a cycle."""

Stamp = tuple[int, int, int]
"""A file's inode, size and time of modification: permissions do not count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The sources of one task."""

    folder: str
    globs: tuple[Glob, ...]
    use_gitignore: bool


class Sources:
    """What `calls` and all that they reach read."""

    def __init__(self, bench: Bench, calls: Sequence[ReadyCall]) -> None:
        self._bench = bench
        self._calls = calls
        self._targets: dict[Target, dict[str, Stamp] | None] = {}
        self._linked: set[str] = set()  # the folders of what sources are links to

    def learn_known(self) -> None:
        """Add the sources that are known without running anything."""
        for call in self._calls:
            run_static(self._learn(call, Mode.UNKNOWN, self._targets, set()))

    async def learn_all(self) -> None:
        """Learn all sources anew, and forget those that are not any more."""
        found: dict[Target, dict[str, Stamp] | None] = {}
        for call in self._calls:
            await self._learn(call, Mode.RUN, found, set())
        self._targets = {target: self._targets.get(target) for target in found}

    async def _learn(
        self, call: ReadyCall, mode: Mode, into: dict[Target, dict[str, Stamp] | None], seen: set[tuple[str, str]]
    ) -> None:
        """What cannot be made ready has no sources: its run says what is wrong with it."""
        key = (call.task or "", repr(call.variables))
        if call.task is None or key in seen or len(seen) >= MAX_CALLS:
            return
        seen.add(key)
        try:
            ready = await self._bench.preparation.prepare(self._bench.index.find(call.task), call.task, call.variables, mode)
        except ParataskError:
            return
        is_known = mode is Mode.RUN or all(glob.pattern for glob in ready.sources)
        if ready.sources and ready.dir is not None and is_known:
            into.setdefault(Target(folder=ready.dir, globs=ready.sources, use_gitignore=ready.use_gitignore))
        for inner in ready.calls():
            await self._learn(inner, mode, into, seen)

    def has_any(self) -> bool:
        """Whether a task has sources at all, be there such files or not."""
        return bool(self._targets)

    def folders(self) -> frozenset[str]:
        """The folders in which a source may change or appear."""
        found: set[str] = set()
        for target, seen in self._targets.items():
            found.update(folders_of(target.folder, target.globs, self._bench.environ))
            found.update(os.path.dirname(path) for path in seen or ())
        found.update(self._linked)
        return frozenset(path for path in found if os.path.isdir(path))

    def remember(self) -> None:
        """Take the files as they are now for what later looks are compared with."""
        self._linked.clear()
        for target in self._targets:
            self._targets[target] = self._look(target)

    def changed(self) -> frozenset[str]:
        """The sources that changed, appeared or went since `remember`; a target that is new since then is remembered now."""
        found: set[str] = set()
        self._linked.clear()
        for target, before in self._targets.items():
            now = self._look(target)
            if before is None:
                self._targets[target] = now
            else:
                found.update(path for path, _ in before.items() ^ now.items())
        return frozenset(found)

    def _look(self, target: Target) -> dict[str, Stamp]:
        try:
            paths = self._bench.globs(target.folder, target.globs, use_gitignore=target.use_gitignore)
        except OSError:
            return {}
        return {path: stamp for path in paths if not is_ignored(path) for stamp in self._stamps(path)}

    def _stamps(self, path: str) -> Iterator[Stamp]:
        """One, or none where the file has gone."""
        try:
            found = os.lstat(path)
            if stat.S_ISLNK(found.st_mode):
                self._linked.add(os.path.dirname(os.path.realpath(path)))
                found = os.stat(path)
        except OSError:
            return
        yield found.st_ino, found.st_size, found.st_mtime_ns
