"""A reporter hears events: what it is told, in which order, and what becomes of one that fails."""

from __future__ import annotations

import itertools

import pytest

from paratask.events import Notice, RunBegan, RunEnded
from paratask.plugins.listening import MOST_KEPT, Listening
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


def told(make, *events, heard=lambda: None):
    """What a reporter failed of that heard these, each a pair with its run; `make` is the factory, or what keeps it from being loaded."""

    def load():
        if isinstance(make, BaseException):
            raise make
        return make

    def info(event):
        return RunInfo(events_schema=1, run=event.run, root="/r", folder="/r/.paratask/runs/1")

    pairs = [event if isinstance(event, tuple) else ("run", event) for event in events]
    return Listening(load=load, info_of=info, heard=heard).listen(pairs)


def test_a_reporter_hears_every_event_in_order_and_then_that_there_is_no_more():
    kind, count = recorder(), itertools.count()
    events = [Notice(text=str(number)) for number in range(500)]
    assert told(kind, BEGAN, *events, ENDED, heard=lambda: next(count)) is None
    assert kind.heard == [("made", "1"), BEGAN, *events, ENDED, "finished"]
    assert next(count) == 502


def test_a_run_that_does_not_end_is_finished_when_nothing_more_comes():
    kind = recorder()
    told(kind, BEGAN, HEARD)
    assert kind.heard == [("made", "1"), BEGAN, HEARD, "finished"]


def test_a_reporter_needs_no_finish():
    heard = []
    kind = type("Least", (), {"__init__": lambda _, run: None, "hear": lambda _, event: heard.append(event)})
    assert told(kind, BEGAN, ENDED) is None
    assert heard == [BEGAN, ENDED]


def test_what_is_told_of_a_run_that_did_not_begin_is_for_nobody():
    kind = recorder()
    assert told(kind, HEARD, ENDED) is None
    assert kind.heard == []


def test_runs_that_go_on_at_the_same_time_have_a_reporter_each():
    kind = recorder()
    made = itertools.count()

    class Numbered(kind):
        def __init__(self, run):
            self.number = next(made)

        def hear(self, event):
            self.heard.append((self.number, type(event).__name__))

    told(Numbered, ("a", BEGAN), ("b", BEGAN), ("a", HEARD), ("b", ENDED), ("a", ENDED))
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

    failure = told(Raising, BEGAN, HEARD, HEARD, ENDED)
    assert kind.heard == [("made", "1"), BEGAN, HEARD]
    assert failure.doing == "failed on Notice, and heard nothing after it"
    assert failure.error == shown
    assert ("in hear" in failure.traceback) == (shown != "UnspeakableError")


def test_what_it_failed_at_is_told():
    def making(run):
        raise OSError("no")

    class Ending(recorder()):
        def finish(self):
            raise KeyError("k")

    found = [told(make, BEGAN, ENDED) for make in (ModuleNotFoundError("m"), making, Ending)]
    assert [(failure.doing, failure.error) for failure in found] == [
        ("could not be loaded", "ModuleNotFoundError: m"),
        ("could not begin", "OSError: no"),
        ("failed at the run's end", "KeyError: 'k'"),
    ]


def test_the_end_of_a_long_traceback_is_kept():
    class Long(recorder()):
        def hear(self, event):
            raise ValueError("x" * 2 * MOST_KEPT + "end")

    failure = told(Long, BEGAN)
    assert len(failure.traceback) == MOST_KEPT
    assert failure.traceback.endswith("end\n")
