"""A reporter in its thread: what it hears, and what becomes of one that fails, blocks, or never ends. Gates, no clocks."""

from __future__ import annotations

import itertools
import os
import signal
import sys
import threading
import time

import pytest

from paratask.events import Notice, RunBegan, RunEnded
from paratask.plugins import listening
from paratask.plugins.listening import MOST_EVENTS, Listener
from paratask.plugins.reporters import RunInfo

BEGAN = RunBegan(schema=1, run="1", calls=("a",), at=0.0, parallel="inferred", seed="")
ENDED = RunEnded(
    run="1", exit_code=0, started_at=0.0, at=1.0, job_count=1, predicted_seconds=None, sequential_seconds=None, saved_seconds=None,
    recovery_seconds=0.0,
)  # fmt: skip
HEARD = Notice(text="x")


class Recorder:
    """Keeps what it hears in `heard`, which all of one class share."""

    def __init__(self, run):
        self.heard.append(("made", run.run))

    def hear(self, event):
        self.heard.append(event)

    def finish(self):
        self.heard.append("finished")


def recorder() -> type[Recorder]:
    return type("Recorder", (Recorder,), {"heard": []})


def listener_of(make) -> Listener:
    """It runs; `make` is the factory, or an exception that keeps it from being loaded."""

    def load():
        if isinstance(make, BaseException):
            raise make
        return make

    def info(event):
        return RunInfo(events_schema=1, run=event.run, root="/r", folder="/r/.paratask/runs/1")

    listener = Listener("x", load=load, info_of=info, home=os.getcwd())
    listener.start()
    return listener


def told(make, *events, run="run") -> Listener:
    """Of these events, to the end."""
    listener = listener_of(make)
    for event in events:
        listener.tell(run, event)
    listener.end()
    listener.join(60)
    assert not listener.is_alive()
    return listener


def test_a_reporter_hears_every_event_in_order_and_then_that_there_is_no_more():
    kind = recorder()
    events = [Notice(text=str(number)) for number in range(500)]
    listener = told(kind, BEGAN, *events, ENDED)
    assert kind.heard == [("made", "1"), BEGAN, *events, ENDED, "finished"]
    assert (listener.failure, listener.dropped, listener.told, listener.unheard) == (None, 0, 502, 0)


def test_a_run_that_does_not_end_is_finished_when_nothing_more_comes():
    kind = recorder()
    told(kind, BEGAN, HEARD)
    assert kind.heard == [("made", "1"), BEGAN, HEARD, "finished"]


def test_a_reporter_needs_no_finish():
    heard = []
    kind = type("Least", (), {"__init__": lambda _, run: None, "hear": lambda _, event: heard.append(event)})
    assert told(kind, BEGAN, ENDED).failure is None
    assert heard == [BEGAN, ENDED]


def test_runs_that_go_on_at_the_same_time_have_a_reporter_each():
    kind = recorder()
    made = itertools.count()

    class Numbered(kind):
        def __init__(self, run):
            self.number = next(made)

        def hear(self, event):
            self.heard.append((self.number, type(event).__name__))

    listener = listener_of(Numbered)
    for run, event in (("a", BEGAN), ("b", BEGAN), ("a", HEARD), ("b", ENDED), ("a", ENDED)):
        listener.tell(run, event)
    listener.end()
    listener.join(60)
    assert kind.heard == [
        (0, "RunBegan"), (1, "RunBegan"), (0, "Notice"), (1, "RunEnded"), "finished", (0, "RunEnded"), "finished",
    ]  # fmt: skip


class UnspeakableError(Exception):
    def __str__(self):
        raise self


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (ValueError("boom"), "ValueError: boom"),
        (ValueError(), "ValueError"),
        (ValueError("one\ntwo"), "ValueError: one"),
        (SystemExit(3), "SystemExit: 3"),
        (KeyboardInterrupt(), "KeyboardInterrupt"),
        (GeneratorExit(), "GeneratorExit"),
        (UnspeakableError(), "UnspeakableError"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_one_that_raises_hears_nothing_more(error, shown):
    kind = recorder()

    class Raising(kind):
        def hear(self, event):
            super().hear(event)
            if isinstance(event, Notice):
                raise error

    listener = told(Raising, BEGAN, HEARD, HEARD, ENDED)
    assert kind.heard == [("made", "1"), BEGAN, HEARD]
    assert listener.failure.doing == "failed on Notice, and heard nothing after it"
    assert listener.failure.error == shown
    assert ("in hear" in listener.failure.traceback) == (shown != "UnspeakableError")
    listener.tell("run", HEARD)
    assert listener.unheard == 0, "nothing gathers for one that is gone"


def test_what_it_failed_at_is_told():
    def making(run):
        raise OSError("no")

    class Ending(recorder()):
        def finish(self):
            raise KeyError("k")

    found = [told(make, BEGAN, ENDED).failure for make in (ModuleNotFoundError("m"), making, Ending)]
    assert [(failure.doing, failure.error) for failure in found] == [
        ("could not be loaded", "ModuleNotFoundError: m"),
        ("could not begin", "OSError: no"),
        ("failed at the run's end", "KeyError: 'k'"),
    ]


def test_what_is_too_much_for_a_slow_one_is_dropped_and_counted_but_for_the_end():
    kind = recorder()
    gate, begun = threading.Event(), threading.Event()

    class Slow(kind):
        def hear(self, event):
            super().hear(event)
            begun.set()
            gate.wait()

    listener = listener_of(Slow)
    listener.tell("run", BEGAN)
    begun.wait()
    for _ in range(MOST_EVENTS + 5):
        listener.tell("run", HEARD)
    listener.tell("run", ENDED)
    assert (listener.dropped, listener.unheard) == (5, MOST_EVENTS + 1)
    gate.set()
    listener.end()
    listener.join(60)
    assert kind.heard[-2:] == [ENDED, "finished"]
    assert len(kind.heard) == MOST_EVENTS + 4


def test_one_that_blocks_keeps_nobody_waiting():
    gate = threading.Event()

    class Blocked(recorder()):
        def hear(self, event):
            gate.wait()

    listener = listener_of(Blocked)
    for event in (BEGAN, HEARD, ENDED):
        listener.tell("run", event)
    listener.end()
    listener.join(0)
    assert listener.is_alive()
    assert listener.daemon, "the interpreter does not wait for it"
    gate.set()
    listener.join(60)
    assert listener.failure is None


@pytest.mark.skipif(not hasattr(listening.time, "pthread_getcpuclockid"), reason="the system does not tell a thread's time")
def test_one_that_computes_without_end_is_stopped(monkeypatch):
    monkeypatch.setattr(listening, "LOOK_SECONDS", 0.0)
    monkeypatch.setattr(listening, "MOST_BUSY_SECONDS", 0.02)

    class Busy(recorder()):
        def hear(self, event):
            while True:
                try:
                    sum(range(100))
                except Exception:  # noqa: BLE001 - as plugins do
                    pass

    listener = listener_of(Busy)
    listener.tell("run", BEGAN)
    while listener.is_alive():
        listener.tell("run", HEARD)
        listener.join(0.01)
    assert listener.failure.error == "it took more than 0.02 s of processor time for it"


def test_one_that_computes_a_little_for_each_event_rests_until_the_run_is_over(monkeypatch):
    """It would rest for hours after its first events; the end of the run wakes it."""
    monkeypatch.setattr(listening, "SHARE", 1e-9)
    monkeypatch.setattr(listening, "SHORTEST_WORK_SECONDS", 0.0)
    kind = recorder()
    rests = threading.Event()

    class Resting(Listener):
        def _rest(self):
            rests.set()
            super()._rest()

    listener = Resting("x", load=lambda: kind, info_of=lambda event: event, home=os.getcwd())
    listener.start()
    for event in (BEGAN, *[HEARD] * 100):
        listener.tell("run", event)
    rests.wait()
    assert len(kind.heard) < 100
    listener.end()
    assert listener.ended.wait(60)
    assert len(kind.heard) == 103


def work(seconds):
    began = time.thread_time()
    while time.thread_time() - began < seconds:
        pass


def test_waiting_is_no_work_that_asks_for_more_waiting(monkeypatch):
    asked = []

    def wait(_, seconds):
        asked.append(seconds)
        work(0.005)  # each child that ends may wake it

    monkeypatch.setattr(listening, "_wait", wait)
    monkeypatch.setattr(listening, "SHORTEST_WORK_SECONDS", 0.004)
    listener = Listener("x", load=recorder, info_of=lambda event: event, home=os.getcwd())
    listener._rested_at = time.thread_time()
    work(0.004)
    listener._rest()
    listener._rest()
    assert len(asked) == 1


def test_children_that_end_do_not_wake_one_that_waits():
    seen = []

    class Watched(threading.Event):
        def wait(self, timeout=None):
            seen.append((timeout, signal.SIGCHLD in signal.pthread_sigmask(signal.SIG_BLOCK, ())))
            return True

    listening._wait(Watched(), 2.0)
    assert seen == [(2.0, True)]
    assert signal.SIGCHLD not in signal.pthread_sigmask(signal.SIG_BLOCK, ()), "what a reporter starts needs it"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere threads share a folder")
def test_its_current_folder_is_its_own(tmp_path):
    seen = []

    class Moving(recorder()):
        def hear(self, event):
            if listening._unshare():  # not in a container that forbids it: the first time is no other
                seen.append(os.getcwd())
                os.chdir(tmp_path)
                seen.append(os.getcwd())

    home = os.getcwd()
    told(Moving, BEGAN)
    assert os.getcwd() == home
    assert seen in ([], [home, str(tmp_path)])
