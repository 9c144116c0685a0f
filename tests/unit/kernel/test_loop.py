"""The loop: fibers, timers, events, and how it ends. On a virtual clock."""

from __future__ import annotations

import pytest

from paratask.kernel.cancel import CancelScope
from paratask.kernel.groups import TaskGroup
from paratask.kernel.loop import BEGINNERS, DeadlockError, Event, Loop
from simulation.clock import SimulatedPoller


@pytest.fixture
def loop() -> Loop:
    return Loop(SimulatedPoller())


async def value(result):
    return result


def test_run_returns_what_main_returns(loop):
    assert loop.run(value(7)) == 7


def test_run_raises_what_main_raises(loop):
    async def main():
        raise KeyError("x")

    with pytest.raises(KeyError):
        loop.run(main())


def test_a_loop_can_run_twice(loop):
    assert loop.run(value(1)) == 1
    assert loop.run(value(2)) == 2


def test_sleep_takes_virtual_time_and_wakes_in_order(loop):
    seen = []

    async def sleeper(seconds):
        await loop.sleep(seconds)
        seen.append((seconds, loop.now()))

    async def main():
        async with TaskGroup(loop) as group:
            for seconds in (3600.0, 0.5, 20.0):
                group.start(sleeper, seconds)

    loop.run(main())
    assert seen == [(0.5, 0.5), (20.0, 20.0), (3600.0, 3600.0)]


def test_who_was_woken_goes_before_who_begins(loop):
    seen = []
    event = Event(loop)

    async def waiter():
        await event.wait()
        seen.append("woken")

    async def beginner(name):
        seen.append(name)
        if name == "a":
            event.set()

    async def main():
        async with TaskGroup(loop) as group:
            group.start(waiter)
            await loop.checkpoint()
            for name in "abc":
                group.start(beginner, name)

    loop.run(main())
    assert seen == ["a", "woken", "b", "c"]


def test_what_happens_outside_is_seen_while_many_begin(loop):
    seen = []
    event = Event(loop)

    async def waiter():
        await event.wait()
        seen.append("woken")

    async def main():
        loop.expect(1)
        loop.poller.at(0.0, event.set)
        async with TaskGroup(loop) as group:
            group.start(waiter)
            for number in range(3 * BEGINNERS):
                group.start(value_of, seen, number)

    async def value_of(into, number):
        into.append(number)

    loop.run(main())
    assert seen == [*range(BEGINNERS - 2), "woken", *range(BEGINNERS - 2, 3 * BEGINNERS)]


def test_giving_way_lets_those_go_on_who_were_woken_and_nobody_begin(loop):
    seen = []
    event = Event(loop)

    async def waiter():
        await event.wait()
        seen.append("woken")

    async def note(what):
        seen.append(what)

    async def main():
        async with TaskGroup(loop) as group:
            group.start(waiter)
            await loop.checkpoint()
            group.start(note, "begun")
            event.set()
            await loop.give_way()
            seen.append("main")
            await loop.give_way()
            seen.append("nobody to give way to")

    loop.run(main())
    assert seen == ["woken", "main", "nobody to give way to", "begun"]


def test_timers_of_the_same_time_fire_in_the_order_they_were_set(loop):
    seen = []

    async def main():
        for name in "abc":
            loop.call_at(1.0, lambda name=name: seen.append(name))
        await loop.sleep(2)

    loop.run(main())
    assert seen == ["a", "b", "c"]


def test_a_timer_taken_back_does_not_fire(loop):
    seen = []

    async def main():
        timer = loop.call_at(1.0, lambda: seen.append("fired"))
        loop.call_at(0.5, timer.cancel)
        await loop.sleep(2)

    loop.run(main())
    assert seen == []


def test_a_timer_in_the_past_fires_at_once(loop):
    async def main():
        await loop.sleep(10)
        fired = Event(loop)
        loop.call_at(1.0, fired.set)
        await fired.wait()
        return loop.now()

    assert loop.run(main()) == 10.0


def test_an_event_wakes_all_that_wait_and_stays_set(loop):
    seen = []
    event = Event(loop)

    async def waiter(name):
        await event.wait()
        seen.append(name)

    async def main():
        async with TaskGroup(loop) as group:
            group.start(waiter, "a")
            group.start(waiter, "b")
            await loop.checkpoint()
            assert seen == []
            event.set()
        await event.wait()

    loop.run(main())
    assert seen == ["a", "b"]
    assert event.is_set


def test_a_fiber_cancelled_while_waiting_for_an_event_is_forgotten_by_it(loop):
    event = Event(loop)

    async def main():
        with CancelScope(loop, deadline=1.0):
            await event.wait()
        assert event._waiting == []
        event.set()
        await loop.sleep(1)
        return loop.now()

    assert loop.run(main()) == 2.0


def test_wake_of_a_fiber_that_is_not_parked_does_nothing(loop):
    async def main():
        loop.wake(loop.current, "stray")
        await loop.sleep(3)
        return loop.now()

    assert loop.run(main()) == 3.0


def test_what_comes_from_outside_runs_in_the_loop(loop):
    event = Event(loop)
    loop.poller.at(5.0, event.set)

    async def main():
        loop.expect(1)
        await event.wait()
        loop.expect(-1)
        return loop.now()

    assert loop.run(main()) == 5.0


def test_fibers_that_wait_for_each_other_are_a_deadlock(loop):
    first, second = Event(loop), Event(loop)

    async def wait_then_set(one, other):
        await one.wait()
        other.set()

    async def main():
        async with TaskGroup(loop) as group:
            group.start(wait_then_set, first, second)
            group.start(wait_then_set, second, first)

    with pytest.raises(DeadlockError, match="3 fibers"):
        loop.run(main())


def test_a_deadlock_inside_a_group_was_hidden_by_an_assertion_error(loop):
    """The group's clean-up asked for the current fiber while the loop was being taken down."""
    cleaned = []

    async def forever():
        try:
            await Event(loop).wait()
        finally:
            cleaned.append("member")

    async def main():
        async with TaskGroup(loop) as group:
            group.start(forever)
            try:
                await Event(loop).wait()
            finally:
                cleaned.append("body")

    with pytest.raises(DeadlockError) as caught:
        loop.run(main())
    assert caught.value.__context__ is None
    assert sorted(cleaned) == ["body", "member"]


def test_clean_up_that_waits_is_cut_short_when_the_loop_is_taken_down(loop):
    cleaned = []

    async def main():
        try:
            await Event(loop).wait()
        finally:
            with CancelScope(loop, shield=True):
                cleaned.append("begun")
                await loop.sleep(1)
                cleaned.append("ended")

    with pytest.raises(DeadlockError):
        loop.run(main())
    assert cleaned == ["begun"]


def test_run_waited_for_stray_fibers_after_main_had_ended(loop):
    closed = []

    async def stray():
        try:
            await loop.sleep(1000)
        finally:
            closed.append(loop.now())

    async def main():
        loop.start(stray(), loop.root)
        await loop.checkpoint()
        return "done"

    assert loop.run(main()) == "done"
    assert closed == [0.0]
    assert loop.run(value("again")) == "again"


def test_current_is_only_there_inside_the_loop(loop):
    with pytest.raises(AssertionError):
        _ = loop.current


def test_an_error_of_a_callback_ends_the_run_and_cleans_up(loop):
    cleaned = []

    async def main():
        try:
            loop.call_at(1.0, lambda: 1 / 0)
            await loop.sleep(2)
        finally:
            cleaned.append(True)

    with pytest.raises(ZeroDivisionError):
        loop.run(main())
    assert cleaned == [True]


def test_a_thousand_fibers_take_turns(loop):
    seen = []

    async def member(number):
        for _ in range(3):
            await loop.checkpoint()
            seen.append(number)

    async def main():
        async with TaskGroup(loop) as group:
            for number in range(1000):
                group.start(member, number)

    loop.run(main())
    assert seen == list(range(1000)) * 3
