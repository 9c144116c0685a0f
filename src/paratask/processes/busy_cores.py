"""How many cores a command that runs keeps busy, with everything it started. Loaded when one runs so long that somebody looks.

What waits for a core counts as though it had it (schedstat: time on a core and time in its queue, of threads that are there), so
that on a busy machine nothing seems to be waiting for something else. Children that have ended count by the kernel's account of
them. Linux only: elsewhere nothing is said. Measures only.
"""

from __future__ import annotations

import os

from paratask.processes.cgroups import read_words
from paratask.processes.memory import names_in, tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

TICKS = os.sysconf("SC_CLK_TCK")
NANOSECONDS = 1e9
TIMES = slice(11, 15)
"""utime, stime, cutime and cstime in /proc/PID/stat, counted from behind the name."""


def tree_seconds(roots: Iterable[int]) -> dict[int, float]:
    """Seconds by root: on a core, or in the queue for one, since its processes began."""
    if not os.path.exists("/proc/self/schedstat"):
        return {}
    return {root: sum(map(_seconds, tree(root))) for root in roots}


def _seconds(pid: int) -> float:
    fields = " ".join(read_words(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    if len(fields) < TIMES.stop:
        return 0.0
    computed = sum(map(int, fields[TIMES])) / TICKS
    threads = (read_words(f"/proc/{pid}/task/{thread}/schedstat") for thread in names_in(f"/proc/{pid}/task"))
    return computed + sum(int(words[1]) for words in threads if len(words) > 1) / NANOSECONDS
