"""Functions on regular expressions. Go: regexp, and slim-sprig's regex.go.

Matching is Python's `re` on a translated pattern (re2.py): leftmost, first alternative, as Go's. Knows no RE2 syntax.
"""

from __future__ import annotations

from functools import lru_cache

from paratask.templating.failures import FunctionError
from paratask.templating.values import NilStrings, Strings

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

_META = frozenset("\\.+*?()|[]{}^$")


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    import re

    from paratask.templating.functions.re2 import translate

    try:
        return re.compile(translate(pattern))
    except (re.error, OverflowError, RecursionError) as error:
        raise FunctionError(f"error parsing regexp `{pattern}`: {error}") from None
    except ValueError as error:
        raise FunctionError(f"error parsing regexp `{pattern}`: {error}") from None


def _all(pattern: str, text: str, at_most: int = -1) -> list[re.Match[str]]:
    """All matches, less the empty ones that touch the match before them. Go: Regexp.allMatches."""
    compiled = _compiled(pattern)
    found: list[re.Match[str]] = []
    position, previous_end = 0, -1
    while position <= len(text) and (at_most < 0 or len(found) < at_most):
        match = compiled.search(text, position)
        if match is None:
            break
        empty = match.start() == match.end()
        if not (empty and match.start() == previous_end):
            found.append(match)
        position = match.end() + (1 if match.end() == position and empty else 0)
        if empty and match.end() > position:
            position = match.end()
        previous_end = match.end()
    return found


def matches(pattern: str, text: str) -> bool:
    """Whether the pattern is found."""
    return _compiled(pattern).search(text) is not None


def matches_or_false(pattern: str, text: str) -> bool:
    """Whether the pattern is found; false for a faulty one."""
    try:
        return matches(pattern, text)
    except FunctionError:
        return False


def find(pattern: str, text: str) -> str:
    """The first match, or ""."""
    match = _compiled(pattern).search(text)
    return match.group() if match else ""


def find_all(pattern: str, text: str, at_most: int) -> Strings:
    """All matches, or the first `at_most` of them."""
    found = _all(pattern, text, at_most)
    return Strings(match.group() for match in found) if found else NilStrings()


def split(pattern: str, text: str, at_most: int) -> Strings:
    """What stands between matches. Go: Regexp.Split."""
    _compiled(pattern)
    if at_most == 0:
        return NilStrings()
    if pattern and not text:
        return Strings([""])
    pieces: list[object] = []
    start = end = 0
    for match in _all(pattern, text, at_most):
        if at_most > 0 and len(pieces) == at_most - 1:
            break
        end = match.start()
        if match.end():
            pieces.append(text[start:end])
        start = match.end()
    if end != len(text):
        pieces.append(text[start:])
    return Strings(pieces)


def replace_all(pattern: str, text: str, replacement: str) -> str:
    """All matches replaced; $1 and ${name} stand for groups."""
    if "$" not in replacement:
        return replace_all_literally(pattern, text, replacement)
    template = _replacement(replacement)
    return _replaced(_all(pattern, text), text, lambda match: "".join(_expanded(part, match) for part in template))


def replace_all_literally(pattern: str, text: str, replacement: str) -> str:
    """All matches replaced, with no $ in it having a meaning."""
    return _replaced(_all(pattern, text), text, lambda _: replacement)


def _replaced(found: list[re.Match[str]], text: str, new: object) -> str:
    assert callable(new)
    parts: list[str] = []
    end = 0
    for match in found:
        parts += [text[end : match.start()], new(match)]
        end = match.end()
    return "".join(parts) + text[end:]


def _replacement(text: str) -> list[tuple[str, bool]]:
    """Pieces of literal text, and names of groups (marked true). Go: Regexp.Expand."""
    pieces: list[tuple[str, bool]] = []
    position = 0
    while (found := text.find("$", position)) >= 0:
        pieces.append((text[position:found], False))
        if text.startswith("$$", found):
            pieces.append(("$", False))
            position = found + 2
            continue
        name, width = _group_name(text[found + 1 :])
        pieces.append((name, True) if width else ("$", False))
        position = found + 1 + width
    pieces.append((text[position:], False))
    return pieces


def _group_name(text: str) -> tuple[str, int]:
    braced = text.startswith("{")
    start = end = int(braced)
    while end < len(text) and (text[end].isalnum() or text[end] == "_"):
        end += 1
    if end == start or (braced and not text.startswith("}", end)):
        return "", 0
    return text[start:end], end + braced


def _expanded(piece: tuple[str, bool], match: re.Match[str]) -> str:
    text, is_group = piece
    if not is_group:
        return text
    try:
        return match.group(int(text) if text.isascii() and text.isdigit() else text) or ""
    except IndexError:
        return ""


def quote_meta(text: str) -> str:
    """A pattern that matches just this text."""
    return "".join("\\" + char if char in _META else char for char in text)
