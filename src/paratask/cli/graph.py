"""`--graph`: a plan as a drawing for other programs. Knows the plan's jobs; how they are drawn is reporting.exports'."""

from __future__ import annotations

from paratask.reporting.exports.graph import graph_of_plan
from paratask.reporting.exports.graph_svg import render_svg
from paratask.reporting.exports.graph_text import render_dot, render_mermaid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from paratask.planning.plan import PlannedJob


def render_graph(style: str, title: str, jobs: Sequence[PlannedJob]) -> str:
    """The drawing as `dot`, `mermaid` or `svg`."""
    draw = {"dot": render_dot, "mermaid": render_mermaid, "svg": render_svg}[style]
    return draw(title, graph_of_plan(jobs))
