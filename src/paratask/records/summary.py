"""`summary.json` of a run: every job's exit code, times, cost, and why it ran when it did. See docs/reference.md for its keys."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from paratask.execution.jobs import Job

SCHEMA = 1


def render_summary(
    *,
    run: str,
    calls: Iterable[str],
    jobs: Iterable[Job],
    started_at: float,
    ended_at: float,
    exit_code: int,
    extra: Mapping[str, object],
    mask_all: Callable[[object], object] = lambda document: document,
) -> str:
    """The whole document as JSON text. `mask_all` takes out what must not be kept."""
    import json

    document: dict[str, object] = {
        "schema": SCHEMA,
        "run": run,
        "calls": list(calls),
        "started_at": started_at,
        "ended_at": ended_at,
        "seconds": round(ended_at - started_at, 6),
        "exit_code": exit_code,
        **extra,
        "jobs": [_job(job) for job in jobs],
    }
    return json.dumps(mask_all(document), indent=1, ensure_ascii=False) + "\n"


def _job(job: Job) -> dict[str, object]:
    return {
        "id": job.id,
        "task": job.task,
        "parent": job.parent,
        "state": job.state.value,
        "reason": job.reason,
        "state_reason": job.state_reason,
        "exit_code": job.exit_status,
        "started_at": job.started_at or None,
        "ended_at": job.ended_at or None,
        "seconds": round(job.ended_at - job.started_at, 6) if job.started_at and job.ended_at else None,
        "command_seconds": round(job.own_seconds, 6),
        "cpu_seconds": round(job.cpu_seconds, 6),
        "peak_memory_bytes": job.peak_bytes,
        "attempts": job.attempts,
        "beside": list(job.beside),
    }
