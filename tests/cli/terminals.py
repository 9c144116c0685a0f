"""A terminal to look at: a pty, and a screen on which an emulator draws what comes out of it."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time

import pyte


class Emulator:
    """paratask, or another program, in a terminal of that size, of which it is the foreground."""

    def __init__(
        self,
        workspace,
        *args: str,
        columns: int = 80,
        lines: int = 24,
        env: dict[str, str] | None = None,
        program: list[str] | None = None,
    ) -> None:
        self._screen = pyte.HistoryScreen(columns, lines, history=10_000)
        self._stream = pyte.ByteStream(self._screen)
        self.seen = b""
        environ = {**workspace.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", **(env or {})}
        ready, go = os.pipe()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.close(go)
            os.read(ready, 1)  # until the terminal has its size
            os.chdir(workspace.root)
            argv = program or workspace.argv(*args)
            os.execvpe(argv[0], argv, environ)
        os.close(ready)
        self.resize(columns, lines)
        os.close(go)

    def resize(self, columns: int, lines: int) -> None:
        """As somebody who draws at a window's corner."""
        self._screen.resize(lines, columns)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def lines(self) -> list[str]:
        """What is seen, without empty lines at the end."""
        shown = [line.rstrip() for line in self._screen.display]
        while shown and not shown[-1]:
            shown.pop()
        return shown

    def all_lines(self) -> list[str]:
        """With what scrolled away."""
        width = self._screen.columns
        above = ["".join(line[column].data for column in range(width)).rstrip() for line in self._screen.history.top]
        return above + self.lines()

    @property
    def cursor(self) -> tuple[int, int, bool]:
        """Column, line, and whether it is seen."""
        cursor = self._screen.cursor
        return cursor.x, cursor.y, not cursor.hidden

    def until(self, holds, seconds: float = 30) -> None:
        """Wait until something is to be seen: a text, or what a function of ours says."""
        end = time.monotonic() + seconds
        check = holds if callable(holds) else lambda: any(holds in line for line in self.lines())
        while not check():
            if not self.read(end - time.monotonic()):
                raise AssertionError(f"{holds!r} never came, but\n" + "\n".join(self.lines()))

    def read(self, seconds: float = 30) -> bool:
        ready, _, _ = select.select([self.fd], [], [], max(0, seconds))
        if not ready:
            return False
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            data = b""
        self.seen += data
        self._stream.feed(data)
        return bool(data)

    def type(self, text: bytes) -> None:
        os.write(self.fd, text)

    def end(self) -> int:
        """Read to the end; the exit code, or minus the signal."""
        while self.read():
            pass
        _, status = os.waitpid(self.pid, 0)
        return os.waitstatus_to_exitcode(status)

    def close(self) -> None:
        try:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass
        os.close(self.fd)
