"""Which paratask we are part of: one of its commands called us, be it through a script, a hook or a program that knows no paratask.

It is the nearest of our ancestors that holds a record of what it runs in this checkout (running.py). So no command's environment has to
differ for it. Loaded only where somebody runs something here. Knows processes, and nothing of runs and their ids.
"""

from __future__ import annotations

import os

from paratask.processes.running import LINE_BYTES, OPENING, RUNNING_FOLDER, lock, machine_identity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


def enclosing_process(state: str) -> int:
    """Its process id; 0 where there is none. `state` is the path of `.paratask`."""
    try:
        records = {name.rpartition("-")[2]: name for name in os.listdir(os.path.join(state, RUNNING_FOLDER))}
    except OSError:
        return 0
    records.pop(str(os.getpid()), None)
    if not records:
        return 0
    held = (pid for pid in _ancestors() if str(pid) in records)
    return next((pid for pid in held if _is_held(os.path.join(state, RUNNING_FOLDER, records[str(pid)]))), 0)


def _is_held(path: str) -> bool:
    """Whether its paratask lives, and its process id means to us what it means there."""
    try:
        fd = os.open(path, OPENING)
    except OSError:
        return False
    try:
        first = os.pread(fd, LINE_BYTES, 0).decode(errors="replace").split()
        return first[:1] == ["run"] and first[-1] == machine_identity() and not lock(fd, os.F_TEST)
    except OSError:  # a file system without locks
        return True
    finally:
        os.close(fd)


def _ancestors() -> Iterator[int]:
    """The nearest first."""
    pid = os.getppid()
    while pid > 1:
        yield pid
        pid = _parent(pid)


def _parent(pid: int) -> int:
    """proc_pid_stat(5); 0 where it has gone."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return int(file.read().rpartition(b")")[2].split()[1])
    except (OSError, IndexError, ValueError):
        pass
    if os.path.exists("/proc/self/stat"):
        return 0
    import psutil

    try:
        return int(psutil.Process(pid).ppid())
    except psutil.Error:
        return 0
