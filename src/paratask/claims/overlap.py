r"""Whether two path patterns can match one and the same path. See "Claims" in docs/design.md.

Patterns know `*`, `?`, `[a-z]`, `[!x]`, `{a,b}` (nested), `{1..3}`, `**` for any number of whole segments, and `\` before a character
that means itself. `*` also matches a leading dot. A pattern that starts with `/` lies outside the repository, any other
inside it, so these two kinds never meet; a relative one that climbs out (`../x`) may be anywhere and meets everything. A
trailing `/` means the folder with all below it.

The answer comes from the patterns alone; segments.py compares them. Whatever is too large for that (the `_MAX_…` below) counts as
meeting: too wide costs time, too narrow costs files. Knows no files, no working folder and no symbolic links; whether case matters is told to it.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache

from paratask.claims.braces import expand
from paratask.claims.segments import Wild, contains, one, walk, without_case
from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.claims.segments import Ranges, Segment, Segments

_MAX_ALTERNATIVES = 4096
_MAX_TEXT = 65_536
_MAX_SEGMENT = 512
_MAX_WORK = 1_000_000
_LAST = 0x10FFFF
_ANY: Ranges = ((0, ord("/") - 1), (ord("/") + 1, _LAST))
_SPECIAL = frozenset("\\*?[]{}")
_FIRST_SPECIAL = re.compile(r"[\\*?\[\]{}]")
WILD = frozenset("*?[{\\")
"""A segment without any of these is a name, and means itself."""

_INSIDE, _OUTSIDE = ".", "/"
_ODD = frozenset(("", ".", ".."))
_ANYWHERE: tuple[Segments, ...] = ((None,),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A pattern made ready for comparing.

    Each alternative starts with the segment "." (inside the repository) or "/" (outside), or is `**` alone. `prefix` is the
    literal segments that all alternatives start with; `literal` tells that there is nothing else. `follows` are the segments that may
    come after it, None where they are not all literal, and `deepest` is how many segments a match has at most. `size` bounds the work.
    """

    alternatives: tuple[Segments, ...]
    prefix: tuple[str, ...]
    literal: bool
    follows: frozenset[str] | None
    deepest: float
    size: int


def overlap(a: str, b: str, *, ignores_case: bool = False) -> bool:
    """Whether some path matches both patterns."""
    return meet(compile_pattern(a, ignores_case), compile_pattern(b, ignores_case))


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
    short, long = (a, b) if len(a.prefix) < len(b.prefix) else (b, a)
    if len(short.prefix) < len(long.prefix) and not may_lead(short, long.prefix):
        return False
    if a.literal and b.literal:
        return a.prefix == b.prefix
    if a.size * b.size > _MAX_WORK:
        return True
    return any(walk(left, right) for left in a.alternatives for right in b.alternatives)


def may_lead(pattern: Pattern, prefix: tuple[str, ...]) -> bool:
    """Whether a match may start with `prefix`, which starts with the pattern's own and goes on."""
    follows = pattern.follows
    return pattern.deepest >= len(prefix) and (follows is None or prefix[len(pattern.prefix)] in follows)


def covers(outer: Pattern, inner: Pattern) -> bool:
    """Whether every path that `inner` matches is matched by `outer` too. May say no where that is hard to tell.

    The folders that both start with are left away: the same is asked of each package, in another folder.
    """
    if outer.alternatives == _ANYWHERE:
        return False
    if outer is inner:
        return True
    shared = _shared(outer.prefix, inner.prefix)
    length = sum(len(segment) + 1 for segment in outer.prefix[1:shared])
    if _size_below(outer, length) * _size_below(inner, length) > _MAX_WORK:
        return False
    large = tuple([each[shared:] for each in outer.alternatives if each[0] is not None])
    return _covers(large, tuple([each[shared:] for each in inner.alternatives]))


def _shared(a: tuple[str, ...], b: tuple[str, ...]) -> int:
    """How many segments both start with."""
    return next((index for index, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def _size_below(pattern: Pattern, length: int) -> int:
    return pattern.size - length * len(pattern.alternatives)


@lru_cache(maxsize=4096)
def _covers(outer: tuple[Segments, ...], inner: tuple[Segments, ...]) -> bool:
    return all(any(contains(large, small) for large in outer) for small in inner)


@lru_cache(maxsize=65536)
def compile_pattern(pattern: str, ignores_case: bool = False) -> Pattern:
    """`pattern` parsed: braces multiplied out, `.`, `..` and `//` resolved; without case where that does not matter.

    The folders that it plainly starts with are many, and the kinds of what follows are few: that is compiled by itself.
    """
    special = _FIRST_SPECIAL.search(pattern)
    end = pattern.rfind("/", 0, special.start() if special else len(pattern)) + 1
    tail = pattern[end:]
    if end and tail and ".." not in tail and len(pattern) < _MAX_SEGMENT:
        head, last = _folders(pattern[:end], ignores_case), _compile(tail, ignores_case)
        if head and last.alternatives != _ANYWHERE:
            return _joined(head, end, last)
    return _compile(pattern, ignores_case)


@lru_cache(maxsize=8192)
def _folders(head: str, ignores_case: bool) -> tuple[str, ...]:
    """The segments of literal folders, whose text ends with `/`; none where they are not plain."""
    start = _OUTSIDE if head[0] == "/" else _INSIDE
    segments = head[start == _OUTSIDE : -1].split("/") if head != "/" else []
    if not _ODD.isdisjoint(segments):
        return ()
    return _literals(without_case((start, *segments))) if ignores_case else (start, *segments)


def _joined(head: tuple[str, ...], length: int, end: Pattern) -> Pattern:
    """The pattern that starts with literal folders, whose text is so long, and goes on as `end`."""
    alternatives = tuple([head + alternative[1:] for alternative in end.alternatives])
    return Pattern(
        alternatives=alternatives,
        prefix=head + end.prefix[1:],
        literal=end.literal,
        follows=end.follows,
        deepest=end.deepest + len(head) - 1,
        size=end.size + len(alternatives) * length,
    )


@lru_cache(maxsize=4096)
def _compile(pattern: str, ignores_case: bool) -> Pattern:
    texts = expand(pattern, _MAX_ALTERNATIVES)
    if texts and sum(map(len, texts)) > _MAX_TEXT:
        texts = None
    alternatives = _ANYWHERE if texts is None else tuple(dict.fromkeys(_resolve(text) for text in texts))
    if ignores_case:
        alternatives = tuple(dict.fromkeys(without_case(segments) for segments in alternatives))
    prefix = _common_prefix(alternatives)
    return Pattern(
        alternatives=alternatives,
        prefix=prefix,
        literal=alternatives == (prefix,),
        follows=_following(alternatives, len(prefix)),
        deepest=max(math.inf if None in alternative else len(alternative) for alternative in alternatives),
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
        return start + 2, one(text[start + 1])
    return start + 1, one(char)


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


def _following(alternatives: tuple[Segments, ...], position: int) -> frozenset[str] | None:
    """The segments at `position`; None where they are not all literal."""
    found = {alternative[position] for alternative in alternatives if len(alternative) > position}
    names = frozenset(segment for segment in found if isinstance(segment, str))
    return names if len(names) == len(found) else None


def _literals(segments: Segments) -> tuple[str, ...]:
    """The literal segments that a row starts with."""
    end = next((index for index, segment in enumerate(segments) if not isinstance(segment, str)), len(segments))
    return tuple(segment for segment in segments[:end] if isinstance(segment, str))


def _common_prefix(alternatives: tuple[Segments, ...]) -> tuple[str, ...]:
    if len(alternatives) == 1:
        return _literals(alternatives[0])
    prefix: list[str] = []
    for column in zip(*alternatives, strict=False):
        first = column[0]
        if not isinstance(first, str) or any(segment != first for segment in column):
            break
        prefix.append(first)
    return tuple(prefix)
