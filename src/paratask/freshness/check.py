"""Fresh or stale, and why: by one walk, so that the two cannot differ. See "Freshness" in docs/design.md.

go-task: fingerprint package. The files under `.task/` are the same as its own; unlike there, a fingerprint is written only
after the task succeeded. Knows nothing of `status`: those are commands, and execution runs them.
"""

from __future__ import annotations

import os
from contextlib import suppress

from paratask.errors import TaskfileError, system_words
from paratask.frozen import dataclass
from paratask.names import fingerprint_name
from paratask.state_files import open_plain, read_kept, remove_file, replace_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from paratask.taskfile.model import Glob
    from paratask.variables.ready import ReadyTask

METHODS = ("checksum", "timestamp", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """What the sources say: `stale_reason` is empty when they are fresh. `fingerprint` is what to keep after success."""

    stale_reason: str
    fingerprint: str = ""


class _SetAside:
    """A fingerprint that is `kept` in memory, while there are `workers`: tasks whose steps go on."""

    __slots__ = ("kept", "workers")

    def __init__(self, kept: str) -> None:
        self.kept = kept
        self.workers: list[ReadyTask] = []


class FreshnessCheck:
    """Looks at sources and generates of ready tasks. `state_folder` is the absolute path of `.task`."""

    def __init__(self, *, state_folder: str, environ: Mapping[str, str], now: Callable[[], float]) -> None:
        self._state = state_folder
        self._environ = environ
        self._now = now
        self._set_aside: dict[str, _SetAside] = {}

    def globs(self, folder: str, globs: Sequence[Glob], *, use_gitignore: bool) -> list[str]:
        """The files that match, sorted; with `use_gitignore` less those that git ignores."""
        from paratask.freshness.globs import matching_files

        paths = matching_files(folder, globs, self._environ)
        if not use_gitignore:
            return paths
        from paratask.freshness.gitignore import without_ignored

        return without_ignored(paths, folder)

    def check_method(self, ready: ReadyTask) -> None:
        """Raises TaskfileError for one that does not exist, also of a task without sources."""
        if ready.method not in METHODS:
            raise TaskfileError(f'"{ready.method}" is no method: one of {", ".join(METHODS)}', position=ready.task.position)

    def look(self, ready: ReadyTask) -> Freshness:
        """Of a task with sources, and with a method that exists."""
        if ready.method == "none":
            return Freshness(stale_reason="method is none")
        if ready.dir is None:
            return Freshness(stale_reason="its folder is not known")
        return self._by_checksum(ready, ready.dir) if ready.method == "checksum" else self._by_timestamp(ready, ready.dir)

    def is_fresh(self, ready: ReadyTask) -> bool:
        """Whether a task would find itself up to date, as far as that can be told before its turn: not where only that knows what its `status` says,
        and what its sources, its method and its label are. Nor is one up to date that somebody works at.
        """
        task = ready.task
        globs = (*zip(ready.sources, task.sources, strict=True), *zip(ready.generates, task.generates, strict=True))
        is_known = all(glob.pattern or not written.pattern for glob, written in globs) and bool(ready.label) == bool(task.label)
        if not ready.sources or ready.status or ready.method not in METHODS or "{{" in task.method or not is_known:
            return False
        return self._checksum_path(ready) not in self._set_aside and not self.look(ready).stale_reason

    def _by_checksum(self, ready: ReadyTask, folder: str) -> Freshness:
        from paratask.freshness.fingerprint import digest

        try:
            current = digest(self.globs(folder, ready.sources, use_gitignore=ready.use_gitignore))
        except OSError as error:
            return Freshness(stale_reason=f"a source cannot be read: {system_words(error)}")
        path = self._checksum_path(ready)
        kept = self._set_aside[path].kept if path in self._set_aside else _read(path)
        missing = self._missing(ready, folder)
        if missing:
            return Freshness(stale_reason=missing, fingerprint=current)
        if not kept:
            return Freshness(stale_reason="it has no fingerprint yet", fingerprint=current)
        return Freshness(stale_reason="" if kept == current else "its sources changed", fingerprint=current)

    def _missing(self, ready: ReadyTask, folder: str) -> str:
        from paratask.freshness.globs import expand_glob

        for glob in ready.generates:
            if not glob.negate and not expand_glob(folder, glob.pattern, self._environ):
                return f"nothing matches `{glob.pattern}`, which it generates"
        return ""

    def _by_timestamp(self, ready: ReadyTask, folder: str) -> Freshness:
        started = repr(self._now())
        missing = self._missing(ready, folder)
        if missing:
            return Freshness(stale_reason=missing)  # and task keeps no moment
        try:
            kept = [path for path in (self._timestamp_path(ready),) if os.path.exists(path)]
            made = [*self.globs(folder, ready.generates, use_gitignore=ready.use_gitignore), *kept]
            newest = max((os.stat(path).st_mtime_ns for path in made), default=0)
            if not newest:
                return Freshness(stale_reason="nothing it made is there yet", fingerprint=started)
            for path in self.globs(folder, ready.sources, use_gitignore=ready.use_gitignore):
                if os.stat(path).st_mtime_ns > newest:
                    return Freshness(stale_reason=f"`{path}` is newer than what it made", fingerprint=started)
        except OSError as error:
            return Freshness(stale_reason=f"a file cannot be looked at: {system_words(error)}", fingerprint=started)
        return Freshness(stale_reason="", fingerprint=started)

    def begin(self, ready: ReadyTask) -> None:
        """Its steps begin, and what they make is half done until they have ended: were we killed, nobody may take the task for fresh by what was
        kept before. Until the last who works at it has ended its fingerprint is set aside here. Raises OSError where it cannot be taken away.
        """
        if ready.sources and ready.method == "checksum":
            path = self._checksum_path(ready)
            kept = _read(path)
            _take_away(path)
            self._set_aside.setdefault(path, _SetAside(kept)).workers.append(ready)

    def keep(self, ready: ReadyTask, freshness: Freshness | None) -> None:
        """Remember that the task succeeded on these sources; where nobody looked at them, what was kept before still holds. Raises OSError."""
        if not ready.sources:
            return
        fingerprint = freshness.fingerprint if freshness is not None else ""
        if ready.method == "checksum":
            self._end(ready, fingerprint or None)
        elif ready.method == "timestamp" and fingerprint:
            path = self._timestamp_path(ready)
            if not os.path.exists(path):
                _write(path, "")
            moment = float(fingerprint)
            os.utime(path, (moment, moment))

    def forget(self, ready: ReadyTask) -> None:
        """The task failed: whatever is kept of it is no longer true."""
        if ready.sources and ready.method == "checksum":
            with suppress(OSError):
                self._end(ready, "")

    def _end(self, ready: ReadyTask, fingerprint: str | None) -> None:
        """It is kept so from now on, or as it was (None). Raises OSError."""
        path = self._checksum_path(ready)
        aside = self._set_aside.get(path)
        if aside is None:
            if fingerprint and _read(path) != fingerprint:
                _write(path, fingerprint + "\n")
            elif fingerprint == "":
                remove_file(path)
            return
        aside.kept = aside.kept if fingerprint is None else fingerprint
        aside.workers = [worker for worker in aside.workers if worker is not ready]
        if aside.workers:
            return
        del self._set_aside[path]
        found = _read(path)  # of somebody who looked meanwhile, as a run in our commands
        if not aside.kept:
            remove_file(path)
        elif not found or (found != aside.kept and fingerprint is not None):
            _write(path, aside.kept + "\n")

    def source_value(self, kind: str, folder: str, sources: Sequence[Glob], *, use_gitignore: bool) -> object:
        """The digest of the sources, or when the newest was changed, in nanoseconds since the epoch."""
        paths = self.globs(folder, sources, use_gitignore=use_gitignore)
        if kind == "checksum":
            from paratask.freshness.fingerprint import digest

            return digest(paths)
        return max((os.stat(path).st_mtime_ns for path in paths), default=0)

    def _checksum_path(self, ready: ReadyTask) -> str:
        return os.path.join(self._state, "checksum", fingerprint_name(ready.name))

    def _timestamp_path(self, ready: ReadyTask) -> str:
        return os.path.join(self._state, "timestamp", fingerprint_name(ready.task.name))


def _read(path: str) -> str:
    try:
        return read_kept(path).decode().strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _take_away(path: str) -> None:
    """Raises OSError where the file still says something: another user's, in a folder in which we may not write."""
    try:
        os.unlink(path)
    except OSError:
        if os.path.isfile(path):
            _overwrite(path, b"")


def _write(path: str, text: str) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    try:
        replace_file(path, text.encode())
    except PermissionError:
        if not os.path.isfile(path):
            raise
        _overwrite(path, text.encode())


def _overwrite(path: str, data: bytes) -> None:
    """Of a file that we may write in a folder in which we may not, as `task` does. Raises OSError."""
    with open(open_plain(path, writable=True), "r+b") as file:
        file.truncate()
        file.write(data)
