r"""Brace expressions multiplied out: `a{b,c{d,e}}` is `ab`, `acd` and `ace`, and `{08..10}` is `08`, `09` and `10`.

As in bash, a pair of braces without a comma of its own means itself unless it is a range, and so does a brace without a partner. `\`
takes the meaning from the character after it and is kept. Knows nothing of paths.
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
    while group := next_group(text, position):
        start, commas, end = group
        choices = _listed(text, [start, *commas, end], limit, depth) if commas else _counted(text[start + 1 : end], limit)
        if choices is None or len(heads) * len(choices) > limit:
            return None
        literal = text[position:start]
        heads = tuple(head + literal + choice for head in heads for choice in choices)
        position = end + 1
    return tuple(head + text[position:] for head in heads)


def _listed(text: str, bounds: list[int], limit: int, depth: int) -> list[str] | None:
    """What stands between the commas, each with its own braces multiplied out."""
    choices: list[str] = []
    for low, high in pairwise(bounds):
        inner = _expand(text[low + 1 : high], limit, depth - 1)
        if inner is None:
            return None
        choices.extend(inner)
    return choices


def _counted(text: str, limit: int) -> list[str] | None:
    """All of a range, as wide as the wider end where one is filled up with zeros; None also from `A` to `z`, where there are others between."""
    first, last, *steps = text.split("..")
    if first.isalpha() and first.isupper() != last.isupper():
        return None
    low, high = (ord(first), ord(last)) if first.isalpha() else (int(first), int(last))
    step = (abs(int(steps[0])) if steps else 0) or 1
    if abs(high - low) // step >= limit:
        return None
    numbers = range(low, high + 1, step) if low <= high else range(low, high - 1, -step)
    if first.isalpha():
        return list(map(chr, numbers))
    is_filled = any(end.lstrip("-").startswith("0") and len(end.lstrip("-")) > 1 for end in (first, last))
    digits = max(len(first), len(last)) if is_filled else 0
    return [f"{number:0{digits}}" for number in numbers]


def _is_range(text: str) -> bool:
    """Two numbers or two letters, and how many to go at a time."""
    if ".." not in text:
        return False
    import re  # few patterns have one

    number = "[+-]?[0-9]{1,18}"
    return re.fullmatch(rf"(?:{number}\.\.{number}|[A-Za-z]\.\.[A-Za-z])(?:\.\.{number})?", text) is not None


def next_group(text: str, position: int) -> tuple[int, list[int], int] | None:
    """The first outermost group at or after `position`: where it opens, its commas (none: it is a range), where it closes."""
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
            if commas or _is_range(text[start + 1 : position]):
                found = [group for group in found if group[0] < start]
                found.append((start, commas, position))
            if not opened and found:
                break
        position += 1
    return found[0] if found else None
