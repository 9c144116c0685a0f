"""The lines of a file that an error is about: where in it a template went wrong, and the line with a caret.

A template knows the place in its own text only; the file is searched for that line of it. Where that is written otherwise (quoted with
escapes, folded), it is searched for the action alone. What is not found either way is not made up.
"""

from __future__ import annotations

import re

from paratask.errors import Position

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.errors import TemplateSpot

LONGEST_LINE = 200
LINES_TO_COMMAND = 3
"""From the line of a variable's name on: `sh: |` and `secret: true` may stand between."""


def find_in_file(spot: TemplateSpot, near: Position) -> Position | None:
    """Where in the file that `near` is in the template's line, or else its action, is: at or after `near`, else anywhere."""
    if spot.variable:
        return _find_variable(spot, near)
    written = spot.source.splitlines()
    if spot.line > len(written):
        return None
    line = written[spot.line - 1]
    action = line.rfind("{{", 0, spot.column)
    end = line.find("}}", spot.column - 1) + 2
    lines = _lines(near.file)
    numbers = [*range(max(near.line, 1), len(lines) + 1), *range(1, min(near.line, len(lines) + 1))]
    indent = len(line) - len(line.lstrip())
    for wanted, start in ((line.strip(), indent), (line[action:end] if 0 <= action < end else "", action)):
        for number in numbers if wanted else ():
            at = lines[number - 1].find(wanted)
            if at >= 0:
                return Position(file=near.file, line=number, column=at + spot.column - start)
    return None


def _find_variable(spot: TemplateSpot, near: Position) -> Position | None:
    """Where its name stands before a colon, with the beginning of its command in the same line or in one of the next."""
    lines = _lines(near.file)
    name = re.compile(rf"^[^#]*?(?<![\w.-])({re.escape(spot.variable)})[\"']?\s*:")
    command = next(iter(spot.source.split("\n")), "").strip()
    for number in (*range(max(near.line, 1), len(lines) + 1), *range(1, min(near.line, len(lines) + 1))):
        found = name.match(lines[number - 1])
        if found and command in " ".join(lines[number - 1 : number + LINES_TO_COMMAND])[found.end() :]:
            return Position(file=near.file, line=number, column=found.start(1) + 1)
    return None


def excerpt(position: Position | None) -> list[str]:
    """The line that the error is about, with a caret; nothing where the file cannot be read any more."""
    if position is None or not position.line:
        return []
    lines = _lines(position.file)
    if not 0 < position.line <= len(lines) or len(lines[position.line - 1]) > LONGEST_LINE:
        return []
    number, line = str(position.line), lines[position.line - 1]
    caret = (
        [f" {' ' * len(number)} | {_blank(line[: position.column - 1].ljust(position.column - 1))}^"] if position.column else []
    )
    return [f" {number} | {line.rstrip()}", *caret]


def _blank(text: str) -> str:
    """Spaces, and tabs where it has some, as wide as the text."""
    if text.isascii():
        return "".join("\t" if char == "\t" else " " for char in text)
    from unicodedata import combining, east_asian_width

    kept = (char for char in text if not combining(char))
    return "".join("\t" if char == "\t" else "  " if east_asian_width(char) in "WF" else " " for char in kept)


def _lines(path: str) -> list[str]:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read().split("\n")
    except OSError:
        return []
