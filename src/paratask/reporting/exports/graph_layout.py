"""Where each node of a graph stands: in a column by what has to come before it, in a row of its own. Pure.

A job's calls stand right of it. What waits for a neighbour stands right of all that this one calls: in the same row where nothing else
is there, else below. So time goes to the right, and what may run side by side stands in one column. Calls of a job that somebody waits
for begin a row lower, so that the line to who waits goes past them.

The time is near the number of nodes: a job and all that it calls is moved by one offset, and only its outline is looked at; and rows that were
found taken are not asked again.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from paratask.reporting.exports.graph import Node

    Places = dict[str, tuple[int, int]]
    """(column, row) by id."""


class _Outline:
    """Of what was placed, from (0, 0) on, by row: its first column, and the first one that is free right of it. No row is empty."""

    __slots__ = ("ends", "starts")

    def __init__(self, starts: list[int], ends: list[int]) -> None:
        self.starts = starts
        self.ends = ends


class _Rows:
    """A group's rows, as they are taken from the left: what stands in one is never taken away."""

    def __init__(self) -> None:
        self.outline = _Outline([], [])
        self._skips: dict[int, dict[int, int]] = {}
        """By column: rows that are taken there, and the next that may not be."""

    def place(self, shape: _Outline, column: int, row: int) -> int:
        """Put a shape at that column, in the first row from `row` on where all of it fits, which is returned."""
        looked = -1
        while looked != row:
            looked = row
            for y, x in enumerate(shape.starts):
                row = self._first_free(column + x, row + y) - y
        starts, ends = self.outline.starts, self.outline.ends
        for y, (start, end) in enumerate(zip(shape.starts, shape.ends, strict=True), row):
            if y == len(ends):
                starts.append(column + start)
                ends.append(column + end)
            else:
                starts[y] = min(starts[y], column + start)
                ends[y] = max(ends[y], column + end)
        return row

    def _first_free(self, column: int, row: int) -> int:
        """The first row from `row` on that is free from that column on."""
        ends, skips = self.outline.ends, self._skips.setdefault(column, {})
        taken = []
        while row < len(ends) and ends[row] > column:
            taken.append(row)
            row = skips.get(row, row + 1)
        skips.update(dict.fromkeys(taken, row))
        return row


def lay_out(nodes: Sequence[Node]) -> Places:
    """Places from (0, 0) on; no two are the same."""
    known = {node.id for node in nodes}
    parents = {node.id: node.parent if node.parent in known else "" for node in nodes}
    below: dict[str, list[Node]] = {}
    for node in nodes:
        below.setdefault(parents[node.id], []).append(node)
    waited_for = {other for node in nodes for other in node.after if parents.get(other) == parents[node.id]}
    callers = _callers_first(below)
    offsets: Places = {}
    outlines: dict[str, _Outline] = {}
    for caller in reversed(callers):
        outlines[caller] = _lay_group(below.get(caller, []), offsets, outlines)
        if caller:
            outlines[caller] = _with_caller(outlines[caller], lower=caller in waited_for)
    places: Places = {}
    for caller in callers:
        column, row = places[caller] if caller else (-1, 0)
        row += caller in waited_for
        for node in below.get(caller, []):
            x, y = offsets[node.id]
            places[node.id] = column + 1 + x, row + y
    return {node.id: places[node.id] for node in nodes if node.id in places}


def _callers_first(below: dict[str, list[Node]]) -> list[str]:
    """All that is reached, each after who calls it."""
    found = [""]
    for caller in found:
        found += [node.id for node in below.get(caller, ())]
    return found


def _with_caller(calls: _Outline, *, lower: bool) -> _Outline:
    """The outline of a caller at (0, 0) with its calls right of it, or a row lower."""
    starts, ends = [x + 1 for x in calls.starts], [x + 1 for x in calls.ends]
    if lower or not starts:
        return _Outline([0, *starts], [1, *ends])
    return _Outline([0, *starts[1:]], ends)


def _lay_group(group: Sequence[Node], offsets: Places, outlines: dict[str, _Outline]) -> _Outline:
    """Place neighbours; their `offsets` are from their group's corner."""
    rows = _Rows()
    ends: dict[str, int] = {}
    for node in _in_order(group):
        before = [other for other in node.after if other in ends]
        column = max((ends[other] for other in before), default=0)
        shape = outlines[node.id]
        row = rows.place(shape, column, offsets[before[0]][1] if before else 0)
        offsets[node.id] = column, row
        ends[node.id] = column + max(shape.ends)
    return rows.outline


def _in_order(group: Sequence[Node]) -> list[Node]:
    """As written, but nobody before one that it waits for, by how many come one after another before it. What waits in a circle comes last."""
    ids = {node.id for node in group}
    left = {node.id: len({other for other in node.after if other in ids}) for node in group}
    waiting: dict[str, list[str]] = {}
    for node in group:
        for other in set(node.after) & ids:
            waiting.setdefault(other, []).append(node.id)
    ready = [node.id for node in group if not left[node.id]]
    depth = dict.fromkeys(ready, 0)
    for name in ready:
        for other in waiting.get(name, ()):
            left[other] -= 1
            if not left[other]:
                depth[other] = depth[name] + 1
                ready.append(other)
    return sorted(group, key=lambda node: depth.get(node.id, len(group)))
