"""States of jobs."""

from __future__ import annotations

import itertools

import pytest

from paratask.events import EventBus, JobMade
from paratask.execution.jobs import ENDED, Jobs, State

ALLOWED = {
    State.WAITING: {State.READY, State.CANCELLED},
    State.READY: {State.RUNNING, State.CANCELLED, State.SKIPPED, State.FRESH, State.FAILED},
    State.RUNNING: set(ENDED),
}


def make():
    events = []
    bus = EventBus()
    bus.subscribe(events.append)
    clock = itertools.count(100)
    return Jobs(bus, lambda: float(next(clock))), events


def test_names_are_told_apart():
    jobs, _ = make()
    made = [jobs.make(name, parent="", reason="") for name in ("a", "a", "b:c", "b-c", "")]
    assert [job.id for job in made] == ["a", "a.2", "b-c", "b-c.2", "task"]
    assert jobs.all == made


@pytest.mark.parametrize(("before", "after"), list(itertools.product(State, State)))
def test_only_what_the_table_allows(before, after):
    jobs, events = make()
    job = jobs.make("a", parent="", reason="")
    assert events == [JobMade(job="a", task="a", parent="", reason="")]
    job.state = before
    if after in ALLOWED.get(before, ()):
        jobs.move(job, after)
        assert job.state is after
        assert events[1].state == after.value
    else:
        with pytest.raises(AssertionError, match="cannot go from"):
            jobs.move(job, after)
        assert job.state is before
        assert len(events) == 1


def test_times_and_reasons():
    jobs, events = make()
    job = jobs.make("a", parent="p", reason="first")
    jobs.move(job, State.READY)
    jobs.move(job, State.RUNNING)
    jobs.move(job, State.FRESH, "up to date")
    assert (job.started_at, job.ended_at, job.reason, job.state_reason) == (101.0, 102.0, "first", "up to date")
    assert [event.reason for event in events[1:]] == ["", "", "up to date"]


def test_the_rest_is_cancelled_and_what_has_ended_stays():
    jobs, _ = make()
    ended, running, waiting = (jobs.make(name, parent="", reason="") for name in ("ended", "running", "waiting"))
    for job in (ended, running):
        jobs.move(job, State.READY)
        jobs.move(job, State.RUNNING)
    jobs.move(ended, State.SUCCEEDED)
    jobs.cancel_rest("over")
    assert [(job.state, job.state_reason) for job in (ended, running, waiting)] == [
        (State.SUCCEEDED, ""), (State.CANCELLED, "over"), (State.CANCELLED, "over"),
    ]  # fmt: skip
