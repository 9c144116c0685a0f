"""summary.json: every key, as it is read by others."""

from __future__ import annotations

import json

from paratask.events import EventBus
from paratask.execution.jobs import Jobs, State
from paratask.records.summary import render_summary


def test_summary_has_every_job_with_its_times_and_cost() -> None:
    clock = iter([10.0, 11.0, 13.5, 14.0])
    jobs = Jobs(EventBus(), lambda: next(clock))
    first, waiting = jobs.make("api:a", parent="", reason="first"), jobs.make("b", parent="api-a", reason="later")
    for state in (State.READY, State.RUNNING, State.SUCCEEDED):
        jobs.move(first, state)
    first.exit_status, first.own_seconds, first.cpu_seconds, first.peak_bytes, first.attempts = 0, 2.25, 1.0000004, 7, 2
    first.beside["c"] = None
    text = render_summary(
        run="r",
        calls=["api:a"],
        jobs=jobs.all,
        started_at=9.0,
        ended_at=14.25,
        exit_code=201,
        extra={"parallel": "all", "é": 1},
    )
    assert text.endswith("}\n")
    assert '"é": 1' in text
    document = json.loads(text)
    assert document.pop("jobs") == [
        {
            "id": "api-a", "task": "api:a", "parent": "", "state": "succeeded", "reason": "first", "state_reason": "", "exit_code": 0, "started_at": 11.0,
            "ended_at": 13.5, "seconds": 2.5, "command_seconds": 2.25, "cpu_seconds": 1.0, "peak_memory_bytes": 7, "attempts": 2,
            "beside": ["c"],
        },
        {
            "id": "b", "task": "b", "parent": "api-a", "state": "waiting", "reason": "later", "state_reason": "", "exit_code": None, "started_at": None,
            "ended_at": None, "seconds": None, "command_seconds": 0.0, "cpu_seconds": 0.0, "peak_memory_bytes": 0, "attempts": 1,
            "beside": [],
        },
    ]  # fmt: skip
    assert document == {
        "schema": 1, "run": "r", "calls": ["api:a"], "started_at": 9.0, "ended_at": 14.25, "seconds": 5.25, "exit_code": 201,
        "parallel": "all", "é": 1,
    }  # fmt: skip
    assert waiting.state is State.WAITING
