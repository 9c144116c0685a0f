"""Who only reads: it can be no reason why a neighbour failed, and nothing is lost or left half done where it is stopped.

Knows no tasks and no processes. See "When something fails" in docs/design.md.
"""

from __future__ import annotations

import re

from paratask.claims.conflicts import conflict
from paratask.claims.model import Access, Claims, Effect, Evidence

_OWN_RECORDS = "fingerprint:"
"""The resource of a task that notes which sources it has seen, as the last thing that it does."""
_CACHE = re.compile(r"(?:.*/)?\.[\w-]*cache(?:/\*\*)?")
_NOT_KNOWN = frozenset((Evidence.NONE, Evidence.OBSERVED))
"""What was seen tells which files it touched, and not what else it did."""


def only_reads(claims: Claims) -> bool:
    """Whether a step changes nothing but its tools' caches, which they can lose at any time, and shares none of its work with others (`run: once`)."""
    if claims.effect is Effect.OUTSIDE or claims.evidence in _NOT_KNOWN or claims.kept_in_place or claims.links:
        return False
    return all(entry.evidence not in _NOT_KNOWN and _is_harmless(entry.access, entry.pattern) for entry in claims.entries)


def _is_harmless(access: Access, pattern: str) -> bool:
    if access is Access.SHARED:
        return not pattern.startswith("once:")
    if access is Access.WRITE:
        return _CACHE.fullmatch(pattern) is not None
    return access in (Access.READ, Access.ADD) or (access is Access.EXCLUSIVE and pattern.startswith(_OWN_RECORDS))


def are_strangers(a: Claims, b: Claims, *, ignores_case: bool = False) -> bool:
    """Whether two steps only read, and neither looks at the other's caches: two that fill one side by side do not mind each other."""
    return only_reads(a) and only_reads(b) and conflict(a, b, ignores_case=ignores_case) is None
