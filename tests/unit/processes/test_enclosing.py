"""Which paratask we are part of."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from paratask.processes.enclosing import inner_records, is_held
from paratask.processes.running import RUNNING_FOLDER, RunningRecord, machine_identity

NOBODY = 2**22 + 1
KEEP = """
import sys
from paratask.processes.running import RunningRecord
record = RunningRecord(sys.argv[1])
record.starting(1)
print(flush=True)
sys.stdin.read()
"""
ASK = "import sys; from paratask.processes.enclosing import enclosing_process; print(enclosing_process(sys.argv[1]))"


def asked_inside(state) -> int:
    """What a process that we start finds."""
    return int(subprocess.run([sys.executable, "-c", ASK, state], capture_output=True, check=True).stdout)


def test_a_record_with_the_same_process_id_from_another_container_hid_the_one_that_holds(tmp_path):
    folder = tmp_path / RUNNING_FOLDER
    folder.mkdir()
    for name in range(30):
        (folder / f"{name:x}-{os.getpid()}").write_text("run 1 1 0.0 another-boot/pid:[1]\n")
    assert asked_inside(tmp_path) == 0
    record = RunningRecord(str(folder))
    record.starting(1)
    assert asked_inside(tmp_path) == os.getpid()
    record.close()


@pytest.fixture
def inner(tmp_path):
    """A process that holds a record, in a group of its own."""
    with subprocess.Popen(
        [sys.executable, "-c", KEEP, tmp_path / RUNNING_FOLDER],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
    ) as process:  # fmt: skip
        process.stdout.readline()
        yield process
        process.kill()


def test_those_in_a_group_and_those_below_a_process_are_part_of_us(tmp_path, inner):
    state = str(tmp_path)
    (tmp_path / RUNNING_FOLDER / "odd").touch()
    (tmp_path / RUNNING_FOLDER / f"0-{NOBODY}").touch()
    (path,) = (tmp_path / RUNNING_FOLDER).glob(f"*-{inner.pid}")
    (tmp_path / RUNNING_FOLDER / f"0-{inner.pid}").touch()
    assert asked_inside(tmp_path) == 0
    found = {str(path): inner.pid}
    assert inner_records(state, {inner.pid}, above=NOBODY) == found
    assert inner_records(state, (), above=os.getpid()) == found
    assert inner_records(state, {NOBODY}, above=NOBODY) == {}
    inner.kill()
    inner.wait()
    assert inner_records(state, {inner.pid}, above=os.getpid()) == {}


def test_who_looks_keeps_its_own_lock(tmp_path):
    """It would be gone with any descriptor of the file that is closed."""
    record = RunningRecord(str(tmp_path / RUNNING_FOLDER))
    record.starting(1)
    assert inner_records(str(tmp_path), {os.getpgrp()}, above=os.getppid()) == {}
    assert asked_inside(tmp_path) == os.getpid()
    record.close()


def test_where_there_are_no_records_nobody_is_part_of_us(tmp_path):
    assert inner_records(str(tmp_path), {os.getpgrp()}, above=os.getpid()) == {}
    assert asked_inside(tmp_path) == 0


def test_a_record_counts_while_it_is_held_and_its_ids_mean_to_us_what_they_mean_there(tmp_path, inner):
    (path,) = (tmp_path / RUNNING_FOLDER).iterdir()
    text = path.read_text()
    assert is_held(str(path))
    for wrong in (text.replace(machine_identity(), "elsewhere"), text.replace("run", "ran"), ""):
        path.write_text(wrong)
        assert not is_held(str(path))
    path.write_text(text)
    assert is_held(str(path))
    inner.kill()
    inner.wait()
    assert not is_held(str(path))
    path.unlink()
    assert not is_held(str(path))
