"""summary.json: every key, as it is read by others."""

from __future__ import annotations

import json

from paratask.events import EventBus
from paratask.execution.jobs import Jobs, State
from paratask.records.summary import render_summary
from paratask.records.summary import totals as whole_of
from paratask.taskfile.model import Variable


def test_summary_has_every_job_with_its_times_and_cost() -> None:
    clock = iter([10.0, 11.0, 13.5, 14.0])
    jobs = Jobs(EventBus(), lambda: next(clock))
    first, waiting = jobs.make("api:a", parent="", reason="first"), jobs.make("b", parent="api-a", reason="later")
    for state in (State.READY, State.RUNNING, State.SUCCEEDED):
        jobs.move(first, state)
    first.queued_seconds, first.queued_again = 0.5, 1
    first.exit_status, first.own_seconds, first.cpu_seconds, first.peak_bytes, first.attempts = 0, 2.25, 1.0000004, 7, 2
    first.beside["c"] = None
    first.neighbours |= {"c", "d"}
    first.read_bytes, first.written_bytes, first.recovery_seconds = 512, 1024, 0.75
    first.variables = {"X": Variable(value="1")}
    waiting.done_before = waiting.shared = True
    text = render_summary(
        run="r",
        calls=["api:a"],
        jobs=jobs.all,
        started_at=9.0,
        ended_at=14.25,
        seconds=5.25,
        exit_code=201,
        whole=whole_of(jobs.all, 5.25, 2.0),
        extra={"parallel": "all", "é": 1},
        digest=lambda job: f"{len(job.variables)} of {job.task}",
    )
    assert text.endswith("}\n")
    assert '"é": 1' in text
    document = json.loads(text)
    assert document.pop("jobs") == [
        {
            "id": "api-a", "task": "api:a", "variables": "1 of api:a", "parent": "", "state": "succeeded", "reason": "first", "state_reason": "", "done_before": False, "shared": False, "exit_code": 0, "started_at": 11.0,
            "ended_at": 13.5, "seconds": 2.5, "command_seconds": 2.25, "cpu_seconds": 1.0, "queued_seconds": 0.5, "peak_memory_bytes": 7, "read_bytes": 512,
            "written_bytes": 1024, "attempts": 2, "queued_again": 1, "recovery_seconds": 0.75, "beside": ["c"], "neighbours": 2,
        },
        {
            "id": "b", "task": "b", "variables": "0 of b", "parent": "api-a", "state": "waiting", "reason": "later", "state_reason": "", "done_before": True, "shared": True, "exit_code": None, "started_at": None,
            "ended_at": None, "seconds": None, "command_seconds": 0.0, "cpu_seconds": 0.0, "queued_seconds": 0.0, "peak_memory_bytes": 0, "read_bytes": 0,
            "written_bytes": 0, "attempts": 1, "queued_again": 0, "recovery_seconds": 0.0, "beside": [], "neighbours": 0,
        },
    ]  # fmt: skip
    assert document == {
        "schema": 1, "run": "r", "calls": ["api:a"], "started_at": 9.0, "ended_at": 14.25, "seconds": 5.25, "exit_code": 201,
        "parallel": "all", "é": 1, "job_count": 2, "done_before": 1, "shared": 1, "sequential_seconds": 2.25, "saved_seconds": 0.0, "recovery_seconds": 0.75,
    }  # fmt: skip
    assert waiting.state is State.WAITING


def totals(
    *ends: State, own_seconds: float, neighbours: bool, failed_seconds: float = 0.0, goes_on: bool = False
) -> list[object]:
    jobs = Jobs(EventBus(), lambda: 1.0)
    for number, end in enumerate(ends):
        job = jobs.make(f"t{number}", parent="", reason="")
        for state in (State.READY, State.RUNNING, end):
            jobs.move(job, state)
        job.own_seconds = own_seconds
        job.failed_seconds = failed_seconds
        if neighbours:
            job.neighbours.add("other")
    document = json.loads(
        render_summary(
            run="r",
            calls=[],
            jobs=jobs.all,
            started_at=1.0,
            ended_at=4.0,
            seconds=3.0,
            exit_code=0,
            extra={},
            whole=whole_of(jobs.all, 3.0, 2.0, goes_on=goes_on),
        )
    )
    return [document[key] for key in ("sequential_seconds", "saved_seconds")]


def test_what_was_saved_is_known_where_all_ended_by_themselves() -> None:
    done = (State.SUCCEEDED, State.SUCCEEDED)
    assert totals(*done, own_seconds=2.0, neighbours=True) == [4.0, 1.0]
    assert totals(*done, own_seconds=1.0, neighbours=True) == [2.0, 0.0]
    assert totals(*done, own_seconds=2.0, neighbours=False) == [4.0, 0.0]
    assert totals(State.SUCCEEDED, State.CANCELLED, own_seconds=2.0, neighbours=True) == [None, None]


def test_a_run_that_failed_was_said_to_have_saved_what_one_at_a_time_would_not_have_begun() -> None:
    ends = (State.FAILED, State.SUCCEEDED)
    assert totals(*ends, own_seconds=2.0, neighbours=True) == [None, None]
    assert totals(*ends, own_seconds=2.0, neighbours=True, goes_on=True) == [4.0, 1.0]


def test_an_attempt_that_was_made_again_would_not_have_been_one_at_a_time() -> None:
    assert totals(State.SUCCEEDED, State.SUCCEEDED, own_seconds=3.0, neighbours=True, failed_seconds=1.0) == [4.0, 1.0]
