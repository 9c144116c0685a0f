"""A lock on an open file, which goes when that is closed and not before: with us, however we end.

A lock of POSIX, as `os.lockf` takes it, is the process's: it is lost when any of its descriptors of that file is closed, be it one that a
library or a reporter opened to read it. Linux and macOS have locks of the open file; where there are none, POSIX's has to do. What they need
is not built into every Python, and loading it takes as long as starting a process. So a run takes POSIX's at once, and this one
beside it when it has lasted a while.
"""

from __future__ import annotations

import os
import sys

HELD_BYTES = 1
"""The first of the file. The other lock has to begin after it: even of one process the two exclude each other."""


def hold(fd: int) -> None:
    """Lock the beginning of the file, if nobody has it. Whoever tests a lock of POSIX on it finds this one, in this process, too."""
    import fcntl
    import struct

    try:
        how = fcntl.F_OFD_SETLK
    except AttributeError:
        return
    if sys.platform == "darwin":
        request = struct.pack("qqihh", 0, HELD_BYTES, 0, fcntl.F_WRLCK, os.SEEK_SET)
    else:
        request = struct.pack("hhqqi", fcntl.F_WRLCK, os.SEEK_SET, 0, HELD_BYTES, 0)
    try:
        fcntl.fcntl(fd, how, request)
    except OSError:  # a file system without locks
        pass
