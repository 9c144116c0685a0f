"""What the machine has and does now. See "Resources" in docs/design.md. Measures only; decides nothing."""

from __future__ import annotations

import os
import sys
import time

from paratask.processes.cgroups import cpu_quota, memory_limits, read_words
from paratask.scheduling.budget import Reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from paratask.processes.cgroups import MemoryLimit
    from paratask.scheduling.budget import Budget

RESERVE_SHARE = 0.05
MOST_RESERVE = 512 << 20
STALE_SECONDS, STALE_IN_PLENTY_SECONDS = 0.02, 0.2
LEAST_BUSY_SECONDS = 0.5
"""The kernel counts in hundredths: of less time that says too little."""

USER, NICE, SYSTEM, IRQ, SOFTIRQ, STEAL = 1, 2, 3, 6, 7, 8
"""Places in the first line of /proc/stat."""

PLENTY = 8
"""So many times the reserve is plenty of memory."""


def cpu_count() -> float:
    """The cores we may use: the smaller of affinity and the control groups' quota (v1 and v2), at least one."""
    try:
        count = float(len(os.sched_getaffinity(0)))
    except (AttributeError, OSError):
        count = float(os.cpu_count() or 1)
    quota = cpu_quota()
    return max(1.0, min(count, quota)) if quota else max(1.0, count)


def default_reserve() -> int:
    """What stays available where nobody says how much, in bytes: a twentieth of the machine's or our group's memory, 512 MB at most."""
    total = min([limit.limit for limit in memory_limits()] + [machine_memory("MemTotal:")])
    return min(MOST_RESERVE, int(total * RESERVE_SHARE))


class Meter:
    """Reads the machine; of load and memory only what `budget` has limits for. `now` is a clock in seconds.

    Memory is read now and then, seldom where there is plenty: it is asked for whenever something may start.
    """

    def __init__(self, budget: Budget, now: Callable[[], float]) -> None:
        self._budget = budget
        self._now = now
        self._limits: list[MemoryLimit] | None = None
        self._read_again_at = float("-inf")
        self._available = 0
        self._stalled = 0.0

    def __call__(self) -> Reading:
        if self._budget.memory_bytes and self._now() >= self._read_again_at:
            self._read_memory()
        running = running_processes() if self._budget.load else 0
        return Reading(running_processes=running, available_bytes=self._available, stalled=self._stalled)

    def fresh(self) -> Reading:
        """The same, with memory as it is now."""
        self._read_again_at = float("-inf")
        return self()

    def _read_memory(self) -> None:
        if self._limits is None:
            self._limits = memory_limits()
        self._available = min([limit.room() for limit in self._limits] + [machine_memory("MemAvailable:")])
        self._stalled = stalled_share(self._limits[0].folder if self._limits else "")
        is_plenty = self._available > PLENTY * self._budget.memory_bytes
        self._read_again_at = self._now() + (STALE_IN_PLENTY_SECONDS if is_plenty else STALE_SECONDS)


class BusyCores:
    """How many cores were busy since it was made, whoever computed; 0 where nobody knows, or where we may not use all that there are."""

    def __init__(self) -> None:
        self._began_at = time.monotonic()
        self._busy = _busy_seconds()

    def __call__(self) -> float:
        seconds = time.monotonic() - self._began_at
        if seconds < LEAST_BUSY_SECONDS or cpu_count() < (os.cpu_count() or 1):
            return 0.0
        return max(0.0, _busy_seconds() - self._busy) / seconds


def _busy_seconds() -> float:
    """Of all cores, since the machine began. A core that waits for a disk is idle, and one that another machine has on the same host is busy."""
    words = read_words("/proc/stat")
    if words[:1] != ["cpu"] or len(words) <= STEAL:
        return 0.0
    return sum(float(words[place]) for place in (USER, NICE, SYSTEM, IRQ, SOFTIRQ, STEAL)) / os.sysconf("SC_CLK_TCK")


def available_memory(budget: Budget) -> int:
    """What may be had now, in bytes; nothing where the budget has no limit for it, and nobody asks."""
    return Meter(budget, lambda: 0.0)().available_bytes


def stalled_share(folder: str = "") -> float:
    """The share of the last ten seconds in which something waited for memory: of the group in `folder` where it says, else of the machine.

    0 where the kernel does not count that (accounting/psi).
    """
    for path in (f"{folder}/memory.pressure", "/proc/pressure/memory") if folder else ("/proc/pressure/memory",):
        words = read_words(path)
        if len(words) > 1 and words[1].startswith("avg10="):
            return float(words[1].removeprefix("avg10=")) / 100
    return 0.0


def machine_memory(name: str) -> int:
    """MemTotal: or MemAvailable:, in bytes. Where the kernel has no such file psutil knows it, which a run that asks for neither is to do without.
    On Linux that reads /proc as well: where it is not mounted, all that there is counts as available, so that nothing waits for what nobody knows.
    """
    words = read_words("/proc/meminfo")
    if name in words:
        return int(words[words.index(name) + 1]) * 1024
    total = _configured("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    if name == "MemTotal:" and total > 0:
        return total
    import psutil

    try:
        found = psutil.virtual_memory()
    except OSError:
        return total
    return int(found.total if name == "MemTotal:" else found.available)


def _configured(name: str) -> int:
    return os.sysconf(name) if name in os.sysconf_names else 0


def running_processes() -> int:
    """GNU parallel's idea of load: what runs now, not the minute's average. On macOS that has to do: there all processes say that they run."""
    fields = read_words("/proc/loadavg")
    if len(fields) >= 4 and "/" in fields[3]:
        return max(0, int(fields[3].split("/")[0]) - 1)
    if sys.platform == "darwin":
        return round(os.getloadavg()[0])
    import psutil

    try:
        running = sum(1 for process in psutil.process_iter(["status"]) if process.info["status"] == psutil.STATUS_RUNNING)
    except (OSError, IndexError):  # Linux without /proc: psutil counts on there being a process
        return 0
    return max(0, running - 1)
