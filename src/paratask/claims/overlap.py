r"""Whether two path patterns can match one and the same path. See "Claims" in docs/design.md.

Patterns know `*`, `?`, `[a-z]`, `[!x]`, `{a,b}` (nested), `**` for any number of whole segments, and `\` before a character
that means itself. `*` also matches a leading dot. A pattern that starts with `/` lies outside the repository, any other
inside it, so these two kinds never meet; a relative one that climbs out (`../x`) may be anywhere and meets everything. A
trailing `/` means the folder with all below it.

The answer comes from the patterns alone: both are walked at the same time, as two automata would be, and each pair of
positions is looked at once. Whatever is too large for that (the `_MAX_…` below) counts as meeting: too wide costs time, too
narrow costs files. Knows no files, no working folder, no case-insensitive disks and no symbolic links.
"""

from __future__ import annotations

from functools import lru_cache

from paratask.claims.braces import expand
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

_MAX_ALTERNATIVES = 4096
_MAX_TEXT = 65_536
_MAX_SEGMENT = 512
_MAX_WORK = 1_000_000
_LAST = 0x10FFFF
_ANY: Ranges = ((0, ord("/") - 1), (ord("/") + 1, _LAST))
_SPECIAL = frozenset("\\*?[]{}")
_INSIDE, _OUTSIDE = ".", "/"
_ANYWHERE: tuple[Segments, ...] = ((None,),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wild:
    """A segment with wildcards."""

    characters: Characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A pattern made ready for comparing.

    Each alternative starts with the segment "." (inside the repository) or "/" (outside), or is `**` alone. `prefix` is the
    literal segments that all alternatives start with; `literal` tells that there is nothing else. `size` bounds the work.
    """

    alternatives: tuple[Segments, ...]
    prefix: tuple[str, ...]
    literal: bool
    size: int


def overlap(a: str, b: str) -> bool:
    """Whether some path matches both patterns."""
    return meet(compile_pattern(a), compile_pattern(b))


def literal_prefix(pattern: str) -> str:
    """The folder or path, unescaped, that all matches lie at or below: "a/b" of `a/b/*.c`; "" for the whole repository."""
    prefix = compile_pattern(pattern).prefix
    if not prefix:
        return ""
    return "/".join(prefix[1:]) if prefix[0] == _INSIDE else "/" + "/".join(prefix[1:])


def escape(path: str) -> str:
    """The pattern that matches `path` and nothing else."""
    if _SPECIAL.isdisjoint(path):
        return path
    return "".join("\\" + char if char in _SPECIAL else char for char in path)


def meet(a: Pattern, b: Pattern) -> bool:
    """Whether some path matches both; see the module."""
    if any(left != right for left, right in zip(a.prefix, b.prefix, strict=False)):
        return False
    if a.literal and b.literal:
        return a.prefix == b.prefix
    if a.size * b.size > _MAX_WORK:
        return True
    return any(_walk(left, right) for left in a.alternatives for right in b.alternatives)


@lru_cache(maxsize=16384)
def compile_pattern(pattern: str) -> Pattern:
    """`pattern` parsed: braces multiplied out, `.`, `..` and `//` resolved."""
    texts = expand(pattern, _MAX_ALTERNATIVES)
    if texts and sum(map(len, texts)) > _MAX_TEXT:
        texts = None
    alternatives = _ANYWHERE if texts is None else tuple(dict.fromkeys(_resolve(text) for text in texts))
    prefix = _common_prefix(alternatives)
    return Pattern(
        alternatives=alternatives,
        prefix=prefix,
        literal=alternatives == (prefix,),
        size=len(pattern) + 1 if texts is None else sum(len(text) + 1 for text in texts),
    )


def _resolve(text: str) -> Segments:
    """One alternative as segments; `(None,)`, which is anywhere, where it climbs out of the repository."""
    segments: list[Segment] = []
    for part in text.split("/"):
        if part == "..":
            if segments and segments[-1] is not None:
                segments.pop()
            elif segments or not text.startswith("/"):
                return (None,)
        elif part not in ("", "."):
            segment = _segment(part)
            if segment is not None or segments[-1:] != [None]:
                segments.append(segment)
    if text.endswith("/") and segments[-1:] != [None]:
        segments.append(None)
    return (_OUTSIDE if text.startswith("/") else _INSIDE, *segments)


def _segment(text: str) -> Segment:
    if _SPECIAL.isdisjoint(text):
        return text
    if text == "**" or len(text) > _MAX_SEGMENT:
        return None
    characters: list[Ranges | None] = []
    position = 0
    while position < len(text):
        position, ranges = _position(text, position)
        if ranges is not None or characters[-1:] != [None]:
            characters.append(ranges)
    if all(ranges and len(ranges) == 1 and ranges[0][0] == ranges[0][1] for ranges in characters):
        return "".join(chr(ranges[0][0]) for ranges in characters if ranges)
    return Wild(characters=tuple(characters))


def _position(text: str, start: int) -> tuple[int, Ranges | None]:
    """What stands at `start`, and where the next thing starts."""
    char = text[start]
    if char == "*":
        return start + 1, None
    if char == "?":
        return start + 1, _ANY
    if char == "[" and (found := _bracket(text, start)):
        return found
    if char == "\\" and start + 1 < len(text):
        return start + 2, _one(text[start + 1])
    return start + 1, _one(char)


def _one(char: str) -> Ranges:
    return ((ord(char), ord(char)),)


def _bracket(text: str, start: int) -> tuple[int, Ranges] | None:
    """The bracket expression at `start`; None where none closes there, so that `[` means itself.

    Named classes (`[:alpha:]`) and whatever turns out empty count as any character.
    """
    negated = text[start + 1 : start + 2] in ("!", "^")
    position = first = start + 1 + negated
    chars: list[tuple[str, bool]] = []
    while position < len(text) and (text[position] != "]" or position == first):
        if text.startswith(("[:", "[.", "[="), position):
            end = text.find(text[position + 1] + "]", position + 2)
            return None if end < 0 else _after_named(text, end + 2)
        escaped = text[position] == "\\" and position + 1 < len(text)
        chars.append((text[position + escaped], escaped))
        position += 1 + escaped
    if position >= len(text):
        return None
    ranges = _normal(_ranges(chars))
    return position + 1, (_without(_ANY, ranges) if negated else ranges) or _ANY


def _after_named(text: str, position: int) -> tuple[int, Ranges] | None:
    end = text.find("]", position)
    return None if end < 0 else (end + 1, _ANY)


def _ranges(chars: list[tuple[str, bool]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    index = 0
    while index < len(chars):
        low = ord(chars[index][0])
        if index + 2 < len(chars) and chars[index + 1] == ("-", False):
            found.append((low, ord(chars[index + 2][0])))
            index += 3
        else:
            found.append((low, low))
            index += 1
    return found


def _normal(ranges: list[tuple[int, int]]) -> Ranges:
    return tuple(sorted(pair for pair in set(ranges) if pair[0] <= pair[1]))


def _without(whole: Ranges, parts: Ranges) -> Ranges:
    """What is left of `whole` when the ascending `parts` are taken out of it."""
    left: list[tuple[int, int]] = []
    for start, end in whole:
        low = start
        for part_low, part_high in parts:
            if part_low > end:
                break
            if part_low > low:
                left.append((low, part_low - 1))
            low = max(low, part_high + 1)
        if low <= end:
            left.append((low, end))
    return tuple(left)


def _common_prefix(alternatives: tuple[Segments, ...]) -> tuple[str, ...]:
    if len(alternatives) == 1:
        only = alternatives[0]
        end = next((index for index, segment in enumerate(only) if not isinstance(segment, str)), len(only))
        return tuple(segment for segment in only[:end] if isinstance(segment, str))
    prefix: list[str] = []
    for column in zip(*alternatives, strict=False):
        first = column[0]
        if not isinstance(first, str) or any(segment != first for segment in column):
            break
        prefix.append(first)
    return tuple(prefix)


def _elements_meet(a: Element, b: Element) -> bool:
    if isinstance(a, tuple) or isinstance(b, tuple):
        return isinstance(a, tuple) and isinstance(b, tuple) and _characters_meet(a, b)
    return _segments_meet(a, b)


def _segments_meet(a: str | Wild, b: str | Wild) -> bool:
    if isinstance(a, str) and isinstance(b, str):
        return a == b
    left, right = _characters(a), _characters(b)
    if _starts_differ(left, right) or _starts_differ(left[::-1], right[::-1]):
        return False
    return _walk(left, right)


def _characters(segment: str | Wild) -> Characters:
    return tuple(_one(char) for char in segment) if isinstance(segment, str) else segment.characters


def _starts_differ(a: Characters, b: Characters) -> bool:
    """Whether what stands before the first `*` already tells the two apart, as it does for most pairs."""
    for x, y in zip(a, b, strict=False):
        if x is None or y is None:
            return False
        if not _characters_meet(x, y):
            return True
    return False


def _characters_meet(a: Ranges, b: Ranges) -> bool:
    return any(low <= high_b and low_b <= high for low, high in a for low_b, high_b in b)


def _walk(a: Sequence[Element | None], b: Sequence[Element | None]) -> bool:
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
