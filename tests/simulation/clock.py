"""A poller without file descriptors: time passes only when nobody can go on, and then at once. And a loop that shuffles."""

from __future__ import annotations

import heapq
import random

from paratask.kernel.loop import Loop


class SimulatedPoller:
    """Implements `kernel.loop.Poller`. `at` plans what comes from outside: a signal, a process that ends."""

    def __init__(self) -> None:
        self._now = 0.0
        self._planned: list[tuple[float, int, object]] = []
        self._count = 0
        self.closed = False

    def now(self) -> float:
        return self._now

    def at(self, time: float, callback) -> None:
        self._count += 1
        heapq.heappush(self._planned, (time, self._count, callback))

    def wait(self, timeout_seconds: float | None):
        until = None if timeout_seconds is None else self._now + timeout_seconds
        if self._planned and (until is None or self._planned[0][0] <= until):
            self._now = max(self._now, self._planned[0][0])
            due = []
            while self._planned and self._planned[0][0] <= self._now:
                due.append(heapq.heappop(self._planned)[2])
            return due
        assert until is not None, "nothing is planned: this would wait for ever"
        self._now = until
        return []

    def watch(self, fd: int, callback) -> None:
        raise AssertionError("there are no file descriptors here")

    def unwatch(self, fd: int) -> None:
        raise AssertionError("there are no file descriptors here")

    def close(self) -> None:
        self.closed = True


class ShuffledLoop(Loop):
    """Runs the fibers that can go on in an order that is drawn, where the real one keeps to the order in which they were woken.

    Nothing may hang on that order but what is said to: every race between fibers that could happen does, under some seed.
    """

    def __init__(self, poller: SimulatedPoller, chance: random.Random) -> None:
        super().__init__(poller)
        self._chance = chance

    def _run_ready(self) -> None:
        while self._woken or self._started:
            number = self._chance.randrange(len(self._woken) + len(self._started))
            if number < len(self._woken):
                self._woken.rotate(-number)
                self._step(*self._woken.popleft())
            else:
                self._started.rotate(len(self._woken) - number)
                self._step(self._started.popleft(), None, None)
