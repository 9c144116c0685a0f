"""A graph as SVG, drawn by ourselves: no program and no network is needed. Pure.

Colours follow the reader's light or dark; a state has a sign besides its colour.
"""

from __future__ import annotations

from html import escape
from unicodedata import east_asian_width

from paratask.names import cut
from paratask.reporting.exports.graph import edges
from paratask.reporting.exports.graph_layout import lay_out
from paratask.reporting.exports.plain_text import without_escapes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from paratask.reporting.exports.graph import Edge, Node

LETTER, HEIGHT, ROW, GAP, PAD, MARGIN, CORNER = 7.9, 38, 54, 44, 12, 8, 8
LONGEST = 28
SIGNS = {"succeeded": "✓", "failed": "✗", "cancelled": "■", "skipped": "»", "fresh": "="}
ARROW = (
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="6" markerHeight="6" orient="auto">'
    '<path d="M0 0L8 4L0 8z"/></marker></defs>'
)
STYLE = """\
.graph{--ink:#1c2430;--soft:#5b6675;--line:#9aa5b4;--box:#fff;--paper:#fff;--bad:#b3261e;--good:#1b7f4b;
font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
@media (prefers-color-scheme:dark){.graph{--ink:#e6eaf0;--soft:#a3aebd;--line:#66717f;--box:#1d242e;--paper:#141a21;--bad:#ff8a80;--good:#6fd39b}}
.graph .paper{fill:var(--paper)}
.graph rect.job{fill:var(--box);stroke:var(--line)}.graph text{fill:var(--ink)}.graph .note{fill:var(--soft);font-size:11px}
.graph path{fill:none;stroke:var(--line);stroke-width:1.5}.graph path.before{stroke-dasharray:5 4}
.graph marker path{fill:var(--line);stroke:none}
.graph .failed rect.job{stroke:var(--bad);stroke-width:2.5}.graph .failed .sign{fill:var(--bad)}.graph .succeeded .sign{fill:var(--good)}
.graph .cancelled rect.job,.graph .skipped rect.job,.graph .fresh rect.job{stroke-dasharray:3 3}
"""


def render_svg(title: str, nodes: Sequence[Node], *, alone: bool = True, links: Mapping[str, str] | None = None) -> str:
    """The drawing; a file of its own where it stands `alone`. `links` are targets by id."""
    places = lay_out(nodes)
    lefts, width = _columns(nodes, places)
    height = MARGIN * 2 + ROW * (1 + max((row for _, row in places.values()), default=0)) - (ROW - HEIGHT)
    widths = {node.id: _width(node) for node in nodes}
    spots = {name: (lefts[column], MARGIN + ROW * row) for name, (column, row) in places.items()}
    name = f"graph of {title}"
    size = f'viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}"'
    lines = [
        f'<svg class="graph" xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{_escaped(name)}">',
        f"<title>{_escaped(name)}</title>",
        f"<style>{STYLE}</style>" if alone else "",
        '<rect class="paper" width="100%" height="100%"/>' if alone else "",
        ARROW,
    ]
    lines += [_line(edge, spots, widths) for edge in edges(nodes)]
    lines += [_box(node, spots[node.id], (links or {}).get(node.id, "")) for node in nodes]
    return "\n".join(line for line in [*lines, "</svg>"] if line) + "\n"


def _columns(nodes: Sequence[Node], places: Mapping[str, tuple[int, int]]) -> tuple[dict[int, float], float]:
    """Where each column begins, and where the last one ends."""
    widest: dict[int, float] = {}
    for node in nodes:
        column = places[node.id][0]
        widest[column] = max(widest.get(column, 0.0), _width(node))
    lefts: dict[int, float] = {}
    left = float(MARGIN)
    for column in sorted(widest):
        lefts[column] = left
        left += widest[column] + GAP
    return lefts, max(left - GAP + MARGIN, 2.0 * MARGIN)


def _shown(node: Node) -> str:
    return cut(" ".join(without_escapes(node.label).split()), LONGEST)


def _width(node: Node) -> float:
    sign = 2 if node.state else 0
    return round(max(LETTER * (_letters(_shown(node)) + sign), LETTER * 0.9 * _letters(node.note)) + 2 * PAD, 1)


def _letters(text: str) -> int:
    """Wide characters take the room of two."""
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def _line(edge: Edge, spots: Mapping[str, tuple[float, float]], widths: Mapping[str, float]) -> str:
    """From the right side of one box to the left side of another; calls turn where they begin, what waits where it ends. Those that turn in one
    place share a line.
    """
    (x, y), (end, to_y) = spots[edge.source], spots[edge.target]
    x, y, end, to_y = x + widths[edge.source], y + HEIGHT / 2, end - 1, to_y + HEIGHT / 2
    middle = x + GAP / 2 if edge.kind == "calls" else max(x + CORNER, end - GAP / 2 + CORNER)
    corner = CORNER if to_y > y else -CORNER
    down = f"Q{middle:g} {y:g} {middle:g} {y + corner:g}V{to_y - corner:g}Q{middle:g} {to_y:g} {middle + CORNER:g} {to_y:g}"
    way = f"H{end:g}" if y == to_y else f"H{middle - CORNER:g}{down}H{end:g}"
    return f'<path class="{edge.kind}" marker-end="url(#arrow)" d="M{x:g} {y:g}{way}"/>'


def _box(node: Node, spot: tuple[float, float], link: str) -> str:
    x, y = spot
    sign = f'<tspan class="sign">{SIGNS.get(node.state, "?")}</tspan> ' if node.state else ""
    whole = " ".join(part for part in (node.label, node.state, node.note) if part)
    middle = y + (16 if node.note else 23)
    note = f'<text class="note" x="{x + PAD:g}" y="{y + 30:g}">{_escaped(node.note)}</text>' if node.note else ""
    box = (
        f'<g class="{_escaped(node.state or "planned")}"><title>{_escaped(whole)}</title>'
        f'<rect class="job" x="{x:g}" y="{y:g}" width="{_width(node):g}" height="{HEIGHT}" rx="6"/>'
        f'<text x="{x + PAD:g}" y="{middle:g}">{sign}{_escaped(_shown(node))}</text>{note}</g>'
    )
    return f'<a href="{_escaped(link)}">{box}</a>' if link else box


def _escaped(text: str) -> str:
    return escape(without_escapes(text))
