"""`trace`: the run as trace events, for chrome://tracing, ui.perfetto.dev and speedscope.

A lane of the timeline is a thread, a job a slice in it; what is known of resources are counters. Times are microseconds since the
run's start. The format is that of the document "Trace Event Format" of the Chromium project.
"""

from __future__ import annotations

from paratask.reporting.exports.lanes import lay_bars
from paratask.reporting.exports.usage import busy_cores, running_commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from paratask.reporting.exports.lanes import Bar
    from paratask.reporting.exports.report import Report

PROCESS = 1


def render(report: Report) -> str:
    """A JSON object with `traceEvents`, in one line: what is indented is not made by the encoder in C, and takes five times as long."""
    import json

    bars = lay_bars(report.jobs)
    events = [_name("process_name", 0, f"paratask {report.title}".strip())]
    for lane in sorted({bar.lane for bar in bars}):
        events += [_name("thread_name", lane, f"lane {lane + 1}"), _order(lane)]
    events += [_slice(bar, report) for bar in bars]
    events += _counter("running commands", "commands", running_commands(report), report)
    events += _counter("busy cores", "cores", busy_cores(report), report)
    events += _counter("memory", "bytes", [(sample.at, float(sample.memory_bytes)) for sample in report.samples], report)
    other = {"run": report.run, "exit_code": report.exit_code, "started_at": report.started_at, "parallel": report.parallel}
    encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode
    return encode({"displayTimeUnit": "ms", "otherData": other, "traceEvents": events}) + "\n"


def _micros(at: float, report: Report) -> int:
    return max(0, round((at - report.started_at) * 1e6))


def _slice(bar: Bar, report: Report) -> dict[str, object]:
    job = bar.job
    start = _micros(bar.start, report)
    known = {
        "id": job.id, "shared": job.shared or None, "state": job.state, "reason": job.reason, "state_reason": job.state_reason, "exit_code": job.exit_code,
        "parent": job.parent, "waited_seconds": round(bar.start - job.started_at, 6), "attempts": job.attempts, "cpu_seconds": job.cpu_seconds, "peak_memory_bytes": job.peak_bytes,
    }  # fmt: skip
    return {
        "name": job.task, "cat": job.state, "ph": "X", "pid": PROCESS, "tid": bar.lane + 1,
        "ts": start, "dur": _micros(job.ended_at, report) - start,
        "args": {name: value for name, value in known.items() if value not in ("", None)},
    }  # fmt: skip


def _counter(name: str, unit: str, points: Sequence[tuple[float, float]], report: Report) -> list[dict[str, object]]:
    return [
        {"name": name, "ph": "C", "pid": PROCESS, "tid": 0, "ts": _micros(at, report), "args": {unit: round(value, 3)}}
        for at, value in points
    ]


def _name(kind: str, lane: int, name: str) -> dict[str, object]:
    thread = lane + 1 if kind == "thread_name" else 0
    return {"name": kind, "ph": "M", "pid": PROCESS, "tid": thread, "ts": 0, "args": {"name": name}}


def _order(lane: int) -> dict[str, object]:
    return {"name": "thread_sort_index", "ph": "M", "pid": PROCESS, "tid": lane + 1, "ts": 0, "args": {"sort_index": lane}}
