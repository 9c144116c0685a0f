"""What is appended to the summary of a step of GitHub Actions."""

from __future__ import annotations

from pathlib import Path

import pytest

from paratask.cli.step_summary import MOST_BYTES, append_summary
from unit.reporting.exports.made_up import leaf, summary

TEXT = summary([leaf("a", (0.0, 1.0), "failed", exit_code=1)])


class Step:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.warnings: list[str] = []

    def append(self, *, reports: str = "", log: str = "oops\n", **environ: str) -> str:
        append_summary(
            TEXT,
            {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(self.path), **environ},
            after={},
            reports=reports,
            read_log=lambda _: log,
            warn=self.warnings.append,
        )
        return self.path.read_text() if self.path.is_file() else ""


@pytest.fixture
def step(tmp_path: Path) -> Step:
    return Step(tmp_path / "summary.md")


def test_report_is_appended(step: Step) -> None:
    text = step.append()
    assert text.startswith("## ❌ ci\n\n1 job in 9.5 s: 1 failed.")
    assert text.endswith("### a failed with exit code 1\n\n```text\noops\n```\n")
    assert step.append() == f"{text}\n{text}"
    assert step.warnings == []


def test_only_where_the_step_has_one_and_nobody_else_writes_it(step: Step) -> None:
    assert step.append(GITHUB_ACTIONS="") == ""
    assert step.append(GITHUB_STEP_SUMMARY="") == ""
    assert step.append(PARATASK_JOB_SLOTS="x") == ""
    assert step.append(reports=f"junit=x.xml,markdown={step.path}") == ""
    assert step.warnings == []


def test_where_there_is_little_room_it_is_short(step: Step) -> None:
    step.path.write_bytes(b"x" * (MOST_BYTES - 300))
    assert "oops" not in step.append(log="oops\n" * 40)
    assert step.path.stat().st_size <= MOST_BYTES
    step.path.write_bytes(b"x" * MOST_BYTES)
    step.append()
    assert step.path.stat().st_size == MOST_BYTES
    assert step.warnings == [f"the step's summary has no room left for this run: {step.path}"]


def test_file_that_cannot_be_written_is_a_warning(step: Step) -> None:
    step.path.mkdir()
    step.append()
    assert step.warnings == [f"the step's summary was not written to {step.path}: Is a directory"]
