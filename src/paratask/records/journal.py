"""Journals read back: what a run announced, as far as it got. Any prefix of a journal is one, and so is one with a cut last line.

A line that says nothing, or what is no event's (shapes.py), is passed over: the others still hold. What comes out is a document with summary.json's keys, and a job
has the keys that it has there. Knows lines and keys, and nothing of where journals are (runs.py).
"""

from __future__ import annotations

from paratask.events import ENDED_STATES
from paratask.records.shapes import is_line
from paratask.state_files import parse_kept, read_kept

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    Line = Mapping[str, Any]

BLANK_JOB: Mapping[str, object] = {
    "variables": "", "parent": "", "state": "waiting", "reason": "", "state_reason": "", "done_before": False, "shared": False, "exit_code": None,
    "started_at": None, "ended_at": None, "seconds": None, "command_seconds": 0.0, "cpu_seconds": 0.0, "queued_seconds": 0.0,
    "peak_memory_bytes": 0, "read_bytes": 0, "written_bytes": 0, "attempts": 1, "queued_again": 0, "recovery_seconds": 0.0, "beside": [], "neighbours": 0,
}  # fmt: skip


def parse_journal(data: bytes) -> list[dict[str, Any]]:
    """The lines that say something, in order. The last one counts only when it is whole."""
    lines = []
    for text in data.split(b"\n")[:-1]:
        try:
            line = parse_kept(text)
        except ValueError:
            continue
        if isinstance(line, dict) and is_line(line):
            lines.append(line)
    return lines


def read_journal(path: str) -> list[dict[str, Any]]:
    """The lines of a journal; none where there is no such file."""
    try:
        return parse_journal(read_kept(path))
    except OSError:
        return []


def document_of(lines: Iterable[Line], *, run: str) -> dict[str, Any]:
    """What summary.json has, as far as it is known. A run that did not come to its end has no exit code."""
    found = list(lines)
    began = next((line for line in found if line["event"] == "RunBegan"), {})
    ended = next((line for line in found if line["event"] == "RunEnded"), {})
    started_at = ended.get("started_at", began.get("at"))
    ended_at = ended.get("at", max((_number(line.get("at")) for line in found), default=0.0) or None)
    jobs = list(_jobs(found))
    return {
        "schema": 1,
        "run": run,
        "calls": list(began.get("calls", ())),
        "started_at": started_at,
        "ended_at": ended_at,
        "seconds": ended.get("seconds", max(0.0, round(ended_at - started_at, 6)) if started_at and ended_at else None),
        "exit_code": ended.get("exit_code"),
        "stopped_by": ended.get("stopped_by", ""),
        "parallel": began.get("parallel", ""),
        **{key: began[key] for key in ("seed", "within", "resumes") if began.get(key)},
        "predicted_seconds": ended.get("predicted_seconds"),
        "job_count": ended.get("job_count", len(jobs)),
        "done_before": ended.get("done_before", sum(job["done_before"] is True for job in jobs)),
        "shared": ended.get("shared", sum(job["shared"] is True for job in jobs)),
        "sequential_seconds": ended.get("sequential_seconds"),
        "saved_seconds": ended.get("saved_seconds"),
        "recovery_seconds": ended.get("recovery_seconds", 0.0),
        **_stages(found, jobs),
        "jobs": jobs,
    }


def _stages(lines: Iterable[Line], jobs: Iterable[Line]) -> dict[str, object]:
    """What became of the stages of pipelines: most runs have none."""
    made = [line for line in lines if line["event"] == "StageMade"]
    if not made:
        return {}
    from paratask.records.stages import stage_entries

    return {"stages": list(stage_entries(made, jobs))}


def _jobs(lines: Iterable[Line]) -> Iterator[dict[str, Any]]:
    """The entries of a journal's jobs, in the order in which they were made."""
    jobs: dict[str, dict[str, Any]] = {}
    for line in lines:
        entry = line.get("entry")
        if line["event"] == "JobEntry" and isinstance(entry, dict):
            jobs.get(str(entry.get("id")), {}).update(entry)
        elif line["event"] == "JobMade":
            job = str(line.get("job"))
            jobs[job] = {"id": job, "task": line.get("task", ""), **BLANK_JOB}
            jobs[job].update(parent=line.get("parent", ""), reason=line.get("reason", ""))
        elif line["event"] == "JobChanged" and line.get("job") in jobs:
            _move(jobs[str(line["job"])], line)
    yield from jobs.values()


def _move(job: dict[str, Any], line: Line) -> None:
    job["state"] = line.get("state", "")
    job["state_reason"] = line.get("reason") or job["state_reason"]
    if job["state"] == "running":
        job["started_at"] = line.get("at")
    elif job["state"] in ENDED_STATES:
        job["ended_at"] = line.get("at")
        job["done_before"] = job["state"] == "fresh" and bool(line.get("definition"))  # what is up to date by itself has none
        job["shared"] = bool(line.get("is_shared"))
        if job["started_at"] and job["ended_at"]:
            job["seconds"] = round(job["ended_at"] - job["started_at"], 6)


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0
