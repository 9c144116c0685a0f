"""Waiting for a lease, on a virtual clock."""

from __future__ import annotations

import pytest

from paratask.execution.leases import ASK_AGAIN_SECONDS, HOLD_SECONDS, Leases
from paratask.kernel.cancel import CancelScope
from paratask.kernel.groups import TaskGroup
from paratask.kernel.loop import Loop
from paratask.scheduling.budget import Budget, Cost, Reading, Resource
from simulation.clock import SimulatedPoller


class Stage:
    def __init__(self, budget: Budget, readings=()) -> None:
        self.loop = Loop(SimulatedPoller())
        self.readings = list(readings)
        self.measured = 0
        self.leases = Leases(self.loop, budget, self.measure)
        self.seen: list[tuple[str, float]] = []

    def measure(self) -> Reading:
        self.measured += 1
        return self.readings.pop(0) if len(self.readings) > 1 else self.readings[0]

    async def works(self, name, seconds, priority=0.0, *, leads=False):
        lease = await self.leases.take(priority=priority, leads=leads)
        self.seen.append((name, self.loop.now()))
        try:
            await self.loop.sleep(seconds)
        finally:
            self.leases.give_back(lease)

    def run(self, *works):
        async def main():
            async with TaskGroup(self.loop) as group:
                for work in works:
                    group.start(self.works, *work)

        self.loop.run(main())
        assert self.leases._admission.running == 0
        return self.seen


def test_waiting_ends_when_a_lease_is_given_back():
    assert Stage(Budget(cpus=1.0)).run(("a", 2), ("b", 3), ("c", 1, 9.0)) == [("a", 0.0), ("c", 2.0), ("b", 3.0)]


def test_load_that_no_release_announces_is_asked_for_again():
    busy, idle = Reading(running_processes=9), Reading(running_processes=0)
    stage = Stage(Budget(cpus=4.0, load=2.0), [busy, busy, idle])
    seen = stage.run(("a", 10), ("b", 1))
    assert seen == [("a", 0.0), ("b", 2 * ASK_AGAIN_SECONDS)]
    assert stage.measured == 3


def test_nothing_is_measured_without_limits():
    stage = Stage(Budget(cpus=1.0))
    stage.run(("a", 1), ("b", 1))
    assert stage.measured == 0


def test_one_at_a_time():
    stage = Stage(Budget(cpus=4.0))
    stage.leases.one_at_a_time()
    assert stage.run(("a", 1), ("b", 1)) == [("a", 0.0), ("b", 1.0)]


def test_who_is_cancelled_while_waiting_takes_none():
    stage = Stage(Budget(cpus=1.0))

    async def main():
        async with TaskGroup(stage.loop) as group:
            group.start(stage.works, "a", 5)
            await stage.loop.checkpoint()
            with CancelScope(stage.loop) as scope:
                stage.loop.call_at(1.0, scope.cancel)
                await stage.works("cancelled", 1)
            await stage.works("b", 1)

    stage.loop.run(main())
    assert stage.seen == [("a", 0.0), ("b", 5.0)]
    assert not stage.leases._granted


def test_who_is_cancelled_in_the_moment_it_is_granted_gives_it_back():
    stage = Stage(Budget(cpus=1.0))

    async def main():
        first = await stage.leases.take()
        with CancelScope(stage.loop) as scope:
            stage.loop.call_at(1.0, lambda: (scope.cancel(), stage.leases.give_back(first)))
            await stage.leases.take()
        await stage.works("next", 1)

    stage.loop.run(main())
    assert stage.seen == [("next", 1.0)]
    assert stage.leases._admission.running == 0


def test_one_that_was_cancelled_while_waiting_kept_others_waiting():
    """Nobody passes one that waits for a resource; when it no longer does, nothing was given back, and nobody looked who may start now."""
    stage = Stage(Budget(cpus=4.0, resources={"db": Resource(count=2)}))

    async def uses(name, count, seconds):
        lease = await stage.leases.take(Cost(uses={"db": count}))
        stage.seen.append((name, stage.loop.now()))
        try:
            await stage.loop.sleep(seconds)
        finally:
            stage.leases.give_back(lease)

    async def main():
        async with TaskGroup(stage.loop) as group:
            group.start(uses, "one of two", 1, 100)
            async with TaskGroup(stage.loop) as cancelled:
                cancelled.start(uses, "both", 2, 1)
                await stage.loop.checkpoint()
                group.start(uses, "the other", 1, 1)
                await stage.loop.sleep(1)
                cancelled.scope.cancel()

    stage.loop.run(main())
    assert stage.seen == [("one of two", 0.0), ("the other", 1.0)]


def test_waiting_for_a_lease_used_up_the_time_of_a_timeout():
    stage = Stage(Budget(cpus=1.0))
    ended = []

    async def limited(name, seconds):
        with CancelScope(stage.loop, deadline=stage.loop.now() + 3.0) as scope:
            await stage.works(name, seconds)
        ended.append((name, stage.loop.now(), scope.cancelled))

    async def main():
        async with TaskGroup(stage.loop) as group:
            for name, seconds in (("a", 2.0), ("b", 2.0), ("c", 5.0), ("d", 1.0)):
                group.start(limited, name, seconds)

    stage.loop.run(main())
    assert ended == [("a", 2.0, False), ("b", 4.0, False), ("c", 7.0, True), ("d", 8.0, False)]


async def nested(stage, name, seconds, *, levels, priority=0.0):
    """As a call inside calls: it asks so many levels later than others."""
    if levels:
        async with TaskGroup(stage.loop) as group:
            group.start(lambda: nested(stage, name, seconds, levels=levels - 1, priority=priority))
    else:
        await stage.works(name, seconds, priority)


def test_where_ranks_are_known_a_slot_waits_for_who_is_about_to_ask():
    stage = Stage(Budget(cpus=1.0))

    async def main():
        async with TaskGroup(stage.loop) as group:
            group.start(lambda: nested(stage, "shallow", 1, levels=0, priority=2.0))
            group.start(lambda: nested(stage, "deep", 3, levels=9, priority=5.0))

    stage.loop.run(main())
    assert stage.seen == [("deep", 0.0), ("shallow", 3.0)]


def test_one_that_leads_starts_while_others_are_about_to_ask():
    stage = Stage(Budget(cpus=2.0))

    async def asks_after_some_thinking():
        stage.loop.poller._now += HOLD_SECONDS / 4
        await nested(stage, "deep", 3, levels=9, priority=5.0)

    async def main():
        async with TaskGroup(stage.loop) as group:
            group.start(stage.works, "low", 1, 1.0)
            group.start(lambda: stage.works("leads", 1, 4.0, leads=True))
            group.start(asks_after_some_thinking)

    stage.loop.run(main())
    assert [name for name, _ in stage.seen] == ["leads", "deep", "low"]
    assert [when for _, when in stage.seen][:2] == [0.0, HOLD_SECONDS / 4]


def test_where_no_ranks_are_known_the_first_who_asks_goes_first():
    stage = Stage(Budget(cpus=1.0))

    async def main():
        async with TaskGroup(stage.loop) as group:
            group.start(lambda: nested(stage, "shallow", 1, levels=0))
            group.start(lambda: nested(stage, "deep", 3, levels=9))

    stage.loop.run(main())
    assert stage.seen == [("shallow", 0.0), ("deep", 1.0)]


def test_a_slot_does_not_wait_long_for_who_is_about_to_ask():
    stage = Stage(Budget(cpus=1.0))

    async def asks_after_much_thinking():
        stage.loop.poller._now += 2 * HOLD_SECONDS
        await stage.works("second", 1, 1.0)

    async def main():
        async with TaskGroup(stage.loop) as group:
            group.start(stage.works, "first", 1, 2.0)
            group.start(asks_after_much_thinking)
            group.start(lambda: nested(stage, "deep", 3, levels=9, priority=5.0))

    stage.loop.run(main())
    assert [name for name, _ in stage.seen] == ["first", "deep", "second"]


def test_several_that_begin_in_the_same_moment_are_measured_for():
    stage = Stage(Budget(cpus=2.0, memory_bytes=100), [Reading(available_bytes=1000)])
    assert stage.run(("a", 1, 2.0), ("b", 1, 1.0)) == [("a", 0.0), ("b", 0.0)]


@pytest.mark.parametrize(
    ("cost", "cores", "free"),
    [
        (Cost(), 0.2, 1.75), (Cost(), 0.0, 1.9), (Cost(), 1.9, 0.0), (Cost(), 0.9, 1.0), (Cost(cpu=0.5, is_declared=True), 0.0, 1.5),
    ],
)  # fmt: skip
def test_what_is_seen_of_a_command_is_its_cost_from_then_on(cost, cores, free):
    leases = Stage(Budget(cpus=2.0)).leases
    ticket = leases._admission.request(cost)
    assert leases._admission.grant(Reading()) == [ticket]
    leases.note_cores(ticket, cores)
    assert 2.0 - leases.cpu_in_use == pytest.approx(free)
    leases.give_back(ticket)
    assert leases.cpu_in_use == 0.0
    leases.note_cores(ticket, cores)
    assert leases.cpu_in_use == 0.0
