"""A process's output, relayed as it comes: to the job's log byte for byte, and to a sink.

Pipes where stdout is no terminal (stdout and stderr apart, unless ours are one), a pty where it is (one stream, and colours survive). What a process
leaves running may write on after its end: such output is relayed until the run ends. Knows nothing of jobs and styles.
"""

from __future__ import annotations

import os
from functools import partial

from paratask.processes.streams import ClosedOutputError
from paratask.variables.secrets import MaskedStream

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    from paratask.kernel.loop import Loop
    from paratask.processes.streams import Sink
    from paratask.variables.secrets import Secrets

    class Log(Protocol):
        """Keeps a job's output."""

        def write(self, data: bytes) -> None: ...


BLOCK_BYTES = 1 << 16
PIPE_BYTES = 1 << 20  # Linux: as large as an unprivileged process may make one


class Capture:
    """Relays one process. `child_out` and `child_err` go to it; call `started` after it has them, `finish` when it has ended.

    The values of `secrets` stay out of the log; the sink gets everything. `one_stream` takes stdout and stderr through one pipe,
    which keeps them in order.
    """

    def __init__(
        self,
        loop: Loop,
        *,
        log: Log,
        sink: Sink,
        terminal_size: tuple[int, int] | None,
        secrets: Secrets,
        one_stream: bool = False,
    ) -> None:
        self._loop = loop
        self._log = log
        self._sink = sink
        self._write_logged: Callable[[int, bytes, Log], None] | None = getattr(sink, "write_logged", None)
        self._secrets = secrets
        self._masked: dict[int, MaskedStream] = {}
        self._open: dict[int, int] = {}
        self.is_terminal = terminal_size is not None
        if terminal_size is not None:
            out, self.child_out = open_pty(terminal_size)
        else:
            out, self.child_out = os.pipe()
        self.child_err = self.child_out
        self._open = {out: 1}
        if terminal_size is None and not one_stream:
            try:
                err, self.child_err = os.pipe()
            except OSError:
                self.abandon()
                raise
            self._open[err] = 2
        for fd in self._open:
            os.set_blocking(fd, False)

    @property
    def is_open(self) -> bool:
        """Whether somebody may still write."""
        return bool(self._open)

    def started(self) -> None:
        """The process has its ends: close ours of them, and listen."""
        for fd in {self.child_out, self.child_err}:
            os.close(fd)
        for fd in list(self._open):
            self._loop.watch(fd, partial(self._relay, fd))

    def resize(self, size: tuple[int, int]) -> None:
        """A pty's columns and lines from here on."""
        for fd in self._open:
            _set_size(fd, size)

    def abandon(self) -> None:
        """The process could not be started."""
        for fd in {self.child_out, self.child_err, *self._open}:
            os.close(fd)
        self._open.clear()

    def _relay(self, fd: int) -> int:
        """Pass on one block; how many bytes there were."""
        if fd not in self._open:
            return 0  # closed since the loop heard of it
        try:
            data = os.read(fd, BLOCK_BYTES)
        except BlockingIOError:
            return 0
        except OSError:  # a pty says EIO where a pipe says end of file
            data = b""
        if not data:
            self._close(fd)
            return 0
        self._log.write(self._masked_stream(fd).take(data) if self._secrets else data)
        try:
            if self._write_logged is not None and not self._secrets:
                self._write_logged(self._open[fd], data, self._log)
            else:
                self._sink.write(self._open[fd], data)
        except ClosedOutputError:  # nobody reads us: from here on nobody reads the process, which gets its SIGPIPE
            self._close(fd)
            return 0
        return len(data)

    def _masked_stream(self, fd: int) -> MaskedStream:
        stream = self._masked.get(fd)
        if stream is None:
            stream = self._masked[fd] = MaskedStream(self._secrets)
        return stream

    def _close(self, fd: int) -> None:
        if fd in self._masked:
            self._log.write(self._masked.pop(fd).rest())
        del self._open[fd]
        self._loop.unwatch(fd)
        os.close(fd)

    def finish(self) -> None:
        """The process has ended, or stopped: pass on all it has written. What it left running may write without end, and is not waited for."""
        for fd in list(self._open):
            left = PIPE_BYTES
            while left > 0 and fd in self._open:
                left = left - count if (count := self._relay(fd)) else 0

    def close(self) -> None:
        """Stop listening, whoever still writes."""
        for fd in list(self._open):
            self._close(fd)

    def leave(self) -> None:
        """Stop listening for good. Who still writes writes on, to our own streams where the sink is seen there."""
        self.finish()
        if self._open:
            from paratask.processes.drains import leave_reader

            for fd, stream in self._open.items():
                leave_reader(fd, stream if self._sink_is_shown(stream) else None)
        self.close()

    def _sink_is_shown(self, stream: int) -> bool:
        return stream not in getattr(self._sink, "collects", ())


def is_one_output() -> bool:
    """Whether our own stdout and stderr go to the same place: then what a process writes to both stays in its order."""
    try:
        return os.path.sameopenfile(1, 2)
    except OSError:  # one is closed
        return False


def open_pty(size: tuple[int, int]) -> tuple[int, int]:
    """A pty of that many columns and lines that passes bytes on unchanged: (our end, the process's end). Raises OSError."""
    import termios

    ours, theirs = os.openpty()
    try:
        _set_size(theirs, size)
        attributes = termios.tcgetattr(theirs)
        attributes[1] &= ~termios.OPOST
        termios.tcsetattr(theirs, termios.TCSANOW, attributes)
    except (OSError, termios.error) as error:
        os.close(ours)
        os.close(theirs)
        raise OSError(*error.args) from error
    return ours, theirs


def _set_size(fd: int, size: tuple[int, int]) -> None:
    import fcntl
    import struct
    import termios

    columns, lines = size
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
