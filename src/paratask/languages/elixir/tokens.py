"""Elixir's source files cut into tokens: names, texts, atoms, keys and marks. For the small files that configure a project.

Knows texts of every kind, sigils, comments, and what is filled into a text; knows nothing of what any of it means.
"""

from __future__ import annotations

import enum
import re
from functools import lru_cache

from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


class Kind(enum.Enum):
    """What a token is."""

    NAME = "a variable, a call, a module, a keyword or a number; with `@` before it an attribute"
    TEXT = "a string or a charlist"
    WORDS = "a list of words, `~w`"
    ATOM = "an atom"
    KEY = "a key, `name:`"
    MARK = "an operator or a bracket; another sigil"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One token; of texts, atoms and keys the name alone. A text is `literal` where nothing is filled in when it is evaluated."""

    kind: Kind
    value: str
    literal: bool = True


_SPACE = re.compile(r"(?:\s|#[^\n]*|\\\n)+")
_KEY = re.compile(r"[a-zA-Z_][\w@]*[?!]?:(?=\s)")
_ATOM = re.compile(r":(?:[a-zA-Z_][\w@]*[?!]?|[-+*/<>=!&|^~]+)")
_NAME = re.compile(r"@?[a-zA-Z_]\w*[?!]?(?:\.[A-Z]\w*)*|\d[\w.]*")
_CHARACTER = re.compile(r"\?(?:\\.|.)", re.DOTALL)
_SIGIL = re.compile(r"~([a-z]|[A-Z][A-Z0-9]*)(\"\"\"|'''|[/|\"'(\[{<])")
_MARK = re.compile(r"\+\+|--|<>|\|>|->|<-|=>|::|==|!=|&&|\|\||<=|>=|\.\.|=~|\\\\|[^\w\s]")
_CLOSING = {"(": ")", "[": "]", "{": "}", "<": ">"}
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "s": " ", "0": "\0", "e": "\x1b"}


class _UnreadableError(Exception):
    """The text ends within a token."""


@lru_cache(maxsize=512)
def tokens(text: str) -> tuple[Token, ...] | None:
    """The tokens of a file; None where it cannot be read."""
    try:
        return tuple(_tokens(text.replace("\r\n", "\n")))
    except (_UnreadableError, RecursionError):
        return None


def _tokens(text: str) -> Iterator[Token]:
    at = 0
    while True:
        space = _SPACE.match(text, at)
        at = space.end() if space else at
        if at >= len(text):
            return
        token, at = _token(text, at)
        yield token


def _token(text: str, at: int) -> tuple[Token, int]:
    char = text[at]
    if char in "\"'":
        return _quoted(text, at)
    if found := _KEY.match(text, at):
        return Token(kind=Kind.KEY, value=found[0][:-1]), found.end()
    if char == ":" and text[at + 1 : at + 2] in ('"', "'"):
        quoted, at = _quoted(text, at + 1)
        return Token(kind=Kind.ATOM, value=quoted.value, literal=quoted.literal), at
    if found := _SIGIL.match(text, at):
        return _sigil(text, found)
    for kind, pattern in ((Kind.NAME, _NAME), (Kind.MARK, _CHARACTER)):
        if found := pattern.match(text, at):
            return Token(kind=kind, value=found[0]), found.end()
    if not text.startswith("::", at) and (found := _ATOM.match(text, at)):
        return Token(kind=Kind.ATOM, value=found[0][1:]), found.end()
    mark = _MARK.match(text, at)
    return Token(kind=Kind.MARK, value=mark[0] if mark else char), mark.end() if mark else at + 1


def _quoted(text: str, at: int) -> tuple[Token, int]:
    """A text, or a key that is written as one (`"ecto.setup":`)."""
    closing = text[at] * 3 if text.startswith(text[at] * 3, at) else text[at]
    value, literal, at = _until(text, at + len(closing), closing, raw=False)
    if text.startswith(":", at) and text[at + 1 : at + 2].isspace() and len(closing) == 1:
        return Token(kind=Kind.KEY, value=value, literal=literal), at + 1
    return Token(kind=Kind.TEXT, value=value, literal=literal), at


def _sigil(text: str, found: re.Match[str]) -> tuple[Token, int]:
    name, opening = found[1], found[2]
    value, literal, at = _until(text, found.end(), _CLOSING.get(opening, opening), raw=name.isupper())
    end = at
    while end < len(text) and text[end].isalnum():
        end += 1
    if name in ("w", "W"):
        return Token(kind=Kind.WORDS, value=value, literal=literal and text[at:end] in ("", "s")), end
    if name in ("s", "S", "c", "C"):
        return Token(kind=Kind.TEXT, value=value, literal=literal), end
    return Token(kind=Kind.MARK, value=f"~{name}", literal=False), end


def _until(text: str, at: int, closing: str, *, raw: bool) -> tuple[str, bool, int]:
    """The text up to what closes it, whether nothing is filled in, and where it goes on."""
    found: list[str] = []
    literal = True
    while not text.startswith(closing, at):
        if at >= len(text):
            raise _UnreadableError
        if text[at] == "\\" and not raw:
            following = text[at + 1 : at + 2]
            found.append(_ESCAPED.get(following, following))
            at += 2
        elif text.startswith("#{", at) and not raw:
            literal = False
            at = _filled_in(text, at + 2)
            found.append("#{}")
        else:
            found.append(text[at])
            at += 1
    return "".join(found), literal, at + len(closing)


def _filled_in(text: str, at: int) -> int:
    """Where the expression that is filled into a text ends."""
    depth = 1
    while depth:
        space = _SPACE.match(text, at)
        at = space.end() if space else at
        if at >= len(text):
            raise _UnreadableError
        token, at = _token(text, at)
        if token.kind is Kind.MARK:
            depth += (token.value == "{") - (token.value == "}")
    return at
