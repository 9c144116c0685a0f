"""Events that went through a journal are what they were."""

from __future__ import annotations

import typing

import pytest

from paratask import events
from paratask.records.announced import KINDS, before_end, events_in, first_events, parse_events
from paratask.records.summary import Journal
from paratask.variables.secrets import Secrets

ONE_OF_EACH = (
    events.RunBegan(schema=1, run="1", calls=("a", "b"), at=0.25, parallel="inferred", seed="", given=("X",)),
    events.JobMade(job="a", task="a", parent="", reason='it was asked for: "a" \\ \n \u2028'),
    events.StageMade(job="a", pipeline="p", stage="s", number=1, of=2, gate=""),
    events.JobChanged(job="a", task="a", state="succeeded", at=1e9 + 1 / 3, reason="", definition="d"),
    events.StepsBegan(job="a", name="build é"),
    events.CommandEnded(job="a", command="echo \udcff", exit_status=0, at=1.0, seconds=0.1, cpu_seconds=0.0, peak_bytes=7),
    events.SetArranged(parent="a", members=("b", "c"), after=((), ("b",)), is_parallel=False, evidence=("none", "")),
    events.AttemptBegan(job="a", attempt=2),
    events.FellBack(job="a", task="a", beside=("b",), exit_status=1, passed=True, first_log="x"),
    events.Retried(job="a", task="a", attempt=2, exit_status=1, wait_seconds=0.5, log_before=""),
    events.BegunAnew(job="a.2", instead_of="a"),
    events.QueuedAgain(job="a", task="a", peak_bytes=5, by_kernel=False),
    events.HeldBack(job="a", task="a", by="resource", names=("gpu", "db"), seconds=0.5, at=1.0),
    events.Notice(text='{"event":"JobEntry"'),
    events.RunEnded(
        run="1", exit_code=0, started_at=0.0, at=1.0, job_count=1, predicted_seconds=None, sequential_seconds=1.5,
        saved_seconds=None, recovery_seconds=0.0,
    ),
)  # fmt: skip


class Written:
    """In place of a journal's file."""

    def __init__(self) -> None:
        self.data = b""

    def write(self, data: bytes) -> None:
        self.data += data

    def __getattr__(self, _name: str):
        return lambda *_: None


def lines_of(*announced) -> bytes:
    file, secrets = Written(), Secrets()
    journal = Journal(file, job_of=None, digest=None, secrets=secrets, later=lambda _: None)
    journal._events = list(announced)
    journal.close()
    return file.data


@pytest.mark.parametrize("event", ONE_OF_EACH, ids=lambda event: type(event).__name__)
def test_an_event_is_what_it_was(event):
    assert list(parse_events(lines_of(event).splitlines())) == [event]


def test_many_events_are_what_they_were():
    assert tuple(parse_events(lines_of(*ONE_OF_EACH).splitlines())) == ONE_OF_EACH
    assert list(parse_events([])) == []


def test_every_kind_is_known():
    kinds = {kind for kind in vars(events).values() if isinstance(kind, type) and hasattr(kind, "_defaults")}
    assert set(KINDS.values()) == kinds == {type(event) for event in ONE_OF_EACH}
    assert set(KINDS) == {kind.__name__ for kind in kinds}
    assert not hasattr(typing, "Event")


@pytest.mark.parametrize(
    "line", [b"", b"{", b"3", b"3,4", b"#1", b"]", b'{"event":"Other"}', b'{"event":"Notice"}', b'{"text":"x"}']
)
def test_what_is_no_event_is_none_and_the_others_are(line):
    one, *_, last = lines_of(*ONE_OF_EACH).splitlines()
    assert list(parse_events([line])) == [None]
    assert list(parse_events([one, line, last])) == [ONE_OF_EACH[0], None, ONE_OF_EACH[-1]]


def test_a_journal_s_own_lines_are_left_out():
    lines = lines_of(*ONE_OF_EACH)
    entry = b'{"event":"JobEntry","entry":{"id":"a"}}\n'
    assert events_in(lines) is lines or events_in(lines) == lines
    assert events_in(entry + lines + entry) == lines


def test_the_first_events_and_how_runs_begin_and_end():
    began, made, changed, ended = (lines_of(ONE_OF_EACH[at]) for at in (0, 1, 3, -1))
    lines = made + began + changed + ended
    assert first_events(lines, 10) == lines
    assert first_events(lines, 1) == made + began + ended
    assert first_events(lines, 0) == first_events(lines, -3) == began + ended
    assert before_end(lines) == (made + began + changed, ended)
    assert before_end(made) == (made, b"")
