"""What a job of a run that goes on does just now, in words."""

from __future__ import annotations

from types import SimpleNamespace

from paratask.reporting.present_text import Doing, doing

PRESENT = SimpleNamespace(at=100.0, running={"a": 60.0}, waits={"b": "waits for a free core", "c": "after a"})


def job(name: str, state: str = "running", parent: str = "") -> dict[str, str]:
    return {"id": name, "task": name, "state": state, "parent": parent}


JOBS = [job("all"), job("a", parent="all"), job("b", parent="all"), job("c", "waiting", "all"), job("d", "failed", "all")]


def told(name: str, *, changed_at: float = 50.0, goes_on: bool = True) -> Doing:
    found = next(job for job in JOBS if job["id"] == name)
    lines = [{"event": "JobMade"}, {"event": "JobChanged", "at": changed_at}]
    return doing(found, PRESENT, lines, JOBS, at=105.0, goes_on=goes_on)


def test_a_job_that_waited_for_its_lease_was_said_to_run():
    assert told("a") == Doing(state="running", line="now: its command has run for 45.0 s")
    assert told("b") == Doing(state="waiting", line="now: waits for a free core")
    assert told("c") == Doing(state="waiting", line="now: after a")
    assert told("all") == Doing(state="running", line="now: waits for what it called: a, b and 1 more")
    assert told("d") == Doing(state="failed")


def test_what_happened_since_is_not_known_from_there():
    assert told("a", changed_at=101.0) == told("b", changed_at=101.0) == Doing(state="running")


def test_a_job_that_waited_for_its_next_attempt_did_nothing():
    retried = {"event": "Retried", "attempt": 3, "wait_seconds": 4.0}
    lines = [{"event": "CommandEnded", "at": 50.0}, retried]
    was = doing(job("a"), PRESENT, lines, [], at=105.0, goes_on=True)
    assert was == Doing(state="waiting", line="now: waits for its third attempt, 4.0 s after the one before")
    was = doing(job("a"), PRESENT, [*lines, {"event": "AttemptBegan", "attempt": 3}], [], at=105.0, goes_on=True)
    assert was == Doing(state="running", line="now: its command has run for 45.0 s")


def test_what_a_killed_run_did_last():
    assert told("a", goes_on=False).line == "then: its command had run for 45.0 s at least"
    assert told("b", goes_on=False) == Doing(state="waiting", line="then: waits for a free core")
    assert told("all", goes_on=False).line == "then: it waited for what it called: a, b and 1 more"
