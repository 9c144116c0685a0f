"""Long lines broken at spaces for a terminal, each with its parts below its own indent, so that a tree stays one. Pure.

Elsewhere lines stay whole: who searches a file wants them so.
"""

from __future__ import annotations

import re

LEAST_COLUMNS = 24
"""Narrower than this a text is not to be read; the terminal breaks it then."""
_ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def wrapped(text: str, columns: int) -> str:
    """The text with no line over so many columns that could be broken."""
    return "\n".join(line if _columns(line) <= columns else _broken(line, columns) for line in text.split("\n"))


def _columns(text: str) -> int:
    return len(_ESCAPE.sub("", text)) if "\x1b" in text else len(text)


def _broken(line: str, columns: int) -> str:
    words = line.lstrip(" ").split(" ")
    indent = " " * (len(line) - len(line.lstrip(" ")))
    if columns - len(indent) < LEAST_COLUMNS:
        return line
    rows = [indent + words[0]]
    for word in words[1:]:
        if _columns(rows[-1]) + 1 + _columns(word) <= columns:
            rows[-1] += f" {word}"
        elif word:
            rows.append(f"{indent}  {word}")
    return "\n".join(row.rstrip(" ") for row in rows)
