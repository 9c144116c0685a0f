"""How much memory a command has with everything it started. Loaded when one runs so long that somebody looks (process.py).

The kernel's own account, which comes with a process's end, is of the largest single process. Short commands cost nothing here: their
number is that one. Memory that processes share (libraries, files) counts once in each look. Measures only.
"""

from __future__ import annotations

import os

from paratask.processes.cgroups import read_words
from paratask.processes.process_table import tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    import psutil

PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def tree_bytes(roots: Iterable[int]) -> dict[int, int]:
    """Bytes by root: what its processes have for themselves, and the largest part that any of them shares."""
    if os.path.exists(f"/proc/self/task/{os.getpid()}/children"):
        return {root: _size(tree(root)) for root in roots}
    return _by_psutil(roots)


def _size(pids: Iterable[int]) -> int:
    own, shared = 0, 0
    for pid in pids:
        fields = read_words(f"/proc/{pid}/statm")
        if len(fields) > 2:
            own += int(fields[1]) - int(fields[2])
            shared = max(shared, int(fields[2]))
    return (own + shared) * PAGE_BYTES


def _by_psutil(roots: Iterable[int]) -> dict[int, int]:
    import psutil

    found = {}
    for root in roots:
        try:
            leader = psutil.Process(root)
            processes = (leader, *leader.children(recursive=True))
        except (psutil.Error, OSError):  # the latter on Linux without /proc
            continue
        found[root] = sum(map(_resident, processes))
    return found


def _resident(process: psutil.Process) -> int:
    """None of one that has ended meanwhile, or is another user's: macOS does not tell of those."""
    import psutil

    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0
