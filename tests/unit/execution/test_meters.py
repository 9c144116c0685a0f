"""What the machine says of itself."""

from __future__ import annotations

import pytest

from paratask.execution import meters


@pytest.mark.parametrize(
    ("files", "cpus"),
    [
        ({"cpu.max": "150000 100000\n"}, 1.5),
        ({"cpu.max": "max 100000\n"}, 0.0),
        ({"cpu.max": "50000 100000\n"}, 0.5),
        ({"cpu/cpu.cfs_quota_us": "300000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 3.0),
        ({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, 0.0),
        ({"cpu/cpu.cfs_quota_us": "300000\n"}, 0.0),
        ({"cpu.max": ""}, 0.0),
        ({}, 0.0),
    ],
)
def test_quota_of_a_cgroup(tmp_path, files, cpus):
    (tmp_path / "cpu").mkdir()
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    assert meters.cgroup_cpus(str(tmp_path)) == cpus


@pytest.mark.parametrize(
    ("affinity", "quota", "cpus"), [(8, "200000", 2.0), (1, "200000", 1.0), (8, "50000", 1.0), (8, "max", 8.0)]
)
def test_the_smallest_counts_and_at_least_one(tmp_path, monkeypatch, affinity, quota, cpus):
    monkeypatch.setattr(meters.os, "sched_getaffinity", lambda _: set(range(affinity)))
    (tmp_path / "cpu.max").write_text(f"{quota} 100000")
    assert meters.cpu_count(str(tmp_path)) == cpus


def test_a_system_without_affinity(tmp_path, monkeypatch):
    monkeypatch.delattr(meters.os, "sched_getaffinity")
    monkeypatch.setattr(meters.os, "cpu_count", lambda: 6)
    assert meters.cpu_count(str(tmp_path)) == 6.0


@pytest.mark.parametrize(
    ("text", "running"), [("0.5 0.4 0.3 5/900 123", "4"), ("0.5 0.4 0.3 1/900 123", "0"), ("0 0 0 0/9 1", "0")]
)
def test_running_processes_without_ourselves(monkeypatch, text, running):
    monkeypatch.setattr(meters, "read_words", lambda path: text.split())
    assert meters.running_processes() == int(running)


def test_running_processes_without_proc(monkeypatch):
    monkeypatch.setattr(meters, "read_words", lambda path: [])
    assert meters.running_processes() >= -1


def test_this_machine_can_be_read():
    reading = meters.read_machine()
    assert reading.available_bytes > 0
    assert reading.running_processes >= 0
