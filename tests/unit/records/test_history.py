"""What earlier runs taught; a broken file costs the lessons, never the run."""

from __future__ import annotations

import gc
import json
import sqlite3
import warnings
from pathlib import Path

import pytest

from paratask.records.history import MAX_DURATIONS, History


def summary(state: Path, run: str, *jobs: object) -> None:
    path = state / "runs" / run / "summary.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"jobs": list(jobs)}))


def job(task: str, seconds: object, state: str = "succeeded") -> dict[str, object]:
    own = seconds if isinstance(seconds, float) else 0
    return {
        "id": task,
        "parent": "",
        "task": task,
        "state": state,
        "seconds": seconds,
        "command_seconds": own,
        "cpu_seconds": 0.1,
    }


def test_waiting_for_a_turn_is_no_time_of_a_job_but_what_it_calls_is(tmp_path: Path) -> None:
    parent = {**job("all", 9.0), "command_seconds": 0.5}
    summary(tmp_path, "20240101", parent, {**job("a", 8.0), "parent": "all", "command_seconds": 3.0})
    assert History(str(tmp_path)).estimates() == {"all": 9.0, "a": 3.0}


def test_conflicts_are_unordered_pairs_and_are_remembered_once(tmp_path: Path) -> None:
    history = History(str(tmp_path))
    assert history.conflicts() == frozenset()
    history.remember_conflict("b", ["a", "c"], run="1", at=1.0)
    history.remember_conflict("a", ["b"], run="2", at=2.0)
    assert History(str(tmp_path)).conflicts() == {frozenset("ab"), frozenset("bc")}
    history.forget_conflicts()
    assert history.conflicts() == frozenset()


def test_asking_makes_no_file(tmp_path: Path) -> None:
    assert History(str(tmp_path / "none")).conflicts() == frozenset()
    assert History(str(tmp_path / "none")).estimates() == {}
    assert list(tmp_path.iterdir()) == []


def test_estimate_is_the_median_of_runs_that_succeeded(tmp_path: Path) -> None:
    for number, seconds in enumerate((9.0, 1.0, 2.0)):
        summary(tmp_path, f"2024010{number}", job("a", seconds), job("b", 5.0, "failed"), job("c", None), job("d", 0))
    assert History(str(tmp_path)).estimates() == {"a": 2.0}
    assert History(str(tmp_path)).estimates() == {"a": 2.0}


def test_only_the_last_runs_count(tmp_path: Path) -> None:
    for number in range(MAX_DURATIONS + 5):
        summary(tmp_path, f"202401{number:02}", job("a", 100.0 if number < 5 else 1.0))
    assert History(str(tmp_path)).estimates() == {"a": 1.0}


def test_run_that_was_pruned_is_still_known_for_a_year(tmp_path: Path) -> None:
    summary(tmp_path, "20230601", job("a", 3.0))
    assert History(str(tmp_path)).estimates() == {"a": 3.0}
    (tmp_path / "runs/20230601/summary.json").unlink()
    (tmp_path / "runs/20230601").rmdir()
    summary(tmp_path, "20240101", job("b", 1.0))
    assert History(str(tmp_path)).estimates() == {"a": 3.0, "b": 1.0}
    summary(tmp_path, "20250101", job("b", 1.0))
    assert History(str(tmp_path)).estimates() == {"b": 1.0}


def test_run_that_had_not_ended_when_somebody_asked_was_never_learned_from(tmp_path: Path) -> None:
    (tmp_path / "runs/20240101").mkdir(parents=True)
    assert History(str(tmp_path)).estimates() == {}
    (tmp_path / "runs/20240101").rmdir()
    summary(tmp_path, "20240101", job("a", 2.0))
    assert History(str(tmp_path)).estimates() == {"a": 2.0}


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
    ],
)
def test_spoiled_summary_teaches_nothing(tmp_path: Path, text: str) -> None:
    summary(tmp_path, "20240101")
    (tmp_path / "runs/20240101/summary.json").write_text(text)
    summary(tmp_path, "20240102", job("a", 1.0))
    assert History(str(tmp_path)).estimates() == {"a": 1.0}


@pytest.mark.parametrize("data", [b"this is no database" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_corrupted_file_costs_the_lessons_and_never_the_run(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "history.sqlite").write_bytes(data)
    summary(tmp_path, "20240101", job("a", 1.0))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        history = History(str(tmp_path))
        history.remember_conflict("a", ["b"], run="1", at=1.0)
        history.forget_conflicts()
        assert history.conflicts() == frozenset()
        assert history.estimates() == {}
        gc.collect()
    assert (tmp_path / "history.sqlite").read_bytes() == data


@pytest.mark.parametrize("data", [b"", b"x"])
def test_file_cut_to_almost_nothing_starts_anew(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "history.sqlite").write_bytes(data)
    history = History(str(tmp_path))
    history.remember_conflict("a", ["b"], run="1", at=1.0)
    assert history.conflicts() == {frozenset("ab")}


def test_file_of_another_version_is_left_alone(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "history.sqlite")
    connection.execute("pragma user_version = 99")
    connection.commit()
    connection.close()
    before = (tmp_path / "history.sqlite").read_bytes()
    history = History(str(tmp_path))
    history.remember_conflict("a", ["b"], run="1", at=1.0)
    assert history.conflicts() == frozenset()
    assert (tmp_path / "history.sqlite").read_bytes() == before


def test_state_that_cannot_be_made_costs_the_lessons_only(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file in the way")
    history = History(str(tmp_path / "state"))
    history.remember_conflict("a", ["b"], run="1", at=1.0)
    assert (history.conflicts(), history.estimates()) == (frozenset(), {})
