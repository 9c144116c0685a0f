"""Patterns for people: `src/{[!.t]*,t,t[!o]*,…}/**` is everything in src but some names, spelled out since patterns have no "but"; and of a
long list in braces the first ones say what it is.

Those that leave out come from languages/name_patterns.py and the like. Any other pattern stays as it is. Pure text; knows no claims.
"""

from __future__ import annotations

import re
from itertools import pairwise

from paratask.claims.braces import next_group

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_NAMES = 6
MOST_ALTERNATIVES = 4
SHOWN_ALTERNATIVES = 3
DEEPEST = 6
_WORD = re.compile(r"[^\s`]*\[![^\s`]*")
_ALTERNATIVE = re.compile(r"(?P<start>(?:\\.|[^\\*?\[\]{}])*)(?:\[!(?P<others>(?:\\.|[^\]\\])*)\]\*|(?P<any>\?\*))?")
_ANYWHERE = re.compile(r"/?\*\*/\{(?P<names>[^{}?\[\\/]*)\}/\*\*")
_CACHE = re.compile(r".*(?:cache(?:__)?|\.tsbuildinfo|/\.\{[^/]*cache[^/]*\})(?:/\*\*)?")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def tell_patterns(text: str) -> str:
    """The text with all such patterns in it told."""
    text = _WORD.sub(lambda found: tell_pattern(found[0]), text) if "[!" in text else text
    return "`".join(part if index % 2 else shorten(part) for index, part in enumerate(text.split("`"))) if "{" in text else text


def shorten(text: str, depth: int = 0) -> str:
    """The text with `{a,b,c,d,e}` as `{a,b,c,…}`: of more than MOST_ALTERNATIVES that stand in braces the first ones."""
    parts: list[str] = []
    position = 0
    while depth < DEEPEST and (group := next_group(text, position)):
        start, commas, end = group
        inner = [shorten(text[low + 1 : high], depth + 1) for low, high in pairwise([start, *commas, end])]
        shown = inner if len(inner) <= MOST_ALTERNATIVES else [*inner[:SHOWN_ALTERNATIVES], "…"]
        parts += [text[position : start + 1], ",".join(shown), "}"]
        position = end + 1
    return "".join([*parts, text[position:]])


def tell_pattern(pattern: str) -> str:
    """One pattern: `everything in src but target`, or `*/**/*.go but for target`."""
    segments = pattern.split("/")
    places = [index for index, segment in enumerate(segments) if "[!" in segment]
    left_out = _left_out(segments[places[0]]) if len(places) == 1 else []
    if not left_out:
        return pattern
    head, tail = segments[: places[0]], segments[places[0] + 1 :]
    if tail not in ([], ["**"]):
        return f"{'/'.join([*head, '*', *tail])} but for {listed(left_out)}"
    folder = "/".join(head) or "/" * pattern.startswith("/")
    depth = "" if tail else " directly"
    where = f"{depth} in {folder}" if folder else depth
    return f"everything{where} but {listed(left_out)}"


def tell_excluding(patterns: Sequence[str]) -> str:
    """What a claim leaves out besides: names that are left out everywhere as these names, and whatever is a cache as that."""
    names = dict.fromkeys(name for pattern in patterns for name in _names_anywhere(pattern))
    others = [name for name in names if _CACHE.fullmatch(name) is None]
    return listed([*others, "caches"] if len(others) < len(names) else others)


def _names_anywhere(pattern: str) -> Sequence[str]:
    found = _ANYWHERE.fullmatch(pattern)
    return found["names"].split(",") if found is not None else (pattern,)


def _left_out(segment: str) -> list[str]:
    """The names that a segment leaves out, or their beginnings (`.*`), if that is all that it does; else none."""
    inner = segment[1:-1] if segment.startswith("{") and segment.endswith("}") else segment
    exact: set[str] = set()
    others: dict[str, str] = {}
    for text in inner.split(","):
        found = _ALTERNATIVE.fullmatch(text)
        if found is None:
            return []
        start = _ESCAPED.sub(r"\1", found["start"])
        if found["others"] is None and found["any"] is None:
            exact.add(start)
        else:
            others[start] = _ESCAPED.sub(r"\1", found["others"] or "")
    return sorted(_complement(exact, others)) if "" in others else []


def _complement(exact: set[str], others: dict[str, str]) -> Iterator[str]:
    """`others` are beginnings, with the characters that may not come next."""
    beginnings = {start + char for start, chars in others.items() for char in chars} - others.keys()
    yield from (f"{start}*" for start in beginnings)
    for start in others.keys() - exact - {""}:
        if not any(longer.startswith(start) for longer in beginnings):
            yield start


def listed(names: Sequence[str], most: int = MOST_NAMES) -> str:
    """All of them, or of many the first."""
    more = len(names) - most
    if more > 1:
        return f"{', '.join(names[:most])} and {more} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
