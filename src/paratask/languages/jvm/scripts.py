"""Gradle's scripts, in Groovy or Kotlin, cut into tokens: words, texts and marks.

Knows strings of every kind, comments and what is filled into a text; knows nothing of what any of it means. A slash in Groovy may
begin a text as well as divide, which cannot be told here: such a script is not read.
"""

from __future__ import annotations

import enum
from functools import lru_cache

from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


class Kind(enum.Enum):
    """What a token is."""

    WORD = "a name, a keyword or a number"
    TEXT = "a string"
    MARK = "anything else, by character; the end of a line too"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One token. A text is `literal` where nothing is filled in when the script runs."""

    kind: Kind
    value: str
    literal: bool = True


class _UnreadableError(Exception):
    """The script cannot be cut into tokens here."""


@lru_cache(maxsize=2_048)
def tokens(script: str, *, kotlin: bool) -> tuple[Token, ...] | None:
    """The tokens of a script; None where it cannot be read. Scripts are looked at for each command of a build."""
    try:
        return tuple(_Lexer(script, kotlin=kotlin).tokens(0, ""))
    except (_UnreadableError, RecursionError):
        return None


class _Lexer:
    """Walks over a script once."""

    def __init__(self, script: str, *, kotlin: bool) -> None:
        self._script = script.replace("\r\n", "\n")
        self._kotlin = kotlin
        self._at = 0

    def tokens(self, depth: int, closing: str) -> Iterator[Token]:
        """Tokens up to the brace that closes what was begun, or the end."""
        open_braces = 0
        while self._at < len(self._script):
            char = self._script[self._at]
            if char == "}" and closing and not open_braces:
                self._at += 1
                return
            open_braces += (char == "{") - (char == "}")
            yield from self._next(char, depth)
        if closing:
            raise _UnreadableError

    def _next(self, char: str, depth: int) -> Iterator[Token]:
        if char in " \t\f\r":
            self._at += 1
        elif self._starts("//") or (self._at == 0 and self._starts("#!")):
            end = self._script.find("\n", self._at)
            self._at = len(self._script) if end < 0 else end
        elif self._starts("/*"):
            self._comment()
        elif char in "\"'":
            yield from self._text(char, depth)
        elif char == "`":
            yield Token(kind=Kind.WORD, value=self._until("`"))
        elif char.isalnum() or char in "_$":
            yield Token(kind=Kind.WORD, value=self._word())
        elif char == "/" and not self._kotlin:
            raise _UnreadableError
        else:
            self._at += 1
            yield Token(kind=Kind.MARK, value=char)

    def _starts(self, text: str) -> bool:
        return self._script.startswith(text, self._at)

    def _comment(self) -> None:
        """Comments nest in Kotlin, and do not in Groovy."""
        depth = 0
        while self._at < len(self._script):
            if self._starts("/*") and (self._kotlin or not depth):
                depth, self._at = depth + 1, self._at + 2
            elif self._starts("*/"):
                depth, self._at = depth - 1, self._at + 2
                if not depth:
                    return
            else:
                self._at += 1
        raise _UnreadableError

    def _until(self, quote: str) -> str:
        end = self._script.find(quote, self._at + 1)
        if end < 0:
            raise _UnreadableError
        value = self._script[self._at + 1 : end]
        self._at = end + 1
        return value

    def _word(self) -> str:
        begin = self._at
        while self._at < len(self._script) and (self._script[self._at].isalnum() or self._script[self._at] in "_$"):
            self._at += 1
        return self._script[begin : self._at]

    def _text(self, quote: str, depth: int) -> Iterator[Token]:
        """A text, followed by the tokens of what is filled into it."""
        if depth > 8:
            raise _UnreadableError
        closing = quote * 3 if self._starts(quote * 3) else quote
        raw = closing == '"""' and self._kotlin
        self._at += len(closing)
        pieces: list[str] = []
        inner: list[Token] = []
        while not self._starts(closing):
            if self._at >= len(self._script) or (self._script[self._at] == "\n" and len(closing) == 1):
                raise _UnreadableError
            if self._starts("\\") and not raw:
                pieces.append(self._script[self._at + 1 : self._at + 2])
                self._at += 2
            elif self._starts("$") and quote == '"':
                pieces.append("$")
                inner.extend(self._filled(depth))
            else:
                pieces.append(self._script[self._at])
                self._at += 1
        self._at += len(closing)
        yield Token(kind=Kind.TEXT, value="".join(pieces), literal=not inner)
        yield from inner

    def _filled(self, depth: int) -> Iterator[Token]:
        self._at += 1
        if self._starts("{"):
            self._at += 1
            yield from self.tokens(depth + 1, "}")
        elif self._at < len(self._script) and (self._script[self._at].isalpha() or self._script[self._at] == "_"):
            yield Token(kind=Kind.WORD, value=self._word())
