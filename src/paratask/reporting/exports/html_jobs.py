"""Parts of the page: the table of jobs, and logs of what failed or was run again. Pure; knows no other part."""

from __future__ import annotations

from html import escape

from paratask.amounts import shown_bytes
from paratask.names import counted, shown_seconds
from paratask.reporting.exports.plain_text import shown_times, without_escapes
from paratask.reporting.patterns_text import tell_patterns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.reporting.exports.report import Report, ReportedJob

SIGNS = {"succeeded": "✓", "failed": "✗", "cancelled": "■", "skipped": "»", "fresh": "="}
MOST_LOGS = 100
COLUMNS = (
    ("job", "name"), ("state", "state"), ("start", "number start"), ("time", "number time"), ("cpu", "number cpu"),
    ("memory", "number memory"), ("why", "why"),
)  # fmt: skip


def row_id(number: int) -> str:
    """The anchor of a job's row, by its place in the summary."""
    return f"job-{number}"


def jobs_table(report: Report) -> str:
    """All jobs, those that others called below these."""
    heads = "".join(f'<th scope="col" role="columnheader" class="{kind}">{name}</th>' for name, kind in COLUMNS)
    rows = [_row(report, report.jobs[number], number, depth) for number, depth in in_tree(report)]
    return (
        f'<table role="table" aria-labelledby="jobs"><thead role="rowgroup"><tr role="row">{heads}</tr></thead>'
        f'<tbody role="rowgroup">\n{"".join(rows)}</tbody></table>'
    )


def in_tree(report: Report) -> list[tuple[int, int]]:
    """(place in the summary, depth) of each job, those that a job called right after it."""
    known = {job.id for job in report.jobs}
    below: dict[str, list[int]] = {}
    for number, job in enumerate(report.jobs):
        below.setdefault(job.parent if job.parent in known else "", []).append(number)
    rows = []
    waiting = [(number, 0) for number in reversed(below.get("", []))]
    while waiting:
        number, depth = waiting.pop()
        rows.append((number, depth))
        waiting += [(inner, depth + 1) for inner in reversed(below.get(report.jobs[number].id, []))]
    return rows


def _row(report: Report, job: ReportedJob, number: int, depth: int) -> str:
    start = job.started_at - report.started_at if job.ran else 0.0
    spent = job.command_seconds > 0
    sign = f'<span class="sign" aria-hidden="true">{SIGNS.get(job.state, "?")}</span>'
    cells = (
        f'<td role="cell" class="name">{_escaped(job.name)}</td>',
        f'<td role="cell" class="state">{sign} {_escaped(job.state)}{_again(job)}</td>',
        _number("start", start, shown_seconds(start) if job.ran else ""),
        _number("time", job.seconds, shown_seconds(job.seconds) if job.ran else ""),
        _number("cpu", job.cpu_seconds, shown_seconds(job.cpu_seconds) if spent else ""),
        _number("memory", job.peak_bytes, shown_bytes(job.peak_bytes) if job.peak_bytes else ""),
        f'<td role="cell" class="why">{_escaped("; ".join(part for part in (job.state_reason, tell_patterns(job.reason)) if part))}</td>',
    )
    return f'<tr role="row" id="{row_id(number)}" class="{_escaped(job.state)}" style="--depth:{min(depth, 12)}">{"".join(cells)}</tr>\n'


def _number(kind: str, value: float, shown: str) -> str:
    return f'<td role="cell" class="number {kind}" data-sort="{value:.6g}">{shown}</td>'


def _again(job: ReportedJob) -> str:
    words = [f"{job.attempts} attempts"] * (job.attempts > 1)
    words += [f"queued again {shown_times(job.queued_again)}"] * (job.queued_again > 0)
    return "".join(f' <span class="again">{word}</span>' for word in words)


def failures_section(report: Report) -> str:
    """What failed, with the end of its log; empty where nothing did."""
    ignored = report.ignored()
    failed = sorted(report.failures(), key=lambda job: job.id in ignored)
    if not failed:
        return ""
    articles = "".join(_failure(report, job, "which is ignored" if job.id in ignored else "") for job in failed[:MOST_LOGS])
    more = f'<p class="hint">And {len(failed) - MOST_LOGS} more.</p>' if len(failed) > MOST_LOGS else ""
    return f'<section aria-labelledby="failures-title"><h2 id="failures-title">What failed</h2>{articles}{more}</section>'


def _failure(report: Report, job: ReportedJob, remark: str) -> str:
    code = f"exit code {job.exit_code}" if job.exit_code else ""
    facts = [code, shown_seconds(job.seconds) if job.ran else "", _callers(report, job), job.why_failed, remark]
    log = report.log(job)
    label = f"log of {_escaped(job.name)}"
    shown = f'<pre tabindex="0" aria-label="{label}">{_escaped(log)}</pre>' if log else "<p>It wrote nothing.</p>"
    return (
        f'<article class="failed"><h3><span class="sign" aria-hidden="true">✗</span> {_escaped(job.name)}</h3>'
        f"<p>{_escaped(' · '.join(fact for fact in facts if fact))}</p>{shown}{_earlier(report, job)}</article>"
    )


def _callers(report: Report, job: ReportedJob) -> str:
    jobs = {other.id: other for other in report.jobs}
    line: list[str] = []
    above = jobs.get(job.parent)
    while above is not None and above.name not in line:
        line.append(above.name)
        above = jobs.get(above.parent)
    return f"called by {', '.join(line)}" if line else ""


def again_section(report: Report) -> str:
    """What passed only when it was run again, with the logs of the attempts before; empty where there is none."""
    jobs = [job for job in report.jobs if job.attempts > 1 and job.state == "succeeded"]
    if not jobs:
        return ""
    articles = "".join(
        f'<article class="succeeded"><h3><span class="sign" aria-hidden="true">✓</span> {_escaped(job.name)}</h3>'
        f"<p>{counted(job.attempts, 'attempt')}</p>{_earlier(report, job)}</article>"
        for job in jobs[:MOST_LOGS]
    )
    return f'<section aria-labelledby="again-title"><h2 id="again-title">Passed only when run again</h2>{articles}</section>'


def _earlier(report: Report, job: ReportedJob) -> str:
    return "".join(
        f'<details><summary>log of the {name}</summary><pre class="early" tabindex="0">{_escaped(log)}</pre></details>'
        for name, log in report.earlier_logs(job)
    )


def _escaped(text: str) -> str:
    return escape(without_escapes(text))
