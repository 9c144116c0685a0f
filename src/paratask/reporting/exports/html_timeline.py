"""A part of the page: the timeline, a row a lane. Bars are links to the table's rows. Pure; knows no other part."""

from __future__ import annotations

from html import escape
from math import floor, log10

from paratask.names import shown_seconds
from paratask.reporting.exports.html_jobs import SIGNS, row_id
from paratask.reporting.exports.lanes import lay_bars
from paratask.reporting.exports.plain_text import without_escapes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.reporting.exports.lanes import Bar
    from paratask.reporting.exports.report import Report

ROW_REM = 1.5
MOST_BARS = 5_000
WAITED_SECONDS = 0.05
STOPPED_SECONDS = 0.5
TICKS = 6
STEPS = (1, 2, 5)
LEGEND = (
    ("succeeded", "✓ succeeded"), ("failed", "✗ failed"), ("cancelled", "■ cancelled"), ("fresh", "= fresh or » skipped"),
    ("caller", "calls others"),
)  # fmt: skip


def timeline(report: Report) -> str:
    """The drawing with its axis and its legend."""
    bars = lay_bars(report.jobs)
    if not bars:
        return '<p class="hint">Nothing ran.</p>'
    rows: dict[int, int] = {}
    for bar in bars:
        rows[bar.lane] = max(rows.get(bar.lane, 0), bar.depth + 1)
    numbers = {job.id: number for number, job in enumerate(report.jobs)}
    inside: dict[int, list[str]] = {lane: [] for lane in sorted(rows)}
    for bar in bars[:MOST_BARS]:
        inside[bar.lane].append(_bar(bar, report, numbers[bar.job.id]))
    lanes = "".join(
        f'<div class="lane" style="height:{rows[lane] * ROW_REM + 0.25:g}rem">{"".join(drawn)}</div>\n'
        for lane, drawn in inside.items()
    )
    legend = "".join(f'<li><i class="key {kind}"></i>{words}</li>' for kind, words in LEGEND)
    left_out = f" The first {MOST_BARS} bars are drawn." if len(bars) > MOST_BARS else ""
    still = report.span_seconds - report.seconds
    stood = f" For {shown_seconds(still)} of it the run was stopped." if still > STOPPED_SECONDS else ""
    return (
        f'<p class="hint">What ran side by side stands in different lanes; what a job called stands below it.{stood}{left_out}</p>'
        f'<div class="scroll" tabindex="0" role="group" aria-label="timeline"><div class="track">{_ticks(report.span_seconds)}{lanes}</div></div>'
        f'<ul class="legend">{legend}</ul>'
    )


def _bar(bar: Bar, report: Report, number: int) -> str:
    job, whole = bar.job, max(report.span_seconds, 1e-9)
    left = min(100.0, max(0.0, (bar.start - report.started_at) / whole * 100))
    width = min(100.0 - left, (job.ended_at - bar.start) / whole * 100)
    waited = bar.start - job.started_at
    caller = " caller" if job.id in report.parents else ""
    name = job.name
    words = f"{name}: {job.state}, {shown_seconds(job.ended_at - bar.start - job.stopped_seconds)}"
    words = _escaped(f"{words} after waiting {shown_seconds(waited)}" if waited > WAITED_SECONDS else words)
    return (
        f'<a class="bar {escape(job.state)}{caller}" href="#{row_id(number)}" title="{words}" aria-label="{words}" '
        f'style="left:{left:.3f}%;width:{width:.3f}%;top:{bar.depth * ROW_REM + 0.12:g}rem">'
        f"<span>{SIGNS.get(job.state, '?')} {_escaped(name)}</span></a>"
    )


def _ticks(seconds: float) -> str:
    step = tick_seconds(seconds)
    count = int(seconds / step) + 1 if seconds > 0 else 1
    at = [number * step for number in range(count) if seconds <= 0 or number * step / seconds < 0.97]
    return "".join(
        f'<div class="tick" style="left:{moment / max(seconds, 1e-9) * 100:.3f}%"><span>{_shown(moment, step)}</span></div>'
        for moment in at
    )


def tick_seconds(seconds: float) -> float:
    """A round step that gives about `TICKS` ticks."""
    least = max(seconds, 1e-3) / TICKS
    for whole in (60.0, 3600.0):
        for many in (1, 2, 5, 10, 15, 30):
            if least > 30 and many * whole >= least:
                return many * whole
    power = 10.0 ** floor(log10(least))
    return next((step * power for step in STEPS if step * power >= least), 10 * power)


def _shown(moment: float, step: float) -> str:
    if step >= 60:
        return f"{moment / 60:.0f} min"
    return f"{moment:.0f} s" if step >= 1 else f"{moment:.{3 if step < 0.01 else 2 if step < 0.1 else 1}f} s"


def _escaped(text: str) -> str:
    return escape(without_escapes(text))
