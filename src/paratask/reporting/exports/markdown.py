"""`markdown`: what happened, for a pull request or a step summary: the result, a table of jobs, and the logs of failures."""

from __future__ import annotations

import re

from paratask.amounts import shown_bytes
from paratask.names import counted, shown_seconds
from paratask.reporting.closing import way_text, worth_telling
from paratask.reporting.exports.plain_text import last_lines, shown_times
from paratask.reporting.longest_way import longest_way
from paratask.reporting.patterns_text import tell_patterns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from paratask.reporting.exports.report import Report, ReportedJob

MARKS = {"succeeded": "✅", "failed": "❌", "cancelled": "⏹", "skipped": "⏭", "fresh": "💤"}
ALWAYS = "always runs"
"""Why a job without sources ran (execution/turns.py)."""
MAX_ROWS = 200
MAX_LOG_LINES = 50
SIZES = ((MAX_ROWS, MAX_LOG_LINES), (MAX_ROWS, 10), (MAX_ROWS, 0), (20, 0), (0, 0))
"""Rows of the table, and lines of a log (0: no logs): the whole, and what is left where there is less room."""
SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~@&])")


def render(report: Report) -> str:
    """The whole text."""
    return _text(report, MAX_ROWS, MAX_LOG_LINES)


def render_within(report: Report, most_bytes: int) -> str | None:
    """As much of it as fits: fewer lines of logs, then fewer jobs. None where not even the result does."""
    for rows, log_lines in SIZES:
        text = _text(report, rows, log_lines)
        if len(text.encode(errors="replace")) <= most_bytes:
            return text
    return None


def _text(report: Report, rows: int, log_lines: int) -> str:
    return "\n".join(_lines(report, rows, log_lines)) + "\n"


def _lines(report: Report, rows: int, log_lines: int) -> Iterator[str]:
    ignored = report.ignored()
    failed = sorted(report.failures(), key=lambda job: job.id in ignored)
    yield f"## {MARKS[report.state]} {_escaped(report.title)}"
    yield ""
    yield _result(report)
    yield ""
    yield from _stages(report)
    yield from _table(report, rows)
    for job in failed if log_lines else ():
        yield from _failure(report, job, log_lines, ", which is ignored" if job.id in ignored else "")


def _result(report: Report) -> str:
    states = [f"{count} {name}" for name, count in report.counted()]
    before = f"; {report.done_before} {'was' if report.done_before == 1 else 'were'} done before" if report.done_before else ""
    calls = f" for {report.job_count + report.shared} calls" if report.shared else ""
    words = (
        f"{counted(report.job_count, 'job')}{calls} in {shown_seconds(report.seconds)}: {', '.join(states) or 'none'}{before}."
    )
    if report.has_saved:
        words += f" Side by side saved {shown_seconds(report.saved_seconds or 0.0)}."
        words += _longest_way(report) if report.passed else ""
    return f"{words} {report.outcome.capitalize()}. Run `{report.run}`."


def _longest_way(report: Report) -> str:
    """The jobs that decided how long it took."""
    busy = {job.id: job.command_seconds for job in report.jobs if job.command_seconds}
    way = longest_way(report.jobs, {job.id: job.after for job in report.jobs})
    told = worth_telling([leg for leg in way if leg.job in busy], report.seconds)
    return f" Longest way: {way_text(told, {job.id: job.name for job in report.jobs}, busy)}." if told else ""


def _stages(report: Report) -> Iterator[str]:
    """A table of stages, where the run has any."""
    if not report.stages:
        return
    yield "| stage | state | time | gate |"
    yield "|---|---|--:|---|"
    for stage in report.stages:
        state, gate, gate_state, seconds = (stage[name] for name in ("state", "gate", "gate_state", "seconds"))
        cells = (
            _escaped(f"{stage['pipeline']}: {stage['stage']} ({stage['number']} of {stage['of']})"),
            f"{MARKS.get(str(state), '')} {'not begun' if state == 'cancelled' and seconds is None else state}",
            shown_seconds(seconds) if isinstance(seconds, float) else "",
            f"{MARKS.get(str(gate_state), '')} {_escaped(str(gate))}".strip() if gate else "",
        )
        yield f"| {' | '.join(cells)} |"
    yield ""


def _table(report: Report, rows: int) -> Iterator[str]:
    yield "| job | state | time | cpu | memory | why |"
    yield "|---|---|--:|--:|--:|---|"
    own = [job for job in report.jobs if not job.shared]
    shown = {job.id for job in sorted(own, key=lambda job: job.state != "failed")[:rows]}
    for job in (job for job in own if job.id in shown):
        again = f", {job.attempts} attempts" if job.attempts > 1 else ""
        again += f", queued again {shown_times(job.queued_again)}" if job.queued_again else ""
        cells = (
            _escaped(job.name),
            f"{MARKS.get(job.state, '')} {job.state}{again}",
            shown_seconds(job.seconds) if job.ran else "",
            shown_seconds(job.cpu_seconds) if job.command_seconds else "",
            shown_bytes(job.peak_bytes),
            _escaped(_why(job)),
        )
        yield f"| {' | '.join(cells)} |"
    if len(own) > rows:
        yield ""
        yield f"And {len(own) - rows} more."


def _why(job: ReportedJob) -> str:
    """What there is to tell: not of each job that it has no sources, and so always runs."""
    return "" if job.state_reason == ALWAYS else job.state_reason or tell_patterns(job.reason)


def _failure(report: Report, job: ReportedJob, log_lines: int, tail: str) -> Iterator[str]:
    code = f" with exit code {job.exit_code}" if job.exit_code else ""
    yield from ("", f"### {_escaped(job.name)} failed{code}{tail}", "")
    if job.why_failed:
        yield from (_escaped(job.why_failed), "")
    log = last_lines(report.log(job), log_lines)
    if log:
        fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", log)), default=0))
        yield from (f"{fence}text", log, fence)


def _escaped(text: str) -> str:
    """As it is written, in one line."""
    return SPECIAL.sub(r"\\\1", " ".join(text.split()))
