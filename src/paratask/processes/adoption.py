"""Adopts what a program that ran to its end leaves running, daemons as well, and ends it. For paratask that runs paratask.

On Linux orphans become children of this process for that time (prctl(2), PR_SET_CHILD_SUBREAPER), whatever session they went to. Elsewhere
only those in the session that the program led are found. A daemon that saw private mounts must not outlive them: it would serve later
builds with a view of a folder that is gone. What runs leave that were killed before they could tell is execution/leftovers.py's.
"""

from __future__ import annotations

import ctypes
import os
import sys

from paratask.processes.ending import wait_until

TYPE_CHECKING = False
if TYPE_CHECKING:
    import psutil

PR_SET_CHILD_SUBREAPER = 36
MAX_SWEEPS = 5


class Adoption:
    """A context in which orphans come to us. Processes that were our descendants before are let be."""

    def __init__(self) -> None:
        self._adopts = sys.platform == "linux"
        self._known: frozenset[int] = frozenset()

    def __enter__(self) -> Adoption:  # noqa: PYI034 - Self is not in Python 3.10
        self._known = frozenset(process.pid for process in _descendants())
        self._adopt(wanted=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._adopt(wanted=False)

    def _adopt(self, *, wanted: bool) -> None:
        if self._adopts:
            ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, int(wanted), 0, 0, 0)

    def end(self, session: int) -> int:
        """End all that is left of a program that has ended and led this session; how many there were."""
        seen: set[int] = set()
        for sweep in range(MAX_SWEEPS):
            left = self._left(session)
            if not left:
                break
            seen.update(process.pid for process in left)
            _end(left, gently=sweep == 0)
        return len(seen)

    def _left(self, session: int) -> list[psutil.Process]:
        import psutil

        found = _descendants() if self._adopts else [p for p in psutil.process_iter() if _session(p.pid) == session]
        return [process for process in found if process.pid not in self._known and not _is_gone(process)]


def _end(processes: list[psutil.Process], *, gently: bool) -> None:
    import psutil

    for process in processes:
        try:
            if gently:
                process.terminate()
            else:
                process.kill()
        except psutil.Error:
            continue
    wait_until(lambda: all(_is_gone(process) for process in processes))


def _is_gone(process: psutil.Process) -> bool:
    """Whether it has ended; if it is ours by now, its end is taken note of."""
    import psutil

    try:
        if process.status() != psutil.STATUS_ZOMBIE:
            return False
        os.waitpid(process.pid, os.WNOHANG)
    except (psutil.Error, ChildProcessError):
        pass
    return True


def _descendants() -> list[psutil.Process]:
    import psutil

    try:
        return psutil.Process().children(recursive=True)
    except (psutil.Error, OSError):  # Linux without /proc
        return []


def _session(pid: int) -> int:
    try:
        return os.getsid(pid)
    except OSError:
        return 0
