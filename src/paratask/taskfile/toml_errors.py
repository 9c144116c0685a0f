"""What is wrong with a TOML text, said for people: tomli tells where it stopped, and not what is amiss there.

Knows the slips that are made most: a text without quotes, a quote that is not closed, a name in a header that needs quotes.
"""

from __future__ import annotations

import re

from paratask.errors import Position, TaskfileSyntaxError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import tomli

_PLAIN = re.compile(r"[^\s\"'\[\]{},#=]+")
_HEADER = re.compile(r"\s*\[{1,2}([^\[\]\"']*)\]")
_OPEN_QUOTE = 'Expected "\'"'


def syntax_error(text: str, file: str, error: tomli.TOMLDecodeError) -> TaskfileSyntaxError:
    """What tomli says, and what may have been meant."""
    line, column = getattr(error, "lineno", 0), getattr(error, "colno", 0)
    message = getattr(error, "msg", str(error))
    lines = text.split("\n")
    if message == _OPEN_QUOTE:  # there is no other one up to the end of the file, where tomli stopped
        line = text.count("\n", 0, text.rfind("'")) + 1
        column = len(lines[line - 1]) + 1
    help_line = _help(lines[line - 1] if 0 < line <= len(lines) else "", column, message)
    position = Position(file=file, line=line, column=column)
    return TaskfileSyntaxError(f"not valid TOML: {message}", position=position, help=help_line)


def _help(line: str, column: int, message: str) -> str:
    rest = line[column - 1 :].strip()
    if message in ("Illegal character '\\n'", _OPEN_QUOTE):
        return "a quote in this line is not closed"
    if message.startswith("Expected ']'") and (header := _HEADER.match(line)):
        *tables, name = header[1].strip().split(".")
        return f"a name with other characters than letters, digits, `-` and `_` needs quotes: `[{'.'.join([*tables, _quoted(name)])}]`"
    if message == "Invalid value" and (word := _PLAIN.match(rest)):
        truth = word[0].lower()
        return f"write `{truth}`" if truth in ("true", "false") else f"a text needs quotes: `{_quoted(word[0])}`"
    if message.startswith("Expected newline") and (word := _PLAIN.fullmatch(line.partition("=")[2].strip())):
        return f"a text needs quotes: `{_quoted(word[0])}`"
    return ""


def _quoted(word: str) -> str:
    return f'"{word}"'
