"""Groups: nobody leaves before all members have ended."""

from __future__ import annotations

import pytest

from paratask.kernel.cancel import Cancelled, CancelScope
from paratask.kernel.groups import TaskGroup
from paratask.kernel.loop import Event, Loop
from simulation.clock import SimulatedPoller


class OddError(Exception):
    pass


class Record:
    """Members that leave a trace."""

    def __init__(self) -> None:
        self.loop = Loop(SimulatedPoller())
        self.seen: list[object] = []

    async def sleeps(self, name, seconds, clean_up_seconds=0.0):
        try:
            await self.loop.sleep(seconds)
            self.seen.append(f"{name} ended")
        except Cancelled:
            if clean_up_seconds:
                with CancelScope(self.loop, shield=True):
                    await self.loop.sleep(clean_up_seconds)
            self.seen.append(f"{name} cancelled")
            raise

    async def fails(self, name, seconds):
        await self.loop.sleep(seconds)
        self.seen.append(f"{name} failed")
        raise OddError(name)


@pytest.fixture
def record() -> Record:
    return Record()


def test_an_empty_group_ends_at_once(record):
    async def main():
        async with TaskGroup(record.loop):
            pass
        return record.loop.now()

    assert record.loop.run(main()) == 0.0


def test_the_block_ends_when_all_members_have(record):
    async def main():
        async with TaskGroup(record.loop) as group:
            group.start(record.sleeps, "a", 5)
            group.start(record.sleeps, "b", 2)
        return record.loop.now()

    assert record.loop.run(main()) == 5.0
    assert record.seen == ["b ended", "a ended"]


def test_a_members_error_cancels_the_others_and_is_raised(record):
    async def main():
        async with TaskGroup(record.loop) as group:
            group.start(record.sleeps, "a", 5)
            group.start(record.fails, "b", 2)

    with pytest.raises(OddError, match="b"):
        record.loop.run(main())
    assert record.seen == ["b failed", "a cancelled"]
    assert record.loop.now() == 2.0


def test_the_first_error_is_the_one_raised(record):
    async def fails_while_cleaning():
        try:
            await record.loop.sleep(10)
        finally:
            raise OddError("second")

    async def main():
        async with TaskGroup(record.loop) as group:
            group.start(fails_while_cleaning)
            group.start(record.fails, "first", 1)

    with pytest.raises(OddError, match="first"):
        record.loop.run(main())


def test_an_error_of_the_body_cancels_the_members_and_waits_for_them(record):
    async def main():
        async with TaskGroup(record.loop) as group:
            group.start(record.sleeps, "a", 5, 3)
            await record.loop.sleep(1)
            raise OddError("body")

    with pytest.raises(OddError, match="body"):
        record.loop.run(main())
    assert record.seen == ["a cancelled"]
    assert record.loop.now() == 4.0


def test_a_members_error_cancels_the_body(record):
    async def main():
        async with TaskGroup(record.loop) as group:
            group.start(record.fails, "a", 1)
            await record.loop.sleep(10)
            record.seen.append("body went on")

    with pytest.raises(OddError):
        record.loop.run(main())
    assert record.seen == ["a failed"]


def test_a_cancelled_group_waits_for_its_members(record):
    async def main():
        with CancelScope(record.loop, deadline=1.0) as scope:
            async with TaskGroup(record.loop) as group:
                group.start(record.sleeps, "a", 5, 7)
                group.start(record.sleeps, "b", 5, 2)
            record.seen.append("not reached")
        return record.loop.now(), scope.cancelled

    assert record.loop.run(main()) == (8.0, True)
    assert record.seen == ["b cancelled", "a cancelled"]


def test_a_group_cancelled_by_its_own_scope_ends_without_an_error(record):
    async def main():
        async with TaskGroup(record.loop) as group:
            group.start(record.sleeps, "a", 5)
            record.loop.call_at(2.0, lambda: group.scope.cancel("enough"))
        return record.loop.now()

    assert record.loop.run(main()) == 2.0
    assert record.seen == ["a cancelled"]


def test_an_outer_cancellation_that_comes_after_the_groups_own_is_not_lost(record):
    async def main():
        with CancelScope(record.loop, deadline=2.0) as outer:
            async with TaskGroup(record.loop) as group:
                group.start(record.sleeps, "a", 50, 10)
                group.scope.cancel()
                await record.loop.sleep(100)
            await record.loop.checkpoint()
            record.seen.append("not reached")
        return record.loop.now(), outer.cancelled

    assert record.loop.run(main()) == (10.0, True)
    assert record.seen == ["a cancelled"]


def test_an_error_in_the_clean_up_after_cancellation_is_raised(record):
    async def fails_late():
        try:
            await record.loop.sleep(10)
        except Cancelled:
            raise OddError("late") from None

    async def main():
        with CancelScope(record.loop, deadline=1.0):
            async with TaskGroup(record.loop) as group:
                group.start(fails_late)

    with pytest.raises(OddError, match="late"):
        record.loop.run(main())


def test_members_may_start_members(record):
    async def main():
        async with TaskGroup(record.loop) as group:

            async def parent():
                await record.loop.sleep(1)
                group.start(record.sleeps, "child", 5)

            group.start(parent)
        return record.loop.now()

    assert record.loop.run(main()) == 6.0


def test_a_member_that_is_next_begins_before_those_that_were_started_earlier(record):
    async def says(name):
        record.seen.append(name)

    async def main():
        async with TaskGroup(record.loop) as group:
            for name in ("first", "second"):
                group.start(says, name)
            group.start_next(says, "next")

    record.loop.run(main())
    assert record.seen == ["next", "first", "second"]


def test_groups_inside_groups_are_cancelled_from_the_outermost(record):
    async def inner():
        async with TaskGroup(record.loop) as group:
            group.start(record.sleeps, "deep", 50, 1)
            group.start(record.sleeps, "deeper", 50, 2)

    async def main():
        async with TaskGroup(record.loop) as group:
            group.start(inner)
            group.start(record.fails, "neighbour", 3)

    with pytest.raises(OddError, match="neighbour"):
        record.loop.run(main())
    assert record.seen == ["neighbour failed", "deep cancelled", "deeper cancelled"]
    assert record.loop.now() == 5.0


def test_a_group_whose_members_were_cancelled_from_outside_ended_as_if_all_were_well(record):
    """All had just been woken, so that the cancellation found nobody waiting: whoever came next believed in success."""
    woken = Event(record.loop)

    async def member():
        await woken.wait()
        await record.sleeps("member", 5)

    async def main():
        with CancelScope(record.loop) as outer:
            async with TaskGroup(record.loop) as group:
                group.start(member)
                await record.loop.checkpoint()
                record.loop.call_at(1.0, lambda: (woken.set(), outer.cancel()))
                await woken.wait()
                record.seen.append("body ended")
            record.seen.append("not reached")

    record.loop.run(main())
    assert record.seen == ["member cancelled", "body ended"]


def test_a_groups_end_is_a_place_where_cancellation_is_noticed(record):
    async def main():
        with CancelScope(record.loop) as outer:
            async with TaskGroup(record.loop):
                outer.cancel()
            record.seen.append("not reached")

    record.loop.run(main())
    assert record.seen == []
