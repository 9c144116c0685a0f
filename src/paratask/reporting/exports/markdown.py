"""`markdown`: what happened, for a pull request or a step summary: the result, a table of jobs, and the logs of failures."""

from __future__ import annotations

import re

from paratask.reporting.exports.plain_text import last_lines, one_of, shown_seconds, shown_times
from paratask.reporting.sizes import shown_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from paratask.reporting.exports.report import Report, ReportedJob

MARKS = {"succeeded": "✅", "failed": "❌", "cancelled": "⏹", "skipped": "⏭", "fresh": "💤"}
MAX_ROWS = 200
MAX_LOG_LINES = 50
SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~@&])")


def render(report: Report) -> str:
    """The whole text."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    failed = report.failures()
    yield f"## {'✅' if report.passed else '❌'} {_escaped(report.title)}"
    yield ""
    yield _result(report)
    yield ""
    yield from _table(report)
    for job in failed:
        yield from _failure(report, job)


def _result(report: Report) -> str:
    states = [f"{report.count(state)} {state}" for state in MARKS if report.count(state)]
    words = f"{one_of(len(report.jobs), 'job')} in {shown_seconds(report.seconds)}: {', '.join(states) or 'none'}."
    if report.saved_seconds:
        words += f" Side by side saved {shown_seconds(report.saved_seconds)}."
    return f"{words} {report.outcome.capitalize()}. Run `{report.run}`."


def _table(report: Report) -> Iterator[str]:
    yield "| job | state | time | cpu | memory | why |"
    yield "|---|---|--:|--:|--:|---|"
    shown = {job.id for job in sorted(report.jobs, key=lambda job: job.state != "failed")[:MAX_ROWS]}
    for job in (job for job in report.jobs if job.id in shown):
        again = f", {job.attempts} attempts" if job.attempts > 1 else ""
        again += f", queued again {shown_times(job.queued_again)}" if job.queued_again else ""
        cells = (
            _escaped(job.id),
            f"{MARKS.get(job.state, '')} {job.state}{again}",
            shown_seconds(job.seconds) if job.ran else "",
            shown_seconds(job.cpu_seconds) if job.command_seconds else "",
            shown_bytes(job.peak_bytes),
            _escaped(job.state_reason or job.reason),
        )
        yield f"| {' | '.join(cells)} |"
    if len(report.jobs) > MAX_ROWS:
        yield ""
        yield f"And {len(report.jobs) - MAX_ROWS} more."


def _failure(report: Report, job: ReportedJob) -> Iterator[str]:
    code = f" with exit code {job.exit_code}" if job.exit_code else ""
    yield from ("", f"### {_escaped(job.id)} failed{code}", "")
    if job.state_reason:
        yield from (_escaped(job.state_reason), "")
    log = last_lines(report.log(job), MAX_LOG_LINES)
    if log:
        fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", log)), default=0))
        yield from (f"{fence}text", log, fence)


def _escaped(text: str) -> str:
    """As it is written, in one line."""
    return SPECIAL.sub(r"\\\1", " ".join(text.split()))
