"""Which lane of a timeline each job is drawn in, so that no two bars cover each other. Pure; knows no format.

The bar of a job that calls no others is as long as its commands took: waiting for its turn, it was in nobody's way. A job that
another called is drawn below its caller while it is the only one there; what runs beside it gets a lane of its own. Within a
lane, bars of one depth never overlap, and each bar lies within the one above it: what Chrome's traces ask of a thread.
"""

from __future__ import annotations

from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from paratask.reporting.exports.report import ReportedJob


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A job that ran, from when on it is drawn, its lane from 0 on, and how deep it stands there."""

    job: ReportedJob
    start: float
    lane: int
    depth: int


def lay_bars(jobs: Sequence[ReportedJob]) -> list[Bar]:
    """Bars of the jobs that ran, by their start."""
    lanes: list[list[ReportedJob]] = []
    """In each lane, the bars that are open at the moment, outermost first."""

    lane_of: dict[str, int] = {}
    callers = {job.parent for job in jobs}
    starts = [(job.started_at if job.id in callers else job.busy_from, number) for number, job in enumerate(jobs) if job.ran]
    bars = []
    for start, place in sorted(starts):
        job = jobs[place]
        for lane in lanes:
            while lane and lane[-1].ended_at <= start:
                lane.pop()
        number = _lane_for(job, lanes, lane_of)
        lane_of[job.id] = number
        lanes[number].append(job)
        bars.append(Bar(job=job, start=start, lane=number, depth=len(lanes[number]) - 1))
    return bars


def _lane_for(job: ReportedJob, lanes: list[list[ReportedJob]], lane_of: dict[str, int]) -> int:
    """The caller's, where nothing but the caller is open there at the innermost place; else the first that is free."""
    above = lane_of.get(job.parent)
    if above is not None and lanes[above] and lanes[above][-1].id == job.parent and job.ended_at <= lanes[above][-1].ended_at:
        return above
    for number, lane in enumerate(lanes):
        if not lane:
            return number
    lanes.append([])
    return len(lanes) - 1
