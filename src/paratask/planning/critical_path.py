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


def critical_path(jobs: Sequence[PlannedJob], known: dict[str, Way] | None = None) -> Way:
    """Seconds, and the ids of the jobs on the way, outermost first. A job without an estimate counts as nothing by itself.

    `known` gets, and gives, the ways through jobs of which others do the same.
    """
    known = {} if known is None else known
    best: dict[str, Way] = {}
    for job in jobs:
        seconds, inside = _inside(job, known)
        before = max((best[after] for after in job.after if after in best), default=(0.0, ()))
        best[job.id] = (before[0] + seconds, (*before[1], job.id, *inside))
    return max(best.values(), default=(0.0, ()))


def _inside(job: PlannedJob, known: dict[str, Way]) -> Way:
    """How long a job takes, and the way through what it calls. Where nothing is known of that, it counts as a whole."""
    if job.same_as in known:
        seconds, path = known[job.same_as]
        return (seconds, path if len(path) <= MAX_TOLD else ())
    seconds, path = 0.0, ()
    for group in job.children:
        group_seconds, group_path = critical_path(group, known)
        seconds += group_seconds
        path = (*path, *group_path)
    known[job.id] = (seconds + (job.command_seconds or 0.0), path) if seconds else (job.estimate_seconds or 0.0, path)
    return known[job.id]
