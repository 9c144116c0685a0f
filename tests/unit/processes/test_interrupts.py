"""When a signal is the second one."""

from __future__ import annotations

import signal

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

    def now(self) -> float:
        return self.time

    def on_signal(self, number, callback, *, at_once) -> None:
        pass

    def kill_all(self) -> None:
        self.killed += 1

    def cancel(self, reason) -> None:
        self.reasons.append(reason)


@pytest.mark.parametrize(
    ("second", "after_seconds", "counts"),
    [
        (signal.SIGTERM, ECHO_SECONDS / 2, False),
        (signal.SIGINT, ECHO_SECONDS / 2, True),
        (signal.SIGTERM, ECHO_SECONDS * 1.5, True),
    ],
)
def test_the_same_signal_again_at_once_is_no_second_one(monkeypatch, second, after_seconds, counts):
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
