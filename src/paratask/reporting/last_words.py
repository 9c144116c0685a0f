"""The last lines of jobs that failed, where these are no longer in sight when the run ends. Pure.

What is shown of a job depends on the output style: where it was shown whole, and little came after it, it is not shown again.
"""

from __future__ import annotations

from paratask.frozen import dataclass
from paratask.names import counted, cut, shown_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from paratask.execution.jobs import Job

MIXED = frozenset(("interleaved", "prefixed"))
"""Styles in which lines of several jobs stand among each other."""
MAX_JOBS = 3
MOST_LOOKED_AT = 100
"""Each is looked at beside all jobs, of which there may be ten thousand."""
MAX_LINES = 10
MAX_COLUMNS = 160
SCREEN_LINES = 20
MOST_NAME_COLUMNS = 60
"""A plain command is its job's name, and may be long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """How output was shown: by which style, folded by a CI service or not, and a set's in written order or as jobs ended."""

    style: str
    is_folded: bool
    in_written_order: bool


def own_failures(jobs: Sequence[Job]) -> list[Job]:
    """Jobs that failed, but not only because one that they called did, or another call that did their work: by a command of theirs, or
    with all those that they called well.
    """
    return [job for job in jobs if job.state._value_ == "failed" and not (job.shared or job.passed_on)]


def ignored_failures(jobs: Sequence[Job]) -> frozenset[str]:
    """The ids of those whose failure the Taskfile ignores; see ignored_among."""
    if all(job.state._value_ != "failed" for job in jobs):
        return frozenset()
    from paratask.reporting.ignored import ignored_among

    return ignored_among(jobs, {job.id: job.state.value for job in jobs}, forgiven={job.id for job in jobs if job.forgiven})


def out_of_sight(jobs: Sequence[Job], shown: Shown, log_lines: Callable[[str], int]) -> list[Job]:
    """Of those that failed by themselves, the ones after which more than a screen was shown, as far as logs tell."""
    if shown.style == "errors-only" or shown.is_folded:
        return []
    places = _places(jobs)
    failed = own_failures(jobs)[:MOST_LOOKED_AT]
    lines = {job.id: log_lines(job.id) for job in jobs} if failed else {}
    return [
        job for job in failed if sum(lines[other.id] for other in jobs if _is_after(other, job, shown, places)) > SCREEN_LINES
    ]


def _places(jobs: Sequence[Job]) -> dict[str, tuple[int, ...]]:
    """Where each job's output has its place where all comes in written order: callers are made before those that they call."""
    places: dict[str, tuple[int, ...]] = {}
    for number, job in enumerate(jobs):
        places[job.id] = (*places.get(job.parent, ()), number)
    return places


def _is_after(other: Job, failed: Job, shown: Shown, places: dict[str, tuple[int, ...]]) -> bool:
    if other is failed or not other.started_at:
        return False
    if shown.style in MIXED:
        return other.id in failed.neighbours or other.started_at >= failed.ended_at
    if shown.in_written_order:
        return places[other.id] > places[failed.id]
    return other.ended_at > failed.ended_at and places[failed.id][: len(places[other.id])] != places[other.id]


def last_words(job: Job, log: str, command: str) -> list[str]:
    """A job's last lines, and how to see all; none where it wrote nothing."""
    lines = _lines(log)
    if not lines:
        return []
    kept = [f"  | {cut(line, MAX_COLUMNS)}" for line in lines[-MAX_LINES:]]
    more = f", after {counted(len(lines) - MAX_LINES, 'more line')}" if len(lines) > MAX_LINES else ""
    code = f", which exited with {job.exit_status}," if job.exit_status else ""
    return [f"paratask: `{job_name(job.id, job.task, job.label)}`{code} wrote last{more} (all of it: {command}):", *kept]


def last_line(log: str) -> str:
    """What a job wrote last; empty where it wrote nothing."""
    return cut("".join(_lines(log)[-1:]).strip(), MAX_COLUMNS)


def _lines(log: str) -> list[str]:
    """Without colours and what else is for terminals, and without empty ones at the end."""
    from paratask.reporting.exports.plain_text import without_escapes

    lines = [line.rstrip() for line in without_escapes(log).splitlines()]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def job_name(job: str, task: str, label: str = "") -> str:
    """A job for a line of text: cut in its middle where it is long, since what commands differ in is mostly at their ends."""
    name = " ".join(shown_name(job, task, label).split())
    if len(name) <= MOST_NAME_COLUMNS:
        return name
    half = MOST_NAME_COLUMNS // 2
    return f"{name[: half - 1]}…{name[-half:]}"
