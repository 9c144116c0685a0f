"""What a shell makes of a variable's value in braces: a part of it (`${X%/*}`, `${X:1:3}`), or the value written otherwise (`${X//a/b}`,
`${X^^}`, `${X@L}`). mvdan.cc/sh: expand.paramExp.

Loaded where a path has one of these, which few have. Knows no environment: the words after the operator have been filled in.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

OPERATORS = r"%%|%|##|#|//|/|:|\^\^|\^|,,|,|@"
_NOTHING = "(?!)"
_NUMBER = re.compile(r"\s*([+-]?(?:0|[1-9][0-9]*)|)\s*\Z")
"""Nothing is 0 before another. A 0 before other digits would make an octal number."""
_CLASSES = re.compile(r"\[[:.=]")
_OF_SETS = re.compile(r"[\\\[&|~]|(?<=.-)-")
"""What means something in a set of a regular expression, or may some day, and nothing in a shell's."""
_WRITTEN = {"U": "^^", "L": ",,", "u": "^"}
"""What a letter after `@` says, in other words."""


def changed(value: str, operator: str, words: tuple[str, ...]) -> str:
    """The value after `operator`, whose `words` are a pattern, a pattern and what is put in its place, or an offset and a length.

    Raises ValueError where the words cannot be understood. A pattern that is none matches nothing.
    """
    word = words[0]
    if operator == "@":
        operator, word = _WRITTEN.get(word, ""), ""
    match operator:
        case "%" | "%%" | "#" | "##":
            return _without(value, word, at_end=operator[0] == "%", shortest=len(operator) == 1)
        case "/" | "//":
            return _replaced(value, word, words[1] if len(words) > 1 else "", once=operator == "/")
        case ":" if words[-1].strip():
            return _part(value, [_number(each) for each in words])
        case "^" | "^^" | "," | ",,":
            return _in_case(value, word, _raised if operator[0] == "^" else str.lower, first=len(operator) == 1)
    raise ValueError(words[0])


def _without(value: str, pattern: str, *, at_end: bool, shortest: bool) -> str:
    expression = f"({_expression(pattern, shortest=shortest)})"
    if not at_end:
        found = re.match(expression, value)
    else:
        found = re.search(f".*{expression}\\Z" if shortest else f"{expression}\\Z", value)
    return value[: found.start(1)] + value[found.end(1) :] if found else value


def _replaced(value: str, pattern: str, replacement: str, *, once: bool) -> str:
    if not pattern:
        return value
    out: list[str] = []
    end = 0
    for found in re.finditer(_expression(pattern), value):
        if found[0] or found.start() > end or not out:  # Go passes over what is empty right after another
            out += value[end : found.start()], replacement
            end = found.end()
            if once:
                break
    return "".join(out) + value[end:]


def _number(word: str) -> int:
    found = _NUMBER.match(word)
    if found is None:
        raise ValueError(word)
    return int(found[1] or 0)


def _part(value: str, numbers: list[int]) -> str:
    """From an offset on, and no more than a length; what is negative counts from the end, and past it is nothing."""
    value = value[_place(numbers[0], value) :]
    return value[: _place(numbers[1], value)] if len(numbers) > 1 else value


def _place(number: int, value: str) -> int:
    return min(number, len(value)) if number >= 0 else len(value) + number if -number <= len(value) else len(value)


def _raised(char: str) -> str:
    """As a capital letter, where that is one letter."""
    upper = char.upper()
    return upper if len(upper) == 1 else char


def _in_case(value: str, pattern: str, convert: Callable[[str], str], *, first: bool) -> str:
    """Each character that matches, or only the first one if it does."""
    matches = re.compile(_expression(pattern)).search
    end = 1 if first else len(value)
    return "".join(convert(char) if matches(char) else char for char in value[:end]) + value[end:]


def _expression(pattern: str, *, shortest: bool = False) -> str:
    """A shell's pattern as a regular expression. Raises ValueError for a class with a name."""
    out: list[str] = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        if char == "*":
            out.append(".*?" if shortest else ".*")
        elif char == "?":
            out.append(".")
        elif char == "\\" and at + 1 < len(pattern):
            at += 1
            out.append(re.escape(pattern[at]))
        elif char == "[":
            end = pattern.find("]", at + 2 + (pattern[at + 1 : at + 2] in ("!", "^")))
            if end < 0:
                return _NOTHING
            members = pattern[at + 1 : end]
            if _CLASSES.search(members):
                raise ValueError(pattern)
            sign = "^" if members[0] in "!^" else ""
            members = _OF_SETS.sub(r"\\\g<0>", members[len(sign) :])
            out.append(f"[{sign}{members}]")
            at = end
        else:
            out.append(re.escape(char))
        at += 1
    expression = f"(?s:{''.join(out)})"
    try:
        re.compile(expression)
    except re.error:  # `[z-a]`
        return _NOTHING
    return expression
