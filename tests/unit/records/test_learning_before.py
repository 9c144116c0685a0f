"""What runs teach is taken in before they are removed: nothing is lost, and no run pays for all."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from paratask.records import history as module
from paratask.records.history import History
from paratask.records.lessons import JOB_COLUMNS
from paratask.records.logs import is_in_history, prune_runs

RUN = JOB_COLUMNS.index("run")


def summary(state: Path, run: str) -> Path:
    job = {
        "id": "a",
        "parent": "",
        "task": "a",
        "state": "succeeded",
        "seconds": 1.0,
        "command_seconds": 1.0,
        "cpu_seconds": 0.1,
    }
    path = state / "runs" / run / "summary.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"jobs": [job]}))
    return path


def marked(state: Path) -> list[str]:
    return sorted(run for run in os.listdir(state / "runs") if is_in_history(str(state), run))


def known(state: Path) -> list[object]:
    return [job[RUN] for job in reversed(History(str(state)).jobs())]


def test_a_conflict_made_what_runs_before_it_teach_count_as_taken_in(tmp_path: Path) -> None:
    """The history's file was younger than their summaries then, and they were removed with all they taught."""
    summary(tmp_path, "20240101")
    history = History(str(tmp_path))
    history.remember_conflict("a", ["b"], run="20240102", at=1.0)
    summary(tmp_path, "20240103")
    assert marked(tmp_path) == []
    prune_runs(str(tmp_path), 1, before=history.learn_before)
    assert sorted(os.listdir(tmp_path / "runs")) == ["20240103"]
    assert known(tmp_path) == ["20240101", "20240103"]


def test_one_run_paid_for_all_that_was_to_be_learned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    size = summary(tmp_path, "20240101").stat().st_size
    for day in range(2, 8):
        summary(tmp_path, f"2024010{day}")
    history = History(str(tmp_path))
    monkeypatch.setattr(module, "MOST_BYTES_BEFORE", 2 * size)
    assert history.learn_before(["20240101"])
    assert marked(tmp_path) == ["20240101", "20240102"]
    assert history.learn_before(["20240103", "20240104", "20240105"]), "those that go are taken in whatever that takes"
    assert marked(tmp_path) == [f"2024010{day}" for day in range(1, 6)]
    monkeypatch.undo()
    assert history.learn_before(["20240106"]), "and all where they are small"
    assert marked(tmp_path) == [f"2024010{day}" for day in range(1, 8)]
    assert known(tmp_path) == [f"2024010{day}" for day in range(1, 8)]


def test_a_run_of_a_time_when_the_clock_was_wrong_was_removed_with_all_it_taught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the oldest, whatever its id says."""
    for run in ("20990101", "20240101", "20240102"):
        summary(tmp_path, run)
    monkeypatch.setattr(module, "MOST_BYTES_BEFORE", 0)
    assert History(str(tmp_path)).learn_before(["20990101", "20240101"])
    assert marked(tmp_path) == ["20240101", "20990101"]


def test_a_run_that_has_nothing_to_teach_asks_for_nothing(tmp_path: Path) -> None:
    summary(tmp_path, "20240101").with_name("commands.json").write_text("[]")
    (tmp_path / "runs/20240102").mkdir()
    assert marked(tmp_path) == ["20240101", "20240102"]


def test_runs_that_an_earlier_version_took_in_are_marked(tmp_path: Path) -> None:
    for day in range(1, 4):
        summary(tmp_path, f"2024010{day}")
    history = History(str(tmp_path))
    assert history.learn()
    for run in marked(tmp_path):
        (tmp_path / "runs" / run / "learned").unlink()
    summary(tmp_path, "20240104").rename(tmp_path / "runs/20240104/goes on")
    assert history.learn_before(["20240101"])
    assert marked(tmp_path) == ["20240101", "20240102", "20240103", "20240104"]
    assert not (tmp_path / "runs/20240104/learned").exists(), "one that has no summary yet"
    assert known(tmp_path) == ["20240101", "20240102", "20240103"]


def test_without_a_history_no_mark_says_anything(tmp_path: Path) -> None:
    summary(tmp_path, "20240101")
    assert History(str(tmp_path)).learn()
    (tmp_path / "history.sqlite").unlink()
    assert marked(tmp_path) == []


def test_what_stands_where_the_mark_would_be_is_left_alone(tmp_path: Path) -> None:
    """A checkout may bring records, and a link among them."""
    other = tmp_path / "other"
    other.write_text("kept")
    mark = summary(tmp_path, "20240101").with_name("learned")
    mark.symlink_to(other)
    assert History(str(tmp_path)).learn()
    assert other.read_text() == "kept"


def test_those_that_go_on_keep_nobody_from_being_removed(tmp_path: Path) -> None:
    for day in range(1, 4):
        summary(tmp_path, f"2024010{day}")
    told: list[list[str]] = []

    def before(runs: object) -> bool:
        assert isinstance(runs, list)
        told.append(runs)
        return True

    prune_runs(str(tmp_path), 1, before=before, spares=lambda folder: folder.endswith("1"))
    prune_runs(str(tmp_path), 1, before=before, spares=lambda folder: folder.endswith("1"))
    assert told == [["20240102"]]
    assert sorted(os.listdir(tmp_path / "runs")) == ["20240101", "20240103"]
