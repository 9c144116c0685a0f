"""What holds over everything that a thing reaches, for graphs that may have cycles. Pure; knows no tasks.

Strongly connected components by Tarjan's algorithm, without recursion: a chain may be as long as it likes. The value of a node
is the same wherever its graph is entered, since all nodes of a cycle are told so and combined together.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence
    from typing import Generic, TypeVar

    K = TypeVar("K", bound=Hashable)
    V = TypeVar("V")
else:
    K = V = None

    class Generic:
        """Stands in for `typing.Generic`: that module takes longer to load than a few calls to plan."""

        def __class_getitem__(cls, _: object) -> type:
            return cls


class Closures(Generic[K, V]):
    """Values of nodes, each worked out once.

    `children(node)` are what a node leads to. `combine(members, is_cycle, known)` gives the values of the members of one
    component, in order; `known(node)` gives those of all other nodes that they lead to.
    """

    def __init__(
        self,
        *,
        children: Callable[[K], Sequence[K]],
        combine: Callable[[Sequence[K], bool, Callable[[K], V]], Sequence[V]],
    ) -> None:
        self._children = children
        self._combine = combine
        self._known: dict[K, V] = {}

    def of(self, node: K) -> V:
        """The value of `node`."""
        if node not in self._known:
            _Walk(self._children, self._known, self._settle).run(node)
        return self._known[node]

    def _settle(self, members: Sequence[K], is_cycle: bool) -> None:
        values = self._combine(members, is_cycle, self._known.__getitem__)
        self._known.update(zip(members, values, strict=True))


class _Walk(Generic[K, V]):
    """One walk from a node that is not known yet."""

    def __init__(
        self, children: Callable[[K], Sequence[K]], known: dict[K, V], settle: Callable[[Sequence[K], bool], None]
    ) -> None:
        self._children = children
        self._known = known
        self._settle = settle
        self._index: dict[K, int] = {}
        self._low: dict[K, int] = {}
        self._open: list[K] = []
        self._to_itself: set[K] = set()

    def run(self, start: K) -> None:
        """Settle every component that `start` reaches, itself last."""
        path = [(start, self._enter(start))]
        while path:
            node, rest = path[-1]
            child = next((child for child in rest if self._is_new(node, child)), None)
            if child is not None:
                path.append((child, self._enter(child)))
                continue
            path.pop()
            if path:
                above = path[-1][0]
                self._low[above] = min(self._low[above], self._low[node])
            if self._low[node] == self._index[node]:
                self._close(node)

    def _enter(self, node: K) -> Iterator[K]:
        self._index[node] = self._low[node] = len(self._index)
        self._open.append(node)
        return iter(self._children(node))

    def _is_new(self, node: K, child: K) -> bool:
        """Whether `child` is to be entered. One that is open is in a cycle with `node`; one that is settled is done."""
        if child in self._known:
            return False
        if child not in self._index:
            return True
        self._low[node] = min(self._low[node], self._index[child])
        if child == node:
            self._to_itself.add(node)
        return False

    def _close(self, node: K) -> None:
        start = len(self._open) - 1
        while self._open[start] != node:
            start -= 1
        members = self._open[start:]
        del self._open[start:]
        self._settle(members, len(members) > 1 or node in self._to_itself)
