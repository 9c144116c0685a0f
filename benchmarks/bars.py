"""What paratask has to reach, as data: one row a figure. Measures nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One figure's limit, or several where all must hold. `strictly` is for what must be less, not equal."""

    figure: str
    at_most: float | None = None
    at_least: float | None = None
    strictly: bool = False

    @property
    def text(self) -> str:
        if self.at_least is not None:
            return f">= {self.at_least:g}"
        return f"{'<' if self.strictly else '<='} {self.at_most:g}"

    def missed_by(self, value: float) -> float:
        """The part of the bar by which it is missed; 0 or less where it is reached."""
        if self.at_least is not None:
            return (self.at_least - value) / self.at_least
        assert self.at_most is not None
        if not self.at_most:
            return value
        return 1e-9 if self.strictly and value == self.at_most else (value - self.at_most) / self.at_most


BARS = (
    Bar(figure="hello: paratask / task", at_most=1.0),
    Bar(figure="wide-1000: paratask / make", at_most=1.5),
    Bar(figure="wide-1000: paratask / task", at_most=1.0, strictly=True),
    Bar(figure="wide-1000: paratask / ninja", at_most=1.0, strictly=True),
    Bar(figure="ten-independent: times sooner", at_least=3.0),
    Bar(figure="five-dependent: times sooner", at_least=2.0),
    Bar(figure="random graphs: wall / lower bound", at_most=1.05),
    Bar(figure="random graphs: learned / first come, worst", at_most=1.02),
    Bar(figure="many jobs: cost at 20,000 / at 2,000, flat", at_most=1.3),
    Bar(figure="many jobs: cost at 20,000 / at 2,000, grouped", at_most=1.3),
    Bar(figure="many jobs: cost at 20,000 / at 2,000, sets", at_most=1.3),
    Bar(figure="memory: megabytes at 1,000 jobs", at_most=60.0, strictly=True),
    Bar(figure="hungry set: runs of paratask that failed", at_most=0.0),
    Bar(figure="hungry set: processes ended by the kernel", at_most=0.0),
    Bar(figure="log flood: megabytes of memory added, worst", at_most=10.0, strictly=True),
    Bar(figure="log flood: megabytes a second, alone", at_least=500.0),
    Bar(figure="log flood: megabytes a second, beside another", at_least=500.0),
    Bar(figure="reporters: records / none", at_most=1.03, strictly=True),
    Bar(figure="reporters: one / none", at_most=1.03, strictly=True),
    Bar(figure="reporters: one that raises / none", at_most=1.03, strictly=True),
    Bar(figure="reporters: one that crashes / none", at_most=1.03, strictly=True),
    Bar(figure="reporters: one that blocks / none", at_most=1.03, strictly=True),
    Bar(figure="reporters: one that keeps Python / none", at_most=1.03, strictly=True),
    Bar(figure="reporters: one that is heavy / none", at_most=1.03, strictly=True),
    *(
        Bar(figure=f"reporters: report {kind} / none", at_most=1.03, strictly=True)
        for kind in ("json", "junit", "trace", "markdown", "html")
    ),
)


def verdicts(figures: Mapping[str, float], busy: frozenset[str]) -> tuple[list[str], bool]:
    """A line for each bar that has a figure, and whether all are reached. `busy` are figures that are no measurements."""
    lines: list[str] = []
    good = True
    for bar in BARS:
        if bar.figure not in figures:
            continue
        value = figures[bar.figure]
        missed = bar.missed_by(value)
        good = good and missed <= 0
        verdict = "reached" if missed <= 0 else f"missed by {missed:.1%}"
        note = "  (busy: not a measurement)" if bar.figure in busy else ""
        lines.append(f"  {bar.figure:50} {value:9.3f}   {bar.text:8}  {verdict}{note}")
    return lines, good


def unmeasured(figures: Mapping[str, float]) -> list[str]:
    """Bars without a figure: a peer is not installed, or the case was not asked for."""
    return [bar.figure for bar in BARS if bar.figure not in figures]
