"""The longest way through a plan, by estimates. Pure. See "Resources" in docs/design.md."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    from paratask.planning.plan import PlannedJob

    Way: TypeAlias = tuple[float, tuple[str, ...]]
    """Seconds, and ids of jobs."""


MAX_TOLD = 500
"""Ids on the way through a job that are told again for each other job that does the same: a way may be twice as long at each level."""


def critical_path(jobs: Sequence[PlannedJob]) -> Way:
    """Seconds, and the ids of the jobs on the way, outermost first. A job without an estimate counts as nothing by itself, and one
    that runs a single time counts where a way comes to it first.
    """
    return _Ways().through(jobs)


class _Ways:
    """The ways through jobs of one plan."""

    def __init__(self) -> None:
        self._inside: dict[str, Way] = {}
        """Through what a job calls, of jobs of which others do the same."""

        self._single: dict[str, tuple[str, float, int]] = {}
        """Of jobs that run a single time: as what, how long, and how many ids its way has."""

    def through(self, jobs: Sequence[PlannedJob]) -> Way:
        best: dict[str, Way] = {}
        for job in jobs:
            seconds, inside = self._of(job)
            if job.once:
                self._single[job.id] = (job.once, seconds, 1 + len(inside))
            before = max((best[after] for after in job.after if after in best), default=(0.0, ()))
            best[job.id] = self._joined(before, (seconds, (job.id, *inside)))
        return max(best.values(), default=(0.0, ()))

    def _of(self, job: PlannedJob) -> Way:
        """How long a job takes, and the way through what it calls. Where nothing is known of that, it counts as a whole."""
        if job.same_as in self._inside:
            seconds, path = self._inside[job.same_as]
            return (seconds, path if len(path) <= MAX_TOLD else ())
        way: Way = (0.0, ())
        for group in job.children:
            way = self._joined(way, self.through(group))
        seconds, path = way
        self._inside[job.id] = (
            (seconds + (job.command_seconds or 0.0), path) if seconds else (job.estimate_seconds or 0.0, path)
        )
        return self._inside[job.id]

    def _joined(self, first: Way, then: Way) -> Way:
        """One way after another, where what runs a single time and is done on the first is not done again."""
        done = {self._single[job][0] for job in first[1] if job in self._single} if self._single else ()
        seconds, path = then
        if done:
            kept: list[str] = []
            index = 0
            while index < len(path):
                name, took, length = self._single.get(path[index], ("", 0.0, 1))
                if name in done:
                    seconds -= took
                else:
                    kept.append(path[index])
                    length = 1
                index += length
            path = tuple(kept)
        return (first[0] + seconds, (*first[1], *path))
