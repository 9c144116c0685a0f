"""A graph as text for other programs: Graphviz' dot, and Mermaid. Solid lines are calls, dashed ones say what waits for what. Pure."""

from __future__ import annotations

from paratask.reporting.exports.graph import edges
from paratask.reporting.exports.plain_text import without_escapes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from paratask.reporting.exports.graph import Node


def render_dot(title: str, nodes: Sequence[Node]) -> str:
    """A digraph."""
    lines = [
        f"digraph {_dot_quoted(title)} {{",
        "  rankdir=LR;",
        '  node [shape=box, style=rounded, fontname="sans-serif"];',
    ]
    for node in nodes:
        label = "\n".join(part for part in (node.label, node.note) if part)
        label = label.replace("&", "&amp;")  # Graphviz reads HTML's entities
        lines.append(f"  {_dot_quoted(node.id)} [label={_dot_quoted(label)}];")
    for edge in edges(nodes):
        style = "" if edge.kind == "calls" else " [style=dashed]"
        lines.append(f"  {_dot_quoted(edge.source)} -> {_dot_quoted(edge.target)}{style};")
    return "\n".join([*lines, "}"]) + "\n"


def _dot_quoted(text: str) -> str:
    escaped = without_escapes(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def render_mermaid(title: str, nodes: Sequence[Node]) -> str:
    """A flowchart."""
    number = {node.id: f"n{index}" for index, node in enumerate(nodes)}
    lines = ["---", f"title: {_yaml_quoted(title)}", "---", "flowchart LR"]
    for node in nodes:
        label = "<br>".join(_mermaid_text(part) for part in (node.label, node.note) if part)
        lines.append(f'  {number[node.id]}["{label}"]')
    for edge in edges(nodes):
        arrow = "-->" if edge.kind == "calls" else "-.->"
        lines.append(f"  {number[edge.source]} {arrow} {number[edge.target]}")
    return "\n".join(lines) + "\n"


def _mermaid_text(text: str) -> str:
    """Mermaid reads `#60;` as the character of that number; letters, digits and what tasks' names are made of stay."""
    line = " ".join(without_escapes(text).split())
    return "".join(char if char.isalnum() or char in " -_.:/~,+" else f"#{ord(char)};" for char in line)


def _yaml_quoted(text: str) -> str:
    import json

    return json.dumps(without_escapes(text), ensure_ascii=False)
