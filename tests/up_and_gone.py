"""Jobs that say that they are up, and whether they have gone."""

from __future__ import annotations

import os
import time
from pathlib import Path

from paratask.processes.interrupts import ECHO_SECONDS


def await_jobs(workspace, count: int) -> None:
    """Until so many jobs have said that they are up."""
    seen = b""
    while seen.count(b"up\n") < count:
        seen += os.read(workspace.ready, 100)


def after_echoes() -> None:
    """To be called when paratask has said that a signal came: what it is sent from now on is a second one."""
    time.sleep(ECHO_SECONDS)


def group_is_gone(pid_file: Path) -> bool:
    """Whether no process of the group that the file names is left, once those that were killed have had the time to die."""
    return is_gone(pid_file.read_text().strip())


def is_gone(group: str) -> bool:
    """The same of a group."""
    deadline = time.monotonic() + 10
    while group_is_alive(group):
        if time.monotonic() > deadline:
            return False
    return True


def is_alive(pid: int) -> bool:
    """Whether there is such a process that is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def group_is_alive(group: str) -> bool:
    """Whether a process of the group runs, the dead that nobody has reaped yet aside."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, pgrp, *_ = stat.read_text().rpartition(")")[2].split()
        except (OSError, ValueError):
            continue
        if pgrp == group and state != "Z":
            return True
    return False
