"""Short ways to write claims, reaches and neighbours."""

from __future__ import annotations

from paratask.claims.model import Access, Claim, Claims, Effect, Evidence, unknown
from paratask.planning.expand import Reach
from paratask.planning.guards import Manner
from paratask.planning.sets import Neighbour


def claims(*, reads=(), writes=(), uses=(), exclusive=(), evidence=Evidence.INFERRED, effect=Effect.LOCAL, reason="") -> Claims:
    kinds = ((Access.READ, reads), (Access.WRITE, writes), (Access.SHARED, uses), (Access.EXCLUSIVE, exclusive))
    entries = tuple(
        Claim(access=access, pattern=pattern, evidence=evidence, reason="")
        for access, patterns in kinds
        for pattern in patterns
    )
    return Claims(entries=entries, evidence=evidence, effect=effect, effect_reason=reason)


def neighbour(name, found=None, *, background=False, why_alone="", tasks=(), manner=None, **kinds) -> Neighbour:
    reach = Reach(claims=found or claims(**kinds), tasks=frozenset((name, *tasks)), manner=manner or Manner())
    return Neighbour(name=name, task=name, reach=reach, background=background, why_alone=why_alone)


def not_understood(name) -> Neighbour:
    return neighbour(name, unknown(f"{name} is not known"))


def outside(name, **kinds) -> Neighbour:
    return neighbour(name, effect=Effect.OUTSIDE, reason="it pushes", **kinds)
