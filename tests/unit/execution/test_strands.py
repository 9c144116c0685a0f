"""Strands, and how one of them comes to be alone."""

from __future__ import annotations

import pytest

from paratask.execution.strands import Kind, Quiet, Strand, parted_by
from paratask.kernel.cancel import CancelScope
from paratask.kernel.groups import TaskGroup
from paratask.kernel.loop import Loop
from simulation.clock import SimulatedPoller

TOP = Strand()
A, B = (TOP.member(1, index, Kind.SET) for index in range(2))


def test_parted_by():
    inner = [A.member(2, index, Kind.DEPENDENCIES) for index in range(2)]
    assert parted_by(A, B) is Kind.SET
    assert parted_by(inner[0], inner[1]) is Kind.DEPENDENCIES
    assert parted_by(inner[0], B) is Kind.SET
    assert parted_by(A, A) is None
    assert parted_by(A, inner[0]) is None
    assert parted_by(TOP, A) is None


def test_members_of_different_groups_of_one_parent_part_there():
    first, second = A.member(2, 0, Kind.BACKGROUND), A.member(3, 0, Kind.SET)
    assert parted_by(first, second) is Kind.BACKGROUND


def test_only_the_top_is_lone():
    assert TOP.is_lone
    assert not A.is_lone


class Stage:
    def __init__(self) -> None:
        self.loop = Loop(SimulatedPoller())
        self.quiet = Quiet(self.loop)
        self.seen: list[str] = []

    async def works_then_asks(self, index, seconds, alone_seconds=1.0):
        await self.loop.sleep(seconds)
        await self.quiet.ask(TOP.member(1, index, Kind.SET))
        assert self.quiet.is_alone
        assert not self.quiet.may_start
        self.seen.append(f"{index} alone at {self.loop.now()}")
        await self.loop.sleep(alone_seconds)
        self.quiet.done()
        self.quiet.leave()

    async def works(self, seconds):
        await self.loop.sleep(seconds)
        self.seen.append(f"worked until {self.loop.now()}")
        self.quiet.leave()

    def start(self, group, function, *arguments):
        self.quiet.enter()
        group.start(function, *arguments)


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_solitude_waits_for_all_others(stage):
    async def main():
        async with TaskGroup(stage.loop) as group:
            stage.start(group, stage.works_then_asks, 0, 1)
            stage.start(group, stage.works, 7)

    stage.loop.run(main())
    assert stage.seen == ["worked until 7.0", "0 alone at 7.0"]
    assert stage.quiet.may_start


def test_several_that_ask_are_alone_one_after_another_in_written_order(stage):
    async def main():
        async with TaskGroup(stage.loop) as group:
            for index, seconds in ((2, 1), (0, 3), (1, 2)):
                stage.start(group, stage.works_then_asks, index, seconds)

    stage.loop.run(main())
    assert stage.seen == ["0 alone at 3.0", "1 alone at 4.0", "2 alone at 5.0"]


def test_a_strand_that_waited_went_on_beside_the_one_that_was_alone(stage):
    """Its last member ended, solitude was handed out, and only then did it count itself active again."""

    async def parent():
        stage.quiet.leave()
        await stage.loop.sleep(1)
        await stage.quiet.resume()
        stage.seen.append(f"parent at {stage.loop.now()}")
        stage.quiet.leave()

    async def main():
        async with TaskGroup(stage.loop) as group:
            stage.start(group, stage.works_then_asks, 0, 0.5, 9.0)
            stage.start(group, parent)

    stage.loop.run(main())
    assert stage.seen == ["0 alone at 0.5", "parent at 9.5"]


def test_a_cancelled_strand_went_on_beside_the_one_that_was_alone(stage):
    async def impatient():
        with CancelScope(stage.loop, deadline=2.0):
            await stage.quiet.ask(B)
        stage.seen.append(f"gave up at {stage.loop.now()}")
        stage.quiet.leave()

    async def main():
        async with TaskGroup(stage.loop) as group:
            stage.start(group, stage.works_then_asks, 0, 1, 9.0)
            stage.start(group, impatient)

    stage.loop.run(main())
    assert stage.seen == ["0 alone at 1.0", "gave up at 10.0"]
    assert stage.quiet.may_start


def test_members_were_not_told_when_the_last_one_that_asked_gave_up(stage):
    told = []
    stage.quiet.listen(lambda: told.append(stage.loop.now()))

    async def impatient():
        with CancelScope(stage.loop, deadline=2.0):
            await stage.quiet.ask(A)
        stage.quiet.leave()

    async def main():
        async with TaskGroup(stage.loop) as group:
            stage.start(group, impatient)
            stage.start(group, stage.works, 5)

    stage.loop.run(main())
    assert told == [2.0]


def test_one_that_is_cancelled_as_it_comes_to_be_alone_gives_it_back(stage):
    async def main():
        async with TaskGroup(stage.loop) as group:

            async def asks():
                with CancelScope(stage.loop) as scope:
                    stage.loop.call_at(1.0, lambda: (scope.cancel(), stage.quiet.leave()))
                    await stage.quiet.ask(A)
                assert not stage.quiet.is_alone
                stage.quiet.leave()

            stage.quiet.enter()
            stage.start(group, asks)

    stage.loop.run(main())
    assert stage.quiet.may_start
