"""Readers for what daemons write after a run: without one, the next line that a server logs would end it (SIGPIPE).

What reaches a terminal or a file goes on there, as though paratask had never stood between. A pipe is not held open, since whoever
reads it waits for its end: what would go there is thrown away. Loaded where a run leaves something running. Knows nothing of jobs.
"""

from __future__ import annotations

import os
import signal
import stat

from paratask.processes.streams import open_null

PIPES = (stat.S_IFIFO, stat.S_IFSOCK)
SCRIPT = "cat <&3 &"  # in the background it is no child of ours, and needs nobody to take note of its end


def leave_reader(fd: int, stream: int | None) -> None:
    """Have `fd` read until nobody writes there any more; to our stdout (1), stderr (2), or nowhere."""
    try:
        null = open_null()
    except OSError:
        return  # it has to do without
    target = null if stream is None or _is_pipe(stream) else stream
    os.set_blocking(fd, True)
    try:
        pid = os.posix_spawn(
            "/bin/sh",
            ["sh", "-c", SCRIPT],
            {"PATH": os.defpath},
            file_actions=[(os.POSIX_SPAWN_DUP2, source, at) for at, source in enumerate((null, target, null, fd))],
            setpgroup=0,
            setsigdef=(signal.SIGPIPE,),
        )
        os.waitpid(pid, 0)
    except OSError:
        pass  # it has to do without
    finally:
        os.close(null)


def _is_pipe(stream: int) -> bool:
    try:
        return stat.S_IFMT(os.fstat(stream).st_mode) in PIPES
    except OSError:
        return True
