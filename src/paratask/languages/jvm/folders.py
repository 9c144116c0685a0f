"""Folders of modules and projects that lie in one another: what belongs to one, without those below it. Knows no tool."""

from __future__ import annotations

from paratask.claims.model import Claim, Evidence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from paratask.claims.model import Access
    from paratask.plugins.hookspecs import Place

HIDDEN = "/.*"


def children_of(folder: str, folders: Iterable[str]) -> tuple[str, ...]:
    """Those of `folders` that lie below `folder`, but not in one another."""
    below = sorted({other for other in folders if other.startswith(folder.rstrip("/") + "/")})
    found: list[str] = []
    for other in below:
        if not any(other.startswith(above + "/") for above in found):
            found.append(other)
    return tuple(found)


def below_but(access: Access, folder: str, left_out: Iterable[str], place: Place, reason: str, *, hidden: bool = True) -> Claim:
    """All below `folder` without the paths in `left_out`, and all of these; without `hidden`, also without names with a dot first."""
    patterns = [place.pattern(path, "/**") for path in left_out if path != folder]
    if not hidden:
        patterns.append(place.pattern(folder, HIDDEN + "/**"))
    return Claim(
        access=access,
        pattern=place.pattern(folder, "/**"),
        excluding=tuple(dict.fromkeys(patterns)),
        evidence=Evidence.INFERRED,
        reason=reason,
    )
