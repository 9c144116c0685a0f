"""Output that waits on disk: in a job's log, where the same bytes are anyway, or in a temporary file.

Loaded when a segment (segments.py) holds more than it may in memory. Knows nothing of who writes or reads.
"""

from __future__ import annotations

import errno
import os
from array import array

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from paratask.processes.streams import Sink

BLOCK_BYTES = 1 << 16


class Source:
    """A file that is read at any place. One with a `path` is opened for it where descriptors are scarce, else kept open: it may be
    removed, or have another name by then, when its job makes another attempt. Raises OSError.
    """

    def __init__(self, fd: int, path: str = "") -> None:
        self._fd = fd
        self._path = path
        self._inode = 0
        if path and fd >= os.sysconf("SC_OPEN_MAX") // 2:
            self._inode = os.fstat(fd).st_ino
            self._close()

    def open(self) -> int:
        """Its descriptor."""
        if self._fd < 0:
            self._fd = os.open(self._current_path(), os.O_RDONLY | os.O_CLOEXEC)
        return self._fd

    def _current_path(self) -> str:
        if _inode(self._path) == self._inode:
            return self._path
        folder = os.path.dirname(self._path)
        for path in (os.path.join(folder, name) for name in os.listdir(folder)):
            if _inode(path) == self._inode:
                return path
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), self._path)

    def is_log(self, path: str) -> bool:
        return bool(path) and self._path == path

    def _close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    __del__ = _close


def _inode(path: str) -> int:
    """Asks for the file itself: some file systems list others. 0 where it is not there."""
    try:
        return os.lstat(path).st_ino
    except OSError:
        return 0


def open_log(path: str) -> Source:
    """A log, to be read. Raises OSError."""
    return Source(os.open(path, os.O_RDONLY | os.O_CLOEXEC), path)


class Spool:
    """A temporary file without a name, which grows. Raises OSError."""

    def __init__(self) -> None:
        import tempfile

        fd, path = tempfile.mkstemp(prefix="paratask-")
        self.source = Source(fd)
        self.size = 0
        os.unlink(path)

    def write(self, data: bytes) -> int:
        """How many bytes of it there was room for; at least one."""
        written = os.write(self.source.open(), data)
        self.size += written
        return written


class Stretch:
    """A stretch of a file, and which parts of it belong to which stream: eight bytes each, as there may be very many."""

    def __init__(self, source: Source, start: int) -> None:
        self.source = source
        self.end = start
        self._start = start
        self._runs = array("Q")

    def extend(self, stream: int, count: int) -> None:
        """So many bytes more, of stream 1 or 2."""
        if self._runs and self._runs[-1] & 1 == stream - 1:
            self._runs[-1] += count << 1
        else:
            self._runs.append(count << 1 | stream - 1)
        self.end += count

    def join_streams(self) -> None:
        """All of it is for stdout."""
        self._runs = array("Q", (sum(run >> 1 for run in self._runs) << 1,))

    def last_byte(self) -> bytes:
        """Empty where it cannot be read."""
        try:
            return os.pread(self.source.open(), 1, self.end - 1)
        except OSError:
            return b""

    def _parts(self) -> Iterator[tuple[int, int, int]]:
        """Stream, offset and length of each run."""
        offset = self._start
        for run in self._runs:
            yield (run & 1) + 1, offset, run >> 1
            offset += run >> 1

    def read(self) -> Iterator[tuple[int, bytes]]:
        """All of it, in blocks. Raises OSError."""
        fd = self.source.open()
        for stream, start, length in self._parts():
            offset, end = start, start + length
            while offset < end:
                data = os.pread(fd, min(end - offset, BLOCK_BYTES), offset)
                if not data:
                    break  # somebody made the file shorter
                offset += len(data)
                yield stream, data

    def pour_into(self, sink: Sink) -> None:
        """Hand all of it on. Raises OSError where it cannot be read, and what the sink raises."""
        send = getattr(sink, "send", None)
        if send is None:
            for stream, data in self.read():
                sink.write(stream, data)
            return
        fd = self.source.open()
        for part in self._parts():
            send(fd, *part)
