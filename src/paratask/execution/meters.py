"""What the machine has and does now. See "Resources" in docs/design.md. Measures only; decides nothing."""

from __future__ import annotations

import os

from paratask.scheduling.budget import Reading

CGROUP = "/sys/fs/cgroup"


def cpu_count(cgroup: str = CGROUP) -> float:
    """The cores we may use: the smaller of affinity and the cgroup's quota (v1 and v2), at least one."""
    try:
        count = float(len(os.sched_getaffinity(0)))
    except (AttributeError, OSError):
        count = float(os.cpu_count() or 1)
    quota = cgroup_cpus(cgroup)
    return max(1.0, min(count, quota)) if quota else max(1.0, count)


def cgroup_cpus(cgroup: str = CGROUP) -> float:
    """The cgroup's cpu quota in cores; 0 where there is none."""
    limit = read_words(f"{cgroup}/cpu.max")
    if len(limit) == 2 and limit[0] != "max":
        return int(limit[0]) / int(limit[1])
    quota, period = read_words(f"{cgroup}/cpu/cpu.cfs_quota_us"), read_words(f"{cgroup}/cpu/cpu.cfs_period_us")
    if quota and period and int(quota[0]) > 0:
        return int(quota[0]) / int(period[0])
    return 0.0


def read_words(path: str) -> list[str]:
    """The words of one of the kernel's files; none where it cannot be read."""
    try:
        with open(path, encoding="ascii") as file:
            return file.read().split()
    except (OSError, ValueError):
        return []


def read_machine() -> Reading:
    """Processes that run or wait for a core now, ourselves not counted, and memory that could be had."""
    import psutil

    return Reading(running_processes=running_processes(), available_bytes=psutil.virtual_memory().available)


def running_processes() -> int:
    """GNU parallel's idea of load: what runs now, not the minute's average."""
    fields = read_words("/proc/loadavg")
    if len(fields) >= 4 and "/" in fields[3]:
        return max(0, int(fields[3].split("/")[0]) - 1)
    import psutil

    return sum(1 for process in psutil.process_iter(["status"]) if process.info["status"] == psutil.STATUS_RUNNING) - 1
