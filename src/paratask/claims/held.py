"""What steps hold, to be asked for what conflicts with it. See "Claims" in docs/design.md.

Claims are kept in a tree by the literal segments they start with, so that thousands of steps in folders of their own cost no comparison.
Knows nothing of order between steps but their numbers.
"""

from __future__ import annotations

from functools import lru_cache

from paratask.claims.model import Access, Claim, Claims
from paratask.claims.overlap import Pattern, compile_pattern, covers, may_lead, meet, overlap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TypeAlias

    from paratask.claims.segments import Segment, Segments

    Hold: TypeAlias = tuple[int, Claim]
    """The index of a step, and a claim of it."""

RESOURCES = (Access.SHARED, Access.EXCLUSIVE)
CACHE_MARK = "/CACHEDIR.TAG"
_ALONE = (Access.WRITE, Access.EXCLUSIVE)
_BELOW = "/**"


class Area:
    """The paths of claims, or the name of a resource. Claims of one area share it, so that two areas are compared once."""

    __slots__ = ("_excluding", "_ignores_case", "pattern")

    def __init__(self, pattern: str, excluding: tuple[str, ...], ignores_case: bool) -> None:
        self.pattern = compile_pattern(pattern, ignores_case)
        self._excluding, self._ignores_case = excluding, ignores_case

    def meets(self, other: Area) -> bool:
        """Whether both may hold one path, and neither leaves the other out."""
        return _meet(self, other)

    def leaves_out(self, other: Area) -> bool:
        """Whether nothing of the other is a part of this."""
        return any(covers(compile_pattern(each, self._ignores_case), other.pattern) for each in self._excluding)


@lru_cache(maxsize=65536)
def _area(pattern: str, excluding: tuple[str, ...], ignores_case: bool) -> Area:
    return Area(pattern, excluding, ignores_case)


@lru_cache(maxsize=65536)
def _meet(a: Area, b: Area) -> bool:
    """Who depends on a package claims it as all others do who depend on it."""
    return meet(a.pattern, b.pattern) and not (a.leaves_out(b) or b.leaves_out(a))


def areas_of(claims: Claims, ignores_case: bool) -> list[tuple[Claim, Area]]:
    """What a step claims, each with the area that it lies in."""
    return [(claim, _area(claim.pattern, claim.excluding, ignores_case)) for claim in claims.entries]


class _Holders:
    """Who holds one area or resource: the last that writes it, and those that have read it or added to it since.

    What came before the last writer is forgotten: whatever conflicts with that conflicts with the writer too, which has
    itself been ordered after it.
    """

    __slots__ = ("adds", "area", "changed", "latest", "reads", "tells", "write")

    def __init__(self, area: Area) -> None:
        self.area = area
        self.changed, self.tells = False, True
        self.adds: list[Hold] = []
        self.reads: list[Hold] = []
        self.write: Hold | None = None
        self.latest = 0

    def add(self, held: Hold) -> None:
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

    def against(self, access: Access) -> Iterator[Hold]:
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
        self.here: dict[object, _Holders] = {}  # by their area
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


class Held:
    """What steps hold, to be asked for conflicts. Who reads asks only those of `paths` that are also in `changed`: not only read."""

    __slots__ = ("changed", "made", "paths", "resources")

    def __init__(self) -> None:
        self.made: dict[int, tuple[str, ...]] = {}
        self.paths = _Node()
        self.changed = _Node()
        self.resources: dict[object, _Holders] = {}

    def add(self, index: int, areas: Sequence[tuple[Claim, Area]]) -> None:
        """A step holds these, after all that were added before."""
        if folders := _made(areas):
            self.made[index] = folders
        for claim, area in areas:
            self._holders(claim, area).add((index, claim))

    def against(self, areas: Sequence[tuple[Claim, Area]], before: Sequence[int] = ()) -> Iterator[tuple[int, Claim, Claim]]:
        """The step, its claim, and the claim among those of `areas` that conflicts with it.

        `before` are, for each step, those that come before it, as bits: one that comes before another that was named need not be.
        """
        made = _made(areas)
        for right, area in areas:
            known = 0
            for holders in self._near(right, area):
                found = [(index, left) for index, left in holders.against(right.access) if not known >> index & 1]
                if found and (right.access in RESOURCES or holders.area.meets(area)):
                    for index, left in found:
                        if _is_unmoved(right, left, made) or _is_unmoved(left, right, self.made.get(index, ())):
                            continue
                        yield index, left, right
                        known |= before[index] | 1 << index if before else 0

    def _holders(self, claim: Claim, area: Area) -> _Holders:
        if claim.access in RESOURCES:
            return _entry(self.resources, claim.pattern, area)
        holders = _entry(self.paths.at(area.pattern.prefix).here, area, area)
        holders.tells = not claim.pattern.endswith(CACHE_MARK)
        if claim.access is not Access.READ and not holders.changed:
            holders.changed = True
            self.changed.at(area.pattern.prefix).here[area] = holders
        return holders

    def _near(self, claim: Claim, area: Area) -> Sequence[_Holders]:
        """All that may be held at the place of `claim`, the latest first."""
        if claim.access in RESOURCES:
            holders = self.resources.get(claim.pattern)
            return (holders,) if holders else ()
        tree = self.changed if claim.access is Access.READ else self.paths
        near = [holders for holders in tree.candidates(area.pattern) if holders.concern(claim.access)]
        return sorted(near, key=_latest, reverse=True) if len(near) > 1 else near


def _made(areas: Sequence[tuple[Claim, Area]]) -> tuple[str, ...]:
    """The folders that a step makes where they are not there."""
    return tuple(filter(None, [_folder(claim) for claim, _ in areas if claim.access is Access.ADD]))


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


def _entry(holders: dict[object, _Holders], key: object, area: Area) -> _Holders:
    found = holders.get(key)
    if found is None:
        found = holders[key] = _Holders(area)
    return found
