"""`summary.json` of a run: every job's exit code, times, cost, and why it ran when it did. See docs/reference.md for its keys."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

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
    digest: Callable[[Job], str] = lambda _: "",
) -> str:
    """The whole document as JSON text. `mask_all` takes out what must not be kept; `digest` stands for the variables of a job's call."""
    import json

    made = list(jobs)
    head: dict[str, object] = {
        "schema": SCHEMA,
        "run": run,
        "calls": list(calls),
        "started_at": started_at,
        "ended_at": ended_at,
        "seconds": round(ended_at - started_at, 6),
        "exit_code": exit_code,
        **extra,
        **_totals(made, ended_at - started_at),
    }
    # A line for each job: where nothing is indented, the encoder is the one in C, and all of this takes half the time.
    encode = json.JSONEncoder(ensure_ascii=False).encode
    lines = ",\n  ".join(encode(mask_all(_job(job, digest))) for job in made)
    return f'{json.dumps(mask_all(head), indent=1, ensure_ascii=False)[:-2]},\n "jobs": [\n  {lines}\n ]\n}}\n'


def one_at_a_time_seconds(jobs: Iterable[Job]) -> float | None:
    """About how long the same would have taken one at a time, where nothing fails that passes alone.

    None where something was stopped: of that nobody knows.
    """
    started = [job for job in jobs if job.started_at]
    if any(job.state.value == "cancelled" for job in started):
        return None
    return sum(job.own_seconds - job.failed_seconds for job in started)


def _totals(jobs: Sequence[Job], seconds: float) -> dict[str, object]:
    """What the whole run comes to."""
    alone = one_at_a_time_seconds(jobs)
    beside = any(job.neighbours for job in jobs)
    return {
        "job_count": len(jobs),
        "sequential_seconds": None if alone is None else round(alone, 6),
        "saved_seconds": None if alone is None else round(max(0.0, alone - seconds), 6) if beside else 0.0,
        "recovery_seconds": round(sum(job.recovery_seconds for job in jobs), 6),
    }


def _job(job: Job, digest: Callable[[Job], str]) -> dict[str, object]:
    return {
        "id": job.id,
        "task": job.task,
        "variables": digest(job),
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
        "queued_seconds": round(job.queued_seconds, 6),
        "peak_memory_bytes": job.peak_bytes,
        "read_bytes": job.read_bytes,
        "written_bytes": job.written_bytes,
        "attempts": job.attempts,
        "queued_again": job.queued_again,
        "recovery_seconds": round(job.recovery_seconds, 6),
        "beside": list(job.beside),
        "neighbours": len(job.neighbours),
    }
