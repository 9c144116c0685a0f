"""A run that never was, with everything in it that a report has to bear."""

from __future__ import annotations

import json

from paratask.reporting.exports.report import Report, Sample, report_of

START = 1_700_000_000.0
ODD = 'odd:<b>&"x"|`y`\t\U0001f600]]>'
LOGS = {
    "web-test": "collected 3\r\n\x1b[31mFAILED\x1b[0m <script>alert(1)</script>\n10%\r100%\nE   assert ]]> & \x00 ```\n",
    "flaky.first-attempt": "the first time it broke\n",
}


def job(id: str, state: str = "succeeded", **more: object) -> dict[str, object]:  # noqa: A002
    """An entry of `jobs`; `at` is its (start, end), in seconds of the run."""
    at = more.pop("at", None)
    start, end = at if isinstance(at, tuple) else (None, None)
    entry: dict[str, object] = {
        "id": id, "task": id.replace("-", ":"), "variables": "", "parent": "", "state": state, "reason": "", "state_reason": "",
        "exit_code": None, "started_at": None if start is None else START + start, "ended_at": None if end is None else START + end,
        "seconds": None if start is None or end is None else end - start, "command_seconds": 0.0, "cpu_seconds": 0.0, "queued_seconds": 0.0,
        "peak_memory_bytes": 0, "read_bytes": 0, "written_bytes": 0, "attempts": 1, "queued_again": 0, "recovery_seconds": 0.0,
        "beside": [], "neighbours": 0,
    }  # fmt: skip
    return {**entry, **more}


def leaf(id: str, at: tuple[float, float], state: str = "succeeded", **more: object) -> dict[str, object]:  # noqa: A002
    seconds = at[1] - at[0]
    known = {
        "at": at,
        "exit_code": 0,
        "command_seconds": seconds,
        "cpu_seconds": seconds * 0.8,
        "peak_memory_bytes": int(seconds * 9e7),
    }
    return job(id, state, **{**known, **more})


JOBS = [
    job("ci", "failed", at=(0.0, 9.5), state_reason="always runs"),
    job("lint", at=(0.0, 2.4), parent="ci", reason="side by side with `lint:web`"),
    leaf("lint-py", (0.01, 2.4), parent="lint", reason="no conflict", neighbours=2),
    leaf("lint-web", (0.02, 1.1), parent="lint"),
    leaf("flaky", (1.2, 4.0), parent="ci", attempts=2, recovery_seconds=1.0),
    leaf("build", (2.4, 6.0), parent="ci", queued_again=1, reason="after `lint`: it writes dist/**"),
    job("test", "failed", at=(6.0, 9.4), parent="ci"),
    leaf("py-test", (6.0, 9.2), parent="test"),
    leaf("web-test", (6.1, 9.4), "failed", parent="test", exit_code=3, state_reason="a command failed"),
    job("docs", "fresh", at=(0.1, 0.11), parent="ci", state_reason="nothing that it reads has changed"),
    job("windows", "skipped", parent="ci", state_reason="not for this platform"),
    job("deploy", "cancelled", parent="ci", state_reason="something before it failed"),
    leaf("odd", (2.5, 3.0), parent="ci", task=ODD, state_reason=ODD),
]
AFTER = {"build": ("lint",), "test": ("build",), "deploy": ("test", "docs")}


def summary(jobs: list[dict[str, object]] | None = None, **more: object) -> str:
    """The text of a summary.json."""
    made = JOBS if jobs is None else jobs
    head = {
        "schema": 1, "run": "20231114-221320-000-42", "calls": ["ci"], "started_at": START, "ended_at": START + 9.5, "seconds": 9.5,
        "exit_code": 201, "parallel": "auto", "predicted_seconds": 8.7, "job_count": len(made), "sequential_seconds": 17.4,
        "saved_seconds": 7.9, "recovery_seconds": 1.0,
    }  # fmt: skip
    return json.dumps({**head, **more, "jobs": made})


def report(jobs: list[dict[str, object]] | None = None, *, samples: bool = False, **more: object) -> Report:
    """The run as formats get it."""
    looks = (
        [Sample(at=START + second, commands=2, memory_bytes=second * 50_000_000) for second in range(1, 9)] if samples else []
    )
    return report_of(summary(jobs, **more), after=AFTER, samples=looks, read_log=lambda name: LOGS.get(name, ""))
