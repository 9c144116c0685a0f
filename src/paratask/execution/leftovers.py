"""Ends what a killed run left running, and removes its temporary folders: by its record (processes/running.py). See "Processes" in docs/design.md.

A process group is ended only when it is certain whose it is: its leader is the process that was recorded, by pid and start time; or the
leader is gone, and a member holds the pipe or pty that was made for this command. Groups in which we are ourselves, or who started
us, are let be. Loaded only where a record was found that nobody holds.
"""

from __future__ import annotations

import os
import time

from paratask.execution.jobserver.pool import remove_folder
from paratask.execution.tracing import trace_folder
from paratask.frozen import dataclass
from paratask.processes.enclosing import is_held
from paratask.processes.ending import end_at_once, end_gently, wait_until
from paratask.processes.process import send_to_group
from paratask.processes.process_table import read_processes
from paratask.processes.running import machine_identity, output_identity, stale_records
from paratask.state_files import open_plain, take_lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import TypeAlias

    from paratask.processes.process_table import Seen

    End: TypeAlias = Callable[[Callable[[int], None], Callable[[], bool]], bool]
    """See processes.ending."""

MAX_ROUNDS = 3
KEPT_SECONDS = 86_400.0
"""How long a record stays that only its own machine, or container, can judge."""

CLOCK_SLACK = 0.02  # the kernel tells start times in hundredths of a second, and so do we
FOLDER_PREFIX = "paratask-"


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
        fd = open_plain(path, writable=True)
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
    return os.fstat(fd).st_uid == os.geteuid() and take_lock(fd) and os.fstat(fd).st_nlink > 0


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


def _remove_traces(state: str, pid: int) -> None:
    """What strace noted for a `--learn` that was killed: see tracing.trace_folder."""
    folder = trace_folder(state, pid)
    if os.path.isdir(folder):
        import shutil

        shutil.rmtree(folder, ignore_errors=True)
