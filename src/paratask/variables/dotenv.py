"""Dotenv files, as go-task's library (godotenv) reads them. Knows the text, not where it came from."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_ESCAPES = {"n": "\n", "r": "\r"}


class DotenvError(ValueError):
    """The text is no dotenv file; `line` counts from 1."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def parse_dotenv(text: str) -> dict[str, str]:
    """Names and values, in written order. Raises DotenvError.

    `export` before a name, `NAME=value` and `NAME: value`; single quotes keep all, double quotes know `\\n`, `\\r`, `\\"` and
    variables set earlier in the same file; without quotes a value ends at ` #`.
    """
    found: dict[str, str] = {}
    text = text.replace("\r\n", "\n")
    at = 0
    while True:
        at = _skip(text, at)
        if at >= len(text):
            return found
        name, at = _name(text, at)
        value, at = _value(text, at, found)
        found[name] = value


def _skip(text: str, at: int) -> int:
    while at < len(text):
        if text[at].isspace():
            at += 1
        elif text[at] == "#":
            end = text.find("\n", at)
            at = len(text) if end < 0 else end
        else:
            break
    return at


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _name(text: str, at: int) -> tuple[str, int]:
    end_of_line = text.find("\n", at)
    line = text[at : len(text) if end_of_line < 0 else end_of_line]
    separators = [i for i in (line.find("="), line.find(":")) if i >= 0]
    if not separators:
        raise DotenvError(f"no `=` in `{line.strip()}`", _line(text, at))
    cut = min(separators)
    name = line[:cut].strip()
    if name.startswith("export") and name[6:7].isspace():
        name = name[6:].strip()
    if not name or not all(char.isalnum() or char in "_.-" for char in name):
        raise DotenvError(f"`{name}` is no variable name", _line(text, at))
    return name, at + cut + 1


def _value(text: str, at: int, known: Mapping[str, str]) -> tuple[str, int]:
    while at < len(text) and text[at] in " \t":
        at += 1
    quote = text[at : at + 1]
    if quote in ("'", '"'):
        return _quoted(text, at, quote, known)
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    line = text[at:end]
    for cut, char in enumerate(line):
        if char == "#" and (cut == 0 or line[cut - 1].isspace()):
            line = line[:cut]
            break
    return _fill(line.strip(), known), end


def _quoted(text: str, at: int, quote: str, known: Mapping[str, str]) -> tuple[str, int]:
    end = at + 1
    while end < len(text) and not (text[end] == quote and text[end - 1] != "\\"):
        end += 1
    if end >= len(text):
        raise DotenvError("unterminated quoted value", _line(text, at))
    inside = text[at + 1 : end]
    return (inside if quote == "'" else _fill(_unescape(inside), known)), end + 1


def _unescape(text: str) -> str:
    out: list[str] = []
    chars = iter(text)
    for char in chars:
        if char != "\\":
            out.append(char)
            continue
        following = next(chars, "")
        out.append("\\$" if following == "$" else _ESCAPES.get(following, following))
    return "".join(out)


def _fill(text: str, known: Mapping[str, str]) -> str:
    out: list[str] = []
    at = 0
    while at < len(text):
        if text[at] == "\\" and text[at + 1 : at + 2] == "$":
            out.append("$")
            at += 2
            continue
        if text[at] != "$":
            out.append(text[at])
            at += 1
            continue
        braced = text[at + 1 : at + 2] == "{"
        start = end = at + (2 if braced else 1)
        while end < len(text) and (text[end].isalnum() or text[end] == "_"):
            end += 1
        if end == start or (braced and text[end : end + 1] != "}"):
            out.append(text[at])
            at += 1
            continue
        out.append(known.get(text[start:end], ""))
        at = end + (1 if braced else 0)
    return "".join(out)
