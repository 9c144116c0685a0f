"""Standard streams that were closed when we were started (`>&-`): they become /dev/null, as Go does it for `task`.

Else the next file that somebody opens takes the place of one, and gets what was meant for that. Loaded only then.
"""

from __future__ import annotations

import os
import sys

MODES = {"stdin": "r", "stdout": "w", "stderr": "w"}


def open_closed_streams() -> None:
    """Open /dev/null for each standard stream that is closed: ours, and that of the commands we start."""
    for fd, (name, mode) in enumerate(MODES.items()):
        if getattr(sys, name) is None:
            null = os.open(os.devnull, os.O_RDWR)  # the lowest number that is free, so this one, mostly
            if null != fd:
                os.dup2(null, fd)
                os.close(null)
            os.set_inheritable(fd, True)
            setattr(sys, name, open(fd, mode, encoding="utf-8", errors="backslashreplace", closefd=False))  # noqa: SIM115 - as long as we live
