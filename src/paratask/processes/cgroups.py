"""The limits that control groups set us, of both versions: cores and memory. See "Resources" in docs/design.md. Reads only.

Our own group counts, and every one above it that can be seen; in a container ours is the top one. Files as the kernel documents them
(admin-guide/cgroup-v2, cgroup-v1/memory, scheduler/sched-bwc).
"""

from __future__ import annotations

import os

from paratask.frozen import dataclass

ROOT = "/sys/fs/cgroup"
OWN = "/proc/self/cgroup"
UNLIMITED = 1 << 60
"""v1 writes a number near 2**63 for no limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryFiles:
    """How a version of control groups calls them, in a group's folder."""

    limit: str
    usage: str
    idle: str
    """What stands in memory.stat for pages of files that nobody needs at the moment: they are given up before anything else."""


KILLS = ("memory.events", "memory.oom_control")
VERSION_1 = MemoryFiles(limit="memory.limit_in_bytes", usage="memory.usage_in_bytes", idle="total_inactive_file")
VERSION_2 = MemoryFiles(limit="memory.max", usage="memory.current", idle="inactive_file")


def read_words(path: str) -> list[str]:
    """The words of one of the kernel's files; none where it cannot be read."""
    try:
        with open(path, encoding="ascii") as file:
            return file.read().split()
    except (OSError, ValueError):
        return []


def folders_of(controller: str, root: str = ROOT, own: str = OWN) -> list[str]:
    """Our group's folder and those above it, up to the root that we see; a version 1 hierarchy where it has this controller."""
    paths = {}
    for line in _lines(own):
        _, controllers, path = line.split(":", 2)
        paths.update(dict.fromkeys(controllers.split(","), path))
    for base, path in ((f"{root}/{controller}", paths.get(controller, "/")), (root, paths.get("", "/"))):
        found = [folder for folder in _upwards(base, path) if os.path.isdir(folder)]
        if found and (base != root or os.path.exists(f"{root}/cgroup.controllers")):
            return found
    return [root]


def _lines(path: str) -> list[str]:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return [line for line in file.read().splitlines() if line.count(":") >= 2]
    except OSError:
        return []


def _upwards(base: str, path: str) -> list[str]:
    folders = []
    while path.strip("/"):
        folders.append(base + path)
        path = os.path.dirname(path)
    return [*folders, base]


def cpu_quota(root: str = ROOT, own: str = OWN) -> float:
    """The smallest quota in cores; 0 where there is none."""
    return min(filter(None, map(_quota, folders_of("cpu", root, own))), default=0.0)


def _quota(folder: str) -> float:
    limit = read_words(f"{folder}/cpu.max")
    if len(limit) == 2 and limit[0] != "max":
        return int(limit[0]) / int(limit[1])
    quota, period = read_words(f"{folder}/cpu.cfs_quota_us"), read_words(f"{folder}/cpu.cfs_period_us")
    return int(quota[0]) / int(period[0]) if quota and period and int(quota[0]) > 0 else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryLimit:
    """One group's limit, in bytes."""

    folder: str
    files: MemoryFiles
    limit: int

    def room(self) -> int:
        """What may still be taken before somebody is killed for it."""
        usage = read_words(f"{self.folder}/{self.files.usage}")
        idle = _count_after(self.files.idle, f"{self.folder}/memory.stat")
        return max(0, self.limit - int(usage[0]) + idle) if usage else self.limit


def oom_kills(root: str = ROOT, own: str = OWN) -> int:
    """How many processes the kernel has ended for want of memory: in our group, as far as that is counted, and on the machine."""
    counts = [_count_after("oom_kill", f"{folder}/{name}") for folder in folders_of("memory", root, own) for name in KILLS]
    return sum(counts) + _count_after("oom_kill", "/proc/vmstat")


def _count_after(name: str, path: str) -> int:
    words = read_words(path)
    return int(words[words.index(name) + 1]) if name in words else 0


def memory_limits(root: str = ROOT, own: str = OWN) -> list[MemoryLimit]:
    """Of our group and those above it: those that have one."""
    found = []
    for folder in folders_of("memory", root, own):
        for files in (VERSION_2, VERSION_1):
            words = read_words(f"{folder}/{files.limit}")
            if words and words[0].isdigit() and int(words[0]) < UNLIMITED:
                found.append(MemoryLimit(folder=folder, files=files, limit=int(words[0])))
    return found
