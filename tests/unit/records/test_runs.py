"""The runs that are kept: in which order they are shown, and which of them go."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from paratask.records.logs import maker_of, old_runs
from paratask.records.runs import kept_runs, read_head, read_run
from paratask.records.summary import render_summary, totals


@pytest.mark.parametrize(
    ("runs", "order"),
    [
        ({"1": "", "2": "", "3": ""}, [("3", 0), ("2", 0), ("1", 0)]),
        ({"1": "", "2": "1", "3": "1", "4": ""}, [("4", 0), ("1", 0), ("2", 1), ("3", 1)]),
        ({"1": "", "2": "1", "3": "2", "4": "1"}, [("1", 0), ("2", 1), ("3", 2), ("4", 1)]),
        ({"1": "", "2": "", "3": "1", "4": ""}, [("4", 0), ("2", 0), ("1", 0), ("3", 1)]),
        ({"2": "1", "3": "2"}, [("2", 0), ("3", 1)]),  # the outermost was removed
        ({"1": "2", "2": ""}, [("2", 0), ("1", 0)]),  # the clock was set back
    ],
)
def test_runs_inside_others_follow_them(tmp_path, runs, order):
    for run, within in runs.items():
        folder = tmp_path / "runs" / run
        folder.mkdir(parents=True)
        (folder / "summary.json").write_text(json.dumps({"jobs": [], "exit_code": 0, "within": within}))
    assert [(kept.run, kept.depth) for kept in kept_runs(str(tmp_path))] == order


def test_what_says_nothing_of_a_run_leaves_those_inside_it(tmp_path):
    (tmp_path / "runs/1").mkdir(parents=True)
    (tmp_path / "runs/2").mkdir()
    (tmp_path / "runs/2/summary.json").write_text('{"jobs": [], "exit_code": 0, "within": "1"}')
    assert [(kept.run, kept.depth) for kept in kept_runs(str(tmp_path))] == [("2", 0)]


def test_the_head_of_a_summary_is_read_without_its_jobs(tmp_path):
    text = render_summary(
        whole=totals([], 1.0, 2.0), run="r", calls=["a", "b"], jobs=(), started_at=1.0, ended_at=2.0, seconds=1.0, exit_code=201,
        extra={"within": "x"},
    )  # fmt: skip
    (tmp_path / "summary.json").write_text(text.replace('"jobs": [', '"jobs": [ no JSON'))
    kept = read_head(str(tmp_path))
    assert kept is not None
    assert (kept.result, kept.document["calls"], kept.within, kept.jobs) == ("failed", ["a", "b"], "x", [])
    assert read_run(str(tmp_path)) is None


@pytest.mark.parametrize(
    "spoiled",
    [
        "[]",
        "{}",
        '{"exit_code": 0}',
        '{"exit_code": 0, "jobs": {}}',
        '{"exit_code": "0", "jobs": []}',
        '{"jobs": []}',
        "null",
        "",
    ],
)
def test_where_the_summary_is_spoiled_the_journal_tells(tmp_path, spoiled):
    lines = [
        {"event": "RunBegan", "at": 1.0, "calls": ["a"]},
        {"event": "JobMade", "job": "a", "task": "a"},
        {"event": "RunEnded", "at": 3.0, "started_at": 1.0, "seconds": 2.0, "exit_code": 201},
    ]
    (tmp_path / "journal.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    (tmp_path / "summary.json").write_text(spoiled)
    for read in (read_run, read_head):
        kept = read(str(tmp_path))
        assert kept is not None
        assert (kept.result, kept.document["calls"], kept.document["seconds"]) == ("failed", ["a"], 2.0)
        assert [job["id"] for job in kept.jobs] == ["a"]


def test_a_killed_run_and_its_jobs_ended_when_something_last_happened_in_it(tmp_path):
    """A command may run for an hour, and nothing happens in the journal."""
    lines = [{"event": "RunBegan", "at": 10.0}, {"event": "JobMade", "job": "a", "task": "a"}]
    lines.append({"event": "JobChanged", "job": "a", "state": "running", "at": 11.0})
    (tmp_path / "journal.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    kept = read_run(str(tmp_path))
    assert kept is not None
    assert (kept.result, kept.document["ended_at"], kept.document["seconds"]) == ("killed", 11.0, 1.0)
    for at, ended in ((9.0, 11.0), (3611.0, 3611.0)):
        (tmp_path / "now.jsonl").write_text(json.dumps({"at": at, "running": {"a": 11.0}, "waiting": []}))
        kept = read_run(str(tmp_path))
        assert kept is not None
        assert (kept.document["ended_at"], kept.document["seconds"]) == (ended, ended - 10.0)


def test_a_killed_run_lasted_until_its_jobs_last_wrote_something(tmp_path):
    """Where the files are as they were left, and were not copied."""
    moves = [{"event": "JobChanged", "job": name, "state": "running", "at": 11.0} for name in ("a", "b", "c")]
    moves.append({"event": "JobChanged", "job": "b", "state": "succeeded", "at": 12.0})
    made = [{"event": "JobMade", "job": name, "task": name} for name in ("a", "b", "c")]
    lines = [{"event": "RunBegan", "at": 10.0}, *made, *moves]
    (tmp_path / "journal.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    for name, at in (("a", 70.0), ("b", 90.0), ("c", 65.0)):
        (tmp_path / f"{name}.log").write_text("…")
        os.utime(tmp_path / f"{name}.log", (at, at))
    for at, seconds in ((12.04, 60.0), (1_700_000_000.0, 2.0)):
        os.utime(tmp_path / "journal.jsonl", (at, at))
        kept = read_run(str(tmp_path))
        assert kept is not None
        assert (kept.result, kept.document["seconds"]) == ("killed", seconds)


@pytest.mark.parametrize(
    "text", ['{"jobs": [], "exit_code": 0}', json.dumps({"calls": ["a" * 5000], "exit_code": 0, "jobs": []}, indent=1)]
)
def test_where_the_head_does_not_say_the_whole_does(tmp_path, text):
    (tmp_path / "summary.json").write_text(text)
    kept = read_head(str(tmp_path))
    assert kept is not None
    assert kept.result == "succeeded"


@pytest.mark.parametrize("spoiled", ['"exit_code": "0"', '"exit_code": 0, "run": 5', '"exit_code": 0, "started_at": "now"'])
def test_a_head_with_values_of_another_kind_says_nothing(tmp_path, spoiled):
    (tmp_path / "summary.json").write_text("{\n " + spoiled + ',\n "jobs": []}')
    assert read_head(str(tmp_path)) is None
    (tmp_path / "summary.json").write_text('["exit_code",\n "jobs": []}')
    assert read_head(str(tmp_path)) is None


@pytest.mark.parametrize(
    ("document", "result", "said"),
    [
        ({"exit_code": 130, "stopped_by": "SIGINT"}, "stopped", "stopped (SIGINT)"),
        ({"exit_code": 0, "stopped_by": ""}, "succeeded", "succeeded"),
        ({"exit_code": 201}, "failed", "failed"),
    ],
)
def test_how_a_run_ended(tmp_path, document, result, said):
    (tmp_path / "summary.json").write_text(json.dumps({**document, "jobs": []}))
    kept = read_run(str(tmp_path))
    assert kept is not None
    assert (kept.result, kept.how_it_ended, kept.within, kept.depth) == (result, said, "", 0)
    assert (kept.run, kept.log_path("a")) == (tmp_path.name, str(tmp_path / "a.log"))
    blank = {"run": "", "calls": [], "started_at": None, "ended_at": None, "seconds": None, "parallel": "", "done_before": 0}
    assert {key: kept.document[key] for key in blank} == blank


def test_a_run_goes_on_while_somebody_holds_its_journal(tmp_path):
    with (tmp_path / "journal.jsonl").open("w") as file:
        file.write(json.dumps({"event": "RunBegan", "at": 1.0, "calls": ["a"]}) + "\n")
        file.flush()
        (tmp_path / "now.jsonl").write_text(json.dumps({"at": 5.0, "running": {}, "waiting": []}))
        holding = "import os, sys; os.lockf(os.open(sys.argv[1], os.O_RDWR), os.F_LOCK, 0); print(flush=True); sys.stdin.read()"
        with subprocess.Popen(
            [sys.executable, "-c", holding, file.name], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as other:
            other.stdout.readline()
            kept = read_run(str(tmp_path))
            other.communicate()
    assert kept is not None
    assert (kept.result, kept.folder, kept.document["calls"], kept.present.at) == ("running", str(tmp_path), ["a"], 5.0)
    kept = read_run(str(tmp_path))
    assert kept is not None
    assert (kept.result, kept.document["seconds"], kept.present.at) == ("killed", 4.0, 5.0)


@pytest.mark.parametrize(
    ("keep", "old"),
    [
        (0, ["1", "2-inner", "3-inner", "4", "5", "6-inner"]),
        (1, ["1", "2-inner", "3-inner", "4"]),
        (2, ["1", "2-inner", "3-inner"]),
        (3, []),
    ],
)
def test_runs_inside_others_do_not_count(keep, old):
    assert old_runs(["1", "2-inner", "3-inner", "4", "5", "6-inner"], keep) == old


def test_of_runs_inside_others_there_are_no_more_than_of_others():
    assert old_runs(["1", "2-inner", "3-inner", "4-inner"], 2) == ["2-inner"]


@pytest.mark.parametrize(
    ("run", "maker"),
    [("20260102-030405-006-7", 7), ("20260102-030405-006-7-1", 7), ("20260102-030405-006-7-inner", 7), ("20260102-x", 0)],
)
def test_who_made_a_run(run, maker):
    assert maker_of(run) == maker
