"""Which paratask we are part of: one of its commands called us, be it through a script, a hook or a program that knows no paratask. And
which are part of us.

It is the nearest of our ancestors that holds a record of what it runs in this checkout (running.py). So no command's environment has to
differ for it. Loaded only where somebody runs something here. Knows processes, and nothing of runs and their ids.
"""

from __future__ import annotations

import os

from paratask.processes.process_table import group_of, parent_of
from paratask.processes.running import LINE_BYTES, RUNNING_FOLDER, machine_identity
from paratask.state_files import is_locked, open_plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterator


def enclosing_process(state: str) -> int:
    """Its process id; 0 where there is none. `state` is the path of `.paratask`."""
    records = _records(state)
    if not records:
        return 0
    for ancestor in _ancestors(os.getpid()):
        if any(is_held(path) for path, pid in records.items() if pid == ancestor):
            return ancestor
    return 0


def inner_records(state: str, groups: Container[int], *, above: int) -> dict[str, int]:
    """The records of paratasks in this checkout that are in one of these `groups`, or below the process `above`, and not ourselves: their
    paths, with the process ids.

    Who is below a command may be in another group (`timeout` makes one), and who is in its group below nobody, when a shell between is gone.
    """
    return {
        path: pid
        for path, pid in _records(state).items()
        if (group_of(pid) in groups or above in _ancestors(pid)) and is_held(path)
    }


def _records(state: str) -> dict[str, int]:
    """The process ids of who made them, by their paths; not our own. Where containers share the checkout, several may have one id."""
    folder = os.path.join(state, RUNNING_FOLDER)
    try:
        names = os.listdir(folder)
    except OSError:
        return {}
    owners = {name: name.rpartition("-")[2] for name in names}
    us = str(os.getpid())
    return {os.path.join(folder, name): int(pid) for name, pid in owners.items() if pid.isdecimal() and pid != us}


def is_held(path: str) -> bool:
    """Whether its paratask lives, and its process id means to us what it means there."""
    try:
        fd = open_plain(path, writable=True)
    except OSError:
        return False
    try:
        first = os.pread(fd, LINE_BYTES, 0).decode(errors="replace").split()
        return first[:1] == ["run"] and first[-1] == machine_identity() and is_locked(fd)
    except OSError:  # a file system without locks
        return True
    finally:
        os.close(fd)


def _ancestors(process: int) -> Iterator[int]:
    """The nearest first. The last may be a paratask: a container's only program has the id 1."""
    pid = parent_of(process)
    while pid > 0:
        yield pid
        pid = parent_of(pid)
