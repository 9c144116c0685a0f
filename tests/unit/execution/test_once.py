"""Executions that calls join: their outcome, and cycles of calls that would wait for themselves."""

from __future__ import annotations

import pytest

from paratask.execution.once import Execution, Output
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
