"""Which steps may not hold their claims at the same time, and the order that follows. See "Claims" and "Steps and sets".

Two claims conflict when they are for the same place and one of them writes, or for the same resource and one of them wants it
alone. A step with an outside effect is a barrier: it comes after all that was written above it, and before all below.

The sentence that explains a conflict is made from the two claims that decided it. Claims are kept in a tree by the literal
segments they start with, so that thousands of steps in folders of their own cost no comparison. Knows no tasks, no names,
and nothing of how far a claim is to be believed: who asks has weighed the evidence.
"""

from __future__ import annotations

from paratask.claims.model import Access, Claim, Claims, Effect
from paratask.claims.overlap import Pattern, compile_pattern, meet
from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TypeAlias

    Held: TypeAlias = tuple[int, Claim]
    """The index of a step, and a claim of it."""

_RESOURCES = (Access.SHARED, Access.EXCLUSIVE)
_VERBS = {
    Access.READ: "reads {}",
    Access.WRITE: "writes {}",
    Access.SHARED: "uses {}",
    Access.EXCLUSIVE: "needs {} for itself",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two claims that must not hold at the same time; `left` belongs to the step that is written first."""

    left: Claim
    right: Claim

    def sentence(self, left: str, right: str) -> str:
        """Why, for steps of these names: "`a` writes x/** and `b` reads x/y"."""
        return f"`{left}` {_does(self.left)} and `{right}` {_does(self.right)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Barrier:
    """Order that comes from an outside effect: of the earlier of two steps, or (`later`) of the later one."""

    later: bool
    reason: str

    def sentence(self, left: str, right: str) -> str:
        """Why, for steps of these names, in written order."""
        waits = f"it waits for `{left}`" if self.later else f"`{right}` waits for it"
        return f"`{right if self.later else left}` has effects outside this checkout ({self.reason}), so {waits}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A step comes after the one at index `earlier`, because of `cause`."""

    earlier: int
    cause: Conflict | Barrier


def conflict(a: Claims, b: Claims) -> Conflict | None:
    """The first two claims of `a` and `b` that must not hold at the same time; None where they may run together."""
    held = _Claimed()
    held.add(0, a)
    return next((Conflict(left=left, right=right) for _, left, right in held.against(b)), None)


def is_barrier(claims: Claims) -> str | None:
    """Why a step with these claims keeps its place in the written order, or None where its effects stay in this checkout."""
    if claims.effect is not Effect.OUTSIDE:
        return None
    return claims.effect_reason or "what it does can be seen outside this checkout"


def edges(steps: Sequence[Claims]) -> tuple[tuple[Edge, ...], ...]:
    """For each step, in written order, the earlier steps it must come after, ascending, each with its cause.

    Steps that conflict are always ordered, directly or through others: where a step comes after one that itself came after a
    third for the same pattern, the edge to the third is left out.
    """
    found: list[tuple[Edge, ...]] = []
    held = _Claimed()
    start = 0
    barrier: Barrier | None = None
    for index, claims in enumerate(steps):
        own: dict[int, Conflict | Barrier] = {}
        if barrier:
            own[start - 1] = barrier
        if reason := is_barrier(claims):
            own.update(dict.fromkeys(range(start, index), Barrier(later=True, reason=reason)))
            held, start, barrier = _Claimed(), index + 1, Barrier(later=False, reason=reason)
        else:
            for earlier, left, right in held.against(claims):
                own.setdefault(earlier, Conflict(left=left, right=right))
            held.add(index, claims)
        found.append(tuple(Edge(earlier=earlier, cause=own[earlier]) for earlier in sorted(own)))
    return tuple(found)


def _does(claim: Claim) -> str:
    return _VERBS[claim.access].format(claim.pattern)


class _Holders:
    """Who holds one pattern or resource: the last that writes it, and those that have read it since.

    What came before the last writer is forgotten: whatever conflicts with that conflicts with the writer too, which has
    itself been ordered after it.
    """

    __slots__ = ("pattern", "reads", "write")

    def __init__(self, pattern: Pattern) -> None:
        self.pattern = pattern
        self.reads: list[Held] = []
        self.write: Held | None = None

    def add(self, held: Held) -> None:
        if held[1].access in (Access.WRITE, Access.EXCLUSIVE):
            self.write = held
            self.reads = []
        else:
            self.reads.append(held)

    def against(self, access: Access) -> Iterator[Held]:
        if self.write:
            yield self.write
        if access in (Access.WRITE, Access.EXCLUSIVE):
            yield from self.reads


class _Node:
    """What is held at one literal prefix (patterns that are just that path, and those that go on from it), and the tree below."""

    __slots__ = ("below", "here")

    def __init__(self) -> None:
        self.here: dict[str, _Holders] = {}
        self.below: dict[str, _Node] = {}

    def all_below(self) -> Iterator[_Holders]:
        nodes = [self]
        while nodes:
            node = nodes.pop()
            yield from node.here.values()
            nodes.extend(node.below.values())


class _Claimed:
    """What steps hold, to be asked for conflicts."""

    __slots__ = ("paths", "resources")

    def __init__(self) -> None:
        self.paths = _Node()
        self.resources: dict[str, _Holders] = {}

    def add(self, index: int, claims: Claims) -> None:
        for claim in claims.entries:
            self._holders(claim).add((index, claim))

    def against(self, claims: Claims) -> Iterator[tuple[int, Claim, Claim]]:
        """The step, its claim, and the claim among `claims` that conflicts with it."""
        for right in claims.entries:
            for holders in self._near(right):
                for index, left in holders.against(right.access):
                    yield index, left, right

    def _holders(self, claim: Claim) -> _Holders:
        pattern = compile_pattern(claim.pattern)
        if claim.access in _RESOURCES:
            return _entry(self.resources, claim.pattern, pattern)
        node = self.paths
        for segment in pattern.prefix:
            below = node.below.get(segment)
            if below is None:
                below = node.below[segment] = _Node()
            node = below
        return _entry(node.here, claim.pattern, pattern)

    def _near(self, claim: Claim) -> Iterator[_Holders]:
        """All that is held at the place of `claim`."""
        if claim.access in _RESOURCES:
            if holders := self.resources.get(claim.pattern):
                yield holders
            return
        pattern = compile_pattern(claim.pattern)
        for holders in self._candidates(pattern):
            if (holders.write or claim.access is Access.WRITE) and meet(holders.pattern, pattern):
                yield holders

    def _candidates(self, pattern: Pattern) -> Iterator[_Holders]:
        """Above the literal prefix only patterns that go on can match; at it all, and below it if `pattern` itself goes on."""
        node: _Node | None = self.paths
        for segment in pattern.prefix:
            assert node is not None
            yield from [holders for holders in node.here.values() if not holders.pattern.literal]
            node = node.below.get(segment)
            if node is None:
                return
        assert node is not None
        yield from node.here.values() if pattern.literal else node.all_below()


def _entry(holders: dict[str, _Holders], name: str, pattern: Pattern) -> _Holders:
    found = holders.get(name)
    if found is None:
        found = holders[name] = _Holders(pattern)
    return found
