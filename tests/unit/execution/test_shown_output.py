"""Output that is shown only where something failed, and output in frames."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from paratask.events import EventBus
from paratask.execution.interpreter import Interpreter
from paratask.execution.jobs import Job, Jobs
from paratask.execution.options import RunOptions
from paratask.execution.shown_output import FailuresOnly, Framed, Framing, Withheld, interpreter_for
from paratask.processes.segments import MEMORY_BYTES, Segment
from paratask.taskfile.model import Output


class Kept:
    def __init__(self) -> None:
        self.chunks: list[tuple[int, bytes]] = []

    def write(self, stream: int, data: bytes) -> None:
        self.chunks.append((stream, data))

    @property
    def text(self) -> str:
        return b"".join(data for _, data in self.chunks).decode()


class Brackets:
    marker = b"[["

    def __init__(self, *, joins: bool = True, after: bytes = b"]]\n") -> None:
        self.joins = joins
        self._after = after

    def around(self, job: Job) -> tuple[bytes, bytes]:
        return f"[[{job.task}\n".encode(), self._after


@pytest.fixture
def kept() -> Kept:
    return Kept()


def job(task: str = "t") -> Job:
    return Jobs(EventBus(), lambda: 1.0).make(task, parent="", reason="")


def test_what_went_well_is_not_shown(kept: Kept) -> None:
    output = Withheld(kept)
    output.write(1, b"fine\n")
    output.end(went_well=True)
    assert kept.chunks == []


def test_what_failed_is_shown_whole_each_stream_by_itself(kept: Kept) -> None:
    output = Withheld(kept)
    output.write(1, b"out\n")
    output.write(2, b"err\n")
    assert kept.chunks == []
    output.end(went_well=False)
    assert kept.chunks == [(1, b"out\n"), (2, b"err\n")]


def test_failure_inside_shows_at_once_what_led_to_it_and_not_what_went_well(kept: Kept) -> None:
    outer = Withheld(kept)
    outer.write(1, b"before\n")
    fine, broken = Withheld(outer), Withheld(outer)
    fine.write(1, b"fine\n")
    fine.end(went_well=True)
    broken.write(1, b"broken\n")
    broken.end(went_well=False)
    assert kept.text == "before\nbroken\n"
    outer.write(1, b"after\n")
    outer.end(went_well=True)
    assert kept.text == "before\nbroken\n"


def test_failure_inside_goes_through_what_is_held_for_a_set(kept: Kept) -> None:
    outer = Withheld(kept)
    held = Segment()
    broken = Withheld(held)
    broken.write(1, b"broken\n")
    broken.end(went_well=False)
    assert kept.chunks == []
    held.pour_into(outer)
    outer.end(went_well=True)
    assert kept.text == "broken\n"


def test_first_attempt_that_is_dropped_leaves_no_mark(kept: Kept) -> None:
    outer = Withheld(kept)
    held = Segment()
    broken = Withheld(held)
    broken.write(1, b"broken\n")
    broken.end(went_well=False)
    held.discard()
    held.write(1, b"fine\n")
    held.pour_into(outer)
    outer.end(went_well=True)
    assert kept.chunks == []


def close(output: Framed, frames: Brackets, kept: Kept) -> str:
    output.close(frames, job())
    output.pour_into(kept)
    return kept.text


def test_frame_is_of_whole_lines(kept: Kept) -> None:
    output = Framed()
    output.write(1, b"no end")
    assert close(output, Brackets(), kept) == "[[t\nno end\n]]\n"


def test_frame_may_have_no_end(kept: Kept) -> None:
    output = Framed()
    output.write(1, b"line\n")
    assert close(output, Brackets(after=b""), kept) == "[[t\nline\n"


def test_nothing_has_no_frame(kept: Kept) -> None:
    assert close(Framed(), Brackets(), kept) == ""


def test_streams_are_joined_where_the_frame_wants_it(kept: Kept) -> None:
    output = Framed()
    output.write(2, b"err\n")
    output.write(1, b"out\n")
    close(output, Brackets(), kept)
    assert kept.chunks == [(1, b"[[t\n"), (1, b"err\n"), (1, b"out\n"), (1, b"]]\n")]


def test_streams_stay_apart_elsewhere(kept: Kept) -> None:
    output = Framed()
    output.write(2, b"err\n")
    close(output, Brackets(joins=False), kept)
    assert kept.chunks == [(1, b"[[t\n"), (2, b"err\n"), (1, b"]]\n")]


@pytest.mark.parametrize("end", [b"", b"\n"])
def test_much_output_that_waits_on_disk_is_framed_too(kept: Kept, end: bytes) -> None:
    output = Framed()
    output.write(2, b"x" * (MEMORY_BYTES + 1) + end)
    close(output, Brackets(), kept)
    assert {stream for stream, _ in kept.chunks} == {1}
    assert kept.text == "[[t\n" + "x" * (MEMORY_BYTES + 1) + "\n]]\n"


def test_frames_inside_leave_no_frame_around(kept: Kept) -> None:
    outer, held, inner = Framed(), Segment(), Framed()
    outer.write(1, b"before\n")
    inner.write(1, b"inside\n")
    inner.close(Brackets(), job("inner"))
    inner.pour_into(held)
    held.pour_into(outer)
    assert close(outer, Brackets(), kept) == "before\n[[inner\ninside\n]]\n"


def test_output_that_folds_itself_has_no_frame(kept: Kept) -> None:
    output = Framed()
    output.write(1, b"[[mine\nx\n")
    assert close(output, Brackets(), kept) == "[[mine\nx\n"


def test_who_interprets() -> None:
    only = Output(style="errors-only")
    assert interpreter_for(RunOptions(output=only)) is FailuresOnly
    assert interpreter_for(RunOptions(output=only, dry=True)) is Interpreter
    assert interpreter_for(RunOptions()) is Interpreter
    made = interpreter_for(RunOptions(frames=Brackets()))(
        **dict.fromkeys(
            ("loop", "jobs", "events", "neighbours", "quiet", "options", "messages", "arrange_dependencies", "executions", "answers"),
        ),
        bench=SimpleNamespace(index=None, preparation=None),
    )  # fmt: skip
    assert isinstance(made, Framing)


@pytest.mark.parametrize("joins", [True, False])
def test_what_a_task_that_runs_once_wrote_stands_in_the_frame_of_the_first_call_that_is_shown(kept: Kept, joins: bool) -> None:
    once, dropped, first, second = Segment(), Framed(), Framed(), Framed()
    for output in (dropped, first, second):
        output.place(once)
    first.write(1, b"first\n")
    once.write(2, b"once")
    for output in (dropped, first, second):
        output.close(Brackets(joins=joins), job())
    dropped.discard()
    first.pour_into(kept)
    second.pour_into(kept)
    assert kept.text == "[[t\nonce\nfirst\n]]\n"
    assert kept.chunks[1] == (1 if joins else 2, b"once")


def test_a_frame_around_nothing_but_what_ran_once_is_there_where_that_is_shown(kept: Kept) -> None:
    once, first, second = Segment(), Framed(), Framed()
    for output in (first, second):
        output.place(once)
    once.write(1, b"once\n")
    for output in (first, second):
        output.close(Brackets(), job())
        output.pour_into(kept)
    once.write(1, b"late\n")
    assert kept.text == "[[t\nonce\n]]\nlate\n"
