"""What `--learn` found out, for people. Pure text."""

from __future__ import annotations

from itertools import combinations

from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from paratask.reporting.colors import Paint

MAX_PATTERNS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedJob:
    """One task that was seen: how many paths it read and wrote, and the patterns that it writes."""

    name: str
    reads: int
    writes: int
    patterns: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedHazard:
    """What keeps two neighbours in order."""

    first: str
    second: str
    kind: str
    path: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedReport:
    """`together` are the names of neighbours, each with those that it may run beside; `left_out` names with the reason."""

    file: str
    entries: int
    jobs: tuple[LearnedJob, ...]
    hazards: tuple[LearnedHazard, ...]
    together: tuple[tuple[str, tuple[str, ...]], ...]
    left_out: tuple[tuple[str, str], ...]


def render_learned(report: LearnedReport, paint: Paint) -> list[str]:
    """The lines."""
    count = len(report.jobs)
    tasks = f"{count} task" + ("s" if count != 1 else "")
    lines = [f"paratask: saw what {tasks} touched; {report.file} has {_entries(report.entries)}"] if count else []
    lines += _table(report.jobs, paint)
    for name, reason in report.left_out:
        lines.append(f"paratask: {paint('yellow', 'not learned:')} `{name}`: {reason}")
    if report.hazards:
        lines.append("paratask: what keeps neighbours in order:")
        lines += [f"  {_hazard(hazard)}" for hazard in report.hazards]
    if report.together:
        lines.append("paratask: what may run side by side now:")
        lines += [f"  {line}" for line in _together(report.together, paint)]
    return lines


def _together(together: Sequence[tuple[str, tuple[str, ...]]], paint: Paint) -> Iterator[str]:
    """Each pair once; of three and more that may all run beside each other a line."""
    whole = {name: frozenset((name, *others)) for name, others in together}
    told: set[frozenset[str]] = set()
    for name, others in together:
        new = [other for other in others if frozenset((name, other)) not in told]
        if len(others) > 1 and new and all(whole.get(other) == whole[name] for other in others):
            new = []
            told.update(frozenset(pair) for pair in combinations((name, *others), 2))
            yield f"{', '.join(paint('green', member) for member in (name, *others))} beside each other"
        told.update(frozenset((name, other)) for other in new)
        if new:
            yield f"{paint('green', name)} beside {_names(new)}"


def _entries(count: int) -> str:
    return f"{count} " + ("entries" if count != 1 else "entry")


def _table(jobs: Sequence[LearnedJob], paint: Paint) -> list[str]:
    width = max((len(job.name) for job in jobs), default=0)
    digits = max((len(str(max(job.reads, job.writes))) for job in jobs), default=1)
    return [
        f"  {paint('green', job.name)}{' ' * (width - len(job.name))}  read {job.reads:>{digits}}  "
        f"wrote {job.writes:>{digits}}{_written(job)}"
        for job in jobs
    ]


def _written(job: LearnedJob) -> str:
    shown = [
        *job.patterns[:MAX_PATTERNS],
        *([f"{len(job.patterns) - MAX_PATTERNS} more"] if len(job.patterns) > MAX_PATTERNS else []),
    ]
    text = f": {', '.join(shown)}" if shown else ""
    return text + "".join(f"; {note}" for note in job.notes)


def _hazard(hazard: LearnedHazard) -> str:
    more = f" and {hazard.count - 1} more" if hazard.count > 1 else ""
    return f"`{hazard.first}` before `{hazard.second}`: {hazard.kind}: {hazard.path}{more}"


def _names(names: Sequence[str]) -> str:
    return ", ".join(names)
