"""Journals: written as a run goes, and read from any prefix."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paratask.events import EVENTS_SCHEMA, CommandEnded, EventBus, JobChanged, JobMade, Notice, RunBegan, RunEnded, StepsBegan
from paratask.execution.jobs import Jobs, State
from paratask.records.journal import document_of, parse_journal
from paratask.records.logs import RunFolder, is_written
from paratask.records.runs import kept_runs, read_head, read_run
from paratask.records.summary import Journal, render_summary, totals
from paratask.variables.secrets import Secrets


class Written:
    """A run of three jobs, announced to a journal. `later` is called back by nobody but `catch_up`."""

    def __init__(self, state, *, secrets: Secrets | None = None) -> None:
        self.folder = RunFolder(str(state), "20240101-1")
        self.bus = EventBus()
        self.clock = 10.0
        self.jobs = Jobs(self.bus, self.now)
        self.due = []
        self.journal = Journal(
            self.folder.journal(), job_of=self.jobs.by_id.__getitem__, digest=lambda _: "", secrets=secrets or Secrets(),
            later=self.due.append,
        )  # fmt: skip
        self.bus.subscribe(self.journal)
        self.bus.announce(
            RunBegan(schema=EVENTS_SCHEMA, run="20240101-1", calls=("all",), at=10.0, parallel="inferred", seed="x")
        )

    def now(self) -> float:
        self.clock += 0.25
        return self.clock

    def play(self, reason: str = "always runs") -> None:
        outer = self.jobs.make("all", parent="", reason="nothing beside it")
        inner = self.jobs.make('é "x"', parent=outer.id, reason="first")
        never = self.jobs.make("never", parent=outer.id, reason="second")
        for job, states in ((outer, (State.READY, State.RUNNING)), (inner, (State.READY, State.RUNNING))):
            for state in states:
                self.jobs.move(job, state)
        inner.exit_status, inner.own_seconds = 0, 0.125
        self.jobs.move(inner, State.SUCCEEDED, reason)
        self.jobs.move(never, State.CANCELLED, "something before it failed")
        self.jobs.move(outer, State.FAILED)

    def end(self, stopped_by: str = "") -> str:
        made = {**totals(self.jobs.all, 5.0, 2.0), "stopped_by": stopped_by}
        self.bus.announce(
            RunEnded(run="20240101-1", exit_code=201, started_at=10.0, at=15.0, seconds=5.0, predicted_seconds=None, **made)
        )
        self.journal.close()
        return render_summary(
            whole=totals(self.jobs.all, 5.0, 2.0),
            run="20240101-1", calls=["all"], jobs=self.jobs.all, started_at=10.0, ended_at=15.0, seconds=5.0, exit_code=201,
            extra={"stopped_by": stopped_by, "parallel": "inferred", "seed": "x", "predicted_seconds": None},
            entries=self.journal.entries,
        )  # fmt: skip

    def data(self) -> bytes:
        with open(os.path.join(self.folder.path, "journal.jsonl"), "rb") as file:
            return file.read()


def test_a_complete_journal_has_what_the_summary_has(tmp_path):
    run = Written(tmp_path)
    run.play()
    summary = json.loads(run.end())
    assert document_of(parse_journal(run.data()), run="20240101-1") == summary
    assert [job["state"] for job in summary["jobs"]] == ["failed", "succeeded", "cancelled"]


def test_that_a_job_ended_is_written_at_once_and_the_rest_soon(tmp_path):
    run = Written(tmp_path)
    job = run.jobs.make("a", parent="", reason="")
    run.jobs.move(job, State.READY)
    assert not os.path.exists(run.folder.path)
    run.jobs.move(job, State.CANCELLED, "why")
    assert [line["event"] for line in parse_journal(run.data())] == ["RunBegan", "JobMade", "JobChanged", "JobChanged"]
    run.bus.announce(Notice(text="n"))
    catch_up, _hold = run.due
    catch_up()
    assert [line["event"] for line in parse_journal(run.data())][4:] == ["Notice", "JobEntry"]
    assert document_of(parse_journal(run.data()), run="r")["jobs"][0]["state_reason"] == "why"


def test_that_something_may_be_half_done_from_here_on_was_written_50_ms_later(tmp_path):
    run = Written(tmp_path)
    for name in "ab":
        job = run.jobs.make(name, parent="", reason="")
        run.jobs.move(job, State.READY)
        run.jobs.move(job, State.RUNNING)
    assert b'"b"' not in run.data()
    run.bus.announce(StepsBegan(job=job.id, name="b"))
    last = parse_journal(run.data())[-2:]
    assert last == [last[0] | {"job": "b", "state": "running"}, {"event": "StepsBegan", "job": "b", "name": "b"}]


@pytest.mark.parametrize("masks", [False, True])
def test_a_line_has_all_fields_of_its_event(tmp_path, masks):
    secrets = Secrets()
    if masks:
        secrets.add("hunter22")
    run = Written(tmp_path, secrets=secrets)
    told = [
        JobMade(job="a\n", task='"a"', parent="é", reason="\\"),
        JobChanged(job="a", task="a", state="running", at=1.5, reason="\t", definition="0a"),
        CommandEnded(job="a", command="x\0y", exit_status=-9, at=2.0, seconds=0.1, cpu_seconds=1e-9, peak_bytes=7),
        Notice(text="n"),
    ]
    for event in told:
        run.bus.announce(event)
    run.journal.close()
    lines = parse_journal(run.data())[1:]
    assert lines == [
        {"event": type(event).__name__, **{name: getattr(event, name) for name in type(event).__slots__}} for event in told
    ]


def test_secrets_are_masked(tmp_path):
    secrets = Secrets()
    secrets.add("hunter22")
    run = Written(tmp_path, secrets=secrets)
    run.play("status `test hunter22` does not hold")
    run.end()
    assert b"hunter22" not in run.data()
    assert b"status `test *****` does not hold" in run.data()


@given(st.data())
def test_any_prefix_can_be_read(tmp_path_factory, data):
    run = Written(tmp_path_factory.mktemp("state"))
    run.play()
    run.end()
    whole = run.data()
    cut = whole[: data.draw(st.integers(0, len(whole)))]
    lines = parse_journal(cut)
    assert lines == parse_journal(whole)[: cut.count(b"\n")]
    document = document_of(lines, run="r")
    final = {job["id"]: job["state"] for job in document_of(parse_journal(whole), run="r")["jobs"]}
    ended = {job["id"]: job["state"] for job in document["jobs"] if job["ended_at"]}
    assert ended.items() <= final.items()
    told = {
        line["job"] for line in lines if line["event"] == "JobChanged" and line["state"] in ("succeeded", "failed", "cancelled")
    }
    assert ended.keys() == told
    assert document["exit_code"] == (201 if b"RunEnded" in cut.rpartition(b"\n")[0] else None)


@given(st.binary())
def test_what_is_no_journal_tells_of_no_job(data):
    document = document_of(parse_journal(data), run="r")
    assert (document["run"], document["jobs"], document["exit_code"]) == ("r", [], None)


def test_spoiled_lines_are_passed_over(tmp_path):
    run = Written(tmp_path)
    run.play()
    run.end()
    lines = run.data().split(b"\n")
    spoiled = b"\n".join((lines[0], b"\0\0\0", b"[]", b"{}", *lines[1:]))
    assert parse_journal(spoiled) == parse_journal(run.data())


def test_runs_by_summary_and_by_journal(tmp_path):
    run = Written(tmp_path)
    run.play()
    summary = run.end()
    run.folder.write_file("summary.json", summary)
    (tmp_path / "runs/20240102-1").mkdir()
    begun = run.data().partition(b"RunEnded")[0]
    (tmp_path / "runs/20240102-1/journal.jsonl").write_bytes(begun)
    (tmp_path / "runs/20240103-1").mkdir()
    found = list(kept_runs(str(tmp_path)))
    assert [(kept.run, kept.result) for kept in found] == [("20240102-1", "killed"), ("20240101-1", "failed")]
    assert [job["id"] for job in found[0].jobs] == [job["id"] for job in found[1].jobs]
    os.unlink(os.path.join(run.folder.path, "summary.json"))
    again = read_run(run.folder.path)
    assert again is not None
    assert (again.result, again.document) == ("failed", found[1].document)


def test_a_run_that_a_signal_ended_was_one_that_failed(tmp_path):
    run = Written(tmp_path)
    run.play()
    by_journal = []
    run.folder.write_file("summary.json", run.end(stopped_by="terminated"))
    for _ in range(2):
        found = read_run(run.folder.path)
        head = read_head(run.folder.path)
        assert found is not None
        assert head is not None
        assert (found.result, found.how_it_ended, head.result) == ("stopped", "stopped (terminated)", "stopped")
        by_journal.append(found.document)
        if len(by_journal) == 1:
            os.unlink(os.path.join(run.folder.path, "summary.json"))
    assert by_journal[0] == by_journal[1]


def test_how_far_a_killed_run_had_come_is_told_by_its_journal_alone():
    """Nothing is known of a job that had not ended but that it had begun; least of all that it was done before."""
    moves = [("a", "running", 2.0), ("b", "running", 3.0), ("a", "failed", 5.5)]
    lines = [
        {"event": "RunBegan", "at": 1.0, "calls": ["all"]},
        *({"event": "JobMade", "job": name, "task": name, "parent": "", "reason": "first"} for name in "abc"),
        *(
            {"event": "JobChanged", "job": job, "state": state, "at": at, "reason": f"{job} {state}"}
            for job, state, at in moves
        ),
        {"event": "JobChanged", "job": "a", "state": "failed", "at": 5.5, "reason": ""},
    ]
    document = document_of(lines, run="r")
    assert (document["started_at"], document["ended_at"], document["seconds"]) == (1.0, 5.5, 4.5)
    assert (document["exit_code"], document["job_count"], document["done_before"], document["shared"]) == (None, 3, 0, 0)
    shown = ("id", "state", "state_reason", "started_at", "ended_at", "seconds", "done_before", "shared")
    assert [tuple(job[key] for key in shown) for job in document["jobs"]] == [
        ("a", "failed", "a failed", 2.0, 5.5, 3.5, False, False),
        ("b", "running", "b running", 3.0, None, None, False, False),
        ("c", "waiting", "", None, None, None, False, False),
    ]
    taken = (
        "command_seconds cpu_seconds queued_seconds recovery_seconds peak_memory_bytes read_bytes written_bytes queued_again"
    )
    for job in document["jobs"]:
        assert (job["exit_code"], job["attempts"], job["neighbours"], job["beside"]) == (None, 1, 0, [])
        assert not any(job[key] for key in taken.split())


def test_of_a_run_that_was_killed_before_it_wrote_anything_no_time_is_known():
    document = document_of([], run="r")
    assert (document["started_at"], document["ended_at"], document["seconds"]) == (None, None, None)


def test_what_was_done_before_is_known_before_all_is_known_of_it():
    """Only that has a digest of what ran; what is up to date by itself has none."""
    made = [{"event": "JobMade", "job": name, "task": name, "parent": "", "reason": ""} for name in "ab"]
    ended = [
        {"event": "JobChanged", "job": name, "state": "fresh", "at": 1.0, "reason": "x", "definition": definition}
        for name, definition in (("a", "1234"), ("b", ""))
    ]
    document = document_of([*made, *ended], run="r")
    assert [job["done_before"] for job in document["jobs"]] == [True, False]
    assert document["done_before"] == 1


def test_whose_work_another_call_did_is_known_before_all_is_known_of_it():
    made = [{"event": "JobMade", "job": name, "task": "a", "parent": "", "reason": ""} for name in ("a", "a.2", "b")]
    reasons = (("a.2", "run: once, and it ran before"), ("b", "not for this platform"))
    ended = [
        {"event": "JobChanged", "job": name, "state": "skipped", "at": 1.0, "reason": reason, "is_shared": name == "a.2"}
        for name, reason in reasons
    ]
    document = document_of([*made, *ended], run="r")
    assert [job["shared"] for job in document["jobs"]] == [False, True, False]
    assert document["shared"] == 1


def test_a_journal_that_nobody_writes(tmp_path):
    (tmp_path / "journal.jsonl").write_text("")
    assert not is_written(str(tmp_path / "journal.jsonl"))
    assert not is_written(str(tmp_path / "none"))


def test_the_run_of_another_user_was_taken_for_killed_while_it_went_on(tmp_path, monkeypatch):
    """Who may read a journal, and not write it, is to know that it goes on: `--resume` began anew what still ran."""
    journal = tmp_path / "journal.jsonl"
    journal.write_text("{}\n")
    locks = f"import os; fd = os.open({str(journal)!r}, os.O_RDWR); os.lockf(fd, os.F_LOCK, 0); print(flush=True); input()"
    open_any = os.open

    def open_to_read(path, flags, *rest):
        if flags & (os.O_WRONLY | os.O_RDWR):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return open_any(path, flags, *rest)

    with subprocess.Popen([sys.executable, "-c", locks], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        other.stdout.readline()
        with monkeypatch.context() as patched:
            patched.setattr(os, "open", open_to_read)
            assert is_written(str(journal))
        other.communicate(b"\n")
    assert not is_written(str(journal))
