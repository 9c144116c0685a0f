"""Neighbouring calls arranged: which waits for which, and why. See "Steps and sets" and "Claims" in docs/design.md.

Pure: what each call claims comes in, edges come out. Knows how weak a claim may be and still be believed; nothing of Taskfiles.
"""

from __future__ import annotations

from paratask.claims.conflicts import conflict, edges, is_barrier
from paratask.claims.model import Claims, Effect, Evidence, unknown
from paratask.frozen import dataclass, replace
from paratask.planning.arrangement import Arrangement, arranged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from paratask.planning.expand import Reach

LEVELS = {
    "declared": Evidence.DECLARED,
    "observed": Evidence.OBSERVED,
    "inferred": Evidence.INFERRED,
    "all": Evidence.NONE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """One of neighbouring calls: its name as shown, what it reaches, and whether the author wrote `&` after it."""

    name: str
    reach: Reach
    background: bool = False


def arrange(neighbours: Sequence[Neighbour], *, level: str, apart: frozenset[frozenset[str]]) -> Arrangement:
    """Steps that are calls. `apart` are pairs of tasks that failed beside each other and passed alone."""
    believed = [_believed(neighbour.reach.claims, level) for neighbour in neighbours]
    found: list[dict[int, str]] = [{} for _ in neighbours]
    if any(neighbour.background for neighbour in neighbours):
        _pairwise(neighbours, believed, found)
    else:
        for index, causes in enumerate(edges(believed)):
            for edge in causes:
                found[index][edge.earlier] = edge.cause.sentence(neighbours[edge.earlier].name, neighbours[index].name)
    _keep_apart(neighbours, apart, found)
    return _arrangement(neighbours, believed, found)


def arrange_dependencies(neighbours: Sequence[Neighbour], *, apart: frozenset[frozenset[str]]) -> Arrangement:
    """Dependencies, which their author declared independent: only what is known better than by inference orders them."""
    strong = [_only_strong(neighbour.reach.claims) for neighbour in neighbours]
    found: list[dict[int, str]] = [{} for _ in neighbours]
    for index, causes in enumerate(edges(strong)):
        for edge in causes:
            found[index][edge.earlier] = edge.cause.sentence(neighbours[edge.earlier].name, neighbours[index].name)
    _keep_apart(neighbours, apart, found)
    return _arrangement(neighbours, strong, found, default="a dependency; its author let it run beside the others")


def _believed(claims: Claims, level: str) -> Claims:
    if level == "all":
        entries = tuple(entry for entry in claims.entries if entry.evidence is Evidence.DECLARED)
        effect = claims.effect if claims.evidence > Evidence.NONE else Effect.LOCAL
        return replace(claims, entries=entries, effect=effect)
    if claims.evidence is Evidence.NONE:
        return unknown(claims.effect_reason or _unknown_reason(claims))
    if claims.evidence < LEVELS[level]:
        return unknown(f"its claims are {claims.evidence.name.lower()}, and `parallel` is `{level}`")
    return claims


def _unknown_reason(claims: Claims) -> str:
    return next((entry.reason for entry in claims.entries if entry.evidence is Evidence.NONE), "not understood")


def _only_strong(claims: Claims) -> Claims:
    entries = tuple(entry for entry in claims.entries if entry.evidence >= Evidence.OBSERVED)
    return Claims(entries=entries, evidence=Evidence.DECLARED)


def _pairwise(neighbours: Sequence[Neighbour], believed: Sequence[Claims], found: list[dict[int, str]]) -> None:
    """With `&`: nobody waits for a call in the background; the others keep order where they conflict."""
    for later, claims in enumerate(believed):
        for earlier in range(later):
            if neighbours[earlier].background:
                continue
            cause = conflict(believed[earlier], claims)
            barrier = is_barrier(believed[earlier]) or is_barrier(claims)
            if cause:
                found[later][earlier] = cause.sentence(neighbours[earlier].name, neighbours[later].name)
            elif barrier:
                found[later][earlier] = barrier


def _keep_apart(neighbours: Sequence[Neighbour], apart: frozenset[frozenset[str]], found: list[dict[int, str]]) -> None:
    for pair in sorted(sorted(pair) for pair in apart):
        first, second = (*pair, *pair)[:2]
        for later in range(len(neighbours)):
            for earlier in range(later):
                ours, theirs = neighbours[later].reach.tasks, neighbours[earlier].reach.tasks
                if (first in ours and second in theirs) or (second in ours and first in theirs):
                    reason = f"`{first}` and `{second}` failed beside each other in an earlier run and passed alone"
                    found[later].setdefault(earlier, reason)


def _arrangement(
    neighbours: Sequence[Neighbour], believed: Sequence[Claims], found: Sequence[dict[int, str]], *, default: str = ""
) -> Arrangement:
    after = tuple(frozenset(causes) for causes in found)
    made = arranged(after)
    reasons = []
    for index, causes in enumerate(found):
        if causes:
            reasons.append(causes[max(causes)])
        elif neighbours[index].background:
            reasons.append("its author wrote `&` after it")
        elif others := made.together(index, limit=4):
            reasons.append(default or _together_reason(believed[index], [neighbours[i].name for i in others]))
        else:
            reasons.append("first of its neighbours" if len(found) > 1 else "nothing beside it")
    return replace(made, reasons=tuple(reasons))


def _together_reason(claims: Claims, others: Sequence[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in others[:3]) + (" and others" if len(others) > 3 else "")
    return f"touches nothing that {shown} touch{'es' if len(others) == 1 else ''} ({claims.evidence.name.lower()})"
