"""What `--stats` says of tasks and of a project, worked out from what is known of their jobs and runs. Pure.

A job that ran again counts as that many attempts, of which all but the last failed. The first was beside others where anything ran
beside the job; the later ones count as alone, which is what the one after a failure beside others is.
"""

from __future__ import annotations

from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

RECENT = 5
MIN_EARLIER = 3
SHORT_SECONDS = 0.05
"""Of what takes less, clocks and the machine's mood say more than the task."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRecord:
    """One job that ran. `neighbours` is how many others it overlapped; `saved_seconds` its share of what its run saved."""

    task: str
    state: str
    seconds: float
    command_seconds: float
    cpu_seconds: float
    peak_bytes: int
    neighbours: int
    attempts: int
    recovery_seconds: float
    saved_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """One run. None stands for what is not known of it."""

    seconds: float
    exit_code: int
    was_stopped: bool
    was_killed: bool
    saved_seconds: float | None
    recovery_seconds: float
    predicted_seconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How many of so many attempts went well."""

    passed: int
    attempts: int

    @property
    def share(self) -> float | None:
        return self.passed / self.attempts if self.attempts else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskStatistics:
    """Seconds are of jobs that succeeded; None where there are too few of them to say, as `cores` is where they were too short.
    `trend` is a share: 0.1 is 10 % slower.
    """

    task: str
    runs: int
    last_seconds: float | None
    median_seconds: float | None
    p95_seconds: float | None
    trend: float | None
    success: Rate
    success_beside: Rate
    success_alone: Rate
    cores: float | None
    peak_bytes: int
    saved_seconds: float
    recovery_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Of all runs that are known. `prediction_error` is the median share by which predictions were wrong."""

    runs: int
    succeeded: int
    stopped: int
    killed: int
    seconds: float
    saved_seconds: float
    recovery_seconds: float
    predictions: int
    prediction_error: float | None


def task_statistics(jobs: Iterable[JobRecord]) -> list[TaskStatistics]:
    """One for each task, by name. `jobs` come newest first."""
    by_task: dict[str, list[JobRecord]] = {}
    for job in jobs:
        by_task.setdefault(job.task, []).append(job)
    return [_of_task(task, by_task[task]) for task in sorted(by_task)]


def totals(runs: Sequence[RunRecord]) -> Totals:
    """What all runs come to."""
    compared = [run for run in runs if run.predicted_seconds and run.seconds and not run.exit_code]
    errors = [abs(run.seconds - (run.predicted_seconds or 0.0)) / run.seconds for run in compared]
    return Totals(
        runs=len(runs),
        succeeded=sum(1 for run in runs if not run.exit_code),
        stopped=sum(1 for run in runs if run.was_stopped),
        killed=sum(1 for run in runs if run.was_killed),
        seconds=sum(run.seconds for run in runs),
        saved_seconds=sum(run.saved_seconds or 0.0 for run in runs),
        recovery_seconds=sum(run.recovery_seconds for run in runs),
        predictions=len(errors),
        prediction_error=median(errors),
    )


def _of_task(task: str, jobs: Sequence[JobRecord]) -> TaskStatistics:
    attempts = [attempt for job in jobs for attempt in _attempts(job)]
    times = [job.seconds for job in jobs if job.state == "succeeded" and job.attempts == 1]
    telling = [job for job in jobs if job.state == "succeeded" and job.command_seconds >= SHORT_SECONDS]
    return TaskStatistics(
        task=task,
        runs=len(jobs),
        last_seconds=times[0] if times else None,
        median_seconds=median(times),
        p95_seconds=percentile(times, 0.95),
        trend=trend(times),
        success=_rate(attempts),
        success_beside=_rate([attempt for attempt in attempts if attempt[0]]),
        success_alone=_rate([attempt for attempt in attempts if not attempt[0]]),
        cores=median([job.cpu_seconds / job.command_seconds for job in telling]),
        peak_bytes=max((job.peak_bytes for job in jobs), default=0),
        saved_seconds=sum(job.saved_seconds for job in jobs),
        recovery_seconds=sum(job.recovery_seconds for job in jobs),
    )


def _attempts(job: JobRecord) -> list[tuple[bool, bool]]:
    """Whether each was beside others, and whether it passed. What was stopped says nothing."""
    if job.state == "cancelled":
        return []
    passed = job.state == "succeeded"
    if job.attempts > 1:
        return [(job.neighbours > 0, False), *[(False, False)] * (job.attempts - 2), (False, passed)]
    return [(job.neighbours > 0, passed)]


def _rate(attempts: Sequence[tuple[bool, bool]]) -> Rate:
    return Rate(passed=sum(1 for _, passed in attempts if passed), attempts=len(attempts))


def trend(times: Sequence[float]) -> float | None:
    """By how much the median of the newest five differs from that of those before, as a share of it; newest first.

    None where there are too few, or where they take so short that only the machine's mood would show.
    """
    recent, earlier = median(times[:RECENT]), median(times[RECENT:])
    if len(times) < RECENT + MIN_EARLIER or recent is None or earlier is None or max(recent, earlier) < SHORT_SECONDS:
        return None
    if not earlier:
        return None
    return recent / earlier - 1.0


def median(values: Sequence[float]) -> float | None:
    """None of none; the mean of the two in the middle of an even number."""
    ranked = sorted(values)
    middle = len(ranked) // 2
    if not ranked:
        return None
    return ranked[middle] if len(ranked) % 2 else (ranked[middle - 1] + ranked[middle]) / 2


def percentile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that so large a share does not exceed (nearest rank)."""
    ranked = sorted(values)
    return ranked[max(0, -int(-share * len(ranked) // 1) - 1)] if ranked else None
