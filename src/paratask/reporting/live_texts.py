"""Words and marks of the live view that need no library: times, names without control sequences, headings of what has ended. Pure."""

from __future__ import annotations

from paratask.frozen import dataclass
from paratask.names import shown_name, shown_seconds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from paratask.execution.jobs import Job
    from paratask.reporting.colors import Paint


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """The characters that are drawn."""

    running: str
    waiting: str
    more: str
    done: str
    rest: str
    between: str
    cut: str
    passed: str
    failed: str
    stopped: str


MARKS = Marks(
    running="●",
    waiting="○",
    more=" ",
    done="━",
    rest="─",
    between="·",
    cut="…",
    passed="✓",
    failed="✗",
    stopped="■",
)
ASCII_MARKS = Marks(
    running="*",
    waiting="-",
    more=" ",
    done="=",
    rest="-",
    between="|",
    cut="~",
    passed="ok",
    failed="FAILED",
    stopped="stopped",
)
"""Where the locale is not of UTF-8."""


def marks_for(environ: Mapping[str, str]) -> Marks:
    """By the locale's name; what says nothing is taken for one of old."""
    name = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG") or ""
    return MARKS if "utf" in name.lower() else ASCII_MARKS


def clean(text: str) -> str:
    """On one line, and without anything that a terminal would obey."""
    return text if text.isprintable() else "".join(char if char.isprintable() else "?" for char in text)


def shown_time(seconds: float) -> str:
    """Of what goes on: `0.4 s`, and from ten seconds on no parts of a second, which nobody can read; else as all times."""
    if seconds < 9.95:
        return f"{max(0.0, seconds):.1f} s"
    return f"{seconds:.0f} s" if round(seconds) < 60 else shown_seconds(round(seconds))


def whole_time(seconds: float) -> str:
    """The same of what is only about so: no part of a second."""
    return f"{max(0.0, seconds):.0f} s" if round(seconds) < 60 else shown_seconds(round(seconds))


def has_heading(job: Job, *, has_output: bool) -> bool:
    """Whether there is something to say of a job that ended: not of one that only called others, was up to date, or never began."""
    state = job.state.value
    return job.has_run or (has_output and state in ("succeeded", "failed"))


def heading(job: Job, marks: Marks, paint: Paint) -> str:
    """The line above what a job wrote: how it ended, its name, and how long its commands took."""
    name = clean(shown_name(job.id, job.task, job.label))
    state = job.state.value
    seconds = job.own_seconds - job.failed_seconds
    parts = [shown_seconds(seconds)] if seconds > 0 else []
    if job.attempts > 1:
        parts.append(f"attempt {job.attempts}")
    if state == "failed":
        parts.append(f"exit code {job.exit_status}" if job.exit_status else "failed")
        return f"{paint('red', f'{marks.failed} {name}')}  {', '.join(parts)}"
    if state == "cancelled":
        parts += [f"exit code {job.exit_status}"] if job.exit_status else []  # it was to run again
        return f"{paint('yellow', f'{marks.stopped} {name}')}  {', '.join([*parts, 'stopped'])}"
    return f"{paint('green', f'{marks.passed} {name}')}  {', '.join(parts)}".rstrip()
