"""Which neighbours of a failed job can have been the reason. Loaded when something has failed beside others.

Knows nothing of attempts, and not what makes two calls strangers: claims/readers.py does.
"""

from __future__ import annotations

from paratask.execution.jobs import line_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Protocol

    from paratask.execution.jobs import Job
    from paratask.execution.neighbours import Neighbours
    from paratask.execution.turns import Member, Turn
    from paratask.variables.ready import ReadyCall, ReadyTask

    class Strangers(Protocol):
        """Whether a task and a call only read, and nothing of each other's; the task may be one that `tests`."""

        def __call__(self, ready: ReadyTask, call: ReadyCall, *, tests: bool = False) -> bool: ...


SLOWED_SHARE = 0.1
"""Of its time: tests that had to leave a core to others for no more of it do not fail of that."""


class Bystanders:
    """Of one run. `jobs` are all of it by their ids."""

    def __init__(
        self,
        *,
        jobs: Mapping[str, Job],
        neighbours: Neighbours,
        are_strangers: Strangers,
    ) -> None:
        self._jobs = jobs
        self._neighbours = neighbours
        self._are_strangers = are_strangers

    def had_no_part(self, turn: Turn) -> bool:
        """Whether the job of a turn would have failed without those that ran beside it because we let them: they only read, it does so as well
        or is a test that they did not slow down, and memory was never short.
        """
        if any(job.queued_again for job in self._jobs.values()):
            return False
        beside = {id(member): member.call for member in self._beside(turn)}
        tests = self._had_its_time(turn.job)
        return bool(beside) and all(
            call is not None and self._are_strangers(turn.ready, call, tests=tests) for call in beside.values()
        )

    def _had_its_time(self, job: Job) -> bool:
        """Whether hardly anybody had the cores that the commands of a job, and of those that it called, would have used."""
        jobs = [other for other in self._jobs.values() if job in line_of(other, self._jobs)]
        return sum(each.taken_seconds for each in jobs) <= SLOWED_SHARE * sum(each.own_seconds for each in jobs)

    def _beside(self, turn: Turn) -> Iterator[Member]:
        """The members of the groups around a job that had commands beside its own."""
        others = self._neighbours.others(turn.stand.strand)
        for name in turn.job.neighbours:
            found = next((job for job in line_of(self._jobs[name], self._jobs) if job.id in others), None)
            if found is not None:
                yield others[found.id]
