"""Links that steps make, followed: what is claimed below a link's name is claimed where it leads, too. See "Claims" in docs/design.md.

No file tells where a link leads before it is made, or what a name was led to by the one that was there; so that goes by the
links that claims carry. Loaded only where there are any. Pure; knows no files.
"""

from __future__ import annotations

import posixpath

from paratask.claims.above import rests
from paratask.claims.braces import expand
from paratask.claims.model import Access, Claim, Evidence, Link
from paratask.claims.overlap import compile_pattern, covers
from paratask.frozen import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from paratask.claims.model import Claims

_MAX_ALTERNATIVES = 256
_MAX_FOLLOWED = 40
"""Linux goes through so many links on the way to a path, and no system through more."""
_MAX_GROWING = 8
"""Up to so many of them, what is claimed may become longer with each. What goes on growing goes round in a circle."""
_MAX_CARRIED = 8
_MAX_FOUND = 1000
_PATHS = (Access.READ, Access.WRITE, Access.ADD)
_EVERYWHERE = ("**", "/**")


def with_links(steps: Sequence[Claims], links: Sequence[Link]) -> list[Claims]:
    """The claims of each step, and what they mean where one of `links` is on the way."""
    known = _with_carried(links)
    return [_followed(claims, known) for claims in steps]


def _followed(claims: Claims, links: Sequence[Link]) -> Claims:
    named = [entry for entry in claims.entries if entry.access in _PATHS]
    found = list(dict.fromkeys(_made_through(claims.links, links)))
    new: Sequence[Claim] = [*named, *found]
    longest = max((entry.pattern.count("/") for entry in new), default=0)
    known = {_meant(entry) for entry in new}
    for followed in range(_MAX_FOLLOWED):
        led: dict[Claim, Claim] = {}
        for entry in _led(new, links):
            if followed < _MAX_GROWING or entry.pattern.count("/") <= longest:
                led.setdefault(_meant(entry), entry)
        new = [entry for meant, entry in led.items() if meant not in known]
        known.update(led)
        found.extend(new)
        if not new:
            break
        if len(found) > _MAX_FOUND:
            found.extend(anywhere for entry in named for anywhere in _anywhere(entry))
            break
    return replace(claims, entries=(*claims.entries, *found)) if found else claims


def _meant(entry: Claim) -> Claim:
    """All of a claim but its reason: by which links it was come upon makes no other one of it."""
    return replace(entry, reason="")


def _led(entries: Iterable[Claim], links: Sequence[Link]) -> Iterator[Claim]:
    """What the entries mean one link further."""
    for entry in entries:
        for link in links:
            if entry in link.within:
                continue
            for pattern in _through(entry.pattern, link):
                if entry.excluding or not covers(compile_pattern(entry.pattern), compile_pattern(pattern)):
                    reason = f"{entry.reason}, where the link `{link.at}` leads"
                    yield replace(entry, pattern=pattern, excluding=(), reason=reason)


def _anywhere(entry: Claim) -> Iterator[Claim]:
    for pattern in _EVERYWHERE:
        yield replace(entry, pattern=pattern, excluding=(), reason=f"{entry.reason}, through more links than are followed")


def _made_through(own: Sequence[Link], links: Sequence[Link]) -> Iterator[Claim]:
    """What is written by making links below the names of others: `ln -s b a` puts `b` into what `a` already leads to."""
    for made in own:
        for link in links:
            if made.carries or made.at == link.at:
                continue
            for pattern in _through(made.at, link):
                yield Claim(
                    access=Access.WRITE,
                    pattern=pattern if pattern in _EVERYWHERE else f"{pattern}/**",
                    evidence=Evidence.INFERRED,
                    reason=f"a link is made where the link `{link.at}` leads",
                )


def _with_carried(links: Sequence[Link]) -> list[Link]:
    """The links, and those that are found under another name once they have been moved or copied. They lead elsewhere from another folder."""
    found = dict.fromkeys(link for link in links if not link.carries)
    moves = [link for link in links if link.carries]
    for _ in range(_MAX_CARRIED if moves else 0):
        new = {link: None for move in moves for old in found for link in _carried(old, move) if link not in found}
        found.update(new)
        if not new or len(found) > _MAX_FOUND:
            break
    return list(found)


def _carried(link: Link, move: Link) -> Iterator[Link]:
    if move.leads_to is not None:
        is_beside = posixpath.dirname(move.at) == posixpath.dirname(move.leads_to)
        for rest in _rests(link.at, move.leads_to):
            yield Link(
                at=_joined(move.at, rest), leads_to=link.leads_to if is_beside and not rest else None, within=move.within
            )


def _through(pattern: str, link: Link) -> Iterator[str]:
    for rest in _rests(pattern, link.at):
        if link.leads_to is None:
            yield from _EVERYWHERE
        else:
            yield _joined(link.leads_to, rest)


def _rests(pattern: str, at: str) -> Iterator[str]:
    """What is left of the pattern behind the name `at`."""
    if pattern.startswith("/") != at.startswith("/"):
        return
    texts = expand(pattern, _MAX_ALTERNATIVES)
    if texts is None or any(".." in text.split("/") for text in texts):
        texts = ("**",)
    names = [name for name in at.split("/") if name not in ("", ".")]
    for text in texts:
        yield from rests(text, names)


def _joined(folder: str, rest: str) -> str:
    return rest or folder if folder == "." or not rest else f"{folder.rstrip('/')}/{rest}"
