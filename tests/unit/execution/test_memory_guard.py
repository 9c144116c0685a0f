"""When memory runs out: who is ended, and when it is looked again. Sizes and the machine are made up."""

from __future__ import annotations

import signal
from types import SimpleNamespace

from paratask.execution import memory_guard
from paratask.execution.jobs import Job
from paratask.execution.memory_guard import OFTEN_SECONDS, SELDOM_SECONDS, Guarded, MemoryGuard
from paratask.scheduling.budget import Budget, Reading


class Scope:
    """A scope that only remembers why it was cancelled."""

    def __init__(self):
        self.cancelled, self.reason = False, None

    def cancel(self, reason):
        self.cancelled, self.reason = True, reason


class World:
    """Jobs that run, oldest first, with what they have; and a machine."""

    def __init__(self, monkeypatch, *sizes, repeatable=True, to_come=float("inf"), **limits):
        self.now = 100.0
        self.available = 1000
        self.kills = 5
        self.sizes = dict(enumerate(sizes))
        self.running = {}
        self.endable = {}
        for pid in self.sizes:
            job = Job(id=f"j{pid}", task=f"j{pid}", parent="", reason="")
            self.running[job] = SimpleNamespace(pid=pid, note_size=lambda size: None)
            self.endable[job] = (SimpleNamespace(job=job), Scope())
        monkeypatch.setattr(memory_guard, "default_reserve", lambda: 100)
        guarded = Guarded(
            budget=Budget(cpus=4.0, **limits), running=self.running, endable=self.endable,
            is_repeatable=lambda turn: repeatable is True or turn.job.id in repeatable, to_come=lambda: to_come,
        )  # fmt: skip
        self.guard = MemoryGuard(
            guarded, now=lambda: self.now, measure=lambda: Reading(available_bytes=self.available),
            sizes_of=lambda pids: {pid: self.sizes[pid] for pid in pids}, count_kills=lambda: self.kills,
        )  # fmt: skip

    def look(self, available, after=0.1):
        self.available = available
        self.now += after
        return self.guard.look()

    @property
    def ended(self):
        return [job.id for job, (_, scope) in self.endable.items() if scope.cancelled]


def test_where_there_is_plenty_nobody_is_ended(monkeypatch):
    world = World(monkeypatch, 10, 10, memory_bytes=100)
    assert world.look(1000) == SELDOM_SECONDS
    assert world.look(1000) == SELDOM_SECONDS
    assert world.ended == []


def test_the_youngest_that_may_run_twice_is_ended_at_once(monkeypatch):
    world = World(monkeypatch, 10, 10, 10, repeatable=("j0", "j1"), memory_bytes=100)
    world.look(49)
    assert world.ended == ["j1"]
    job = next(job for job in world.running if job.id == "j1")
    assert (world.endable[job][1].reason, job.peak_bytes) == (signal.SIGKILL, 10)


def test_the_oldest_goes_on(monkeypatch):
    world = World(monkeypatch, 10, 10, 10, memory_bytes=100)
    world.look(0)
    assert world.ended == ["j1", "j2"]


def test_as_many_as_need_be(monkeypatch):
    world = World(monkeypatch, 10, 10, 30, 30, memory_bytes=100)
    world.look(0)
    assert world.ended == ["j2", "j3"]


def test_one_that_is_being_ended_counts_as_gone(monkeypatch):
    world = World(monkeypatch, 60, 60, 60, memory_bytes=100)
    world.look(0)
    assert world.ended == ["j2"]
    world.look(0)
    assert world.ended == ["j2"]


def test_a_small_one_is_left_alone(monkeypatch):
    world = World(monkeypatch, 100, 100, 20, memory_bytes=100)
    world.look(0)
    assert world.ended == ["j1"]


def test_it_looks_ahead_where_memory_goes_fast(monkeypatch):
    world = World(monkeypatch, 10, 10, memory_bytes=100)
    world.look(1000)
    assert world.look(400, after=0.5) < SELDOM_SECONDS
    assert world.ended == []
    assert world.look(80, after=0.1) == OFTEN_SECONDS
    assert world.ended == ["j1"]


def test_it_knows_what_is_to_come(monkeypatch):
    world = World(monkeypatch, 10, 10, memory_bytes=100, to_come=0)
    world.look(400)
    world.look(60, after=0.1)
    assert world.ended == []


def test_what_all_have_together(monkeypatch):
    world = World(monkeypatch, 60, 60, 60, own_memory_bytes=150)
    world.look(0)
    assert world.ended == ["j2"]


def test_whom_the_kernel_ended(monkeypatch):
    """Two at once: the second was taken for a failure of its own."""
    world = World(monkeypatch, 1, memory_bytes=1)
    assert world.guard.was_killed() is False
    world.kills += 2
    assert [world.guard.was_killed() for _ in range(3)] == [True, True, False]
