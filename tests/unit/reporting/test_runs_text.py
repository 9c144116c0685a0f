"""Why jobs of kept runs came to what they came to."""

from __future__ import annotations

import pytest

from paratask.reporting.runs_text import Told, render_why


def plain(_: str, text: str) -> str:
    return text


def test_explaining_two_thousand_jobs_looked_at_the_whole_journal_for_each() -> None:
    """The lines are walked once: there is no second time with an iterator."""
    made = [{"event": "JobMade", "job": f"w.{n}", "task": "w", "parent": "all"} for n in range(2, 5)]
    held = [{"event": "HeldBack", "job": f"w.{n}", "by": "resource", "names": ["db"], "seconds": float(n)} for n in range(2, 5)]
    told = Told(iter([{"event": "JobMade", "job": "all", "task": "all"}, *made, *held]))
    for number in range(2, 5):
        job = {"id": f"w.{number}", "task": "w", "parent": "all", "state": "succeeded"}
        lines = f"w.{number} in run R: succeeded\n  called by: all\n  held back: {number}.0 s, until its command got `db`\n"
        assert render_why("R", "succeeded", job, told, paint=plain) == lines


@pytest.mark.parametrize(
    ("result", "state", "said"),
    [("running", "running", "to come"), ("running", "failed", "not made"), ("killed", "running", "not made")],
)
def test_an_attempt_that_was_still_to_come_was_said_not_to_be_made(result: str, state: str, said: str) -> None:
    told = Told([{"event": "Retried", "job": "w", "attempt": 2, "exit_status": 3}])
    text = render_why("R", result, {"id": "w", "task": "w", "state": state}, told, paint=plain)
    assert text.endswith(f"\n  second attempt: {said}: the one before exited with 3, and its task declares `retry`\n")
