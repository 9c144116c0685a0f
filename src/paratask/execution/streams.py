"""Where output goes: sinks. A sink takes bytes for stdout (1) and stderr (2), and keeps their order.

A lone job writes through to the console. Jobs of a set write into segments, which `Sequencer` hands on whole: in written order
where nobody watches, as they end at a terminal. See "Steps and sets" in docs/design.md. Knows nothing of jobs.
"""

from __future__ import annotations

import os
import sys
from collections import deque

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import IO, Protocol

    class Sink(Protocol):
        """Takes output."""

        def write(self, stream: int, data: bytes) -> None:
            """`stream` is 1 or 2."""


MEMORY_BYTES = 1 << 18
BLOCK_BYTES = 1 << 16


class ClosedOutputError(Exception):
    """Whoever read our output went away."""


class ConsoleSink:
    """Our own stdout and stderr. Raises ClosedOutputError when one is closed, and remembers it in `is_closed`."""

    def __init__(self, out: int = 1, err: int = 2) -> None:
        self._fds = {1: out, 2: err}
        self.is_closed = False

    def write(self, stream: int, data: bytes) -> None:
        view = memoryview(data)
        while view:
            try:
                view = view[os.write(self._fds[stream], view) :]
            except BlockingIOError:
                os.set_blocking(self._fds[stream], True)
            except (BrokenPipeError, OSError) as error:
                self.is_closed = True
                raise ClosedOutputError(str(error)) from None


class Segment:
    """Holds output until somebody wants it; what is over `MEMORY_BYTES` waits on disk."""

    def __init__(self) -> None:
        self._chunks: deque[tuple[int, bytes]] = deque()
        self._held = 0
        self._spool: IO[bytes] | None = None
        self._spooled: list[tuple[int, int]] = []

    def write(self, stream: int, data: bytes) -> None:
        self._chunks.append((stream, data))
        self._held += len(data)
        if self._held > MEMORY_BYTES:
            self._to_disk()

    def _to_disk(self) -> None:
        """Where the disk takes no more, the rest stays in memory: losing output would be worse."""
        try:
            if self._spool is None:
                import tempfile

                self._spool = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed by `discard`
            while self._chunks:
                self._spool_first(self._spool)
            self._held = 0
        except OSError:
            self._held = -sys.maxsize

    def _spool_first(self, spool: IO[bytes]) -> None:
        """Move the oldest chunk to disk, as far as it takes it."""
        stream, data = self._chunks[0]
        written = spool.write(data)
        if self._spooled and self._spooled[-1][0] == stream:
            self._spooled[-1] = (stream, self._spooled[-1][1] + written)
        else:
            self._spooled.append((stream, written))
        if written < len(data):
            self._chunks[0] = (stream, data[written:])
        else:
            self._chunks.popleft()

    def read(self) -> Iterator[tuple[int, bytes]]:
        """All that was written, in order, in blocks."""
        if self._spool is not None:
            self._spool.seek(0)
            for stream, length in self._spooled:
                while length > 0:
                    data = self._spool.read(min(length, BLOCK_BYTES))
                    length -= len(data)  # noqa: PLW2901 - counts down
                    yield stream, data
            self._spool.seek(0, os.SEEK_END)
        yield from self._chunks

    def pour_into(self, sink: Sink) -> None:
        """Hand everything on, and keep nothing."""
        if isinstance(sink, Segment) and sink.is_empty:
            sink.take_over(self)
            return
        for stream, data in self.read():
            sink.write(stream, data)
        self.discard()

    @property
    def is_empty(self) -> bool:
        return not self._chunks and not self._spooled

    def take_over(self, other: Segment) -> None:
        """Have all of the other's as it lies, in memory or on disk: a gigabyte is not copied again at each level of groups."""
        self.discard()
        self._chunks, other._chunks = other._chunks, self._chunks
        self._spooled, other._spooled = other._spooled, self._spooled
        self._held, other._held = other._held, self._held
        self._spool, other._spool = other._spool, self._spool

    def discard(self) -> None:
        """Forget everything."""
        self._chunks.clear()
        self._held = 0
        self._spooled = []
        if self._spool is not None:
            self._spool.close()
            self._spool = None


class Sequencer:
    """Segments of neighbours, handed on whole: in written order, or as they end."""

    def __init__(self, sink: Sink, count: int, *, in_written_order: bool) -> None:
        self._sink = sink
        self.segments = [Segment() for _ in range(count)]
        self._ended = [False] * count
        self._next = 0
        self._in_written_order = in_written_order

    def end(self, index: int) -> None:
        """The member's output is complete."""
        self._ended[index] = True
        if not self._in_written_order:
            self.segments[index].pour_into(self._sink)
            return
        while self._next < len(self._ended) and self._ended[self._next]:
            self.segments[self._next].pour_into(self._sink)
            self._next += 1

    def flush(self) -> None:
        """Hand on whatever there is: nothing more will come."""
        for segment in self.segments:
            segment.pour_into(self._sink)


class GroupStyle:
    """`output: group`: a command's output at its end, between two lines. stderr joins stdout. go-task: output.Group."""

    joins = True

    def __init__(self, sink: Sink, *, begin: str, end: str, error_only: bool) -> None:
        self._sink = sink
        self._begin = begin
        self._end = end
        self._error_only = error_only
        self._segment = Segment()
        self._empty = True

    def write(self, stream: int, data: bytes) -> None:
        del stream
        self._empty = False
        self._segment.write(1, data)

    def close(self, *, failed: bool) -> None:
        if self._empty or (self._error_only and not failed):
            self._segment.discard()
            return
        for text, pour in ((self._begin, True), (self._end, False)):
            if text:
                self._sink.write(1, f"{text}\n".encode())
            if pour:
                self._segment.pour_into(self._sink)


class PrefixStyle:
    """`output: prefixed`: each line with the task's prefix. stderr joins stdout. go-task: output.Prefixed."""

    joins = True

    def __init__(self, sink: Sink, *, prefix: str, paint: Callable[[str], str]) -> None:
        self._sink = sink
        self._name = prefix
        self._paint = paint
        self._rest = b""

    def write(self, stream: int, data: bytes) -> None:
        del stream
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._write_line(line)

    def close(self, *, failed: bool) -> None:
        del failed
        if self._rest:
            self._write_line(self._rest)
            self._rest = b""

    def _write_line(self, line: bytes) -> None:
        prefix = f"[{self._paint(self._name)}] ".encode(errors="surrogateescape")
        self._sink.write(1, prefix + line + b"\n")


class PlainStyle:
    """`output: interleaved`: as it comes."""

    joins = False

    def __init__(self, sink: Sink) -> None:
        self.write = sink.write

    def close(self, *, failed: bool) -> None:
        del failed
