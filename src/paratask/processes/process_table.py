"""The processes of this machine, read from /proc (proc_pid_stat(5)), or with psutil where there is none. Knows nothing of who started them."""

from __future__ import annotations

import os

from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

ENDED = (b"Z", b"X")
"""The states of processes that have ended, and that nobody has taken note of yet."""


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


def has_proc() -> bool:
    """Whether there is a /proc such as Linux has."""
    return os.path.exists("/proc/self/stat")


def _from_proc() -> Iterator[Seen]:
    tick = 1.0 / os.sysconf("SC_CLK_TCK")
    for pid in filter(str.isdigit, os.listdir("/proc")):
        program, fields = _read_stat(pid)
        if fields and fields[0] not in ENDED:
            yield Seen(
                pid=int(pid), parent=int(fields[1]), group=int(fields[2]), started=int(fields[19]) * tick, program=program
            )  # fmt: skip


def _read_stat(pid: int | str) -> tuple[str, list[bytes]]:
    """Its program's name, and the fields behind that: state, parent, group and so on. No fields where it is gone."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            head, _, tail = file.read().rpartition(b")")
    except OSError:
        return "", []
    return head.partition(b"(")[2].decode(errors="replace"), tail.split()


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
