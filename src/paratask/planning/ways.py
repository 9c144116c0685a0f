"""The symbolic links on the way to a path: who goes that way reads them, as observing does, for it finds something else, or nothing,
once somebody has removed one or the folder that it is in.

Loaded where a path is not spelled as what it leads to. Pure; knows of the checkout what patterns say.
"""

from __future__ import annotations

from paratask.claims.model import Access, Claim, Claims, Evidence
from paratask.claims.overlap import escape
from paratask.frozen import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from paratask.plugins.hookspecs import Place


def with_ways(claims: Claims, place: Place) -> Claims:
    """The claims, and reading the links that lead to what they are on."""
    known = {entry.pattern for entry in claims.entries}
    found = {
        link: Claim(access=Access.READ, pattern=link, evidence=entry.evidence, reason=f"the link that leads to {entry.pattern}")
        for entry in claims.entries
        if entry.evidence is not Evidence.NONE
        for path in tuple(place.led.get(entry.pattern, ()))
        for link in _links_on(path, place)
        if link not in known
    }
    return replace(claims, entries=(*claims.entries, *found.values())) if found else claims


def _links_on(path: str, place: Place) -> Iterator[str]:
    """The patterns of links of the checkout that `path`, an absolute one, leads through, the last name included."""
    at = ""
    for name in path.split("/")[1:]:
        above, at = at or "/", f"{at}/{name}"
        if name not in ("", ".", ".."):
            entry = place.pattern(above, f"/{escape(name)}")
            if not entry.startswith("/") and entry != place.pattern(at):
                yield entry
