"""Patterns for people: `src/{[!.t]*,t,t[!o]*,…}/**` is everything in src but some names, spelled out since patterns have no "but"; of a
long list in braces the first ones say what it is; a cache is told by its folder, not by the mark in it, and a file without the `/**` that
would stand for what is in it; `**` alone is everything.

Those that leave out come from languages/name_patterns.py and the like. Any other pattern stays as it is. Pure text; knows no claims.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from paratask.claims.braces import next_group

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_NAMES = 6
MOST_ALTERNATIVES = 4
SHOWN_ALTERNATIVES = 3
DEEPEST = 6
EVERYTHING = "everything"
_WORD = re.compile(r"[^\s`]*\[![^\s`]*")
_ALTERNATIVE = re.compile(r"(?P<start>(?:\\.|[^\\*?\[\]{}])*)(?:\[!(?P<others>(?:\\.|[^\]\\])*)\]\*|(?P<any>\?\*))?")
_ANYWHERE = re.compile(r"/?\*\*/(?P<rest>.+?)(?:/\*\*)?")
_CACHE = re.compile(r".*(?:cache(?:__)?|\.tsbuildinfo|/\.\{[^/]*cache[^/]*\}|__pycache__/.*|CACHEDIR\.TAG)(?:/\*\*)?")
_CACHE_STARTS = frozenset((".es*", ".my*"))
"""What who passes over .eslintcache and .mypy_cache leaves out (languages/tool_claims.py)."""
_MARK = "/CACHEDIR.TAG"
_FILE = re.compile(r"(?<=[^\s/*}]\.)([A-Za-z]\w{0,5})/\*\*(?![^\s,;)])")
"""The end of a path whose last name has an ending, as that of a file mostly has."""
_ALL = re.compile(r"(?<!\S)\*\*(?![^\s,;)])")
_BELOW = re.compile(r"(?P<folder>(?:[^\s*]+/)?)\*/\*\*/(?P<name>[^\s/]+)(?P<but> \(but for .*\))")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@lru_cache(maxsize=4096)
def tell_patterns(text: str) -> str:
    """The text with all such patterns in it told."""
    text = _WORD.sub(lambda found: tell_pattern(found[0]), text) if "[!" in text else text
    if not ("{" in text or "." in text or "**" in text):
        return text
    return "`".join(part if index % 2 else shorten(_without_tails(part)) for index, part in enumerate(text.split("`")))


def _without_tails(text: str) -> str:
    return _ALL.sub(EVERYTHING, _FILE.sub(r"\1", text.replace(_MARK, "")))


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
    """One pattern: `everything in src (but target)`, or `*/**/*.go (but for target)`. In brackets, since more may be told behind it."""
    segments = pattern.split("/")
    places = [index for index, segment in enumerate(segments) if "[!" in segment]
    left_out = _left_out(segments[places[0]]) if len(places) == 1 else []
    if not left_out:
        return pattern
    head, tail = segments[: places[0]], segments[places[0] + 1 :]
    if tail not in ([], ["**"]):
        return f"{'/'.join([*head, '*', *tail])} (but for {listed(left_out)})"
    folder = "/".join(head) or "/" * pattern.startswith("/")
    depth = "" if tail else " directly"
    where = f"{depth} in {folder}" if folder else depth
    return f"everything{where} (but {listed(left_out)})"


def tell_excluding(patterns: Sequence[str]) -> str:
    """What a claim leaves out besides: names that are left out everywhere as these names, and whatever is a cache as that."""
    names = dict.fromkeys(name for pattern in patterns for name in _names_anywhere(pattern))
    others = [name for name in names if _CACHE.fullmatch(name) is None]
    return listed([*others, "caches"] if len(others) < len(names) else others)


def _names_anywhere(pattern: str) -> Sequence[str]:
    """The names that a pattern matches at any depth; the pattern itself where it says more than that."""
    found = _ANYWHERE.fullmatch(pattern)
    if found is None or "/" in found["rest"]:
        return (pattern,)
    rest = found["rest"]
    group = next_group(rest, 0)
    if group is None or (group[0], group[2]) != (0, len(rest) - 1):
        return (rest,)
    start, commas, end = group
    return [rest[low + 1 : high] for low, high in pairwise([start, *commas, end])]


def merge_depths(told: Sequence[str]) -> list[str]:
    """`src/*/**/*.go (but for .*)` and `src/*.go` are `src/**/*.go (but for .*)`: at any depth, but in some folders."""
    kept = dict.fromkeys(told)
    for text in told:
        found = _BELOW.fullmatch(text)
        if found is not None and (direct := f"{found['folder']}{found['name']}") in kept:
            del kept[direct]
            kept = {f"{found['folder']}**/{found['name']}{found['but']}" if key == text else key: None for key in kept}
    return list(kept)


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
    names = sorted(_complement(exact, others)) if "" in others else []
    return [*(name for name in names if name not in _CACHE_STARTS), "caches"] if _CACHE_STARTS.issubset(names) else names


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


def listed_with_tail(told: Sequence[str], most: int) -> str:
    """The same, of patterns as they are told; with what all of them leave out once, at the end."""
    tails = {text[text.index(" (but ") :] if " (but " in text else "" for text in told}
    tail = next(iter(tails)) if len(tails) == 1 else ""
    return listed([text.removesuffix(tail) for text in told], most) + tail
