"""Cancel scopes: what they reach, shields, deadlines."""

from __future__ import annotations

import pytest

from paratask.kernel.cancel import Cancelled, CancelScope, StoppedClocks
from paratask.kernel.groups import TaskGroup
from paratask.kernel.loop import Event, Loop
from simulation.clock import SimulatedPoller


@pytest.fixture
def loop() -> Loop:
    return Loop(SimulatedPoller())


def test_a_cancelled_scope_swallows_its_own_cancellation(loop):
    async def main():
        with CancelScope(loop) as scope:
            loop.call_at(1.0, lambda: scope.cancel("enough"))
            await loop.sleep(10)
            raise AssertionError("not reached")
        return loop.now(), scope.cancelled, scope.reason

    assert loop.run(main()) == (1.0, True, "enough")


def test_the_first_reason_stays(loop):
    scope = CancelScope(loop)
    scope.cancel(2)
    scope.cancel(15)
    assert scope.reason == 2


def test_every_later_wait_inside_is_cancelled_too(loop):
    raised = []

    async def main():
        with CancelScope(loop) as scope:
            scope.cancel()
            for _ in range(3):
                try:
                    await loop.sleep(1)
                except Cancelled as cancelled:
                    raised.append(cancelled.scope is scope)
        await loop.sleep(1)
        return loop.now()

    assert loop.run(main()) == 1.0
    assert raised == [True, True, True]


def test_an_outer_scope_reaches_through_inner_ones(loop):
    seen = []

    async def main():
        with CancelScope(loop) as outer:
            with CancelScope(loop) as inner:
                loop.call_at(1.0, lambda: (inner.cancel("inner"), outer.cancel("outer")))
                try:
                    await loop.sleep(5)
                except Cancelled as cancelled:
                    seen.append(cancelled.scope is inner)
                    raise
            seen.append("after inner")
            await loop.sleep(5)
            seen.append("not reached")
        seen.append("after outer")

    loop.run(main())
    assert seen == [True, "after inner", "after outer"]


def test_the_outermost_cancelled_scope_is_the_one_raised(loop):
    async def main():
        with CancelScope(loop) as outer:
            with CancelScope(loop) as inner:
                inner.cancel()
                outer.cancel()
                await loop.checkpoint()
            raise AssertionError("the inner scope swallowed what was the outer one's")
        return "out"

    assert loop.run(main()) == "out"


def test_a_shield_keeps_outer_cancellation_out(loop):
    async def main():
        with CancelScope(loop) as outer:
            outer.cancel()
            with CancelScope(loop, shield=True):
                await loop.sleep(3)
            reached = loop.now()
            await loop.sleep(1)
        return reached, loop.now()

    assert loop.run(main()) == (3.0, 3.0)


def test_a_shielded_scope_can_itself_be_cancelled(loop):
    async def main():
        with CancelScope(loop) as outer:
            outer.cancel()
            with CancelScope(loop, shield=True) as shielded:
                loop.call_at(2.0, shielded.cancel)
                await loop.sleep(10)
            return loop.now(), shielded.cancelled

    assert loop.run(main()) == (2.0, True)


def test_a_deadline_inside_a_shield_holds(loop):
    async def main():
        with CancelScope(loop) as outer:
            outer.cancel()
            with CancelScope(loop, shield=True), CancelScope(loop, deadline=loop.now() + 2):
                await Event(loop).wait()
            return loop.now()

    assert loop.run(main()) == 2.0


def test_a_deadline_that_is_not_reached_does_nothing(loop):
    async def main():
        with CancelScope(loop, deadline=5.0) as scope:
            await loop.sleep(1)
        await loop.sleep(10)
        return scope.cancelled

    assert loop.run(main()) is False


def test_a_deadline_says_so(loop):
    async def main():
        with CancelScope(loop, deadline=5.0) as scope:
            await loop.sleep(10)
        return loop.now(), scope.reason

    assert loop.run(main()) == (5.0, "deadline")


def test_other_errors_pass_through_a_cancelled_scope(loop):
    async def main():
        with CancelScope(loop) as scope:
            scope.cancel()
            raise KeyError("mine")

    with pytest.raises(KeyError):
        loop.run(main())


def test_a_fiber_that_was_already_woken_goes_on_until_its_next_wait(loop):
    """What has happened has happened: the value is not lost."""
    seen = []
    event = Event(loop)

    async def member():
        await event.wait()
        seen.append("woken")
        await loop.checkpoint()
        seen.append("not reached")

    async def main():
        async with TaskGroup(loop) as group:
            group.start(member)
            await loop.checkpoint()
            event.set()
            group.scope.cancel()

    loop.run(main())
    assert seen == ["woken"]


def test_raise_if_cancelled_is_for_what_does_not_wait(loop):
    async def main():
        with CancelScope(loop) as scope:
            loop.raise_if_cancelled()
            scope.cancel("over")
            with CancelScope(loop, shield=True):
                loop.raise_if_cancelled()
            loop.raise_if_cancelled()
            raise AssertionError("not reached")
        return scope.reason

    assert loop.run(main()) == "over"


def test_members_are_cancelled_in_the_order_they_were_started(loop):
    """They were kept in a set, so that the order was another one each time."""
    seen = []

    async def member(number):
        try:
            await loop.sleep(100)
        finally:
            seen.append(number)

    async def main():
        async with TaskGroup(loop) as group:
            for number in range(200):
                group.start(member, number)
            await loop.sleep(1)
            group.scope.cancel()

    loop.run(main())
    assert seen == list(range(200))


def test_deadlines_stand_still_while_clocks_are_stopped(loop):
    async def main():
        with CancelScope(loop, deadline=9.0) as outer, CancelScope(loop, deadline=5.0) as inner:
            await loop.sleep(2)
            with StoppedClocks(loop):
                await loop.sleep(100)
            await loop.sleep(2)
            assert not inner.cancelled
            await loop.sleep(10)
        return loop.now(), inner.cancelled, outer.cancelled

    assert loop.run(main()) == (105.0, True, False)


def test_deadline_around_a_group_goes_on_while_a_member_s_clocks_are_stopped(loop):
    seen = []

    async def member():
        with CancelScope(loop, deadline=2.0) as own, StoppedClocks(loop):
            await loop.sleep(100)
        seen.append(own.cancelled)

    async def main():
        with CancelScope(loop, deadline=5.0) as scope:
            async with TaskGroup(loop) as group:
                group.start(member)
        return loop.now(), scope.cancelled

    assert loop.run(main()) == (5.0, True)
    assert seen == []


def test_cancelling_reaches_into_stopped_clocks(loop):
    async def main():
        with CancelScope(loop, deadline=50.0) as scope:
            loop.call_at(3.0, scope.cancel)
            with StoppedClocks(loop):
                await loop.sleep(100)
        await loop.sleep(60)
        return scope.cancelled, scope.reason

    assert loop.run(main()) == (True, None)
