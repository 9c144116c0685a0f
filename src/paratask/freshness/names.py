"""The names of files in `root/**/name`, which go-task matches with Go's own rules and not the shell's. Go: path/filepath, Match.

There, `[^a]` takes what is not in the class and `!` is a letter as any other; named classes and quotes mean nothing.
"""

from __future__ import annotations

import re


def compile_name(pattern: str) -> re.Pattern[str] | None:
    """The pattern as a regular expression; None where Go finds it malformed, so that nothing matches."""
    parts: list[str] = []
    rest = pattern
    while rest:
        char, rest = rest[0], rest[1:]
        if char == "[":
            found = _class(rest)
            if found is None:
                return None
            part, rest = found
            parts.append(part)
        elif char == "\\":
            if not rest:
                return None
            parts.append(re.escape(rest[0]))
            rest = rest[1:]
        else:
            parts.append({"*": ".*", "?": "."}.get(char) or re.escape(char))
    return re.compile("".join(parts), re.DOTALL)


def _class(rest: str) -> tuple[str, str] | None:
    """A class as a regular expression, and what comes behind it, from behind its bracket on."""
    inverted = rest.startswith("^")
    rest = rest[inverted:]
    ranges = ""
    is_first = True
    while is_first or not rest.startswith("]"):
        is_first = False
        low = high = _member(rest)
        if low is None or high is None:
            return None
        rest = rest[len(low) :]
        if rest.startswith("-"):
            high = _member(rest[1:])
            if high is None:
                return None
            rest = rest[1 + len(high) :]
        if low[-1] <= high[-1]:
            ranges += f"{re.escape(low[-1])}-{re.escape(high[-1])}"
    if not ranges:
        return "." if inverted else "(?!)", rest[1:]
    return f"[{'^' if inverted else ''}{ranges}]", rest[1:]


def _member(rest: str) -> str | None:
    """One letter of a class as it is written, with its backslash. None where there is none, or the class ends behind it."""
    written = rest[: 2 if rest.startswith("\\") else 1]
    return None if written in ("", "-", "]", "\\") or len(rest) == len(written) else written
