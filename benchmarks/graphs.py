"""Work that every peer can be given: jobs with a shell command each, and which job comes after which. Knows no peer."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Job:
    """One command. `seconds` is how long it waits, where that is all it does."""

    name: str
    command: str
    after: tuple[str, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Graph:
    """Jobs, each after those that it waits for."""

    name: str
    jobs: tuple[Job, ...]

    @property
    def last(self) -> tuple[str, ...]:
        """Jobs that nobody waits for: who asks for these asks for all."""
        awaited = {name for job in self.jobs for name in job.after}
        return tuple(job.name for job in self.jobs if job.name not in awaited)

    @property
    def is_independent(self) -> bool:
        return not any(job.after for job in self.jobs)

    @property
    def work(self) -> float:
        """Seconds of all jobs, one after another."""
        return sum(job.seconds for job in self.jobs)

    @property
    def critical_path(self) -> float:
        """Seconds of the longest chain."""
        ends: dict[str, float] = {}
        for job in self.jobs:
            ends[job.name] = job.seconds + max((ends[name] for name in job.after), default=0.0)
        return max(ends.values())

    def lower_bound(self, slots: int) -> float:
        """Seconds below which nobody can get with so many jobs at once."""
        return max(self.critical_path, self.work / slots)


def hello() -> Graph:
    """One echo: what is left is start-up."""
    return Graph(name="hello", jobs=(Job(name="hello", command="echo hello"),))


def wide(count: int, command: str = "/bin/true") -> Graph:
    """Jobs that wait for nobody."""
    return Graph(name=f"wide-{count}", jobs=tuple(Job(name=f"t{i}", command=command) for i in range(count)))


def chain(count: int, command: str = "/bin/true") -> Graph:
    """Each job waits for the one before."""
    return Graph(
        name=f"chain-{count}",
        jobs=tuple(Job(name=f"t{i}", command=command, after=(f"t{i - 1}",) if i else ()) for i in range(count)),
    )


def waiting(name: str, seconds: float, after: tuple[tuple[int, ...], ...]) -> Graph:
    """Jobs that wait equally long; `after` has the numbers of those that each waits for."""
    return Graph(
        name=name,
        jobs=tuple(
            Job(name=f"t{i}", command=f"sleep {seconds}", after=tuple(f"t{n}" for n in numbers), seconds=seconds)
            for i, numbers in enumerate(after)
        ),
    )


def random_graph(seed: int, *, fewest: int = 40, most: int = 200) -> Graph:
    """Waiting work of many short jobs and a few long ones, in as many layers as the seed likes."""
    chance = random.Random(f"graph {seed}")
    count = chance.randint(fewest, most)
    reach = chance.choice((5, 15, 40, count))
    jobs: list[Job] = []
    for i in range(count):
        before = range(max(0, i - reach), i)
        after = chance.sample(before, min(len(before), chance.choice((0, 1, 1, 2, 3))))
        seconds = round(chance.uniform(0.35, 0.85) if chance.random() < 0.1 else chance.uniform(0.015, 0.18), 3)
        jobs.append(Job(name=f"t{i}", command=f"sleep {seconds}", after=tuple(f"t{n}" for n in sorted(after)), seconds=seconds))
    return Graph(name=f"random-{seed}", jobs=tuple(jobs))
