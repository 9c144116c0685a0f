"""The longest way through a plan, by estimates. Pure. See "Resources" in docs/design.md."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from paratask.planning.plan import PlannedJob


def critical_path(jobs: Sequence[PlannedJob]) -> tuple[float, tuple[str, ...]]:
    """Seconds, and the ids of the jobs on the way, outermost first. A job without an estimate counts as nothing by itself."""
    best: dict[str, tuple[float, tuple[str, ...]]] = {}
    for job in jobs:
        seconds, inside = _inside(job)
        before = max((best[after] for after in job.after if after in best), default=(0.0, ()))
        best[job.id] = (before[0] + seconds, (*before[1], job.id, *inside))
    return max(best.values(), default=(0.0, ()))


def _inside(job: PlannedJob) -> tuple[float, tuple[str, ...]]:
    """How long a job takes, and the way through what it calls. Where nothing is known of that, it counts as a whole."""
    seconds = 0.0
    path: tuple[str, ...] = ()
    for group in job.children:
        group_seconds, group_path = critical_path(group)
        seconds += group_seconds
        path = (*path, *group_path)
    return (seconds + (job.command_seconds or 0.0), path) if seconds else (job.estimate_seconds or 0.0, path)
