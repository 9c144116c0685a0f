"""Ends what a killed run left running, and removes its temporary folders: by its record (processes/running.py). See "Processes" in docs/design.md.

A process group is ended only when it is certain whose it is: its leader is the process that was recorded, by pid and start time; or the
leader is gone, and a member holds the pipe or pty that was made for this command. Groups in which we are ourselves, or who started
us, are let be. Loaded only where a record was found that nobody holds.
"""

from __future__ import annotations

import os
import stat
import time
from functools import partial

from paratask.execution.jobserver.pool import remove_folder
from paratask.execution.tracing import trace_folder
from paratask.frozen import dataclass
from paratask.processes.enclosing import is_held
from paratask.processes.ending import end_at_once, end_gently, wait_until
from paratask.processes.process import send_to_group
from paratask.processes.running import OPENING, lock, machine_identity, output_identity, stale_records

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import TypeAlias

    End: TypeAlias = Callable[[Callable[[int], None], Callable[[], bool]], bool]
    """See processes.ending."""

MAX_ROUNDS = 3
KEPT_SECONDS = 86_400.0
"""How long a record stays that only its own machine, or container, can judge."""

CLOCK_SLACK = 0.02  # the kernel tells start times in hundredths of a second, and so do we
FOLDER_PREFIX = "paratask-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A process that runs now. `started` is on running.start_clock."""

    pid: int
    parent: int
    group: int
    started: float
    program: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A line of a record: a process group whose leader was started between two moments. `leader` is 0 if paratask died meanwhile."""

    leader: int
    after: float
    before: float
    output: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What a record says."""

    pid: int
    group: int
    begun: float
    machine: str
    groups: tuple[Group, ...]
    folders: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftovers:
    """The programs of processes that were ended, and the ids of those that would not end."""

    ended: tuple[str, ...] = ()
    stubborn: tuple[int, ...] = ()


def end_leftovers(state: str, *, at_once: bool = False) -> Leftovers:
    """End what all killed runs left behind in this checkout. `state` is the path of `.paratask`. What they ran may be paratasks, too."""
    end = end_at_once if at_once else end_gently
    ended: list[str] = []
    stubborn: list[int] = []
    for _ in range(MAX_ROUNDS):
        before = len(ended)
        for path in stale_records(state):
            _settle(path, ended, stubborn, end)
        if len(ended) == before:
            break
    return Leftovers(ended=tuple(ended), stubborn=tuple(dict.fromkeys(stubborn)))


def end_killed_runs(state: str, records: Iterable[str]) -> None:
    """Wait until the paratasks that hold these records, and were killed, are gone, and end at once what they ran.

    Each of their commands has a process group of its own, which no signal to ours reaches; and who is killed takes none with it.
    """
    paths = list(records)
    wait_until(lambda: not any(map(is_held, paths)))
    end_leftovers(state, at_once=True)


def _settle(path: str, ended: list[str], stubborn: list[int], end: End) -> None:
    try:
        fd = os.open(path, OPENING)
    except OSError:
        return
    try:
        if _is_for_us(fd):
            _end_recorded(fd, path, ended, stubborn, end)
    except OSError:
        pass  # it stays for a later run
    finally:
        os.close(fd)


def _is_for_us(fd: int) -> bool:
    """Whether we may judge it: it is ours, and neither its run nor another one that cleans up has it."""
    found = os.fstat(fd)
    return stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid() and lock(fd) and os.fstat(fd).st_nlink > 0


def _end_recorded(fd: int, path: str, ended: list[str], stubborn: list[int], end: End) -> None:
    with open(fd, "rb", closefd=False) as file:
        record = parse_record(file.read().decode(errors="surrogateescape"))
    if record is not None and record.machine != machine_identity():
        if time.time() - os.fstat(fd).st_mtime > KEPT_SECONDS:
            os.unlink(path)
        return
    if record is not None:
        processes = read_processes()
        if _is_alive(record, processes):
            return
        spared = _groups_above_us(processes)
        groups = set(_groups_of(record, processes))
        _end_groups(groups - spared, processes, ended, stubborn, end)
        if groups & spared:
            return
        for folder in record.folders:
            if os.path.basename(folder).startswith(FOLDER_PREFIX):  # what else a record may name is not touched
                remove_folder(folder)
        if record.pid not in processes:
            _remove_traces(os.path.dirname(os.path.dirname(path)), record.pid)
    os.unlink(path)


def parse_record(text: str) -> Record | None:
    """None where it was not begun, or is none."""
    first, *lines = [line.rstrip(" ") for line in text.split("\n")]
    words = first.split(" ", 4)
    try:
        kind, pid, group, begun, machine = words
        if kind != "run":
            return None
        groups = tuple(_parse_group(line) for line in lines if line.startswith("group "))
        folders = tuple(line.partition(" ")[2] for line in lines if line.startswith("folder "))
        return Record(pid=int(pid), group=int(group), begun=float(begun), machine=machine, groups=groups, folders=folders)
    except ValueError:
        return None


def _parse_group(line: str) -> Group:
    _, leader, after, before, *output = line.split(" ")
    return Group(leader=int(leader), after=float(after), before=float(before), output=output[0] if output else "")


def _is_alive(record: Record, processes: Mapping[int, Seen]) -> bool:
    """Whether the paratask that made it lives, where locks do not tell."""
    process = processes.get(record.pid)
    return process is not None and process.started <= record.begun + CLOCK_SLACK


def _groups_above_us(processes: Mapping[int, Seen]) -> set[int]:
    """Our own group, and those of our ancestors: a command that was left behind may have started us."""
    groups = {os.getpgrp()}
    process = processes.get(os.getpid())
    while process is not None:
        groups.add(process.group)
        process = processes.get(process.parent)
    return groups


def _groups_of(record: Record, processes: Mapping[int, Seen]) -> Iterator[int]:
    for group in record.groups:
        if not group.leader:
            yield from _unnamed(group, record, processes)
            continue
        leader = processes.get(group.leader)
        if leader is not None and leader.group == group.leader:
            if group.after - CLOCK_SLACK <= leader.started <= group.before + CLOCK_SLACK:
                yield group.leader
        elif any(_holds(process, group.output) for process in processes.values() if process.group == group.leader):
            yield group.leader


def _unnamed(group: Group, record: Record, processes: Mapping[int, Seen]) -> Iterator[int]:
    """The group of a process that was just being started: whoever has its output, and is no older."""
    for process in processes.values():
        if process.group != record.group and process.started >= group.after - CLOCK_SLACK and _holds(process, group.output):
            yield process.group


def _holds(process: Seen, output: str) -> bool:
    """Whether the process has the pipe or pty open."""
    folder = f"/proc/{process.pid}/fd"
    try:
        return bool(output) and any(output_identity(f"{folder}/{fd}") == output for fd in os.listdir(folder))
    except OSError:
        return False


def _end_groups(groups: set[int], processes: Mapping[int, Seen], ended: list[str], stubborn: list[int], end: End) -> None:
    members = _members(groups, processes.values())
    if not members:
        return
    left = set(groups)

    def are_gone() -> bool:
        left.intersection_update(process.group for process in read_processes().values())
        return not left

    def send(number: int) -> None:
        for group in left:
            send_to_group(group, number)

    end(send, are_gone)
    remaining = {process.pid for process in _members(left, read_processes().values())}
    ended.extend(process.program for process in members if process.pid not in remaining)
    stubborn.extend(remaining)


def _members(groups: Iterable[int], processes: Iterable[Seen]) -> list[Seen]:
    wanted = set(groups)
    return [process for process in processes if process.group in wanted]


def read_processes() -> dict[int, Seen]:
    """All that run now, by pid; zombies do not. Those of others as well, as far as they can be seen."""
    read = _read_stat if os.path.exists("/proc/self/stat") else None
    if read is None:
        return {process.pid: process for process in _by_psutil()}
    tick = 1.0 / os.sysconf("SC_CLK_TCK")
    found = (partial(read, tick=tick)(name) for name in os.listdir("/proc") if name.isdigit())
    return {process.pid: process for process in found if process is not None}


def _read_stat(pid: str, *, tick: float) -> Seen | None:
    """proc_pid_stat(5)."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            head, _, tail = file.read().rpartition(b")")
    except OSError:
        return None
    fields = tail.split()
    if not fields or fields[0] in (b"Z", b"X"):
        return None
    program = head.partition(b"(")[2].decode(errors="replace")
    return Seen(pid=int(pid), parent=int(fields[1]), group=int(fields[2]), started=int(fields[19]) * tick, program=program)


def _by_psutil() -> Iterator[Seen]:
    import psutil

    for process in psutil.process_iter(["pid", "ppid", "create_time", "name", "status"]):
        facts = process.info
        if facts["status"] == psutil.STATUS_ZOMBIE or facts["create_time"] is None:
            continue
        try:
            group = os.getpgid(facts["pid"])
        except OSError:
            continue
        yield Seen(
            pid=facts["pid"], parent=facts["ppid"] or 0, group=group, started=facts["create_time"], program=facts["name"] or "?"
        )  # fmt: skip


def _remove_traces(state: str, pid: int) -> None:
    """What strace noted for a `--learn` that was killed: see tracing.trace_folder."""
    folder = trace_folder(state, pid)
    if os.path.isdir(folder):
        import shutil

        shutil.rmtree(folder, ignore_errors=True)
