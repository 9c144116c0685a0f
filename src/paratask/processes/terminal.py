"""The terminal that paratask runs at: who is in its foreground, and how large it is. See "Processes" in docs/design.md.

A lone step's process group becomes the foreground one, so that it can read the keyboard and gets Ctrl-C and Ctrl-Z itself; when
it ends or stops, paratask takes the terminal back. Knows nothing of jobs.
"""

from __future__ import annotations

import os
import signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from paratask.processes.capture import Capture
    from paratask.processes.process import Process

STDIN, STDOUT = 0, 1


class Terminal:
    """What commands may have of it. Made without `keyboard`, none of them gets that.

    watches         output is seen at a terminal
    can_ask         and somebody is there who can answer
    lends           a command may get the keyboard
    is_stdin        and that is our stdin
    shares_stdin    stdin is no terminal, so that several may have it at once
    lends_stdin     a command that runs alone gets our stdin: always, but where that is a keyboard that nobody gets
    stop            called when a command that has the keyboard was stopped (Ctrl-Z)
    """

    def __init__(self, *, keyboard: bool = True) -> None:
        self.watches = os.isatty(STDOUT)
        self.shares_stdin = not os.isatty(STDIN)
        self.lends_stdin = keyboard or self.shares_stdin
        self.can_ask = self.watches and not self.shares_stdin
        self.stop: Callable[[], None] = _nobody
        self.lends = keyboard
        self.is_stdin = keyboard and os.isatty(STDIN)
        self._user: Process | None = None
        self._is_lent = False
        self._screens: dict[Process, Capture] = {}
        self._size = self.size()

    @property
    def commands(self) -> bool:
        """Whether the keyboard is ours to hand on, or lent; a shell may have put us in the background, or taken us out of it."""
        return self.is_stdin and (self._is_lent or foreground() == os.getpgrp())

    @property
    def is_ours(self) -> bool:
        """Whether what is written is seen at the terminal that we were started at, and no shell has put us in its background."""
        try:
            return os.tcgetpgrp(STDOUT) == os.getpgrp()
        except OSError:
            return False

    def size(self) -> tuple[int, int] | None:
        """Columns and lines; None where output is not seen at a terminal."""
        if not self.watches:
            return None
        try:
            size = os.get_terminal_size(STDOUT)
        except OSError:
            return None
        return size.columns or 80, size.lines or 24

    def show(self, process: Process, capture: Capture) -> None:
        """What `process` writes comes through a terminal of its own, which is to be as large as ours until it is hidden."""
        self._screens[process] = capture

    def hide(self, process: Process) -> None:
        self._screens.pop(process, None)

    def catch_up(self) -> None:
        """Show what was written by now: a question is to be seen before all stops."""
        for capture in list(self._screens.values()):
            capture.finish()

    def look_at_size(self) -> None:
        """Tell those who are shown of another size. Who has the keyboard is told by the system, but before its own terminal has it."""
        size = self.size()
        if size is None or size == self._size:
            return
        self._size = size
        for process, capture in self._screens.items():
            capture.resize(size)
            process.send(signal.SIGWINCH)

    def hand_over(self, process: Process) -> None:
        """Make `process` the one in the foreground, until `take_back`."""
        if self.is_stdin:
            self._user = process
            process.on_stop = self.stop
            self.resume()

    def take_back(self) -> None:
        self._user = None
        self.pause()

    def pause(self) -> None:
        """Take the keyboard back for a while. Not where we are in the background: a shell has it."""
        if self._is_lent:
            self._is_lent = False
            set_foreground(os.getpgrp())

    def resume(self) -> None:
        """Lend it again to whoever had it."""
        if self._user is not None and not self._is_lent and self.commands:
            self._is_lent = True
            set_foreground(self._user.pid)
            self._user.send(signal.SIGCONT)  # it may have tried to read before it was allowed to
        self.look_at_size()


def foreground(fd: int = STDIN) -> int:
    """The process group in the foreground of our terminal; -1 where there is none."""
    try:
        return os.tcgetpgrp(fd)
    except OSError:
        return -1


def set_foreground(pgid: int, fd: int = STDIN) -> None:
    """Put a process group into the foreground of our terminal; nothing where that may not be."""
    # A process in the background that sets the foreground group gets SIGTTOU, unless it ignores it.
    previous = signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    try:
        os.tcsetpgrp(fd, pgid)
    except OSError:
        pass
    finally:
        signal.signal(signal.SIGTTOU, previous)


def _nobody() -> None:
    """Nobody is to be told."""
