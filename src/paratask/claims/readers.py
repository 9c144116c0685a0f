"""Who only reads: it can be no reason why a neighbour failed. And of whom nothing is missed where it is stopped half way, as of tests.

Knows no tasks and no processes. See "When something fails" in docs/design.md.
"""

from __future__ import annotations

from paratask.claims.conflicts import conflict
from paratask.claims.model import Access, Claim, Claims, Effect, Evidence, Worth

_NOT_KNOWN = frozenset((Evidence.NONE, Evidence.OBSERVED))
"""What was seen tells which files it touched, and not what else it did."""


def only_reads(claims: Claims) -> bool:
    """Whether a step changes nothing but its tools' caches, which they can lose at any time, and shares none of its work with others (`run: once`)."""
    return may_be_stopped(claims) and not any(entry.worth is Worth.TRANSIENT for entry in claims.entries)


def may_be_stopped(claims: Claims) -> bool:
    """Whether nothing is missed where a step is stopped half way: it only reads, or what it writes is nobody's product, as with tests."""
    if claims.effect is Effect.OUTSIDE or claims.evidence in _NOT_KNOWN or claims.kept_in_place or claims.links:
        return False
    return all(
        entry.evidence not in _NOT_KNOWN and (entry.worth is not Worth.PRODUCT or _is_harmless(entry))
        for entry in claims.entries
    )


def _is_harmless(entry: Claim) -> bool:
    if entry.access is Access.SHARED:
        return not entry.pattern.startswith("once:")
    return entry.access in (Access.READ, Access.ADD)


def are_strangers(a: Claims, b: Claims, *, tests: bool = False, ignores_case: bool = False) -> bool:
    """Whether two steps only read, and neither looks at the other's caches: two that fill one side by side do not mind each other. The
    first may be one that `tests`.
    """
    is_meant = may_be_stopped(a) if tests else only_reads(a)
    return is_meant and only_reads(b) and conflict(a, b, ignores_case=ignores_case) is None
