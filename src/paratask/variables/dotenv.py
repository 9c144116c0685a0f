"""Dotenv files, as go-task's library (godotenv) reads them. Whoever asks says how a file's text is read."""

from __future__ import annotations

from paratask.errors import DotenvFileError, Position, VariableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Mapping

_ESCAPES = {"n": "\n", "r": "\r"}
_BLANKS = "\t\v\f\r \x85\xa0"
_REFERENCE = r"(\\)?\$\(?\{?([A-Z0-9_]+)?\}?"


class DotenvError(ValueError):
    """The text is no dotenv file; `line` counts from 1."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def read_dotenv(read_text: Callable[[str], str | None], path: str) -> dict[str, str]:
    """A file's variables; none where `read_text` says that there is no such file. Raises VariableError with position."""
    try:
        text = read_text(path)
        return {} if text is None else parse_dotenv(text)
    except DotenvError as error:
        raise DotenvFileError(f"not a dotenv file: {error}", position=Position(file=path, line=error.line)) from None
    except OSError as error:
        raise VariableError(f"cannot be read: {error.strerror}", position=Position(file=path)) from None


def parse_dotenv(text: str) -> dict[str, str]:
    r"""Names and values, in written order. Raises DotenvError.

    `export` before a name, `NAME=value` and `NAME: value`; single quotes keep all, double quotes know `\n`, `\r`, `\"` and
    variables set earlier in the same file (capitals only); without quotes a value ends at the last ` #`. What has no name sets nothing.
    """
    found: dict[str, str] = {}
    text = text.replace("\r\n", "\n")
    at = 0
    while True:
        at = _skip(text, at)
        if at >= len(text):
            return {name: value for name, value in found.items() if name}
        name, at = _name(text, at)
        found[name], at = _value(text, at, found)


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
    """The name and where its value begins. Blanks may stand in it; a last word alone is a value without a name."""
    if text.startswith("export", at) and text[at + 6 : at + 7].isspace():
        at = _past_blanks(text, at + 6)
        if at == len(text):
            raise DotenvError("no name after `export`", _line(text, at))
    for end in range(at, len(text)):
        char = text[end]
        if char in "=:":
            return text[at:end].rstrip(), _past_blanks(text, end + 1)
        if char not in _BLANKS and not (char.isascii() and char.isalnum()) and char not in "_.":
            message = "a line without `=`" if char == "\n" else f"`{char}` in the name of a variable"
            raise DotenvError(message, _line(text, at))
    return "", at


def _past_blanks(text: str, at: int) -> int:
    return at + len(text[at:]) - len(text[at:].lstrip(_BLANKS))


def _value(text: str, at: int, known: Mapping[str, str]) -> tuple[str, int]:
    quote = text[at : at + 1]
    if quote in ("'", '"'):
        return _quoted(text, at, quote, known)
    end = min((i for i in (text.find("\n", at), text.find("\r", at)) if i >= 0), default=len(text))
    line = text[at:end]
    comment = next((i for i in range(len(line) - 1, 0, -1) if line[i] == "#" and line[i - 1] in _BLANKS), len(line))
    return _fill(line[:comment].strip(_BLANKS), known), end


def _quoted(text: str, at: int, quote: str, known: Mapping[str, str]) -> tuple[str, int]:
    end = at + 1
    while end < len(text) and not (text[end] == quote and text[end - 1] != "\\"):
        end += 1
    if end >= len(text):
        raise DotenvError("unterminated quoted value", _line(text, at))
    inside = text[at:end].strip(quote)
    return (inside if quote == "'" else _fill(_unescape(inside), known)), end + 1


def _unescape(text: str) -> str:
    """A backslash goes, but before `$`: that one is _fill's."""
    import re

    text = re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[0]), text)
    return re.sub(r"\\([^$])", r"\1", text)


def _fill(text: str, known: Mapping[str, str]) -> str:
    if "$" not in text:
        return text
    import re

    def one(found: re.Match[str]) -> str:
        escaped, name = found.groups()
        if escaped:
            return found[0][1:]
        return known.get(name, "") if name else found[0]

    return re.sub(_REFERENCE, one, text)
