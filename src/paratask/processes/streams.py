"""Where output goes: sinks; and nowhere. A sink takes bytes for stdout (1) and stderr (2), and keeps their order.

A lone job writes through to the console. Jobs of a set write into segments (segments.py). Knows nothing of jobs.
"""

from __future__ import annotations

import errno
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    class Cover(Protocol):
        """What is drawn at a terminal, below what was written."""

        def lift(self) -> None:
            """Something is about to be written: take it away."""

        def wrote(self, *, ends_line: bool) -> None:
            """It was written."""

        def stay_away(self, *, away: bool) -> None:
            """Somebody uses the screen for something else, or no longer does; several at once count."""

    class Sink(Protocol):
        """Takes output."""

        def write(self, stream: int, data: bytes) -> None:
            """`stream` is 1 or 2."""


BLOCK_BYTES = 1 << 18
GONE = (errno.EPIPE, errno.EIO)
"""How a write fails when whoever read is gone: from the other end of a pipe, or of a terminal."""
LINE_ENDS = (b"\n", b"\n\x1b[0m")
"""Colours may be turned off behind the end of a line."""


def open_null() -> int:
    """A descriptor of /dev/null. Some chroots have none, and some sandboxes let nobody open it: there it is an empty file in memory, whose
    end is where somebody wrote last. Raises OSError.
    """
    try:
        return os.open(os.devnull, os.O_RDWR)
    except OSError:
        if sys.platform != "linux":
            raise
        return os.memfd_create("null")


class ClosedOutputError(Exception):
    """Whoever read our output went away."""


class ConsoleSink:
    """Our own stdout and stderr.

    Raises ClosedOutputError once whoever reads one of them is gone, and remembers it in `is_closed`. Where stdout takes no more
    since its disk is full, it does the same, and `lost` is true as well. What stderr cannot take is dropped: there is nowhere
    left to say so.

    A slow reader is waited for. Meanwhile `is_writing` is true, and `begun` counts writes, so that a signal's handler can see
    whether one hangs. A `cover` is what is drawn below the output (a live view, a question): it is told before each write, and
    after it whether that ended a line.
    """

    def __init__(self, out: int = 1, err: int = 2) -> None:
        self._fds = {1: out, 2: err}
        self._is_given_up = False
        self.is_closed = False
        self.lost = False
        self.is_writing = False
        self.begun = 0
        self.cover: Cover | None = None

    def give_up(self) -> None:
        """For a signal's handler: write no more. Raises ClosedOutputError where a write goes on just now, which ends it."""
        if self.is_writing:
            self.is_closed = self._is_given_up = True
            raise ClosedOutputError("nobody reads")

    def write(self, stream: int, data: bytes) -> None:
        if self.cover is None:
            self.put(stream, data)
            return
        self.cover.lift()
        self.put(stream, data)
        if data:
            self.cover.wrote(ends_line=data.endswith(LINE_ENDS))

    def put(self, stream: int, data: bytes) -> None:
        """Write without telling the cover."""
        if self._is_given_up:
            raise ClosedOutputError("nobody reads")
        view = memoryview(data)
        self.begun += 1
        self.is_writing = True
        try:
            while view:
                try:
                    view = view[os.write(self._fds[stream], view) :]
                except BlockingIOError:
                    os.set_blocking(self._fds[stream], True)
                except OSError as error:
                    if error.errno not in GONE:
                        if stream == 2:
                            return
                        self._complain(error)
                    self.is_closed = True
                    raise ClosedOutputError(str(error)) from None
        finally:
            self.is_writing = False

    def _complain(self, error: OSError) -> None:
        """Say what is wrong with stdout, once, if there is still somewhere to say it."""
        if self.lost:
            return
        self.lost = True
        try:
            os.write(self._fds[2], f"paratask: cannot write to stdout: {error.strerror}\n".encode())
        except OSError:
            pass

    def send(self, fd: int, stream: int, offset: int, count: int) -> None:
        """Write `count` bytes of the file `fd` from `offset` on. Raises OSError where it cannot be read."""
        if self.cover is None:
            self._send(fd, stream, offset, count)
            return
        ends_line = os.pread(fd, min(count, 5), offset + max(0, count - 5)).endswith(LINE_ENDS)
        self.cover.lift()
        self._send(fd, stream, offset, count)
        self.cover.wrote(ends_line=ends_line)

    def _send(self, fd: int, stream: int, offset: int, count: int) -> None:
        try:
            self.begun += 1
            self.is_writing = not self._is_given_up
            while count > 0 and self.is_writing:
                sent = os.sendfile(self._fds[stream], fd, offset, count)
                offset, count = offset + sent, count - sent if sent else 0  # without an end: somebody made the file shorter
        except (OSError, AttributeError):  # not between any two files, nor on every system; OpenBSD and NetBSD have no sendfile
            self.is_writing = False
            while data := os.pread(fd, min(count, BLOCK_BYTES), offset):
                self.put(stream, data)
                offset, count = offset + len(data), count - len(data)
        finally:
            self.is_writing = False


class Unheard:
    """A sink for what has to be done to its end, whoever still reads: a command that undoes something must not end of its own words."""

    def __init__(self, sink: Sink) -> None:
        self.sink = sink

    def write(self, stream: int, data: bytes) -> None:
        try:
            self.sink.write(stream, data)
        except ClosedOutputError:
            pass


class Collected:
    """A sink that keeps stdout and passes stderr on, to the `console`."""

    collects = (1,)

    def __init__(self, console: Sink) -> None:
        self._console = console
        self.out: list[bytes] = []

    def write(self, stream: int, data: bytes) -> None:
        if stream == 1:
            self.out.append(data)
        else:
            self._console.write(stream, data)


class PlainStyle:
    """`output: interleaved`: as it comes."""

    joins = False

    def __init__(self, sink: Sink) -> None:
        self.write = sink.write
        if hasattr(sink, "write_logged"):  # a segment, which need not hold what stands in a log
            self.write_logged = sink.write_logged

    def close(self, *, failed: bool) -> None:
        del failed
