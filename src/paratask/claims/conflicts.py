"""Which steps may not hold their claims at the same time, and the order that follows. See "Claims" and "Steps and sets".

Two claims conflict when they are for the same place and one of them writes, or for the same resource and one of them wants it
alone. Two that add do not; and of a folder that is made, what is in it is free for who makes that folder too. A step with an outside effect is a barrier: it comes after all that was written above it, and before all below.

The sentence that explains a conflict is made from the two claims that decided it. Knows no tasks, no names, and nothing of how far a
claim is to be believed: who asks has weighed the evidence.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

from paratask.claims.braces import next_group
from paratask.claims.held import CACHE_MARK, RESOURCES, Held, areas_of
from paratask.claims.model import GIVES_TIME, Access, Claim, Claims, Effect, Evidence
from paratask.claims.overlap import overlap
from paratask.frozen import dataclass, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_LONG = 3
"""A list in braces with so many commas may be shown shortened (reporting/patterns_text.py)."""
_VERBS = {
    Access.READ: "reads {}",
    Access.WRITE: "writes {}",
    Access.ADD: "adds to {}",
    Access.SHARED: "uses {}",
    Access.EXCLUSIVE: "needs {} for itself",
}
_OWNRESOURCES = {
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
        one = _told_with_why(_meeting_first(self.left, self.right))
        other = _told_with_why(_meeting_first(self.right, self.left))
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
        touches = "is a pause" if self.reason == GIVES_TIME else "counts as touching anything"
        does = "has effects outside this checkout" if self.is_outside else touches
        return f"`{right if self.later else left}` {does} ({self.reason}), so {waits}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A step comes after the one at index `earlier`, because of `cause`."""

    earlier: int
    cause: Conflict | Barrier


def conflict(a: Claims, b: Claims, *, ignores_case: bool = False) -> Conflict | None:
    """The first two claims of `a` and `b` that must not hold at the same time; None where they may run together."""
    held = Held()
    held.add(0, areas_of(a, ignores_case))
    return next((Conflict(left=left, right=right) for _, left, right in held.against(areas_of(b, ignores_case))), None)


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
    held = Held()
    start = 0
    above: dict[int, Barrier] = {}
    for index, claims in enumerate(steps):
        paused = pause(claims)
        own: dict[int, Conflict | Barrier] = {i: b for i, b in above.items() if not paused or b.reason != GIVES_TIME}
        if own_barrier := _barrier(claims, later=True):
            own.update(dict.fromkeys(range(start, index), own_barrier))
            held, start = Held(), index + 1
            before_others = _barrier(claims, later=False)
            above = {index: before_others} if before_others else {}
        else:
            areas = areas_of(claims, ignores_case)
            for earlier, left, right in held.against(areas, before):
                if earlier not in own or _tells_little(own[earlier]):
                    own[earlier] = Conflict(left=left, right=right)
            held.add(index, areas)
            if own and paused:
                above[index] = paused
        before.append(_before(own, before))
        found.append(tuple(Edge(earlier=earlier, cause=own[earlier]) for earlier in sorted(own)))
    return tuple(found)


def pause(claims: Claims) -> Barrier | None:
    """Of a step that only lets time pass: where it comes after something, that is what those below it are to find ready; but not another
    pause, whose time may pass with it.
    """
    is_pause = bool(claims.entries) and all(entry.reason == GIVES_TIME for entry in claims.entries)
    return Barrier(later=False, reason=GIVES_TIME, is_outside=False) if is_pause else None


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
    if claim.access in RESOURCES:
        kind, mark, name = claim.pattern.partition(":")
        words = _OWNRESOURCES.get((claim.access, kind + mark))
        if words is not None:
            return words.format(name)
    return _VERBS[claim.access].format(claim.pattern)


def _told_with_why(claim: Claim) -> str:  # the whole repository is claimed for want of something nearer, which is what to mend
    return f"{told(claim)} ({claim.reason})" if claim.pattern == "**" and claim.reason else told(claim)


def _meeting_first(claim: Claim, other: Claim) -> Claim:
    text = claim.pattern if claim.access in RESOURCES else _with_meeting_first(claim.pattern, other.pattern)
    return claim if text == claim.pattern else replace(claim, pattern=text)


@lru_cache(maxsize=1024)
def _with_meeting_first(text: str, other: str) -> str:
    """The pattern with what meets the other one first in each long list in braces: people are shown the beginning of it."""
    position = len(text) if other == "**" else 0
    while group := next_group(text, position):
        start, commas, end = group
        if len(commas) >= _LONG:
            names = [text[low + 1 : high] for low, high in pairwise([start, *commas, end])]
            names.sort(key=lambda name: not overlap(text[:start] + name + text[end + 1 :], other))
            text = f"{text[: start + 1]}{','.join(names)}{text[end:]}"
        position = end + 1
    return text


def _tells_little(cause: Conflict | Barrier) -> bool:  # filling a cache is hardly ever what keeps two steps apart
    return isinstance(cause, Conflict) and CACHE_MARK in cause.left.pattern + cause.right.pattern
