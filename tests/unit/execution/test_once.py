"""Executions that calls join: their outcome, and cycles of calls that would wait for themselves."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from paratask.errors import ParataskError, TaskWaitsForItselfError
from paratask.events import EventBus
from paratask.execution.jobs import Jobs, State
from paratask.execution.once import Execution, OnlyOnce, Output
from paratask.execution.strands import Kind, Quiet, Strand
from paratask.execution.turns import BEFORE, Stand, Turn
from paratask.kernel.cancel import CancelScope
from paratask.kernel.groups import TaskGroup
from paratask.kernel.loop import Loop
from paratask.processes.segments import Segment
from simulation.clock import SimulatedPoller


@pytest.fixture
def loop() -> Loop:
    return Loop(SimulatedPoller())


def test_what_waits_for_another_ends_after_it_while_it_waits(loop: Loop) -> None:
    outer, middle, inner = (Execution(loop) for _ in range(3))
    found: list[object] = []

    async def main() -> None:
        async with TaskGroup(loop) as group:
            group.start(middle.join, [outer])
            group.start(inner.join, [middle])
            group.start(inner.join, [middle])
            await loop.checkpoint()
            found.extend(
                (outer.ends_after([inner]), inner.ends_after([outer]), inner.ends_after([inner]), outer.ends_after([]))
            )
            inner.done.set()
            await loop.checkpoint()
            found.append(outer.ends_after([inner]))
            middle.done.set()
        found.extend((outer.waits_for, middle.waits_for))

    loop.run(main())
    assert found == [True, False, True, False, False, {}, {}]


def test_that_some_wait_for_each_other_does_no_harm_to_who_asks(loop: Loop) -> None:
    one, other, third = (Execution(loop) for _ in range(3))
    one.waits_for, other.waits_for = {other: 1}, {one: 1}
    assert not one.ends_after([third])


class Shown:
    """Takes what is written, as a console."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, stream: int, data: bytes) -> None:
        self.text += data.decode()


@pytest.mark.parametrize(("joins", "place"), [([0], 0), ([2], 1), ([2, 0], 0), ([0, 2], 0), ([1], 1)])
def test_output_stands_where_the_first_call_in_written_order_is(joins: list[int], place: int) -> None:
    sinks = [Segment() for _ in range(3)]
    output = Output(sinks[1])
    output.segment.write(1, b"before ")
    for index in joins:
        output.place(sinks[index])
    output.segment.write(1, b"after")
    for index, sink in enumerate(sinks):
        shown = Shown()
        sink.open(shown)
        assert shown.text == ("before after" if index == place else "")


def test_output_whose_first_place_is_not_shown_stands_at_the_next_one() -> None:
    """An attempt that joins what another call has begun, and is made again without it."""
    first, own, shown = Segment(), Segment(), Shown()
    output = Output(own)
    output.segment.write(1, b"before ")
    output.place(first)
    first.discard()
    own.open(shown)
    output.segment.write(1, b"after")
    assert shown.text == "before after"


def test_output_that_was_shown_stays_where_it_is() -> None:
    first, second, shown = Segment(), Segment(), Shown()
    second.open(shown)
    output = Output(second)
    output.segment.write(1, b"shown")
    output.place(first)
    assert first.is_empty
    assert shown.text == "shown"


SHARED, OWN = (State.SKIPPED, "run: once, and it ran before"), (State.SUCCEEDED, "")
TOP = Strand()


class Stage:
    """Calls of one task of `run: once`, by members of a set, which take a second each. `outcomes` are by the names of the calls."""

    def __init__(self) -> None:
        self.loop = Loop(SimulatedPoller())
        self.quiet = Quiet(self.loop)
        self.jobs = Jobs(EventBus(), self.loop.now)
        self.said: list[str] = []
        self.executions: dict[str, Execution] = {}
        self.once = OnlyOnce(
            loop=self.loop, jobs=self.jobs, quiet=self.quiet, executions=self.executions,
            messages=SimpleNamespace(verbose_error=lambda text, sink: self.said.append(text)),
        )  # fmt: skip
        task = SimpleNamespace(namespace="", position=SimpleNamespace(file="F", line=1, column=1), watch=False)
        self.ready = SimpleNamespace(name="t", full_name="t", task=task, run="once", sources=())
        self.outcomes: dict[str, object] = {}
        self.began: list[str] = []
        self.ending: ParataskError | None = None

    def turn(self, name, *, place, parent=""):
        job = self.jobs.make(name, parent=parent, reason="")
        stand = Stand(strand=TOP.member(1, place, Kind.SET), sink=Segment())
        return Turn(request=SimpleNamespace(limit=None), ready=self.ready, job=job, stand=stand)

    async def execute(self, turn):
        self.began.append(turn.job.id)
        turn.job.started_at = self.loop.now() + 1e9
        await self.loop.sleep(1.0)
        if self.ending is not None:
            raise self.ending
        return OWN

    async def call(self, turn, *, after=0.0, execute=None):
        self.quiet.enter()
        try:
            await self.loop.sleep(after)
            self.outcomes[turn.job.id] = await self.once.carry_out(turn, execute or self.execute)
        except ParataskError as error:
            self.outcomes[turn.job.id] = str(error)
        finally:
            self.quiet.leave()

    async def stopped(self, turn, reason, *, after):
        with CancelScope(self.loop) as scope:
            self.loop.call_at(self.loop.now() + after, lambda: scope.cancel(reason))
            await self.call(turn)
        return scope

    def run(self, *calls):
        async def main():
            async with TaskGroup(self.loop) as group:
                for call in calls:
                    group.start(call)

        self.loop.run(main())
        return self.outcomes


def test_who_comes_while_it_goes_on_or_later_shares_the_outcome():
    stage = Stage()
    first, beside, later = (stage.turn(name, place=place) for place, name in enumerate("abc"))
    outcomes = stage.run(lambda: stage.call(first), lambda: stage.call(beside, after=0.5), lambda: stage.call(later, after=2.0))
    assert outcomes == {"a": OWN, "b": SHARED, "c": SHARED}
    assert (stage.began, len(stage.said)) == (["a"], 2)
    assert [turn.job.shared for turn in (first, beside, later)] == [False, True, True]


def test_who_shares_a_failure_fails_of_the_same():
    stage = Stage()
    stage.ending = ParataskError("broken")
    turns = [stage.turn(name, place=place) for place, name in enumerate("ab")]
    assert stage.run(lambda: stage.call(turns[0]), lambda: stage.call(turns[1])) == {"a": "broken", "b": "broken"}
    assert stage.began == ["a"]


def test_who_is_alone_does_it_itself_where_it_goes_on_in_one_that_waits_for_that_to_end():
    stage = Stage()
    waits, alone = stage.turn("waits", place=1), stage.turn("alone", place=0)

    async def asks(turn):
        await stage.quiet.ask(turn.stand.strand)
        stage.quiet.done()
        return OWN

    async def is_alone():
        stage.quiet.enter()
        await stage.quiet.ask(alone.stand.strand)
        stage.outcomes["alone"] = await stage.once.carry_out(alone, stage.execute)
        stage.quiet.done()
        stage.quiet.leave()

    assert stage.run(lambda: stage.call(waits, execute=asks), is_alone) == {"waits": OWN, "alone": OWN}


@pytest.mark.parametrize(
    ("reason", "place", "does"),
    [
        (BEFORE, 2, True),  # of who stood below a failure nothing counts
        ("deadline", 0, True),  # it stands above: one at a time it would have come first
        ("deadline", 2, False),
        ("interrupt", 2, False),
    ],
)
def test_who_does_it_after_one_that_was_stopped(reason, place, does):
    stage = Stage()
    made = {name: stage.turn(name, place=at) for at, name in sorted([(place, "other"), (1, "stopped")])}
    other, stopped = made["other"], made["stopped"]
    outcomes = stage.run(lambda: stage.stopped(stopped, reason, after=0.5), lambda: stage.call(other, after=2.0))
    assert outcomes == {"other": OWN if does else "the execution that this call waited for was stopped"}


def test_who_stands_above_one_that_was_stopped_does_it_also_where_it_has_begun_anew():
    """Its job is the later one, by its number."""
    stage = Stage()
    stopped, other = stage.turn("stopped", place=1), stage.turn("other", place=0)
    outcomes = stage.run(lambda: stage.stopped(stopped, "deadline", after=0.5), lambda: stage.call(other, after=2.0))
    assert outcomes == {"other": OWN}


def test_what_would_wait_for_itself_is_an_error():
    stage = Stage()
    outer = stage.turn("outer", place=0)
    inner = stage.turn("inner", place=0, parent=outer.job.id)

    async def calls_itself(turn):
        return await stage.once.carry_out(inner, stage.execute)

    outcomes = stage.run(lambda: stage.call(outer, execute=calls_itself))
    assert outcomes == {"outer": str(TaskWaitsForItselfError(task="t", run="once", position=None))}


@pytest.mark.parametrize("has_waited", [False, True])
def test_a_call_that_has_another_go_finds_what_the_next_one_does(has_waited):
    """Its clock is set back, so that it counts as one that was never stopped."""
    stage = Stage()
    stopped, other = stage.turn("stopped", place=1), stage.turn("other", place=2)

    async def has_another_go():
        scope = await stage.stopped(stopped, "deadline", after=0.5)
        scope.cancelled = False

    stage.run(has_another_go, lambda: stage.call(other, after=0.25 if has_waited else 2.0))
    assert stage.outcomes == {"other": OWN}


@pytest.mark.parametrize("is_over", [False, True])
def test_what_was_begun_before_its_turn_and_stopped_for_its_time_is_done_by_who_comes_later(is_over):
    stage = Stage()
    caller = stage.jobs.make("caller", parent="", reason="")
    before = stage.jobs.make("before", parent=caller.id, reason="")
    stopped, other = stage.turn("stopped", place=1, parent=caller.id), stage.turn("other", place=2)
    if is_over:
        for state in (State.READY, State.RUNNING, State.SUCCEEDED):
            stage.jobs.move(before, state)
    outcomes = stage.run(lambda: stage.stopped(stopped, "deadline", after=0.5), lambda: stage.call(other, after=2.0))
    assert outcomes == {"other": "the execution that this call waited for was stopped" if is_over else OWN}
