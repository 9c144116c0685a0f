"""What a run does at a moment."""

from __future__ import annotations

from types import SimpleNamespace

from paratask.execution.leases import Leases
from paratask.execution.looking import MOST_REASONS, Lookout
from paratask.execution.once import Execution
from paratask.execution.view import Hold
from paratask.kernel.groups import TaskGroup
from paratask.kernel.loop import Loop
from paratask.scheduling.budget import Budget, Cost, Reading, Resource
from simulation.clock import SimulatedPoller


class Group:
    def __init__(self, *reasons) -> None:
        self._reasons = reasons

    def reasons(self):
        return [(named(job), kind, [named(other) for other in before]) for job, kind, before in self._reasons]


class Named:
    def __init__(self, job) -> None:
        self.id = job
        self.label = f"the {job}" if job == "a" else ""


def named(job):
    return Named(job)


class Stage:
    """Jobs that hold leases for a while; looked at at a moment."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.loop = Loop(SimulatedPoller())
        self.leases = Leases(self.loop, budget, lambda: Reading(available_bytes=1 << 40))
        self.running: dict[object, SimpleNamespace] = {}
        self.groups: dict[Group, None] = {}
        self.executions: dict[str, Execution] = {}
        self.lookout = Lookout(
            loop=self.loop, now=lambda: 1000.0 + self.loop.now(), budget=budget, leases=self.leases,
            overlaps=SimpleNamespace(running=self.running), neighbours=SimpleNamespace(quiet=SimpleNamespace(is_alone=False), groups=self.groups),
            executions=self.executions,
        )  # fmt: skip

    async def works(self, job, cost):
        lease = await self.leases.take(cost, owner=job)
        runs = named(job)
        self.running[runs] = SimpleNamespace(started_at=self.loop.now(), tree_bytes=7)
        await self.loop.sleep(5.0)
        del self.running[runs]
        self.leases.give_back(lease)

    def look(self, *works, at=2.0):
        seen = []
        self.loop.call_at(at, lambda: seen.append(self.lookout()))

        async def main():
            async with TaskGroup(self.loop) as group:
                for work in works:
                    group.start(self.works, *work)

        self.loop.run(main())
        return seen[0]


def test_commands_that_run_and_what_they_take():
    look = Stage(Budget(cpus=2.0)).look(("a", Cost(cpu=0.5)), ("b", Cost()))
    assert (look.at, look.commands, look.holds, look.cpu, look.peak_bytes) == (1002.0, {"a": 2.0, "b": 2.0}, {}, 1.5, 14)
    assert look.labels == {"a": "the a"}
    assert look.reading.available_bytes > 1, "of the machine, whatever the budget has limits for"


def test_what_is_held_is_held_by_what_decides():
    budget = Budget(cpus=2.0, resources={"db": Resource(count=1)})
    look = Stage(budget).look(("a", Cost(uses={"db": 1})), ("b", Cost(uses={"db": 1})), ("c", Cost(cpu=2.0)), ("", Cost()))
    assert look.holds == {"b": Hold(kind="resource", name="db", others=("a",)), "c": Hold(kind="cpu")}


def test_where_many_wait_the_first_ones_tell_of_the_others():
    works = [(f"j{number}", Cost(cpu=2.0)) for number in range(MOST_REASONS * 3)]
    full = Stage(Budget(cpus=2.0)).look(*works)
    assert len(full.holds) == len(works) - 1
    assert set(map(repr, full.holds.values())) == {repr(Hold(kind="cpu"))}
    nearly = Stage(Budget(cpus=2.0)).look(("small", Cost(cpu=0.5)), *works)
    assert len(nearly.holds) == len(works)
    assert {hold.kind for hold in nearly.holds.values()} == {"cpu"}


def test_members_of_groups_wait_for_what_their_group_says():
    stage = Stage(Budget(cpus=2.0))
    stage.groups[Group(("x", "order", ["a", "b"]), ("y", "order", []), ("z", "failed", ["a"]), ("w", "quiet", []))] = None
    assert stage.look(("a", Cost())).holds == {
        "x": Hold(kind="after", others=("a", "b")),
        "z": Hold(kind="failed", others=("a",)),
        "w": Hold(kind="quiet"),
    }


def test_calls_whose_work_another_one_does_wait_for_it():
    stage = Stage(Budget(cpus=2.0))
    execution = stage.executions["key"] = Execution(stage.loop, named("a"))
    execution.joined["b"] = named("b")
    assert stage.look(("a", Cost())).holds == {"b": Hold(kind="shared", others=("a",))}
