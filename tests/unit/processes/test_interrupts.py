"""When a signal is the second one."""

from __future__ import annotations

import signal
from contextlib import nullcontext

import pytest

from paratask.processes.interrupts import ECHO_SECONDS, Interrupts


class Ended(BaseException):
    """In place of the end of this process."""


class Stand:
    """In place of poller, processes and scope; `time` is what the clock says."""

    def __init__(self) -> None:
        self.time = 5.0
        self.reasons: list[object] = []
        self.killed = 0
        self.callbacks = {}

    def now(self) -> float:
        return self.time

    def on_signal(self, number, callback, *, at_once) -> None:
        self.callbacks[number] = callback, at_once

    def kill_all(self) -> None:
        self.killed += 1

    def cancel(self, reason) -> None:
        self.reasons.append(reason)


@pytest.mark.parametrize(
    ("second", "after_seconds", "counts"),
    [
        (signal.SIGTERM, ECHO_SECONDS / 2, False),
        (signal.SIGINT, ECHO_SECONDS / 2, False),
        (signal.SIGHUP, ECHO_SECONDS / 2, False),
        (signal.SIGTERM, ECHO_SECONDS * 1.5, True),
        (signal.SIGINT, ECHO_SECONDS * 1.5, True),
    ],
)
def test_another_signal_at_once_is_no_second_one(monkeypatch, second, after_seconds, counts):
    def leave(code: int) -> None:
        raise Ended

    monkeypatch.setattr("paratask.processes.interrupts.os._exit", leave)
    stand = Stand()
    said: list[str] = []
    interrupts = Interrupts(poller=stand, processes=stand, scope=stand, sink=stand, say=said.append)
    interrupts.arrive(signal.SIGTERM)
    stand.time += after_seconds
    try:
        interrupts.arrive(second)
    except Ended:
        assert counts
        assert said == ['task: Signal received: "terminated"', "paratask: second signal, ending everything at once"]
    else:
        assert not counts
        assert said == ['task: Signal received: "terminated"']
    assert stand.killed == counts
    assert stand.reasons == [signal.SIGTERM]


@pytest.mark.parametrize(("after_seconds", "counts"), [(ECHO_SECONDS / 2, False), (ECHO_SECONDS * 1.5, True)])
def test_an_echo_ended_everything_where_it_took_long_to_stop_all_jobs(monkeypatch, after_seconds, counts):
    """What counts is when a signal came, and not when the loop got to it."""

    def leave(code: int) -> None:
        raise Ended

    monkeypatch.setattr("paratask.processes.interrupts.os._exit", leave)
    monkeypatch.setattr("paratask.processes.interrupts.signal.setitimer", lambda *_: None)
    monkeypatch.setattr("paratask.processes.interrupts.signal.signal", lambda *_: None)
    stand = Stand()
    interrupts = Interrupts(poller=stand, processes=stand, scope=stand, sink=stand, say=lambda _: None)
    assert interrupts.number == 0
    for number, seconds_later in ((signal.SIGINT, after_seconds), (signal.SIGTERM, ECHO_SECONDS * 5)):
        take, at_once = stand.callbacks[number]
        at_once()
        if number == signal.SIGINT:
            take()
        stand.time += seconds_later
    with pytest.raises(Ended) if counts else nullcontext():
        take()
    assert stand.killed == counts
