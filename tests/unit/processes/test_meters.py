"""What the machine says of itself."""

from __future__ import annotations

import os

import pytest

from paratask.processes import meters
from paratask.processes.cgroups import read_words
from paratask.scheduling.budget import Budget, Reading


@pytest.mark.parametrize(("affinity", "quota", "cpus"), [(8, 2.0, 2.0), (1, 2.0, 1.0), (8, 0.5, 1.0), (8, 0.0, 8.0)])
def test_the_smallest_counts_and_at_least_one(monkeypatch, affinity, quota, cpus):
    monkeypatch.setattr(meters.os, "sched_getaffinity", lambda _: set(range(affinity)))
    monkeypatch.setattr(meters, "cpu_quota", lambda: quota)
    assert meters.cpu_count() == cpus


def test_a_system_without_affinity(monkeypatch):
    monkeypatch.setattr(meters, "cpu_quota", lambda: 0.0)
    monkeypatch.delattr(meters.os, "sched_getaffinity")
    monkeypatch.setattr(meters.os, "cpu_count", lambda: 6)
    assert meters.cpu_count() == 6.0


@pytest.mark.parametrize(
    ("text", "running"), [("0.5 0.4 0.3 5/900 123", "4"), ("0.5 0.4 0.3 1/900 123", "0"), ("0 0 0 0/9 1", "0")]
)
def test_running_processes_without_ourselves(monkeypatch, text, running):
    monkeypatch.setattr(meters, "read_words", lambda path: text.split())
    assert meters.running_processes() == int(running)


def test_running_processes_without_proc(monkeypatch):
    monkeypatch.setattr(meters, "read_words", lambda path: [])
    assert meters.running_processes() >= 0


@pytest.mark.parametrize("names", [{"SC_PHYS_PAGES": 85}, {}])
def test_memory_without_proc(monkeypatch, names):
    there = {name: meters.machine_memory(name) for name in ("MemTotal:", "MemAvailable:")}
    monkeypatch.setattr(meters, "read_words", lambda path: [])
    monkeypatch.setattr(meters.os, "sysconf_names", {"SC_PAGE_SIZE": os.sysconf_names["SC_PAGE_SIZE"], **names})
    assert meters.machine_memory("MemTotal:") == pytest.approx(there["MemTotal:"], rel=0.01)
    assert 0 < meters.machine_memory("MemAvailable:") < there["MemTotal:"]


def test_memory_and_load_on_linux_without_proc(monkeypatch):
    """psutil reads it, too."""

    def missing(*_: object) -> None:
        raise FileNotFoundError(2, "No such file or directory", "/proc/meminfo")

    total = meters.machine_memory("MemTotal:")
    monkeypatch.setattr(meters, "read_words", lambda path: [])
    monkeypatch.setattr("psutil.virtual_memory", missing)
    monkeypatch.setattr("psutil.process_iter", missing)
    monkeypatch.setattr(meters.sys, "platform", "linux")
    available = meters.machine_memory("MemAvailable:")
    assert available == pytest.approx(total, rel=0.01), "nothing waits for what nobody knows"
    assert meters.running_processes() == 0


def test_on_macos_all_processes_say_that_they_run(monkeypatch):
    monkeypatch.setattr(meters, "read_words", lambda path: [])
    monkeypatch.setattr(meters.sys, "platform", "darwin")
    monkeypatch.setattr(meters.os, "getloadavg", lambda: (3.6, 2.0, 1.0))
    assert meters.running_processes() == 4


def test_this_machine_can_be_read():
    reading = meters.Meter(Budget(cpus=1.0, load=1.0, memory_bytes=1), lambda: 0.0)()
    assert reading.available_bytes > 0
    assert reading.running_processes >= 0
    assert 0.0 <= reading.stalled <= 1.0


def test_only_what_has_a_limit_is_read(monkeypatch):
    monkeypatch.setattr(meters, "read_words", pytest.fail)
    assert meters.Meter(Budget(cpus=1.0), lambda: 0.0)() == Reading()


@pytest.mark.parametrize(("reserve", "times"), [(20, (0.0, 0.01, 0.02)), (1, (0.0, 0.19, 0.2))])
def test_memory_is_read_now_and_then_and_seldom_where_there_is_plenty(monkeypatch, reserve, times):
    amounts, now = iter((100, 200)), [0.0]
    monkeypatch.setattr(meters, "memory_limits", list)
    monkeypatch.setattr(meters, "stalled_share", lambda folder: 0.0)
    monkeypatch.setattr(meters, "machine_memory", lambda name: next(amounts))
    meter = meters.Meter(Budget(cpus=1.0, memory_bytes=reserve), lambda: now[0])
    seen = []
    for now[0] in times:
        seen.append(meter().available_bytes)
    assert seen == [100, 100, 200]


class Limit:
    """A group's limit with so much room."""

    def __init__(self, limit, room=0):
        self.limit, self.folder, self.room = limit, "", lambda: room


@pytest.mark.parametrize(("total", "limits", "reserve"), [(1000, [], 50), (1000, [400, 800], 20), (1 << 40, [], 512 << 20)])
def test_reserve_of_whom_nobody_asked(monkeypatch, total, limits, reserve):
    monkeypatch.setattr(meters, "memory_limits", lambda: [Limit(limit) for limit in limits])
    monkeypatch.setattr(meters, "machine_memory", lambda name: total)
    assert meters.default_reserve() == reserve


def test_the_least_room_counts(monkeypatch):
    monkeypatch.setattr(meters, "memory_limits", lambda: [Limit(9, room=70), Limit(9, room=60)])
    monkeypatch.setattr(meters, "machine_memory", lambda name: 65)
    assert meters.Meter(Budget(cpus=1.0, memory_bytes=1), lambda: 0.0)().available_bytes == 60


@pytest.mark.parametrize(
    ("text", "share"),
    [("some avg10=12.50 avg60=1.00 avg300=0.00 total=9\nfull avg10=3.00", 0.125), ("", 0.0), ("odd", 0.0)],
)
def test_pressure(tmp_path, monkeypatch, text, share):
    (tmp_path / "memory.pressure").write_text(text)
    monkeypatch.setattr(meters, "read_words", lambda path: read_words(path) if str(tmp_path) in path else [])
    assert meters.stalled_share(str(tmp_path)) == share


def busy(monkeypatch, *looks, affinity=4, cpus=4):
    """Looks at the machine: seconds, and the first line of /proc/stat."""
    now, texts = iter([seconds for seconds, _ in looks]), iter([text for _, text in looks])
    monkeypatch.setattr(meters.time, "monotonic", lambda: next(now))
    monkeypatch.setattr(meters, "read_words", lambda path: next(texts).split())
    monkeypatch.setattr(meters, "cpu_count", lambda: float(affinity))
    monkeypatch.setattr(meters.os, "cpu_count", lambda: cpus)
    monkeypatch.setattr(meters.os, "sysconf", lambda name: 100)
    return meters.BusyCores()()


BEFORE = "cpu 100 10 100 5000 300 10 10 70 40 0 cpu0 1"
AFTER = "cpu 700 20 200 5100 900 20 20 140 80 0 cpu0 1"


def test_how_many_cores_were_busy(monkeypatch):
    """Who waits for a disk is idle, what another machine has is not, and guests count as their user does."""
    assert busy(monkeypatch, (10.0, BEFORE), (12.0, AFTER)) == pytest.approx(4.0)
    assert busy(monkeypatch, (10.0, AFTER), (12.0, BEFORE)) == 0.0


def test_of_a_short_time_of_another_system_and_of_a_part_of_the_cores_nobody_knows(monkeypatch):
    assert busy(monkeypatch, (10.0, BEFORE), (10.4, AFTER)) == 0.0
    assert busy(monkeypatch, (10.0, ""), (12.0, "")) == 0.0
    assert busy(monkeypatch, (10.0, BEFORE), (12.0, AFTER), affinity=2) == 0.0
