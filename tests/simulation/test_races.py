"""Random programs for the kernel: groups in scopes in groups, that sleep, wait, take leases, fail and cancel each other at any moment.

Which fiber goes on is drawn, so that every order happens. Replayed and repeated like test_stories.py.
"""

from __future__ import annotations

import random
from contextlib import contextmanager

from paratask.execution.leases import Leases
from paratask.kernel.cancel import Cancelled, CancelScope
from paratask.kernel.groups import TaskGroup
from paratask.kernel.loop import Event
from paratask.scheduling.budget import Budget, Cost, Reading
from simulation.clock import ShuffledLoop, SimulatedPoller
from simulation.test_stories import for_every_seed

MAX_DEPTH = 4
PAUSES = (0.0, 0.0, 0.5, 1.0)


class OddError(Exception):
    """What a member fails of."""


class Program:
    """One program, made up as it runs."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(f"races {seed}")
        self.loop = ShuffledLoop(SimulatedPoller(), self.chance)
        self.leases = Leases(self.loop, Budget(cpus=self.chance.choice((1.0, 2.0, 4.0))), Reading)
        self.events = [Event(self.loop) for _ in range(3)]
        self.scopes: list[CancelScope] = []
        self.holding = self.waited = 0
        self.alive: set[object] = set()

    def run(self) -> None:
        try:
            self.loop.run(self._main())
        except OddError:
            pass
        assert not self.alive, "a member outlived its group"
        assert not self.loop._fibers
        assert self.holding == 0
        assert self.leases._admission.running == 0, "a lease was not returned"
        assert not self.leases._admission._lanes, "somebody still waits for a lease"
        assert not self.leases._granted

    async def _main(self) -> None:
        with self._scope():
            await self._actions(0)

    @contextmanager
    def _scope(self, **options):
        """One that others may cancel. Nothing but its own cancellation, or that of an outer one, comes out of it."""
        scope = CancelScope(self.loop, **options)
        try:
            with scope:
                self.scopes.append(scope)
                try:
                    yield scope
                finally:
                    self.scopes.remove(scope)
        except Cancelled as cancelled:
            assert cancelled.scope is not scope, "a scope did not swallow its own cancellation"  # noqa: PT017 - goes on
            assert cancelled.scope.cancelled  # noqa: PT017
            raise

    async def _actions(self, depth: int) -> None:
        for _ in range(self.chance.randrange(1, 5)):
            action = self.chance.choice(
                (
                    self._sleep,
                    self._sleep,
                    self._group,
                    self._group,
                    self._in_scope,
                    self._lease,
                    self._wait,
                    self._cancel,
                    self._set,
                )
            )
            try:
                await action(depth)
            except Cancelled as cancelled:
                self._check_reached(cancelled)
                raise
        if depth and self.chance.random() < 0.05:
            raise OddError

    def _check_reached(self, cancelled: Cancelled) -> None:
        scope = self.loop.current.scope
        while scope is not cancelled.scope:
            assert not (scope.shield and not scope.cancelled), "it came through a shield"
            assert scope.parent is not None, "it came from a scope that is not around it"
            scope = scope.parent

    async def _sleep(self, depth: int) -> None:
        until = self.loop.now() + (seconds := self.chance.choice(PAUSES))
        await self.loop.sleep(seconds)
        assert self.loop.now() >= until

    async def _in_scope(self, depth: int) -> None:
        deadline = self.loop.now() + self.chance.choice((0.5, 1.5)) if self.chance.random() < 0.5 else None
        waited = self.waited
        with self._scope(shield=self.chance.random() < 0.3, deadline=deadline) as scope:
            await self._actions(depth + 1 if depth < MAX_DEPTH else MAX_DEPTH)
        missed = deadline is not None and self.loop.now() > deadline and not scope.cancelled
        assert not missed or waited < self.waited, "a deadline was missed, and nobody waited for a lease meanwhile"

    async def _group(self, depth: int) -> None:
        if depth >= MAX_DEPTH:
            return await self._sleep(depth)
        members = [object() for _ in range(self.chance.randrange(5))]
        try:
            async with TaskGroup(self.loop) as group:
                for member in members:
                    self.alive.add(member)
                    group.start(self._member, member, depth + 1)
                if self.chance.random() < 0.3:
                    await self._actions(depth + 1)
                if self.chance.random() < 0.1:
                    group.scope.cancel("enough")
        finally:
            assert not self.alive.intersection(members), "a group ended before its members"
        return None

    async def _member(self, member: object, depth: int) -> None:
        try:
            await self._actions(depth)
        finally:
            if self.chance.random() < 0.3:
                with CancelScope(self.loop, shield=True):
                    await self.loop.sleep(self.chance.choice(PAUSES))
            self.alive.remove(member)

    async def _lease(self, depth: int) -> None:
        self.waited += 1  # which stops the clocks of deadlines
        lease = await self.leases.take(Cost(cpu=self.chance.choice((0.5, 1.0, 2.0))), priority=float(self.chance.randrange(3)))
        self.holding += 1
        try:
            await self.loop.sleep(self.chance.choice(PAUSES))
        finally:
            self.holding -= 1
            self.leases.give_back(lease)

    async def _wait(self, depth: int) -> None:
        event = self.chance.choice(self.events)
        with self._scope(deadline=self.loop.now() + 1.0):
            await event.wait()
            assert event.is_set

    async def _set(self, depth: int) -> None:
        number = self.chance.randrange(len(self.events))
        self.events[number].set()
        if self.chance.random() < 0.5:
            self.events[number] = Event(self.loop)

    async def _cancel(self, depth: int) -> None:
        if self.scopes and self.chance.random() < 0.3:
            self.chance.choice(self.scopes).cancel(depth)


@for_every_seed
def test_structure_holds_whoever_goes_on_first(seed):
    Program(seed).run()
