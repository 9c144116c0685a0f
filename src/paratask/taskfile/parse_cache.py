"""What was parsed before and has not changed since: `.paratask/cache/taskfiles`. See "State on disk" in docs/design.md.

A file is taken to be unchanged when size, inode and both times are what they were, and both times are older than the moment it was
read by more than a file system's clock can hide (the racy-clean rule of git's index); where they are not, its content is compared
as well. What cannot be read or written, is damaged, or is not what this version and this user wrote, is as if it were not there.
JSON, so that a cache that somebody else wrote can say nothing that a Taskfile could not; its first line is the digest of the rest.
Its name has no ending, because `prettier --check .` and `biome lint .` take a file that ends in .json for one of the project's.
"""

from __future__ import annotations

import json
import os

from paratask.state_files import make_state_folder, open_kept, replace_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from paratask.taskfile.model import Oddity, Taskfile

FORMAT = 2
RACY_NANOSECONDS = 2_000_000_000
MAX_FORGOTTEN = 200
LARGE_BYTES = 32 * 1024
PARSERS = ("nodes", "yaml_nodes", "decode", "decode_variables", "decode_task", "decode_file", "model", "codec")


class ParseCache:
    """Parsed Taskfiles by path, for the project whose state is in the folder `state`. `now` gives nanoseconds since the epoch."""

    def __init__(self, state: str, now: Callable[[], int]) -> None:
        self._path = os.path.join(state, "cache", "taskfiles")
        self._state = state
        self._now = now
        self._entries: dict[str, dict[str, object]] | None = None
        self._stamps: dict[str, list[int]] = {}
        self._used: set[str] = set()
        self._parsed: dict[str, tuple[bytes, Taskfile, tuple[Oddity, ...]]] = {}
        self._changed = False  # whether an entry is not racy any more

    def find(self, path: str, read: Callable[[str], bytes]) -> tuple[Taskfile, tuple[Oddity, ...]] | None:
        """The file as it was parsed, and what was odd in it; None where it has to be parsed. `read` gives its bytes if need be."""
        entry = self._known().get(path)
        try:
            stamp = self._stamps[path] = _stamp(path)  # before anybody reads it: what changes later has another
            if entry is None or entry["stamp"] != stamp:
                return None
            if entry["racy"]:
                if entry["digest"] != _digest(read(path)):
                    return None
                entry["racy"] = self._is_racy(stamp)
                self._changed = self._changed or not entry["racy"]
            from paratask.taskfile.codec import decode_taskfile_entry

            found = decode_taskfile_entry(entry)
        except (OSError, KeyError, TypeError, ValueError, IndexError):
            return None
        self._used.add(path)
        return found

    def keep(self, path: str, data: bytes, taskfile: Taskfile, oddities: tuple[Oddity, ...]) -> None:
        """Remember what `data`, read from `path` after `find` did not know it, was parsed to."""
        self._parsed[path] = (data, taskfile, oddities)

    def write(self) -> None:
        """Put what is new on disk; nothing where that is not possible. Looking at a small project for the first time leaves no trace: once
        it has run, and left others, this is called again.
        """
        large = sum(len(data) for data, _, _ in self._parsed.values()) >= LARGE_BYTES
        if not (self._changed or self._parsed) or not (large or os.path.isdir(self._state)):
            return
        known = self._known()
        for path, parsed in self._parsed.items():
            self._encode(path, *parsed)
        forgotten = [path for path in known if path not in self._used]
        for path in forgotten[: max(0, len(forgotten) - MAX_FORGOTTEN)]:
            del known[path]
        body = json.dumps({"signature": _signature(), "files": known}, separators=(",", ":")).encode("ascii")
        try:
            make_state_folder(self._state, "cache")
            replace_file(self._path, b"%d\n%s" % (_digest(body), body))
        except OSError:
            return
        self._parsed.clear()
        self._changed = False

    def _encode(self, path: str, data: bytes, taskfile: Taskfile, oddities: tuple[Oddity, ...]) -> None:
        from paratask.taskfile.codec import encode_taskfile

        stamp = self._stamps.get(path)
        if stamp is None:
            return
        try:
            entry = encode_taskfile(taskfile, oddities)
        except TypeError:  # a value that JSON cannot give back
            return
        self._known()[path] = {"stamp": stamp, "racy": self._is_racy(stamp), "digest": _digest(data), **entry}
        self._used.add(path)

    def _known(self) -> dict[str, dict[str, object]]:
        if self._entries is None:
            self._entries = {}
            try:
                with open_kept(self._path) as file:
                    if os.fstat(file.fileno()).st_uid != os.geteuid():
                        return self._entries
                    digest, _, body = file.read().partition(b"\n")
                if int(digest) != _digest(body):
                    return self._entries
                document = json.loads(body)
                if document["signature"] == _signature():
                    self._entries = dict(document["files"])
            except (OSError, ValueError, KeyError, TypeError, RecursionError):
                pass
        return self._entries

    def _is_racy(self, stamp: list[int]) -> bool:
        return self._now() - max(stamp[1], stamp[2]) < RACY_NANOSECONDS


def _stamp(path: str) -> list[int]:
    found = os.stat(path)
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_dev]


def _digest(data: bytes) -> int:
    """A checksum of a file whose times may hide a change, or of the cache itself. It need not withstand an attack: nobody gains
    by two contents that have the same.
    """
    import zlib

    return zlib.crc32(data) << 32 | zlib.adler32(data)


def _signature() -> list[object]:
    """What wrote the cache: its format and the modules that parse."""
    from paratask import __version__

    folder = os.path.dirname(__file__)
    times: list[int] = []
    for name in PARSERS:
        try:
            times.append(os.stat(os.path.join(folder, f"{name}.py")).st_mtime_ns)
        except OSError:
            times.append(0)
    return [FORMAT, __version__, times]
