"""What earlier runs taught; a broken file costs the lessons, never the run."""

from __future__ import annotations

import gc
import json
import os
import sqlite3
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from shutil import rmtree

import pytest

from paratask.records import history as module
from paratask.records.database import DAMAGED, SCHEMA_VERSION, UNREAD
from paratask.records.history import MANY_UNSEEN, MAX_ROWS_A_TASK, RUN_WAITS_SECONDS, WITHOUT_FOR_RUN, History
from paratask.records.lessons import JOB_COLUMNS, RUN_COLUMNS
from paratask.records.logs import is_in_history

VERSION_1 = """
create table durations (task text not null, run text not null, seconds real not null, cpu real not null);
create table conflicts (first text not null, second text not null, run text not null, at real not null, primary key (first, second));
create table seen (run text primary key);
insert into durations values ('a', '20240101', 2.0, 0.5), ('a', '20240102', 3.0, 0.6);
insert into conflicts values ('a', 'b', '20240101', 1.0);
insert into seen values ('20240101');
pragma user_version = 1;
"""


def summary(state: Path, run: str, *jobs: object, **more: object) -> None:
    path = state / "runs" / run / "summary.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"jobs": list(jobs), **more}))


def job(task: str, seconds: object, state: str = "succeeded", **more: object) -> dict[str, object]:
    own = seconds if isinstance(seconds, float) else 0
    return {
        "id": task, "parent": "", "task": task, "state": state, "seconds": seconds, "command_seconds": own, "cpu_seconds": 0.1, **more,
    }  # fmt: skip


def known(state: Path, *columns: str) -> list[tuple[object, ...]]:
    """Columns of the jobs that are known, newest first."""
    rows = [dict(zip(JOB_COLUMNS, row, strict=True)) for row in History(str(state)).jobs()]
    return [tuple(row[column] for column in columns) for row in rows]


def times(state: Path) -> list[tuple[object, ...]]:
    return known(state, "task", "seconds")


def test_waiting_for_a_turn_is_no_time_of_a_job_but_what_it_calls_is(tmp_path: Path) -> None:
    parent = {**job("all", 9.0), "command_seconds": 0.5}
    summary(tmp_path, "20240101", parent, {**job("a", 8.0), "parent": "all", "command_seconds": 3.0})
    assert known(tmp_path, "task", "seconds", "command_seconds") == [("a", 3.0, 3.0), ("all", 9.0, 0.5)]


def test_everything_that_a_summary_says_of_a_job_is_kept(tmp_path: Path) -> None:
    more = {
        "variables": "0badcafe", "started_at": 5.0, "exit_code": 3, "peak_memory_bytes": 7, "read_bytes": 8, "written_bytes": 9,
        "neighbours": 2, "attempts": 2, "recovery_seconds": 0.5, "queued_seconds": 0.25,
    }  # fmt: skip
    summary(tmp_path, "20240101", job("a", 1.0, "failed", **more), saved_seconds=4.0)
    assert History(str(tmp_path)).jobs() == [
        ("20240101", "a", "0badcafe", 5.0, "failed", 3, 1.0, 1.0, 0.1, 7, 8, 9, 2, 2, 0.5, 4.0, 0.25)
    ]


def test_a_few_new_summaries_are_read_without_a_word_written(tmp_path: Path) -> None:
    summary(tmp_path, "20240101", job("old", 1.0))
    assert History(str(tmp_path)).jobs()
    summary(
        tmp_path,
        "20240102",
        job("a", 2.0),
        job("failed", 3.0, "failed"),
        job("tried", 3.0, attempts=2),
        job("cut", 1.0, "cancelled"),
    )
    summary(tmp_path, "20240103", job("b", 4.0, variables="0badcafe", peak_memory_bytes=7, queued_seconds=0.5))
    assert History(str(tmp_path)).samples() == [
        ("b", "0badcafe", 4.0, 4.0, 0.1, 7, 0.5, "succeeded", 1), ("tried", "", 3.0, 3.0, 0.1, 0, 0.0, "succeeded", 2),
        ("failed", "", 3.0, 3.0, 0.1, 0, 0.0, "failed", 1), ("a", "", 2.0, 2.0, 0.1, 0, 0.0, "succeeded", 1),
        ("old", "", 1.0, 1.0, 0.1, 0, 0.0, "succeeded", 1),
    ]  # fmt: skip
    assert not is_in_history(str(tmp_path), "20240103")


def test_many_new_summaries_are_written_down_when_somebody_asks(tmp_path: Path) -> None:
    for number in range(MANY_UNSEEN + 1):
        summary(tmp_path, f"2024010{number}", job("a", float(number + 1)))
    assert [seconds for _, _, seconds, *_ in History(str(tmp_path)).samples()] == [5.0, 4.0, 3.0, 2.0, 1.0]
    assert is_in_history(str(tmp_path), "20240100")


def test_what_was_saved_is_shared_out_among_those_that_ran_beside_others(tmp_path: Path) -> None:
    jobs = [job("a", 3.0, neighbours=1), job("b", 1.0, neighbours=1), job("alone", 9.0, neighbours=0)]
    summary(tmp_path, "20240101", *jobs, saved_seconds=2.0)
    assert known(tmp_path, "task", "saved") == [("alone", 0.0), ("b", 0.5), ("a", 1.5)]


def test_a_run_is_kept_as_well(tmp_path: Path) -> None:
    more = {
        "calls": ["a", "b"], "started_at": 1.0, "seconds": 2.0, "exit_code": 201, "sequential_seconds": 3.0, "saved_seconds": 1.0,
        "recovery_seconds": 0.5, "predicted_seconds": 2.5, "stopped_by": "interrupt",
    }  # fmt: skip
    summary(tmp_path, "20240101", job("a", 1.0), job("c", None, "skipped", shared=True), **more)
    summary(tmp_path, "20240102", job("a", 1.0))
    assert History(str(tmp_path)).runs() == [
        ("20240102", "", 0.0, 0.0, 0, 1, None, None, 0.0, None, ""),
        ("20240101", "a b", 1.0, 2.0, 201, 1, 3.0, 1.0, 0.5, 2.5, "interrupt"),
    ]
    assert len(RUN_COLUMNS) == 11


def test_who_called_what_was_done_before_was_said_to_be_that_fast(tmp_path: Path) -> None:
    done = {**job("a", 0.1, "fresh"), "parent": "all", "done_before": True}
    others = ({**job("b", 2.0), "parent": "all"}, {**job("c", 1.0, "fresh"), "parent": "up-to-date"}, job("up-to-date", 3.0))
    summary(tmp_path, "20240101", job("all", 9.0), done, *others, predicted_seconds=2.5, calls=["all"])
    assert times(tmp_path) == [("up-to-date", 3.0), ("b", 2.0)]
    assert History(str(tmp_path)).runs()[0][RUN_COLUMNS.index("predicted")] is None


def test_a_run_in_which_all_was_up_to_date_counted_as_a_prediction_that_was_ten_times_too_high(tmp_path: Path) -> None:
    summary(tmp_path, "1", job("a", None, state="fresh"), job("b", 0.1), seconds=0.1, predicted_seconds=1.0)
    summary(tmp_path, "2", job("a", 0.9), job("b", None, state="skipped", shared=True), seconds=1.1, predicted_seconds=1.0)
    rows = [dict(zip(RUN_COLUMNS, row, strict=True)) for row in History(str(tmp_path)).runs()]
    assert {row["run"]: row["predicted"] for row in rows} == {"1": None, "2": 1.0}


def test_one_failure_that_several_calls_share_was_counted_for_each(tmp_path: Path) -> None:
    summary(tmp_path, "20240101", job("gen", 1.0, "failed"), {**job("gen", 1.0, "failed"), "id": "gen.2", "shared": True})
    assert known(tmp_path, "task", "state") == [("gen", "failed")]


def test_a_file_of_version_3_is_brought_up_to_date(tmp_path: Path) -> None:
    summary(tmp_path, "20240101", job("a", 1.0))
    assert len(History(str(tmp_path)).runs()) == 1
    connection = sqlite3.connect(tmp_path / "history.sqlite")
    connection.executescript("alter table runs drop column stopped_by; pragma user_version = 3;")
    connection.close()
    summary(tmp_path, "20240102", job("a", 1.0), stopped_by="hangup")
    assert [row[-1] for row in History(str(tmp_path)).runs()] == ["hangup", ""]


def test_conflicts_are_unordered_pairs_and_are_remembered_once(tmp_path: Path) -> None:
    history = History(str(tmp_path))
    assert history.conflicts() == frozenset()
    history.remember_conflict("b", ["a", "c"], run="1", at=1.0)
    history.remember_conflict("a", ["b"], run="2", at=2.0)
    assert History(str(tmp_path)).conflicts() == {frozenset("ab"), frozenset("bc")}
    assert history.remembered() == [("a", "b", 2.0), ("b", "c", 1.0)]


@pytest.mark.parametrize(
    ("tasks", "forgotten"),
    [
        ((), ["ab", "ac", "bc"]),
        (("a",), ["ab", "ac"]),
        (("a", "b"), ["ab"]),
        (("b", "a", "c"), ["ab", "ac", "bc"]),
        (("nope",), []),
    ],
)
def test_pairs_are_forgotten_by_one_task_or_between_several(tmp_path: Path, tasks: list[str], forgotten: list[str]) -> None:
    history = History(str(tmp_path))
    history.remember_conflict("a", ["b", "c"], run="1", at=1.0)
    history.remember_conflict("b", ["c"], run="1", at=1.0)
    assert history.forget_conflicts(tasks) == [tuple(pair) for pair in forgotten]
    assert history.conflicts() == {frozenset(pair) for pair in ("ab", "ac", "bc") if pair not in forgotten}


def test_pairs_are_forgotten_by_whatever_name_a_task_has(tmp_path: Path) -> None:
    history = History(str(tmp_path))
    history.remember_conflict("alias of a", ["b", "c"], run="1", at=1.0)
    history.remember_conflict("b", ["c"], run="1", at=1.0)
    forgotten = history.forget_conflicts(["a", "b"], own_name=lambda name: name.removeprefix("alias of "))
    assert forgotten == [("alias of a", "b")]


def test_asking_makes_no_file(tmp_path: Path) -> None:
    history = History(str(tmp_path / "none"))
    assert (history.conflicts(), history.jobs(), history.runs(), history.forget_conflicts()) == (frozenset(), [], [], [])
    assert list(tmp_path.iterdir()) == []


def test_what_did_not_run_teaches_nothing(tmp_path: Path) -> None:
    summary(
        tmp_path, "20240101", job("a", 1.0), job("b", 5.0, "failed"), job("c", None), job("d", 0), job("e", 1.0, "fresh"),
        job("f", 2.0, "cancelled"), job("g", 1.0, "skipped"),
    )  # fmt: skip
    expected = [("f", "cancelled"), ("b", "failed"), ("a", "succeeded")]
    assert known(tmp_path, "task", "state") == expected
    assert known(tmp_path, "task", "state") == expected, "taken in once"


def test_rows_of_a_task_are_bounded_and_the_newest_stay(tmp_path: Path) -> None:
    jobs = [job("a", float(number + 1)) for number in range(MAX_ROWS_A_TASK + 5)]
    summary(tmp_path, "20240101", job("b", 1.0), *jobs)
    rows = times(tmp_path)
    assert rows[:2] == [("a", float(MAX_ROWS_A_TASK + 5)), ("a", float(MAX_ROWS_A_TASK + 4))]
    assert (len(rows), rows[-1]) == (MAX_ROWS_A_TASK + 1, ("b", 1.0))


def test_rows_in_all_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_JOBS", 3)
    monkeypatch.setattr(module, "MAX_RUNS", 2)
    monkeypatch.setattr(module, "MAX_CONFLICTS", 1)
    for number in range(4):
        summary(tmp_path, f"2024010{number}", job(f"a{number}", 1.0), job(f"b{number}", 1.0))
    history = History(str(tmp_path))
    assert known(tmp_path, "task") == [("b3",), ("a3",), ("b2",)]
    assert [row[0] for row in history.runs()] == ["20240103", "20240102"]
    history.remember_conflict("a", ["b"], run="1", at=1.0)
    history.remember_conflict("c", ["d"], run="2", at=2.0)
    assert history.conflicts() == {frozenset("cd")}


def test_after_a_run_of_the_future_nothing_was_learned_any_more(tmp_path: Path) -> None:
    """A clock was wrong once, and all others were older than a year before that run."""
    summary(tmp_path, "90240101-000000-000-1", job("a", 3.0))
    summary(tmp_path, "20240101-000000-000-1", job("old", 3.0))
    today = time.strftime("%Y%m%d-%H%M%S-000-1", time.gmtime())
    summary(tmp_path, today, job("b", 1.0))
    assert known(tmp_path, "run", "task") == [("90240101-000000-000-1", "a"), (today, "b")]


def test_run_that_was_pruned_is_still_known_for_a_year(tmp_path: Path) -> None:
    summary(tmp_path, "20230601", job("a", 3.0))
    assert times(tmp_path) == [("a", 3.0)]
    rmtree(tmp_path / "runs/20230601")
    summary(tmp_path, "20240101", job("b", 1.0))
    assert times(tmp_path) == [("b", 1.0), ("a", 3.0)]
    summary(tmp_path, "20250101", job("b", 2.0))
    assert times(tmp_path) == [("b", 2.0), ("b", 1.0)]
    connection = sqlite3.connect(tmp_path / "history.sqlite")
    seen = list(connection.execute("select run from seen order by run"))
    connection.close()
    assert seen == [("20240101",), ("20250101",)], "of runs that are gone nothing is kept but their lessons"


def test_run_that_had_not_ended_when_somebody_asked_is_learned_from_later(tmp_path: Path) -> None:
    (tmp_path / "runs/20240101").mkdir(parents=True)
    assert times(tmp_path) == []
    (tmp_path / "runs/20240101").rmdir()
    summary(tmp_path, "20240101", job("a", 2.0))
    assert times(tmp_path) == [("a", 2.0)]


KILLED = "20240102-101112-013-1-killed"
"""The run of a process that is none of ours."""


def killed(state: Path, *lines: dict[str, object]) -> None:
    """A run that ended without a word, after `a` succeeded and while `b` ran."""
    moves = [("a", "running", 11.0), ("a", "succeeded", 13.0), ("b", "running", 14.0)]
    every = [
        {"event": "RunBegan", "at": 10.0, "calls": ["all"]}, *({"event": "JobMade", "job": name, "task": name} for name in "ab"),
        *({"event": "JobChanged", "job": name, "state": state, "at": at} for name, state, at in moves),
        {"event": "JobEntry", "entry": {**job("a", 2.0), "started_at": 11.0, "ended_at": 13.0}}, *lines,
    ]  # fmt: skip
    folder = state / "runs" / KILLED
    folder.mkdir(parents=True)
    (folder / "journal.jsonl").write_text("".join(json.dumps(line) + "\n" for line in every))


def test_a_run_that_was_killed_counted_nowhere_and_taught_nothing(tmp_path: Path) -> None:
    killed(tmp_path)
    (tmp_path / "runs" / KILLED / "now.jsonl").write_text('{"at": 40.0, "running": {"b": 14.0}, "waiting": []}')
    assert not is_in_history(str(tmp_path), KILLED)
    (row,) = History(str(tmp_path)).runs()
    found = dict(zip(RUN_COLUMNS, row, strict=True))
    assert (found["calls"], found["seconds"], found["exit_code"], found["stopped_by"]) == ("all", 30.0, 137, "killed")
    assert times(tmp_path) == [("a", 2.0)]
    assert is_in_history(str(tmp_path), KILLED)


def test_samples_of_a_run_that_was_killed_are_written_down_at_once(tmp_path: Path) -> None:
    """Reading a journal takes longer than reading a summary, and each run asks."""
    killed(tmp_path)
    history = History(str(tmp_path), for_run=True)
    assert [sample[0] for sample in history.samples()] == ["a"]
    (tmp_path / "runs" / KILLED / "journal.jsonl").write_text("")
    assert [sample[0] for sample in history.samples()] == ["a"]


def test_what_is_ours_and_what_goes_on_was_not_killed(tmp_path: Path) -> None:
    killed(tmp_path)
    path = tmp_path / "runs" / KILLED / "journal.jsonl"
    own = path.parent.with_name(KILLED.replace("-1-killed", f"-{os.getpid()}"))
    path.parent.rename(own)
    assert History(str(tmp_path)).runs() == []
    own.rename(path.parent)
    holds = "import os, sys; fd = os.open(sys.argv[1], os.O_RDWR); os.lockf(fd, os.F_LOCK, 0); print(flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", holds, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        assert History(str(tmp_path)).runs() == []
        holder.communicate(b"\n")
    assert len(History(str(tmp_path)).runs()) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "3",
        '{"jobs": 3}',
        '{"jobs": [3]}',
        '{"jobs": [{}]}',
        '{"jobs": [{"task": "a", "state": "succeeded", "seconds": "x", "cpu_seconds": 1}]}',
        '{"jobs": [], "seconds": NaN}',
        '{"jobs": [], "seconds": Infinity}',
        '{"jobs": [], "exit_code": []}',
        '{"jobs": [], "exit_code": 1e300}',
    ],
)
def test_spoiled_summary_teaches_nothing(tmp_path: Path, text: str) -> None:
    summary(tmp_path, "20240101")
    (tmp_path / "runs/20240101/summary.json").write_text(text)
    summary(tmp_path, "20240102", job("a", 1.0))
    assert times(tmp_path) == [("a", 1.0)]


def test_what_a_database_cannot_keep_is_written_otherwise(tmp_path: Path) -> None:
    summary(tmp_path, "20240101", job("a\udcff", 1.0, cpu_seconds=-5.0), calls=["a\udcff"])
    assert known(tmp_path, "task", "cpu_seconds") == [("a?", 0.0)]


@pytest.mark.parametrize("data", [b"this is no database" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_damaged_file_is_set_aside_and_the_history_begins_anew(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "history.sqlite").write_bytes(data)
    summary(tmp_path, "20240101", job("a", 1.0))
    said: list[str] = []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        history = History(str(tmp_path), warn=said.append)
        assert history.conflicts() == frozenset()
        history.remember_conflict("a", ["b"], run="1", at=1.0)
        assert history.conflicts() == {frozenset("ab")}
        assert len(history.jobs()) == 1
        gc.collect()
    assert said == [
        "the history is damaged (file is not a database), and begins anew; the old one is history.sqlite.damaged beside it"
    ]
    assert (tmp_path / f"history.sqlite{DAMAGED}").read_bytes() == data


def test_damage_in_the_middle_is_found_too_and_runs_that_are_still_there_are_taken_in_anew(tmp_path: Path) -> None:
    history = History(str(tmp_path))
    summary(tmp_path, "20240101", *(job(f"task-{number}", 1.0) for number in range(500)))
    history.learn()
    path = tmp_path / "history.sqlite"
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xa5" * (len(data) - 4096))
    said: list[str] = []
    assert len(History(str(tmp_path), warn=said.append).jobs()) == 500
    assert [text.split(" (")[0] for text in said] == ["the history is damaged"]
    history.remember_conflict("a", ["b"], run="1", at=1.0)
    assert history.conflicts() == {frozenset("ab")}


def test_file_of_another_shape_is_set_aside(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "history.sqlite")
    connection.executescript(f"create table jobs (something text); pragma user_version = {SCHEMA_VERSION};")
    connection.close()
    said: list[str] = []
    assert History(str(tmp_path), warn=said.append).conflicts() == frozenset()
    assert said == [
        "the history is damaged (no such table: conflicts), and begins anew; the old one is history.sqlite.damaged beside it"
    ]


@pytest.mark.parametrize("data", [b"", b"x"])
def test_file_cut_to_almost_nothing_starts_anew(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "history.sqlite").write_bytes(data)
    history = History(str(tmp_path))
    history.conflicts()
    history.remember_conflict("a", ["b"], run="1", at=1.0)
    assert history.conflicts() == {frozenset("ab")}


def test_file_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "history.sqlite")
    connection.execute("pragma user_version = 99")
    connection.commit()
    connection.close()
    before = (tmp_path / "history.sqlite").read_bytes()
    said: list[str] = []
    history = History(str(tmp_path), warn=said.append)
    history.remember_conflict("a", ["b"], run="1", at=1.0)
    assert history.conflicts() == frozenset()
    assert (tmp_path / "history.sqlite").read_bytes() == before
    assert said == ["the history is not kept: it was written by a later version of paratask (99)"]


def test_file_of_version_1_is_brought_up_to_date_with_its_lessons(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "history.sqlite")
    connection.executescript(VERSION_1)
    connection.close()
    assert known(tmp_path, "task", "seconds", "cpu_seconds", "attempts", "variables") == [
        ("a", 3.0, 0.6, 1, ""),
        ("a", 2.0, 0.5, 1, ""),
    ]
    assert History(str(tmp_path)).conflicts() == {frozenset("ab")}
    connection = sqlite3.connect(tmp_path / "history.sqlite")
    tables = {name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")}
    version = connection.execute("pragma user_version").fetchone()
    connection.close()
    assert (tables, version) == ({"runs", "jobs", "conflicts", "seen"}, (SCHEMA_VERSION,))


def test_state_that_cannot_be_made_costs_the_lessons_only(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file in the way")
    said: list[str] = []
    history = History(str(tmp_path / "state"), warn=said.append)
    history.remember_conflict("a", ["b"], run="1", at=1.0)
    assert (history.conflicts(), history.jobs()) == (frozenset(), [])
    assert said == [f"the history is not kept: File exists: {tmp_path / 'state'}"]


def test_file_of_another_user_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    history = History(str(tmp_path))
    history.remember_conflict("a", ["b"], run="1", at=1.0)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    said: list[str] = []
    foreign = History(str(tmp_path), warn=said.append)
    assert foreign.conflicts() == frozenset()
    foreign.remember_conflict("c", ["d"], run="1", at=1.0)
    assert said == [f"the history is not kept: {tmp_path / 'history.sqlite'} belongs to another user"]
    monkeypatch.undo()
    assert history.conflicts() == {frozenset("ab")}


def test_locked_file_is_read_and_changes_to_it_are_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ASKED_WAITS_SECONDS", 0.01)
    said: list[str] = []
    history = History(str(tmp_path), warn=said.append)
    history.remember_conflict("a", ["b"], run="1", at=1.0)
    summary(tmp_path, "20240101", job("a", 1.0))
    holder = sqlite3.connect(tmp_path / "history.sqlite", isolation_level=None)
    holder.execute("begin immediate")
    try:
        assert history.conflicts() == {frozenset("ab")}
        assert history.jobs() == []
        assert said == []
        history.remember_conflict("c", ["d"], run="1", at=1.0)
        assert said == ["the history is not kept: another program has it locked"]
    finally:
        holder.close()
    assert len(history.jobs()) == 1, "what could be made up for was"
    assert history.conflicts() == {frozenset("ab")}


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Another program has the history for itself, in which `a` and `b` are remembered."""
    History(str(tmp_path)).remember_conflict("a", ["b"], run="1", at=1.0)
    holder = sqlite3.connect(tmp_path / "history.sqlite", isolation_level=None)
    holder.execute("begin exclusive")
    yield holder
    holder.close()


def test_a_run_waited_five_seconds_at_each_question_to_a_history_that_was_locked(
    tmp_path: Path, locked: sqlite3.Connection
) -> None:
    for day in range(1, MANY_UNSEEN + 3):
        summary(tmp_path, f"2024010{day}", job("a", 1.0))
    said: list[str] = []
    history = History(str(tmp_path), warn=said.append, for_run=True)
    began = time.monotonic()
    assert [(history.conflicts(), history.samples(), history.learn()) for _ in range(5)] == [(frozenset(), [], False)] * 5
    assert time.monotonic() - began < 5 * RUN_WAITS_SECONDS, "one wait, not twenty"
    assert said == [f"{UNREAD}: {WITHOUT_FOR_RUN}"]
    assert (history.is_unread, history.is_locked) == (True, True)
    locked.rollback()
    assert History(str(tmp_path)).conflicts() == {frozenset("ab")}


def test_what_failed_beside_what_was_forgotten_when_the_history_was_locked_at_that_moment(
    tmp_path: Path, locked: sqlite3.Connection
) -> None:
    said: list[str] = []
    history = History(str(tmp_path), warn=said.append, for_run=True)
    history.remember_conflict("c", ["d"], run="1", at=1.0)
    history.remember_conflict("e", ["f"], run="1", at=2.0)
    assert said == [], "there is time until the run ends"
    locked.rollback()
    history.catch_up()
    assert said == []
    assert history.conflicts() == {frozenset("ab"), frozenset("cd"), frozenset("ef")}


def test_what_failed_beside_what_is_given_up_when_the_run_ends(tmp_path: Path, locked: sqlite3.Connection) -> None:
    said: list[str] = []
    history = History(str(tmp_path), warn=said.append, for_run=True)
    history.remember_conflict("c", ["d"], run="1", at=1.0)
    history.catch_up()
    history.catch_up()
    assert said == ["the history is not kept: another program has it locked"]


def test_what_cannot_be_written_down_is_still_foreseen_with(tmp_path: Path) -> None:
    History(str(tmp_path)).remember_conflict("a", ["b"], run="1", at=1.0)
    for day in range(1, MANY_UNSEEN + 3):
        summary(tmp_path, f"2024010{day}", job("a", 1.0))
    holder = sqlite3.connect(tmp_path / "history.sqlite", isolation_level=None)
    holder.execute("begin immediate")
    try:
        assert len(History(str(tmp_path), for_run=True).samples()) == MANY_UNSEEN + 2
    finally:
        holder.close()


def test_a_folder_in_place_of_the_history_is_put_aside(tmp_path: Path) -> None:
    (tmp_path / "history.sqlite" / "inner").mkdir(parents=True)
    said: list[str] = []
    history = History(str(tmp_path), warn=said.append)
    assert history.conflicts() == frozenset()
    history.remember_conflict("a", ["b"], run="1", at=1.0)
    assert history.conflicts() == {frozenset("ab")}
    assert said == ["the history is damaged (it is a folder), and begins anew; the old one is history.sqlite.damaged beside it"]
    assert (tmp_path / f"history.sqlite{DAMAGED}" / "inner").is_dir()


def test_a_history_that_may_not_be_read_is_put_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "history.sqlite"
    path.write_bytes(b"")
    path.chmod(0)
    real = os.access
    monkeypatch.setattr(os, "access", lambda name, mode: real(name, mode) and bool(os.stat(name).st_mode & 0o400))  # root may
    said: list[str] = []
    history = History(str(tmp_path), warn=said.append)
    history.remember_conflict("a", ["b"], run="1", at=1.0)
    history.remember_conflict("a", ["b"], run="1", at=1.0)
    assert said == [
        "the history is damaged (its permissions do not let it be read), and begins anew; the old one is history.sqlite.damaged beside it"
    ]
    assert history.conflicts() == {frozenset("ab")}


def test_what_cannot_be_put_aside_is_said_once(tmp_path: Path) -> None:
    (tmp_path / "history.sqlite").mkdir()
    (tmp_path / f"history.sqlite{DAMAGED}").write_text("an older one")
    said: list[str] = []
    history = History(str(tmp_path), warn=said.append)
    assert (history.conflicts(), history.conflicts()) == (frozenset(), frozenset())
    assert [text.partition(":")[0] for text in said] == ["the history is damaged (it is a folder), and cannot be put aside"]


def test_full_disk_costs_the_lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    history = History(str(tmp_path), warn=said.append)
    history.remember_conflict("a", ["b"], run="1", at=1.0)

    class Full(sqlite3.Connection):
        """As many pages as there are, and no more."""

        def __init__(self, *args: object, **options: object) -> None:
            super().__init__(*args, **options)  # type: ignore[arg-type]
            self.execute("pragma max_page_count = 1")

    real = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda path, **options: real(path, factory=Full, **options))
    history.remember_conflict("c", ["d" * 5000, "e" * 5000, "f" * 5000], run="1", at=1.0)
    monkeypatch.undo()
    assert said == ["the history is not kept: database or disk is full"]
    assert history.conflicts() == {frozenset("ab")}


WORKER = """
import sys
from paratask.records.history import History

state, name, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
said = []
sys.stdin.read()  # all begin when the test lets go
history = History(state, warn=said.append)
for number in range(count):
    history.remember_conflict(f"{name}-{number}", ["other"], run="1", at=1.0)
    history.jobs()
print(said)
"""


@pytest.mark.slow
def test_several_processes_lose_nothing_and_count_nothing_twice(tmp_path: Path) -> None:
    for number in range(30):
        summary(tmp_path, f"202401{number:02}", job("a", 1.0), seconds=1.0)
    argv = [sys.executable, "-c", WORKER, str(tmp_path)]
    workers = [
        subprocess.Popen([*argv, name, "10"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for name in "uvwxyz"
    ]
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.close()
    said = []
    for worker in workers:
        assert worker.stdout is not None
        with worker.stdout:
            said.append(worker.stdout.read())
        assert worker.wait() == 0
    history = History(str(tmp_path))
    assert said == ["[]\n"] * 6
    assert history.conflicts() == {frozenset((f"{name}-{number}", "other")) for name in "uvwxyz" for number in range(10)}
    assert (len(history.jobs()), len(history.runs())) == (30, 30)


ENDLESS = "with recursive n(i) as (select 1 union all select i + 1 from n) select i from n where i < 0"


@pytest.mark.parametrize(
    "program",
    [f"create view runs as {ENDLESS}", f"create trigger t after insert on conflicts begin insert into seen {ENDLESS}; end"],
    ids=["view", "trigger"],
)
def test_a_file_with_a_query_without_an_end_in_it_was_waited_for(tmp_path: Path, program: str) -> None:
    History(str(tmp_path)).remember_conflict("a", ["b"], run="1", at=1.0)
    with closing(sqlite3.connect(tmp_path / "history.sqlite")) as connection, connection:
        connection.execute("drop table runs")
        connection.execute(program)
    said: list[str] = []
    history = History(str(tmp_path), warn=said.append)
    history.remember_conflict("a", ["b"], run="2", at=2.0)
    assert history.runs() == []
    assert len(said) == 1
    assert "it has views, triggers or virtual tables" in said[0]
