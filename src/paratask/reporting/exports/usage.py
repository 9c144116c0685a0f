"""How much ran at each moment, and how many cores that kept busy: steps over time, made of jobs' own accounts. Pure.

A job's account has totals only. Its commands are taken to have run at the end of its time, without a pause, and to have kept as many
cores busy throughout as they did on average. In very short ones that average is noise: they count as one core at most.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from paratask.reporting.exports.report import Report, ReportedJob

SHORTEST_SECONDS = 1e-4
TELLING_SECONDS = 0.05


def running_commands(report: Report) -> list[tuple[float, float]]:
    """(moment, how many run from then on)."""
    return _steps(report, lambda _: 1.0)


def busy_cores(report: Report) -> list[tuple[float, float]]:
    """(moment, cores from then on)."""
    return _steps(report, _cores)


def _cores(job: ReportedJob) -> float:
    seconds = _busy_seconds(job)
    cores = job.cpu_seconds / seconds
    return cores if seconds >= TELLING_SECONDS else min(1.0, cores)


def held_memory(report: Report) -> list[tuple[float, float]]:
    """(moment, bytes from then on): as seen in the looks at it, else each job's most, as if it had that throughout."""
    if report.samples:
        seen = [(sample.at, float(sample.memory_bytes)) for sample in report.samples]
        return [(report.started_at, 0.0), *seen, (report.ended_at, 0.0)]
    return _steps(report, lambda job: float(job.peak_bytes))


def _steps(report: Report, height: Callable[[ReportedJob], float]) -> list[tuple[float, float]]:
    changes: dict[float, float] = {report.started_at: 0.0}
    for job in report.jobs:
        if job.ran and job.command_seconds > SHORTEST_SECONDS:
            start, amount = job.busy_from, height(job)
            changes[start] = changes.get(start, 0.0) + amount
            changes[job.ended_at] = changes.get(job.ended_at, 0.0) - amount
    level, steps = 0.0, []
    for at in sorted(changes):
        level += changes[at]
        steps.append((at, max(0.0, round(level, 6))))
    return steps


def _busy_seconds(job: ReportedJob) -> float:
    return max(SHORTEST_SECONDS, min(job.seconds, job.command_seconds))
