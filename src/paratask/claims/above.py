"""Claims on folders above the checkout, seen from inside it: `find ..` goes through the checkout as well.

Patterns that start with `/` and those that do not never meet (overlap.py), so what the first kind means inside is said by further claims. Knows no
files; symbolic links have been followed.
"""

from __future__ import annotations

from paratask.claims.braces import expand
from paratask.claims.overlap import escape, overlap
from paratask.frozen import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from paratask.claims.model import Claim, Claims

_ANY = "**"
_MAX_ALTERNATIVES = 256


def with_inside(claims: Claims, root: str) -> Claims:
    """The claims, and what they mean inside the checkout whose absolute path is `root`."""
    inside = tuple(dict.fromkeys(found for entry in claims.entries for found in _inside(entry, root)))
    return replace(claims, entries=(*claims.entries, *inside)) if inside else claims


def _inside(entry: Claim, root: str) -> Iterator[Claim]:
    if entry.pattern.startswith("/") and not entry.assumed:
        excluding = tuple(found for other in entry.excluding for found in seen_from(other, root))
        for pattern in seen_from(entry.pattern, root):
            yield replace(entry, pattern=pattern, excluding=excluding)


def seen_from(pattern: str, root: str) -> tuple[str, ...]:
    """The patterns, as seen from the folder `root`, of all that `pattern` matches below it; one that is no absolute one as it is."""
    if not pattern.startswith("/"):
        return (pattern,)
    texts = expand(pattern, _MAX_ALTERNATIVES)
    if texts is None or any(".." in text.split("/") for text in texts):
        return (_ANY,)
    names = [escape(name) for name in root.split("/") if name]
    return tuple(dict.fromkeys(found for text in texts for found in rests(text, names) if found))


def rests(text: str, names: Sequence[str]) -> Iterator[str]:
    """What is left of a pattern, which has no braces, once it has led to the path of these names; nothing where it ends there."""
    segments = [segment for segment in text.split("/") if segment not in ("", ".")]
    if text.endswith("/"):
        segments.append(_ANY)
    places = _spread({0}, segments)
    for name in names:
        stays = {at for at in places if segments[at : at + 1] == [_ANY]}
        goes = {at + 1 for at in places - stays if at < len(segments) and overlap(segments[at], name)}
        places = _spread(stays | goes, segments)
    for at in sorted(places):
        if not (at - 1 in places and segments[at - 1 : at] == [_ANY]):
            yield "/".join(segments[at:])


def _spread(places: set[int], segments: Sequence[str]) -> set[int]:
    """With those behind each `**`, which may stand for nothing."""
    found = set(places)
    for place in places:
        at = place
        while segments[at : at + 1] == [_ANY]:
            at += 1
            found.add(at)
    return found
