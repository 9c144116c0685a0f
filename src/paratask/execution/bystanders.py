"""Which neighbours of a failed job can have been the reason. Loaded when something has failed beside others.

Knows nothing of attempts, and not what makes two calls strangers: claims/readers.py does.
"""

from __future__ import annotations

from paratask.execution.jobs import line_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from paratask.execution.jobs import Job
    from paratask.execution.neighbours import Neighbours
    from paratask.execution.turns import Member, Turn
    from paratask.variables.ready import ReadyCall, ReadyTask


class Bystanders:
    """Of one run. `jobs` are all of it by their ids; `are_strangers` says whether a task and a call only read, and nothing of each
    other's.
    """

    def __init__(
        self,
        *,
        jobs: Mapping[str, Job],
        neighbours: Neighbours,
        are_strangers: Callable[[ReadyTask, ReadyCall], bool],
    ) -> None:
        self._jobs = jobs
        self._neighbours = neighbours
        self._are_strangers = are_strangers

    def had_no_part(self, turn: Turn) -> bool:
        """Whether the job of a turn would have failed without those that ran beside it because we let them: it and they only read, and memory
        was never short.
        """
        if any(job.queued_again for job in self._jobs.values()):
            return False
        beside = {id(member): member.call for member in self._beside(turn)}
        return bool(beside) and all(call is not None and self._are_strangers(turn.ready, call) for call in beside.values())

    def _beside(self, turn: Turn) -> Iterator[Member]:
        """The members of the groups around a job that had commands beside its own."""
        others = self._neighbours.others(turn.stand.strand)
        for name in turn.job.neighbours:
            found = next((job for job in line_of(self._jobs[name], self._jobs) if job.id in others), None)
            if found is not None:
                yield others[found.id]
