"""A part of the page: running commands, busy cores and memory over time, a small chart each. Pure; knows no other part."""

from __future__ import annotations

from paratask.amounts import shown_bytes
from paratask.names import shown_seconds
from paratask.reporting.exports.usage import busy_cores, held_memory, running_commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from paratask.reporting.exports.report import Report

WIDTH, HEIGHT, HEADROOM = 1000, 100, 8
PARTS = 120


def resources(report: Report) -> str:
    """The charts, and what they are made of."""
    commands, cores, memory = running_commands(report), busy_cores(report), held_memory(report)
    charts = [
        _chart(report, "Running commands", commands, f"{_most(commands):.0f}"),
        _chart(report, "Busy cores", cores, f"{_most(cores):.1f}"),
        _chart(report, "Memory", memory, shown_bytes(int(_most(memory)))),
    ]
    held = (
        "Memory was looked at once a second." if report.samples else "Memory is the most that each job had, as if all the time."
    )
    hint = f"Cores are each job's average, by the kernel's account of its commands. {held}"
    return f'<p class="hint">{hint}</p><div class="charts">{"".join(charts)}</div>'


def _most(points: Sequence[tuple[float, float]]) -> float:
    return max((value for _, value in points), default=0.0)


def _chart(report: Report, name: str, points: Sequence[tuple[float, float]], most: str) -> str:
    return (
        f"<figure><figcaption>{name}<span>most {most}</span></figcaption>"
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" role="img" aria-label="{name} over time, most {most}">'
        f'<path d="{_area(report, points)}"/></svg>'
        f'<div class="ends" aria-hidden="true"><span>0 s</span><span>{shown_seconds(report.span_seconds)}</span></div></figure>'
    )


def _area(report: Report, points: Sequence[tuple[float, float]]) -> str:
    """Steps from the left to the right edge, closed below."""
    whole, most = max(report.span_seconds, 1e-9), _most(points) or 1.0
    path = [f"M0 {HEIGHT + 1}"]
    for at, value in averaged(points, report.started_at, report.ended_at, PARTS):
        x = min(float(WIDTH), max(0.0, (at - report.started_at) / whole * WIDTH))
        path.append(f"H{x:.1f}V{HEIGHT + 1 - value / most * (HEIGHT + 1 - HEADROOM):.1f}")
    return f"{''.join(path)}H{WIDTH}V{HEIGHT + 1}Z"


def averaged(points: Sequence[tuple[float, float]], start: float, end: float, count: int) -> list[tuple[float, float]]:
    """Of more steps than anybody can tell apart, the average of each of `count` equal parts of the time."""
    if len(points) <= 2 * count or end <= start:
        return list(points)
    width = (end - start) / count
    sums = [0.0] * count
    for (begin, value), (until, _) in zip(points, [*points[1:], (end, 0.0)], strict=True):
        at = begin
        while at < until and start <= at < end:
            part = min(count - 1, int((at - start) / width))
            stop = min(until, start + (part + 1) * width)
            stop = stop if stop > at else until
            sums[part] += value * (stop - at)
            at = stop
    return [(start + part * width, total / width) for part, total in enumerate(sums)]
