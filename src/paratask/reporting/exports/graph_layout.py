"""Where each node of a graph stands: in a column by what has to come before it, in a row of its own. Pure.

A job's calls stand right of it. What waits for a neighbour stands right of all that this one calls: in the same row where nothing else
is there, else below. So time goes to the right, and what may run side by side stands in one column. Calls of a job that somebody waits
for begin a row lower, so that the line to who waits goes past them.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from paratask.reporting.exports.graph import Node

    Places = dict[str, tuple[int, int]]
    """(column, row) by id."""


def lay_out(nodes: Sequence[Node]) -> Places:
    """Places from (0, 0) on; no two are the same."""
    known = {node.id for node in nodes}
    below: dict[str, list[Node]] = {}
    for node in nodes:
        below.setdefault(node.parent if node.parent in known else "", []).append(node)
    return _lay_group(below.get("", []), below)


def _lay_node(node: Node, below: dict[str, list[Node]], *, lower: bool) -> Places:
    """The node at (0, 0), and all that it calls right of it."""
    return {node.id: (0, 0), **_moved(_lay_group(below.get(node.id, []), below), 1, int(lower))}


def _lay_group(group: Sequence[Node], below: dict[str, list[Node]]) -> Places:
    places: Places = {}
    taken: dict[int, int] = {}
    """By row: the first column from the left that is free from there on."""

    ends: dict[str, int] = {}
    waited_for = {other for node in group for other in node.after}
    for node in _in_order(group):
        own = _lay_node(node, below, lower=node.id in waited_for)
        before = [other for other in node.after if other in ends]
        column = max((ends[other] for other in before), default=0)
        row = places[before[0]][1] if before else 0
        starts: dict[int, int] = {}
        for x, y in own.values():
            starts[y] = min(x, starts.get(y, x))
        while any(taken.get(row + y, 0) > column + x for y, x in starts.items()):
            row += 1
        own = _moved(own, column, row)
        places.update(own)
        for x, y in own.values():
            taken[y] = max(taken.get(y, 0), x + 1)
        ends[node.id] = 1 + max(x for x, _ in own.values())
    return places


def _in_order(group: Sequence[Node]) -> list[Node]:
    """As written, but nobody before one that it waits for. What waits in a circle comes last."""
    ids = {node.id for node in group}
    placed: set[str] = set()
    ordered: list[Node] = []
    waiting = list(group)
    while waiting:
        ready = [node for node in waiting if all(other in placed or other not in ids for other in node.after)]
        ordered += ready or waiting
        placed.update(node.id for node in ready)
        waiting = [node for node in waiting if node.id not in placed] if ready else []
    return ordered


def _moved(places: Places, columns: int, rows: int) -> Places:
    return {name: (x + columns, y + rows) for name, (x, y) in places.items()}
