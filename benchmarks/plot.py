"""The outcomes of all cases as one SVG: a panel a case, a row a peer, a dot at the median, a line from the fastest round to the slowest.

Plain SVG with no library: it stays the same from one version to the next, and reads as a diff.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from rounds import Outcome, spread

WIDTH = 860
LEFT, RIGHT = 190, 110
ROW = 24
TITLE, AXIS = 44, 46
GAP = 18
WIDE_RANGE = 8.0
"""From this ratio of largest to smallest on, an axis is logarithmic."""

INK, SOFT, GRID, OURS, THEIRS, BUSY = "#1f2933", "#616e7c", "#e4e7eb", "#0b69a3", "#9aa5b1", "#b44d12"
STYLE = (
    "text{font-family:system-ui,'DejaVu Sans',sans-serif;font-size:12px;fill:" + INK + "}"
    ".title{font-size:14px;font-weight:600}.soft{fill:" + SOFT + ";font-size:11px}.busy{fill:" + BUSY + ";font-size:11px}"
)


class Axis:
    """From values to places, linear from 0 or logarithmic."""

    def __init__(self, values: Sequence[float]) -> None:
        low, high = min(values), max(values)
        self.is_logarithmic = low > 0 and high / low >= WIDE_RANGE
        if self.is_logarithmic:
            self._low, self._high = math.log10(low / 1.3), math.log10(high * 1.3)
        else:
            self._low, self._high = 0.0, high * 1.08 or 1.0

    def place(self, value: float) -> float:
        at = math.log10(value) if self.is_logarithmic else value
        return LEFT + (WIDTH - LEFT - RIGHT) * (at - self._low) / (self._high - self._low)

    def ticks(self) -> list[float]:
        if self.is_logarithmic:
            powers = range(math.floor(self._low), math.ceil(self._high) + 1)
            found = [digit * 10.0**power for power in powers for digit in (1, 2, 5)]
            return [tick for tick in found if self._low <= math.log10(tick) <= self._high]
        raw = self._high / 6
        power = 10.0 ** math.floor(math.log10(raw))
        step = next(power * digit for digit in (1, 2, 5, 10) if power * digit >= raw)
        return [step * number for number in range(int(self._high / step) + 1)]


def render_plot(outcomes: Sequence[Outcome], machine: Mapping[str, object]) -> str:
    """The whole picture."""
    parts: list[str] = []
    top = 60.0
    for outcome in outcomes:
        parts.extend(_panel(outcome, top))
        top += TITLE + AXIS + ROW * len(outcome.rows) + GAP
    facts = f"{machine['cores']} cores, {machine['system']}, Python {machine['python']}; dot: median, line: fastest to slowest round"
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{top:.0f}" viewBox="0 0 {WIDTH} {top:.0f}">',
        f"<style>{STYLE}</style>",
        f'<rect width="{WIDTH}" height="{top:.0f}" fill="#ffffff"/>',
        '<text x="20" y="28" style="font-size:18px;font-weight:600">paratask and its peers, measured in turn</text>',
        f'<text x="20" y="47" class="soft">{escape(facts)}</text>',
    ]
    return "\n".join([*head, *parts, "</svg>"]) + "\n"


def _panel(outcome: Outcome, top: float) -> Iterator[str]:
    axis = Axis([value for values in outcome.rows.values() for value in values])
    first, last = top + TITLE, top + TITLE + ROW * len(outcome.rows)
    yield f'<text x="20" y="{top + 22:.0f}" class="title">{escape(outcome.title)}</text>'
    if outcome.is_busy:
        yield f'<text x="{WIDTH - 20}" y="{top + 22:.0f}" text-anchor="end" class="busy">machine busy: not a measurement</text>'
    for tick in axis.ticks():
        x = axis.place(tick)
        yield f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{first - 6:.1f}" y2="{last:.1f}" stroke="{GRID}"/>'
        yield f'<text x="{x:.1f}" y="{last + 15:.1f}" text-anchor="middle" class="soft">{tick:g}</text>'
    label = f"{outcome.unit}, logarithmic" if axis.is_logarithmic else outcome.unit
    yield f'<text x="{(LEFT + WIDTH - RIGHT) / 2:.1f}" y="{last + 31:.1f}" text-anchor="middle" class="soft">{escape(label)}</text>'
    yield f'<text x="{WIDTH - RIGHT + 14}" y="{first - 8:.1f}" class="soft">median</text>'
    has_peers = any(not _is_ours(name) for name in outcome.rows) and any(map(_is_ours, outcome.rows))
    for index, (name, values) in enumerate(outcome.rows.items()):
        color = THEIRS if has_peers and not _is_ours(name) else OURS
        yield from _row(name, values, axis, first + ROW * index + ROW / 2 - 4, color)


def _is_ours(name: str) -> bool:
    return name.startswith("paratask")


def _row(name: str, values: Sequence[float], axis: Axis, y: float, color: str) -> Iterator[str]:
    found = spread(values)
    low, median, high = (axis.place(found[key]) for key in ("min", "median", "max"))
    yield f'<text x="{LEFT - 12}" y="{y + 4:.1f}" text-anchor="end">{escape(name)}</text>'
    yield f'<line x1="{low:.1f}" x2="{max(high, low + 1):.1f}" y1="{y:.1f}" y2="{y:.1f}" stroke="{color}" stroke-width="5" '
    yield 'stroke-opacity="0.4" stroke-linecap="round"/>'
    yield f'<circle cx="{median:.1f}" cy="{y:.1f}" r="5" fill="{color}"/>'
    yield f'<text x="{WIDTH - RIGHT + 14}" y="{y + 4:.1f}">{found["median"]:.4g}</text>'
