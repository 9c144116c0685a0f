"""Which steps may not hold their claims at the same time, and the order that follows. See "Claims" and "Steps and sets".

Two claims conflict when they are for the same place and one of them writes, or for the same resource and one of them wants it
alone. Two that add do not; and of a folder that is made, what is in it is free for who makes that folder too. A step with an outside effect is a barrier: it comes after all that was written above it, and before all below.

The sentence that explains a conflict is made from the two claims that decided it. Claims are kept in a tree by the literal
segments they start with, so that thousands of steps in folders of their own cost no comparison. Knows no tasks, no names,
and nothing of how far a claim is to be believed: who asks has weighed the evidence.
"""

from __future__ import annotations

from functools import lru_cache

from paratask.claims.model import Access, Claim, Claims, Effect, Evidence
from paratask.claims.overlap import Pattern, compile_pattern, covers, may_lead, meet, overlap
from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TypeAlias

    from paratask.claims.segments import Segment, Segments

    Held: TypeAlias = tuple[int, Claim]
    """The index of a step, and a claim of it."""

_RESOURCES = (Access.SHARED, Access.EXCLUSIVE)
_ALONE = (Access.WRITE, Access.EXCLUSIVE)
_BELOW = "/**"
_CACHE_MARK = "/CACHEDIR.TAG"
_VERBS = {
    Access.READ: "reads {}",
    Access.WRITE: "writes {}",
    Access.ADD: "adds to {}",
    Access.SHARED: "uses {}",
    Access.EXCLUSIVE: "needs {} for itself",
}
_OWN_RESOURCES = {
    (Access.SHARED, "once:"): "runs {} once for all that call it",
    (Access.EXCLUSIVE, "once:"): "runs {} once, as whoever calls it first says",
    (Access.EXCLUSIVE, "fingerprint:"): "keeps the fingerprint {}",
}
"""What a run or a checkout keeps of a task, by the beginnings of their names (planning/own_claims.py): nobody else would guess what they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two claims that must not hold at the same time; `left` belongs to the step that is written first."""

    left: Claim
    right: Claim

    def sentence(self, left: str, right: str) -> str:
        """Why, for steps of these names: "`a` writes x/** and `b` reads x/y"; one name is that of two calls."""
        one, other = _told_with_why(self.left), _told_with_why(self.right)
        if left != right:
            return f"`{left}` {one} and `{right}` {other}"
        return f"each call of `{left}` {one}" if one == other else f"one call of `{left}` {one} and another {other}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Barrier:
    """Order that comes from an outside effect: of the earlier of two steps, or (`later`) of the later one. Or from what one of them claims
    not being believed, or known; then `is_outside` is false.
    """

    later: bool
    reason: str
    is_outside: bool = True

    def sentence(self, left: str, right: str) -> str:
        """Why, for steps of these names, in written order."""
        waits = f"it waits for `{left}`" if self.later else f"`{right}` waits for it"
        waits = "its calls keep their order" if left == right else waits
        does = "has effects outside this checkout" if self.is_outside else "counts as touching anything"
        return f"`{right if self.later else left}` {does} ({self.reason}), so {waits}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A step comes after the one at index `earlier`, because of `cause`."""

    earlier: int
    cause: Conflict | Barrier


def conflict(a: Claims, b: Claims, *, ignores_case: bool = False) -> Conflict | None:
    """The first two claims of `a` and `b` that must not hold at the same time; None where they may run together."""
    held = _Claimed()
    held.add(0, _areas(a, ignores_case))
    return next((Conflict(left=left, right=right) for _, left, right in held.against(_areas(b, ignores_case))), None)


def is_barrier(claims: Claims) -> str | None:
    """Why a step with these claims keeps its place in the written order, or None where it need not."""
    if claims.effect is not Effect.OUTSIDE:
        return claims.kept_in_place or None
    return claims.effect_reason or "what it does can be seen outside this checkout"


def barrier(a: Claims, b: Claims) -> Barrier | None:
    """Why two steps keep their order because one of them keeps its place; `a` is written first."""
    return _barrier(a, later=False) or _barrier(b, later=True)


def _barrier(claims: Claims, *, later: bool) -> Barrier | None:
    reason = is_barrier(claims)
    return Barrier(later=later, reason=reason, is_outside=not _is_unbelieved(claims, reason)) if reason else None


def _is_unbelieved(claims: Claims, reason: str) -> bool:
    """Whether that is the reason why nobody knows what a step does, rather than what it is known to do."""
    if claims.effect is not Effect.OUTSIDE:
        return True
    return claims.evidence is Evidence.NONE and any(c.reason == reason for c in claims.entries if c.evidence is Evidence.NONE)


def edges(steps: Sequence[Claims], *, ignores_case: bool = False) -> tuple[tuple[Edge, ...], ...]:
    """For each step, in written order, the earlier steps it must come after, ascending, each with its cause.

    Steps that conflict are always ordered, directly or through others: where a step comes after one that itself came after a
    third, the edge to the third is left out.
    """
    found: list[tuple[Edge, ...]] = []
    before: list[int] = []
    held = _Claimed()
    start = 0
    above: Barrier | None = None
    for index, claims in enumerate(steps):
        own: dict[int, Conflict | Barrier] = {}
        if above:
            own[start - 1] = above
        if own_barrier := _barrier(claims, later=True):
            own.update(dict.fromkeys(range(start, index), own_barrier))
            held, start, above = _Claimed(), index + 1, _barrier(claims, later=False)
        else:
            areas = _areas(claims, ignores_case)
            for earlier, left, right in held.against(areas, before):
                if earlier not in own or _tells_little(own[earlier]):
                    own[earlier] = Conflict(left=left, right=right)
            held.add(index, areas)
        before.append(_before(own, before))
        found.append(tuple(Edge(earlier=earlier, cause=own[earlier]) for earlier in sorted(own)))
    return tuple(found)


def _before(own: dict[int, Conflict | Barrier], before: Sequence[int]) -> int:
    """All that comes before a step at any distance, as bits; takes out of `own` what comes before another of its entries."""
    mask = 0
    for earlier in sorted(own, reverse=True):
        if mask >> earlier & 1:
            del own[earlier]
        else:
            mask |= before[earlier] | 1 << earlier
    return mask


def told(claim: Claim) -> str:
    """What a claim is, as what a step does: `reads src/**`, `needs db for itself`."""
    if claim.access in _RESOURCES:
        kind, mark, name = claim.pattern.partition(":")
        words = _OWN_RESOURCES.get((claim.access, kind + mark))
        if words is not None:
            return words.format(name)
    return _VERBS[claim.access].format(claim.pattern)


def _told_with_why(claim: Claim) -> str:  # the whole repository is claimed for want of something nearer, which is what to mend
    return f"{told(claim)} ({claim.reason})" if claim.pattern == "**" and claim.reason else told(claim)


class _Area:
    """The paths of claims, or the name of a resource. Claims of one area share it, so that two areas are compared once."""

    __slots__ = ("excluding", "pattern")

    def __init__(self, pattern: str, excluding: tuple[str, ...], ignores_case: bool) -> None:
        self.pattern = compile_pattern(pattern, ignores_case)
        self.excluding = [compile_pattern(each, ignores_case) for each in excluding]

    def meets(self, other: _Area) -> bool:
        return _meet(self, other)

    def leaves_out(self, other: _Area) -> bool:
        return any(covers(pattern, other.pattern) for pattern in self.excluding)


@lru_cache(maxsize=65536)
def _area(pattern: str, excluding: tuple[str, ...], ignores_case: bool) -> _Area:
    return _Area(pattern, excluding, ignores_case)


@lru_cache(maxsize=65536)
def _meet(a: _Area, b: _Area) -> bool:
    """Who depends on a package claims it as all others do who depend on it."""
    return meet(a.pattern, b.pattern) and not (a.leaves_out(b) or b.leaves_out(a))


def _areas(claims: Claims, ignores_case: bool) -> list[tuple[Claim, _Area]]:
    return [
        (claim, _area(claim.pattern, claim.excluding, ignores_case and claim.access not in _RESOURCES))
        for claim in claims.entries
    ]


class _Holders:
    """Who holds one area or resource: the last that writes it, and those that have read it or added to it since.

    What came before the last writer is forgotten: whatever conflicts with that conflicts with the writer too, which has
    itself been ordered after it.
    """

    __slots__ = ("adds", "area", "changed", "latest", "reads", "tells", "write")

    def __init__(self, area: _Area) -> None:
        self.area = area
        self.changed, self.tells = False, True
        self.adds: list[Held] = []
        self.reads: list[Held] = []
        self.write: Held | None = None
        self.latest = 0

    def add(self, held: Held) -> None:
        self.latest = held[0]
        access = held[1].access
        if access in _ALONE:
            self.write = held
            self.adds, self.reads = [], []
        else:
            (self.adds if access is Access.ADD else self.reads).append(held)

    def concern(self, access: Access) -> bool:
        """Whether `against` names anybody."""
        if self.write:
            return True
        return bool((self.reads and access is not Access.READ) or (self.adds and access is not Access.ADD))

    def against(self, access: Access) -> Iterator[Held]:
        if self.write:
            yield self.write
        if access in _ALONE or access is Access.ADD:
            yield from self.reads
        if access in _ALONE or access is Access.READ:
            yield from self.adds


class _Node:
    """What is held at one literal prefix (patterns that are just that path, and those that go on from it), and the tree below."""

    __slots__ = ("below", "here")

    def __init__(self) -> None:
        self.here: dict[object, _Holders] = {}
        self.below: dict[str, _Node] = {}

    def along(self, rows: Sequence[Segments]) -> Iterator[_Holders]:
        """What may match one of `rows`, which start below here and do not go on without end. May name one twice."""
        ends = () in rows
        yield from [holders for holders in self.here.values() if ends or not holders.area.pattern.literal]
        if not self.below:
            return
        following: dict[Segment, list[Segments]] = {}
        for row in rows:
            if row and (not isinstance(row[0], str) or row[0] in self.below):
                following.setdefault(row[0], []).append(row[1:])
        for segment, rest in following.items():
            for node in [self.below[segment]] if isinstance(segment, str) else self.below.values():
                yield from node.along(rest)

    def all_below(self) -> Iterator[_Holders]:
        nodes = [self]
        while nodes:
            node = nodes.pop()
            yield from node.here.values()
            nodes.extend(node.below.values())

    def at(self, prefix: tuple[str, ...]) -> _Node:
        """The node of a literal prefix, which is made where it is not there."""
        node = self
        for segment in prefix:
            below = node.below.get(segment)
            if below is None:
                below = node.below[segment] = _Node()
            node = below
        return node

    def candidates(self, pattern: Pattern) -> Iterator[_Holders]:
        """Above the literal prefix only patterns that go on can match; from it on, what lies where an alternative of `pattern` leads."""
        node: _Node | None = self
        for segment in pattern.prefix:
            assert node is not None
            if node.here:
                yield from [holders for holders in node.here.values() if may_lead(holders.area.pattern, pattern.prefix)]
            node = node.below.get(segment)
            if node is None:
                return
        assert node is not None
        if pattern.literal:
            yield from node.here.values()
        elif any(None in alternative for alternative in pattern.alternatives):
            yield from node.all_below()
        else:
            depth = len(pattern.prefix)
            yield from dict.fromkeys(node.along([alternative[depth:] for alternative in pattern.alternatives]))


class _Claimed:
    """What steps hold, to be asked for conflicts. Who reads asks only those of `paths` that are also in `changed`: not only read."""

    __slots__ = ("changed", "made", "paths", "resources")

    def __init__(self) -> None:
        self.made: dict[int, tuple[str, ...]] = {}
        self.paths = _Node()
        self.changed = _Node()
        self.resources: dict[object, _Holders] = {}

    def add(self, index: int, areas: Sequence[tuple[Claim, _Area]]) -> None:
        if folders := _made(areas):
            self.made[index] = folders
        for claim, area in areas:
            self._holders(claim, area).add((index, claim))

    def against(self, areas: Sequence[tuple[Claim, _Area]], before: Sequence[int] = ()) -> Iterator[tuple[int, Claim, Claim]]:
        """The step, its claim, and the claim among those of `areas` that conflicts with it.

        `before` are, for each step, those that come before it, as bits: one that comes before another that was named need not be.
        """
        made = _made(areas)
        for right, area in areas:
            known = 0
            for holders in self._near(right, area):
                found = [(index, left) for index, left in holders.against(right.access) if not known >> index & 1]
                if found and (right.access in _RESOURCES or holders.area.meets(area)):
                    for index, left in found:
                        if _is_unmoved(right, left, made) or _is_unmoved(left, right, self.made.get(index, ())):
                            continue
                        yield index, left, right
                        known |= before[index] | 1 << index if before else 0

    def _holders(self, claim: Claim, area: _Area) -> _Holders:
        if claim.access in _RESOURCES:
            return _entry(self.resources, claim.pattern, area)
        key = (claim.pattern, claim.excluding)
        holders = _entry(self.paths.at(area.pattern.prefix).here, key, area)
        holders.tells = not claim.pattern.endswith(_CACHE_MARK)
        if claim.access is not Access.READ and not holders.changed:
            holders.changed = True
            self.changed.at(area.pattern.prefix).here[key] = holders
        return holders

    def _near(self, claim: Claim, area: _Area) -> Sequence[_Holders]:
        """All that may be held at the place of `claim`, the latest first."""
        if claim.access in _RESOURCES:
            holders = self.resources.get(claim.pattern)
            return (holders,) if holders else ()
        tree = self.changed if claim.access is Access.READ else self.paths
        near = [holders for holders in tree.candidates(area.pattern) if holders.concern(claim.access)]
        return sorted(near, key=_latest, reverse=True)


def _made(areas: Sequence[tuple[Claim, _Area]]) -> tuple[str, ...]:
    """The folders that a step makes where they are not there."""
    return tuple(filter(None, (_folder(claim) for claim, _ in areas)))


def _folder(claim: Claim) -> str | None:
    is_one = claim.access is Access.ADD and claim.pattern.endswith(_BELOW)
    return claim.pattern.removesuffix(_BELOW) if is_one else None


def _is_unmoved(other: Claim, maker: Claim, made: Sequence[str]) -> bool:
    """Whether it is all the same to `other` if the folder that `maker` makes is there. Its own step makes the folders `made`.

    So it is when it only touches what is in the folder, which its step makes too (or one below it), and when it reads files wherever
    they are: there are none in the folder by its being made.
    """
    folder = _folder(maker)
    if folder is None or overlap(folder, other.pattern, ignores_case=True):
        return False
    below = f"{folder}/"
    reads_wherever = other.access is Access.READ and not other.pattern.startswith(below)
    return reads_wherever or any(own == folder or own.startswith(below) for own in made)


def _latest(holders: _Holders) -> tuple[int, bool]:
    return holders.latest, holders.tells


def _tells_little(cause: Conflict | Barrier) -> bool:  # filling a cache is hardly ever what keeps two steps apart
    return isinstance(cause, Conflict) and _CACHE_MARK in cause.left.pattern + cause.right.pattern


def _entry(holders: dict[object, _Holders], key: object, area: _Area) -> _Holders:
    found = holders.get(key)
    if found is None:
        found = holders[key] = _Holders(area)
    return found
