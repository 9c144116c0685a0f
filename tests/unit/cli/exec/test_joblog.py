"""`--joblog`: a line for each command that ended, and what became of a file that cannot be written."""

from __future__ import annotations

import os
from types import SimpleNamespace

import pytest

from paratask.cli.exec.joblog import HEADER, JobLog
from paratask.cli.exec.project import Line
from paratask.events import JobChanged

LINES = {
    "one": Line(number=1, text="echo one", prefix=""),
    "two": Line(number=2, text="cat <<X\n\tdata\nX", prefix=""),
}


class Bench:
    """Two jobs, the first of which has a log, and the job logs that are made of them."""

    def __init__(self, folder) -> None:
        self.folder = folder
        self.path = folder / "joblog"
        self.warned: list[str] = []
        (folder / "a.log").write_bytes(b"one\n")
        self.jobs = {
            job: SimpleNamespace(id=job, task=task, exit_status=0, signal=0, ended_at=1000.5, own_seconds=0.25)
            for job, task in (("a", "one"), ("b", "two"))
        }

    def open(self, path: object = None, *, goes_on: bool = False) -> JobLog:
        return JobLog(
            str(path or self.path), lines=LINES, job_of=self.jobs.__getitem__, log_path=lambda job: str(self.folder / f"{job}.log"),
            warn=self.warned.append, goes_on=goes_on,
        )  # fmt: skip

    def ended(self, log: JobLog, job: str, state: str = "succeeded", **how: object) -> None:
        vars(self.jobs[job]).update(how)
        log(JobChanged(at=1000.5, job=job, task=self.jobs[job].task, state=state))


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


def test_a_command_that_ended_is_a_line_with_its_times_sizes_and_end(bench):
    log = bench.open()
    bench.ended(log, "a")
    bench.ended(log, "b", "failed", exit_status=137, signal=9, own_seconds=2.0)
    log.close()
    log.close()
    assert bench.path.read_text() == (
        f"{HEADER}1\t:\t  1000.250\t     0.250\t0\t4\t0\t0\techo one\n2\t:\t   998.500\t     2.000\t0\t0\t0\t9\tcat <<X\0\tdata\0X\n"
    )
    assert bench.warned == []


def test_what_did_not_end_or_never_ran_is_none(bench):
    log = bench.open()
    bench.ended(log, "a", "running")
    bench.ended(log, "a", "fresh")
    bench.ended(log, "b", "cancelled", exit_status=None)
    log.close()
    assert bench.path.read_text() == HEADER
    bench.ended(log, "a")
    assert bench.path.read_text() == HEADER


@pytest.mark.parametrize("goes_on", [False, True])
def test_another_run_begins_anew_and_one_that_goes_on_goes_on(bench, goes_on):
    for job in ("a", "b"):
        log = bench.open(goes_on=goes_on)
        bench.ended(log, job)
        log.close()
    numbers = [line.split("\t")[0] for line in bench.path.read_text().splitlines()]
    assert numbers == (["Seq", "1", "2"] if goes_on else ["Seq", "2"])


def test_others_may_read_it(bench):
    before = os.umask(0)
    try:
        bench.open().close()
    finally:
        os.umask(before)
    assert bench.path.stat().st_mode & 0o777 == 0o644


def test_what_cannot_be_written_is_told_once(bench):
    log = bench.open(bench.folder)
    bench.ended(log, "a")
    assert bench.warned == [f"the job log `{bench.folder}` is incomplete: Is a directory"]
    log = bench.open("/dev/full")
    bench.ended(log, "a")
    bench.ended(log, "b")
    assert bench.warned[1:] == ["the job log `/dev/full` is incomplete: No space left on device"]
