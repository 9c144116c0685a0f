"""What a run's summary.json teaches, as rows for the history; of a run that was killed its journal. A spoiled one teaches nothing.

Knows a summary's keys, and nothing of where the rows go.
"""

from __future__ import annotations

import os

from paratask.records.logs import COMMANDS_FILE, SUMMARY_FILE
from paratask.state_files import parse_kept, read_kept

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from paratask.records.database import Row

RUN_COLUMNS = (
    "run", "calls", "started_at", "seconds", "exit_code", "jobs", "one_at_a_time", "saved", "recovery", "predicted", "stopped_by",
)  # fmt: skip
JOB_COLUMNS = (
    "run", "task", "variables", "started_at", "state", "exit_code", "seconds", "command_seconds", "cpu_seconds", "peak_bytes",
    "read_bytes", "written_bytes", "neighbours", "attempts", "recovery", "saved", "queued_seconds",
)  # fmt: skip
SAMPLE_COLUMNS = (
    "task", "variables", "seconds", "command_seconds", "cpu_seconds", "peak_bytes", "queued_seconds", "state", "attempts",
)  # fmt: skip
MOST = float(1 << 62)
TELLING = ("succeeded", "failed")
"""Of one that was stopped nobody knows what it takes."""

RAN = ("succeeded", "failed", "cancelled")
KILLED = "killed"
"""What a run was stopped by that did not come to its end. It has no exit code: the one that stands for it is that of SIGKILL."""

KILLED_CODE = 137


def read_lessons(folder: str) -> tuple[Row, list[Row]]:
    """The row of the run of that folder, which has ended, and its jobs', without the run's id; empty ones where nothing in it is as it should
    be.

    Plain commands teach nothing: thousands of them would take the place of what tasks taught.
    """
    if os.path.exists(os.path.join(folder, COMMANDS_FILE)):
        return (), []
    try:
        try:
            summary: Any = parse_kept(read_kept(os.path.join(folder, SUMMARY_FILE)))
        except FileNotFoundError:
            summary = _journal_of(folder)
        return lessons_of(summary)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return (), []


def _journal_of(folder: str) -> Mapping[str, Any]:
    """What the journal has of a run without a summary. Raises TypeError where it says nothing."""
    from paratask.records.runs import read_run

    kept = read_run(folder)
    if kept is None:
        raise TypeError(folder)
    return kept.document if kept.result != KILLED else {**kept.document, "stopped_by": KILLED, "exit_code": KILLED_CODE}


def lessons_of(summary: Mapping[str, Any]) -> tuple[Row, list[Row]]:
    """The lessons of one summary. Raises KeyError, TypeError, ValueError and AttributeError for what is no summary."""
    shortened = _shortened(summary["jobs"])
    passed_over = {job["id"] for job in summary["jobs"] if job.get("shared")} | shortened
    jobs = [job for job in summary["jobs"] if job["state"] in RAN and job["seconds"] and job["id"] not in passed_over]
    parents = {job["parent"] for job in summary["jobs"]}
    saved = summary.get("saved_seconds")
    rows = [
        _job(job, is_parent=job["id"] in parents, saved=share) for job, share in zip(jobs, _shares(jobs, saved), strict=True)
    ]
    run: Row = (
        _text(" ".join(map(str, summary.get("calls", ())))),
        _amount(summary.get("started_at", 0.0)),
        _amount(summary.get("seconds", 0.0)),
        _count(summary.get("exit_code", 0)),
        len(jobs),
        _amount_or_none(summary.get("sequential_seconds")),
        _amount_or_none(saved),
        _amount(summary.get("recovery_seconds", 0.0)),
        _amount_or_none(summary.get("predicted_seconds")) if not shortened and _as_foreseen(summary["jobs"]) else None,
        _text(summary.get("stopped_by", "")),
    )
    return run, rows


def _as_foreseen(jobs: Sequence[Mapping[str, Any]]) -> bool:
    """Whether every job did what a prediction takes it to do: one that was up to date takes no time, and says nothing of how good that was."""
    return all(job["state"] == "succeeded" or job.get("shared") for job in jobs)


def _shortened(jobs: Sequence[Mapping[str, Any]]) -> set[str]:
    """The ids of jobs that an earlier run had finished, and of those that called them: what these took says nothing of the task."""
    parents = {job["id"]: job["parent"] for job in jobs}
    found: set[str] = set()
    for job in jobs:
        above = job["id"] if job.get("done_before") else ""
        while above and above not in found:
            found.add(above)
            above = parents.get(above, "")
    return found


def samples_of(jobs: Sequence[Row]) -> list[Row]:
    """Of the rows of a run's jobs, those that came to their end, last first; the columns are SAMPLE_COLUMNS."""
    columns = JOB_COLUMNS[1:]
    state = columns.index("state")
    chosen = [columns.index(name) for name in SAMPLE_COLUMNS]
    return [tuple(job[place] for place in chosen) for job in reversed(jobs) if job[state] in TELLING]


def _job(job: Mapping[str, Any], *, is_parent: bool, saved: float) -> Row:
    """How long it took: by its commands, without the waiting for their turn; by the clock where it called others."""
    exit_code = job.get("exit_code")
    return (
        _text(job["task"]),
        _text(job.get("variables", "")),
        _amount(job.get("started_at") or 0.0),
        _text(job["state"]),
        None if exit_code is None else _count(exit_code),
        _amount(job["seconds" if is_parent else "command_seconds"]),
        _amount(job["command_seconds"]),
        _amount(job["cpu_seconds"]),
        _count(job.get("peak_memory_bytes", 0)),
        _count(job.get("read_bytes", 0)),
        _count(job.get("written_bytes", 0)),
        _count(job.get("neighbours", len(job.get("beside", ())))),
        _count(job.get("attempts", 1)),
        _amount(job.get("recovery_seconds", 0.0)),
        saved,
        _amount(job.get("queued_seconds", 0.0)),
    )


def _shares(jobs: Sequence[Mapping[str, Any]], saved: object) -> list[float]:
    """What was saved, shared out among those that ran beside others, by the time of their commands."""
    weights = [_amount(job["command_seconds"]) if job.get("neighbours") else 0.0 for job in jobs]
    total = sum(weights)
    return [(_amount_or_none(saved) or 0.0) * weight / total if total else 0.0 for weight in weights]


def _text(value: object) -> str:
    """What a database can keep of it."""
    return str(value).encode(errors="replace").decode()


def _amount(value: object) -> float:
    """A number that is not below zero, whatever the clock did meanwhile. Raises ValueError for what is no number."""
    number = value if type(value) is float else float(str(value))
    if not number < MOST:
        raise ValueError(value)
    return max(0.0, number)


def _amount_or_none(value: object) -> float | None:
    return None if value is None else _amount(value)


def _count(value: object) -> int:
    return int(_amount(value))
