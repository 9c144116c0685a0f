"""The terminal that paratask runs at: who is in its foreground, and how large it is. See "Processes" in docs/design.md.

A lone step's process group becomes the foreground one, so that it can read the keyboard and gets Ctrl-C and Ctrl-Z itself; when
it ends or stops, paratask takes the terminal back. Knows nothing of jobs.
"""

from __future__ import annotations

import os
import signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.execution.process import Process

STDIN, STDOUT = 0, 1


class Terminal:
    """`watches` is whether output is seen at a terminal; `commands` whether the keyboard is ours to hand on.

    Without `keyboard` nobody gets it; `lends_stdin` is then false where stdin is a terminal.
    """

    def __init__(self, *, keyboard: bool = True) -> None:
        self.watches = os.isatty(STDOUT)
        self.commands = keyboard and os.isatty(STDIN) and _foreground() == os.getpgrp()
        self.lends_stdin = keyboard or not os.isatty(STDIN)
        self.can_ask = self.watches and os.isatty(STDIN)

    def size(self) -> tuple[int, int] | None:
        """Columns and lines; None where output is not seen at a terminal."""
        if not self.watches:
            return None
        try:
            size = os.get_terminal_size(STDOUT)
        except OSError:
            return None
        return size.columns or 80, size.lines or 24

    def hand_over(self, process: Process) -> None:
        """Make `process` the one in the foreground, until `take_back`."""
        if self.commands:
            _set_foreground(process.pid)
            process.send(signal.SIGCONT)  # it may have tried to read before it was allowed to
            process.on_stop = lambda: self._stop_with(process)

    def take_back(self) -> None:
        if self.commands:
            _set_foreground(os.getpgrp())

    def _stop_with(self, process: Process) -> None:
        """Ctrl-Z stopped the step: stop as well, and go on with it when the shell says `fg`."""
        self.take_back()
        os.kill(0, signal.SIGSTOP)
        self.hand_over(process)


def _foreground() -> int:
    try:
        return os.tcgetpgrp(STDIN)
    except OSError:
        return -1


def _set_foreground(pgid: int) -> None:
    # A process in the background that sets the foreground group gets SIGTTOU, unless it ignores it.
    previous = signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    try:
        os.tcsetpgrp(STDIN, pgid)
    except OSError:
        pass
    finally:
        signal.signal(signal.SIGTTOU, previous)
