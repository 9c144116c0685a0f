"""Segments of path patterns compared: whether two rows of them can match one path, and whether one row holds all of another.

Both rows are walked at the same time, as two automata would be; each pair of positions is looked at once. Knows nothing of how
patterns are written.
"""

from __future__ import annotations

from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    Ranges: TypeAlias = tuple[tuple[int, int], ...]
    """The characters that one position admits, as ascending code point ranges, both ends included."""
    Characters: TypeAlias = tuple[Ranges | None, ...]
    """The characters of a segment; None stands for `*`, any number of them."""
    Segment: TypeAlias = "str | Wild | None"
    """A literal segment, one with wildcards, or None for `**`, any number of them."""
    Segments: TypeAlias = tuple[Segment, ...]
    Element: TypeAlias = "str | Wild | Ranges"
    """What is compared one by one: segments of a path, or characters of a segment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wild:
    """A segment with wildcards."""

    characters: Characters


_LAST = 0x10FFFF
_MAX_CASES = 512


def one(char: str) -> Ranges:
    """The ranges of one character."""
    return ((ord(char), ord(char)),)


def _elements_meet(a: Element, b: Element) -> bool:
    if isinstance(a, tuple) or isinstance(b, tuple):
        return isinstance(a, tuple) and isinstance(b, tuple) and _ranges_meet(a, b)
    return _segments_meet(a, b)


def _segments_meet(a: str | Wild, b: str | Wild) -> bool:
    if isinstance(a, str) and isinstance(b, str):
        return a == b
    left, right = _characters(a), _characters(b)
    if _starts_differ(left, right) or _starts_differ(left[::-1], right[::-1]):
        return False
    return walk(left, right)


def contains(outer: Segments, inner: Segments) -> bool:
    """Whether `outer` matches all that `inner` does, going by segments: one holds another when it is the same, or `*`, or fits."""
    seen: set[tuple[int, int]] = set()
    open_pairs = [(0, 0)]
    while open_pairs:
        pair = open_pairs.pop()
        if pair == (len(outer), len(inner)):
            return True
        if pair in seen:
            continue
        seen.add(pair)
        i, j = pair
        if i == len(outer):
            continue
        large = outer[i]
        if large is None:
            open_pairs.append((i + 1, j))
            if j < len(inner):
                open_pairs.append((i, j + 1))
        elif j < len(inner) and _holds(large, inner[j]):
            open_pairs.append((i + 1, j + 1))
    return False


def _holds(large: str | Wild, small: Segment) -> bool:
    if small is None or large == small:
        return small is not None
    if isinstance(large, str):
        return False
    return large.characters == (None,) or (isinstance(small, str) and walk(large.characters, _characters(small)))


def _characters(segment: str | Wild) -> Characters:
    return tuple(one(char) for char in segment) if isinstance(segment, str) else segment.characters


def _starts_differ(a: Characters, b: Characters) -> bool:
    """Whether what stands before the first `*` already tells the two apart, as it does for most pairs."""
    for x, y in zip(a, b, strict=False):
        if x is None or y is None:
            return False
        if not _ranges_meet(x, y):
            return True
    return False


def _ranges_meet(a: Ranges, b: Ranges) -> bool:
    return any(low <= high_b and low_b <= high for low, high in a for low_b, high_b in b)


def walk(a: Sequence[Element | None], b: Sequence[Element | None]) -> bool:
    """Whether some sequence matches both, where None stands for any number of elements.

    Serves segments in a path and characters in a segment alike. Each pair of positions is visited once.
    """
    end = (len(a), len(b))
    seen: set[tuple[int, int]] = set()
    open_pairs = [(0, 0)]
    while open_pairs:
        pair = open_pairs.pop()
        if pair == end:
            return True
        if pair in seen:
            continue
        seen.add(pair)
        i, j = pair
        more_a, more_b = i < end[0], j < end[1]
        x, y = a[i] if more_a else None, b[j] if more_b else None
        if x is not None and y is not None:
            if _elements_meet(x, y):
                open_pairs.append((i + 1, j + 1))
            continue
        if more_a and (x is None or more_b):
            open_pairs.append((i + 1, j))
        if more_b and (y is None or more_a):
            open_pairs.append((i, j + 1))
    return False


def without_case(segments: Segments) -> Segments:
    """The same for names whose case does not matter: literal ones folded, characters in both their cases."""
    return tuple(
        "".join(map(_folded, segment))
        if isinstance(segment, str)
        else segment and Wild(characters=tuple(ranges and _both_cases(ranges) for ranges in segment.characters))
        for segment in segments
    )


def _both_cases(ranges: Ranges) -> Ranges:
    found = set(ranges)
    for low, high in ranges:
        if high - low > _MAX_CASES:
            return ((0, _LAST),)
        for char in map(chr, range(low, high + 1)):
            cases = (char.lower(), char.upper(), _folded(char))
            found.update((ord(case), ord(case)) for case in cases if len(case) == 1)
    return tuple(sorted(found))


def _folded(char: str) -> str:
    """A character without case, still one."""
    folded = char.casefold()
    return folded if len(folded) == 1 else char
