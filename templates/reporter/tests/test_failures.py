"""What the reporter writes of a run that is made up: events are values, and need no run."""

from __future__ import annotations

from pathlib import Path

import pytest
from paratask.events import EVENTS_SCHEMA, JobChanged
from paratask.plugins.reporters import RunInfo
from paratask_failures import Failures


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunInfo:
    monkeypatch.delenv("PARATASK_FAILURES", raising=False)
    return RunInfo(events_schema=EVENTS_SCHEMA, run="1", root=str(tmp_path), folder=str(tmp_path))


def lines(run: RunInfo) -> list[str]:
    """Without the time of day."""
    path = Path(run.root, "failures.log")
    return [line.split(" ", 1)[1] for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def change(task: str, state: str) -> JobChanged:
    return JobChanged(job=task, task=task, state=state, at=1.0)


def test_a_failed_job_is_noted_with_its_last_line(run: RunInfo) -> None:
    Path(run.log_path("lint")).write_text("looking\n1 problem\n\n", encoding="utf-8")
    reporter = Failures(run)
    reporter.hear(change("lint", "running"))
    reporter.hear(change("lint", "failed"))
    assert lines(run) == ["lint: 1 problem"]
    reporter.hear(change("silent", "failed"))
    reporter.finish()
    assert lines(run) == ["lint: 1 problem", "silent: failed", "2 failed in run 1"]


def test_a_run_that_went_well_leaves_nothing(run: RunInfo) -> None:
    reporter = Failures(run)
    reporter.hear(change("lint", "succeeded"))
    reporter.finish()
    assert lines(run) == []
