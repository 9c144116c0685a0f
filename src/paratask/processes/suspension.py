"""Ctrl-Z: everything that runs stops, then we do; when the shell says `fg` or `bg`, all go on. See "Processes" in docs/design.md.

Commands lead groups of their own, so the terminal's SIGTSTP does not reach them, or not us. Time that passes meanwhile counts for
nothing. Loaded when it happens. Knows nothing of jobs.
"""

from __future__ import annotations

import os
import signal
from time import monotonic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.kernel.poller import SystemPoller
    from paratask.processes.process import Processes
    from paratask.processes.terminal import Terminal

LATE_SECONDS = 1.0
"""Who stops itself so soon after we went on was told to before, as a paratask below us that was stopping its own jobs."""


def suspend(poller: SystemPoller, processes: Processes, terminal: Terminal, *, group: bool) -> None:
    """Stop until somebody continues us. `group`: our process group was not told, as a command has the keyboard.

    Where nobody could continue us (no shell is above), nothing stops: the system passes over SIGTSTP then.
    """
    terminal.pause()
    for process in processes.running.values():
        process.send(signal.SIGTSTP)
    terminal.catch_up()
    stopped_at = monotonic()
    _stop(group=group)
    poller.skip(monotonic() - stopped_at)
    terminal.resume()
    processes.goes_on_until = poller.now() + LATE_SECONDS
    for process in processes.running.values():
        process.send(signal.SIGCONT)


def _stop(*, group: bool) -> None:
    """Returns when we go on."""
    handler = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
    try:
        if group:
            os.kill(0, signal.SIGTSTP)
        else:
            signal.raise_signal(signal.SIGTSTP)
    finally:
        signal.signal(signal.SIGTSTP, handler)
