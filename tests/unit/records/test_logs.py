"""Logs of a run: byte for byte, pruned, and never a reason to fail."""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path

import pytest

from paratask.records import logs
from paratask.records.logs import LogFile, RunFolder, new_run_id, prune_runs
from paratask.records.runs import run_ids


def run_folder(tmp_path: Path) -> RunFolder:
    return RunFolder(str(tmp_path / ".paratask"), "20240101-000000-000-1")


def test_log_holds_what_was_written_byte_for_byte(tmp_path: Path) -> None:
    folder = run_folder(tmp_path)
    for data in (b"a\x00\xff", b"", b"\r\nb" * 100_000):
        folder.of("job").write(data)
    folder.of("other").write(b"x")
    folder.close()
    assert Path(folder.log_path("job")).read_bytes() == b"a\x00\xff" + b"\r\nb" * 100_000
    assert Path(folder.log_path("other")).read_bytes() == b"x"
    assert folder.trouble == ""


def test_nothing_is_made_before_something_is_kept(tmp_path: Path) -> None:
    folder = run_folder(tmp_path)
    folder.of("job").write(b"")
    folder.end_log("job")
    folder.close()
    assert list(tmp_path.iterdir()) == []


def test_state_folder_ignores_itself_and_keeps_a_gitignore_of_the_user(tmp_path: Path) -> None:
    run_folder(tmp_path).of("job").write(b"x")
    ignore = tmp_path / ".paratask/.gitignore"
    assert ignore.read_text() == "*\n"
    ignore.write_text("runs\n")
    RunFolder(str(tmp_path / ".paratask"), "2").of("job").write(b"x")
    assert ignore.read_text() == "runs\n"


def test_short_writes_are_continued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    monkeypatch.setattr(logs.os, "write", lambda fd, data: real(fd, bytes(data[:3])))
    log = LogFile(str(tmp_path / "x"), lambda: None, lambda error: pytest.fail(str(error)))
    log.write(b"0123456789")
    log.close()
    assert (tmp_path / "x").read_bytes() == b"0123456789"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_log_on_a_full_disk_notes_trouble_once_and_does_not_raise() -> None:
    noted: list[OSError] = []
    log = LogFile("/dev/full", lambda: None, noted.append)
    log.write(b"x")
    log.write(b"y")
    log.close()
    assert [error.errno for error in noted] == [errno.ENOSPC]


def test_run_on_a_full_disk_goes_on_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = run_folder(tmp_path)
    log = folder.of("job")

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(logs.os, "write", full)
    log.write(b"x")
    folder.of("second").write(b"x")
    assert folder.trouble == f"No space left on device: {folder.path}"


def test_run_in_a_folder_that_cannot_be_written_goes_on_and_says_so(tmp_path: Path) -> None:
    (tmp_path / ".paratask").write_text("a file in the way")
    folder = run_folder(tmp_path)
    folder.of("job").write(b"x")
    folder.write_file("summary.json", "{}")
    assert folder.set_aside("job", 1) == ""
    folder.close()
    assert folder.trouble.startswith("Not a directory: ")
    assert not folder.has_records()
    assert (tmp_path / ".paratask").read_text() == "a file in the way"


def test_what_a_full_disk_left_empty_is_no_record(tmp_path: Path) -> None:
    folder = run_folder(tmp_path)
    assert not folder.has_records()
    os.makedirs(folder.path)
    (Path(folder.path) / "journal.jsonl").touch()
    assert not folder.has_records()
    folder.of("job").write(b"x")
    assert folder.has_records()
    assert not folder.has_records("journal.jsonl")


def test_first_attempt_is_set_aside(tmp_path: Path) -> None:
    folder = run_folder(tmp_path)
    folder.of("job").write(b"first")
    kept = folder.set_aside("job", 1)
    folder.of("job").write(b"second")
    folder.close()
    assert Path(kept).read_bytes() == b"first"
    assert kept == os.path.join(folder.path, "job.first-attempt.log")
    assert Path(folder.log_path("job")).read_bytes() == b"second"


def test_each_attempt_has_a_log_of_its_own(tmp_path: Path) -> None:
    folder = run_folder(tmp_path)
    for attempt in (1, 2, 11):
        folder.of("job").write(b"%d" % attempt)
        folder.set_aside("job", attempt)
    folder.close()
    kept = {name: (Path(folder.path) / name).read_bytes() for name in os.listdir(folder.path)}
    assert kept == {"job.first-attempt.log": b"1", "job.second-attempt.log": b"2", "job.11th-attempt.log": b"11"}


def test_closed_log_is_not_emptied_by_closing_the_folder(tmp_path: Path) -> None:
    folder = run_folder(tmp_path)
    folder.of("job").write(b"x")
    folder.end_log("job")
    folder.end_log("never opened")
    folder.close()
    assert Path(folder.log_path("job")).read_bytes() == b"x"


def descriptors() -> int:
    return len(os.listdir("/dev/fd"))


def test_job_that_has_ended_holds_no_descriptor_and_what_it_left_running_is_still_logged(tmp_path: Path) -> None:
    before = descriptors()
    folder = run_folder(tmp_path)
    log = folder.of("job")
    log.write(b"first ")
    folder.end_log("job")
    assert descriptors() == before
    for data in (b"and ", b"last"):
        log.write(data)
        assert descriptors() == before
    assert Path(folder.log_path("job")).read_bytes() == b"first and last"


def test_attempt_without_output_has_an_empty_log(tmp_path: Path) -> None:
    folder = run_folder(tmp_path)
    folder.of("job").write(b"")
    kept = folder.set_aside("job", 1)
    assert Path(kept).read_bytes() == b""
    assert os.listdir(folder.path) == ["job.first-attempt.log"]
    assert folder.trouble == ""


def test_file_is_written_whole_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    folder = run_folder(tmp_path)
    folder.write_file("summary.json", "{}é\udcff")
    assert (Path(folder.path) / "summary.json").read_bytes() == "{}é".encode() + b"\xff"
    assert os.listdir(folder.path) == ["summary.json"]


@pytest.mark.parametrize(("keep", "left"), [(0, []), (1, ["3"]), (2, ["2", "3"]), (3, ["1", "2", "3"]), (9, ["1", "2", "3"])])
def test_prune_keeps_the_newest_runs(tmp_path: Path, keep: int, left: list[str]) -> None:
    for name in ("2", "1", "3"):
        (tmp_path / "runs" / name).mkdir(parents=True)
        (tmp_path / "runs" / name / "job.log").write_text("x")
    prune_runs(str(tmp_path), keep)
    assert sorted(os.listdir(tmp_path / "runs")) == left


def test_prune_without_runs_does_nothing(tmp_path: Path) -> None:
    prune_runs(str(tmp_path), 1)
    assert list(tmp_path.iterdir()) == []


def test_a_run_of_the_future_stayed_the_newest_until_that_time_came(tmp_path: Path) -> None:
    ahead, inside, long_ago = "20991231-235959-000-1", "20991231-235959-500-2-inner", "20200101-000000-000-1"
    for name in (ahead, inside, long_ago):
        (tmp_path / "runs" / name).mkdir(parents=True)
    assert run_ids(str(tmp_path)) == [inside, ahead, long_ago], "it is the newest as long as there is no other"
    later = new_run_id()
    RunFolder(str(tmp_path), later).write_file("summary.json", "{}")
    assert run_ids(str(tmp_path)) == [later, long_ago, inside, ahead]
    prune_runs(str(tmp_path), 2)
    assert run_ids(str(tmp_path)) == [later, long_ago]
    RunFolder(str(tmp_path), new_run_id(1)).write_file("summary.json", "{}")
    assert not (tmp_path / "overtaken").exists()


def test_a_clock_that_was_in_the_past_keeps_runs_in_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    ids = []
    for moment in (now - 10, 86400.0, now):
        monkeypatch.setattr(time, "time", lambda moment=moment: moment)
        ids.append(new_run_id(len(ids)))
        RunFolder(str(tmp_path), ids[-1]).write_file("summary.json", "{}")
    assert run_ids(str(tmp_path)) == ids[::-1]


def test_a_run_that_began_while_another_was_planned_is_not_taken_for_an_older_one(tmp_path: Path) -> None:
    first = RunFolder(str(tmp_path), new_run_id())
    second = new_run_id(1)
    RunFolder(str(tmp_path), second).write_file("summary.json", "{}")
    first.write_file("summary.json", "{}")
    assert not (tmp_path / "overtaken").exists()


def test_runs_of_two_containers_that_began_at_one_moment_had_one_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Each is the first process of its container, so that nothing but the moment tells them apart."""
    moments = [1_700_000_000.1234567, 1_700_000_000.1236, 1_700_000_000.124]

    def ids() -> list[str]:
        found = []
        for moment in moments:
            monkeypatch.setattr(time, "time", lambda moment=moment: moment)
            found.append(new_run_id())
        return found

    monkeypatch.setattr(os, "getpid", lambda: 1)
    elsewhere = tmp_path / "namespace"
    elsewhere.touch()
    monkeypatch.setattr(logs, "PID_NAMESPACE", str(elsewhere))
    assert ids() == ["20231114-221320-123456-1", "20231114-221320-123600-1", "20231114-221320-124000-1"]
    for not_told in (str(tmp_path / "none"), "/proc/1/ns/pid"):  # another system; a machine of its own
        monkeypatch.setattr(logs, "PID_NAMESPACE", not_told)
        monkeypatch.setattr(logs, "FIRST_NAMESPACE", os.stat(not_told).st_ino if os.path.exists(not_told) else 0)
        assert ids()[0] == "20231114-221320-123-1"
