"""The record of what a run has running, as it is written and as others look at it. What is done by it: execution/test_leftovers.py."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from paratask.execution.leftovers import parse_record
from paratask.processes import running
from paratask.processes.running import (
    LINE_BYTES,
    RunningRecord,
    is_in_use,
    machine_identity,
    output_identity,
    stale_records,
    start_clock,
)


@pytest.fixture
def record(tmp_path):
    made = RunningRecord(str(tmp_path / "running"))
    yield made
    made.close()


def text_of(record: RunningRecord) -> str:
    (path,) = os.listdir(os.path.join(record.state, "running"))
    with open(os.path.join(record.state, "running", path)) as file:
        return file.read()


def test_a_process_is_recorded_before_it_starts_and_until_it_has_ended(record):
    reading, writing = os.pipe()
    begun = start_clock()
    record.starting(writing)
    (before,) = parse_record(text_of(record)).groups
    assert (before.leader, before.output) == (0, output_identity(reading))
    assert before.after == pytest.approx(begun, abs=5.0)
    record.started(1234)
    (after,) = parse_record(text_of(record)).groups
    assert (after.leader, after.output, after.after) == (1234, before.output, before.after)
    assert after.after <= after.before
    record.starting(1)
    record.started(1235)
    assert [(group.leader, group.output) for group in parse_record(text_of(record)).groups] == [
        (1234, after.output),
        (1235, ""),
    ]
    record.drop(99)
    assert [group.leader for group in parse_record(text_of(record)).groups] == [1234, 1235]
    record.drop(1234)
    assert [group.leader for group in parse_record(text_of(record)).groups] == [1235]
    assert {len(line) for line in text_of(record).splitlines()} == {LINE_BYTES - 1}
    os.close(reading)
    os.close(writing)


@pytest.mark.parametrize(("out", "name"), [(0, ""), (1, ""), (2, ""), (3, "named-3")])
def test_what_writes_to_our_own_output_is_not_known_by_that(record, monkeypatch, out, name):
    """Others write to it as well."""
    monkeypatch.setattr(running, "output_identity", lambda fd: f"named-{fd}")
    record.starting(out)
    record.started(7)
    assert [group.output for group in parse_record(text_of(record)).groups] == [name]


def test_a_record_that_somebody_removed_is_closed(record, tmp_path):
    record.starting(1)
    for path in (tmp_path / "running").iterdir():
        path.unlink()
    descriptors = len(os.listdir("/dev/fd"))
    record.close()
    assert len(os.listdir("/dev/fd")) == descriptors - 1


@pytest.mark.parametrize("path", ["/tmp/a\nb", f"/tmp/{'long' * 100}"])
def test_what_fits_into_no_line_took_the_next_line_with_it(record, path):
    record.add_folder(path)
    record.add_folder("/tmp/a")
    record.starting(1)
    record.started(7)
    found = parse_record(text_of(record))
    assert (found.folders, [group.leader for group in found.groups]) == (("/tmp/a",), [7])


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_run_that_lasts_keeps_its_lock_whatever_else_opens_the_file(record, tmp_path, when):
    if when == "before":
        record.hold()
    record.starting(1)
    if when == "after":
        record.hold()
    text_of(record)
    looking = "import sys; from paratask.processes.running import stale_records; print(stale_records(sys.argv[1]))"
    said = subprocess.run([sys.executable, "-c", looking, str(tmp_path)], capture_output=True, text=True, check=True).stdout
    assert said == "[]\n"


def test_a_file_that_somebody_took_away_before_it_was_locked_is_made_anew(record, tmp_path, monkeypatch):
    lock = running.take_lock
    removed = []

    def take_lock(fd):
        if not removed:
            removed.extend((tmp_path / "running").iterdir())
            removed[0].unlink()
        return lock(fd)

    monkeypatch.setattr(running, "take_lock", take_lock)
    record.starting(1)
    record.started(7)
    assert [group.leader for group in parse_record(text_of(record)).groups] == [7]


def test_whether_there_are_records(record, tmp_path):
    assert not is_in_use(str(tmp_path))
    record.starting(1)
    assert is_in_use(str(tmp_path))
    record.close()
    assert not is_in_use(str(tmp_path))


def test_records_are_stale_in_the_order_of_their_names(tmp_path):
    (tmp_path / "running").mkdir()
    for name in ("c", "a", "b"):
        (tmp_path / "running" / name).touch()
    assert [os.path.basename(path) for path in stale_records(str(tmp_path))] == ["a", "b", "c"]


@pytest.mark.skipif(sys.platform != "linux", reason="the device numbers of ptys are Linux's")
def test_pipes_and_terminals_have_names_of_their_own_and_files_have_none(tmp_path):
    ends = [*os.openpty(), *os.openpty(), *os.pipe(), *os.pipe()]
    names = [output_identity(end) for end in ends]
    assert [name.partition(":")[0] for name in names[1::2]] == ["pty", "pty", "pipe", "pipe"]
    assert len(set(names[1::2])) == 4
    assert names[4] == names[5]
    for end in ends:
        os.close(end)
    (tmp_path / "file").touch()
    assert [output_identity(path) for path in (str(tmp_path / "file"), os.devnull, str(tmp_path / "gone"))] == [""] * 3


def dead() -> int:
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


@pytest.mark.parametrize(
    ("line", "killed"),
    [
        ("run {dead} 1 2.00 {here}", True),
        ("run {alive} 1 2.00 {here}", False),
        ("run {dead} 1 2.00 elsewhere", False),
        ("ran {dead} 1 2.00 {here}", False),
        ("run -{dead} 1 2.00 {here}", False),
        ("run 99999999999999999999 1 2.00 {here}", False),
        ("run {dead}", False),
        ("", False),
    ],
)
def test_whether_who_made_a_record_was_killed(tmp_path, line, killed):
    file = tmp_path / "record"
    file.write_text(line.format(dead=dead(), alive=os.getpid(), here=machine_identity()).ljust(LINE_BYTES - 1) + "\n")
    with file.open() as opened:
        assert running._was_killed(opened.fileno()) is killed
