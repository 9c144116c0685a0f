r"""Brace expressions multiplied out: `a{b,c{d,e}}` is `ab`, `acd` and `ace`.

As in bash, a pair of braces without a comma of its own means itself, and so does a brace without a partner. `\` takes the
meaning from the character after it and is kept. Knows nothing of paths, and nothing of `{1..3}`.
"""

from __future__ import annotations

from itertools import pairwise

_MAX_DEPTH = 40


def expand(text: str, limit: int) -> tuple[str, ...] | None:
    """All alternatives of `text`, in written order; None where there are more than `limit` (or braces too deep to follow)."""
    if "{" not in text:
        return (text,)
    return _expand(text, limit, _MAX_DEPTH)


def _expand(text: str, limit: int, depth: int) -> tuple[str, ...] | None:
    if depth == 0:
        return None
    heads: tuple[str, ...] = ("",)
    position = 0
    while group := _next_group(text, position):
        start, commas, end = group
        bounds = [start, *commas, end]
        choices: list[str] = []
        for low, high in pairwise(bounds):
            inner = _expand(text[low + 1 : high], limit, depth - 1)
            if inner is None:
                return None
            choices.extend(inner)
        if len(heads) * len(choices) > limit:
            return None
        literal = text[position:start]
        heads = tuple(head + literal + choice for head in heads for choice in choices)
        position = end + 1
    return tuple(head + text[position:] for head in heads)


def _next_group(text: str, position: int) -> tuple[int, list[int], int] | None:
    """The first outermost group with a comma at or after `position`: where it opens, its commas, where it closes."""
    opened: list[tuple[int, list[int]]] = []
    found: list[tuple[int, list[int], int]] = []
    while position < len(text):
        char = text[position]
        if char == "\\":
            position += 1
        elif char == "{":
            opened.append((position, []))
        elif char == "," and opened:
            opened[-1][1].append(position)
        elif char == "}" and opened:
            start, commas = opened.pop()
            if commas:
                found = [group for group in found if group[0] < start]
                found.append((start, commas, position))
            if not opened and found:
                break
        position += 1
    return found[0] if found else None
