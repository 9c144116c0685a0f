"""Executions that calls join: their outcome, and cycles of calls that would wait for themselves."""

from __future__ import annotations

import pytest

from paratask.execution.once import Execution
from paratask.kernel.groups import TaskGroup
from paratask.kernel.loop import Loop
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
