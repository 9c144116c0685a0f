"""The processes of this machine, read from /proc (proc_pid_stat(5)): which there are, who descends from whom, what they compute.

Where there is no /proc psutil tells which there are. Measures only; knows nothing of who started them.
"""

from __future__ import annotations

import os

from paratask.frozen import dataclass
from paratask.processes.cgroups import read_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ENDED = (b"Z", b"X")
"""The states of processes that have ended, and that nobody has taken note of yet."""

TIMES = slice(11, 15)
"""utime, stime, cutime and cstime among the fields behind the name: in ticks, those of children that ended included."""

TICKS = os.sysconf("SC_CLK_TCK")
NANOSECONDS = 1e9
MAX_PROCESSES = 2_000
"""So many of one command are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A process that runs now. `started` is in seconds on running.start_clock."""

    pid: int
    parent: int
    group: int
    started: float
    program: str


def read_processes() -> dict[int, Seen]:
    """All processes that run now and can be seen, those of other users among them, by pid. Zombies do not run."""
    found = _from_proc() if has_proc() else _from_psutil()
    return {process.pid: process for process in found}


def parent_of(pid: int) -> int:
    """The process id of its parent; 0 where it is gone."""
    if has_proc():
        _, fields = _read_stat(pid)
        return int(fields[1]) if fields else 0
    import psutil

    try:
        return int(psutil.Process(pid).ppid())
    except psutil.Error:
        return 0


def group_of(pid: int) -> int:
    """The id of its process group; 0 where it is gone."""
    try:
        return os.getpgid(pid)
    except OSError:
        return 0


def is_running(pid: int) -> bool:
    """Whether it has not ended."""
    if not has_proc():
        return group_of(pid) > 0
    _, fields = _read_stat(pid)
    return bool(fields) and fields[0] not in ENDED


def tree(root: int) -> list[int]:
    """The process and its descendants, as far as they can be seen. Linux only."""
    found = [root]
    for pid in found:
        if len(found) > MAX_PROCESSES:
            break
        for thread in _names_in(f"/proc/{pid}/task"):
            found.extend(map(int, read_words(f"/proc/{pid}/task/{thread}/children")))
    return found


def busy_seconds(roots: Iterable[int]) -> dict[int, float]:
    """How long each root has kept cores busy since it began, with everything it started. Linux only: elsewhere nothing is said.

    What waits for a core counts as though it had it (schedstat: time on a core and time in its queue, of threads that are there), so that
    on a busy machine nothing seems to be waiting for something else. Children that have ended count by the kernel's account of them.
    """
    if not os.path.exists("/proc/self/schedstat"):
        return {}
    return {root: sum(map(_busy_seconds, tree(root))) for root in roots}


def has_proc() -> bool:
    """Whether there is a /proc such as Linux has."""
    return os.path.exists("/proc/self/stat")


def _from_proc() -> Iterator[Seen]:
    for pid in filter(str.isdigit, os.listdir("/proc")):
        program, fields = _read_stat(pid)
        if fields and fields[0] not in ENDED:
            yield Seen(
                pid=int(pid), parent=int(fields[1]), group=int(fields[2]), started=int(fields[19]) / TICKS, program=program
            )  # fmt: skip


def _read_stat(pid: int | str) -> tuple[str, list[bytes]]:
    """Its program's name, and the fields behind that: state, parent, group and so on. No fields where it is gone."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            head, _, tail = file.read().rpartition(b")")
    except OSError:
        return "", []
    return head.partition(b"(")[2].decode(errors="replace"), tail.split()


def _busy_seconds(pid: int) -> float:
    _, fields = _read_stat(pid)
    computed = sum(map(int, fields[TIMES])) / TICKS
    threads = (read_words(f"/proc/{pid}/task/{thread}/schedstat") for thread in _names_in(f"/proc/{pid}/task"))
    return computed + sum(int(words[1]) for words in threads if len(words) > 1) / NANOSECONDS


def _names_in(folder: str) -> list[str]:
    """What is in a folder; nothing where it is gone."""
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _from_psutil() -> Iterator[Seen]:
    import psutil

    for process in psutil.process_iter(["pid", "ppid", "create_time", "name", "status"]):
        facts = process.info
        if facts["status"] == psutil.STATUS_ZOMBIE or facts["create_time"] is None:
            continue
        group = group_of(facts["pid"])
        if group:
            yield Seen(
                pid=facts["pid"], parent=facts["ppid"] or 0, group=group, started=facts["create_time"], program=facts["name"] or "?"
            )  # fmt: skip
