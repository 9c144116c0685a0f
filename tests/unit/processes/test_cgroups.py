"""Control groups' limits, read from folders as the kernel makes them."""

from __future__ import annotations

import pytest

from paratask.processes.cgroups import cpu_quota, folders_of, memory_limits


def write(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.mark.parametrize(
    ("files", "cpus"),
    [
        ({"cpu.max": "150000 100000\n"}, 1.5),
        ({"cpu.max": "max 100000\n"}, 0.0),
        ({"cpu.max": "50000 100000\n"}, 0.5),
        ({"cpu.max": ""}, 0.0),
        ({"cpu/cpu.cfs_quota_us": "300000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 3.0),
        ({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, 0.0),
        ({"cpu/cpu.cfs_quota_us": "300000\n"}, 0.0),
        ({}, 0.0),
    ],
)
def test_quota_of_the_group_that_a_container_sees(tmp_path, files, cpus):
    write(tmp_path, files)
    assert cpu_quota(str(tmp_path), str(tmp_path / "own")) == cpus


def test_the_smallest_quota_on_the_way_up_counts(tmp_path):
    write(
        tmp_path, {"cgroup.controllers": "cpu", "a/cpu.max": "200000 100000", "a/b/cpu.max": "max 100000", "own": "0::/a/b\n"}
    )
    assert cpu_quota(str(tmp_path), str(tmp_path / "own")) == 2.0


def test_a_group_of_version_1_that_is_not_mounted_here(tmp_path):
    """As in a container that has the host's path in its file, and its own group mounted as the root."""
    write(tmp_path, {"memory/memory.limit_in_bytes": "1000", "own": "4:memory:/docker/0123\n0::/\n"})
    assert folders_of("memory", str(tmp_path), str(tmp_path / "own")) == [f"{tmp_path}/memory"]


def test_memory_of_version_2(tmp_path):
    write(
        tmp_path,
        {
            "cgroup.controllers": "memory", "own": "0::/a/b\n", "a/memory.max": "1000\n", "a/memory.current": "700\n",
            "a/memory.stat": "anon 500\ninactive_file 150\n", "a/b/memory.max": "max\n", "a/b/memory.current": "700\n",
        },
    )  # fmt: skip
    (limit,) = memory_limits(str(tmp_path), str(tmp_path / "own"))
    assert (limit.limit, limit.room()) == (1000, 450)


def test_memory_of_version_1(tmp_path):
    write(
        tmp_path,
        {
            "own": "4:memory:/job\n2:cpu:/\n", "memory/memory.limit_in_bytes": f"{(1 << 63) - 4096}\n",
            "memory/job/memory.limit_in_bytes": "2000\n", "memory/job/memory.usage_in_bytes": "1900\n",
            "memory/job/memory.stat": "inactive_file 1\ntotal_inactive_file 300\n",
        },
    )  # fmt: skip
    (limit,) = memory_limits(str(tmp_path), str(tmp_path / "own"))
    assert (limit.limit, limit.room()) == (2000, 400)


def test_a_group_that_is_full_has_no_room_and_one_that_went_away_all(tmp_path):
    write(tmp_path, {"memory.max": "1000", "memory.current": "1200"})
    (limit,) = memory_limits(str(tmp_path), str(tmp_path / "own"))
    assert limit.room() == 0
    (tmp_path / "memory.current").unlink()
    assert limit.room() == 1000


def test_without_any(tmp_path):
    assert memory_limits(str(tmp_path), str(tmp_path / "own")) == []
    assert cpu_quota(str(tmp_path / "none"), str(tmp_path / "own")) == 0.0
