"""What Elixir's files of settings say, as far as it is written down: `mix.exs`, `.formatter.exs`.

Such a file is a program. Of it, values that are literal are understood wherever they stand under a key, also by way of an attribute or
of a function without arguments that is nothing but such a value. Everything else is `UNKNOWN`. Knows no key and no file.
"""

from __future__ import annotations

import enum

from paratask.frozen import dataclass
from paratask.languages.elixir.tokens import Kind, tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TypeAlias

    from paratask.languages.elixir.tokens import Token

    Term: TypeAlias = "str | Atom | Pairs | tuple[Term, ...] | Unknown"
    """A text, an atom (also a module, a number, `true`), keys with values, a list or tuple, or what only the run tells."""


class Unknown(enum.Enum):
    """What only the run tells."""

    VALUE = "unknown"


UNKNOWN = Unknown.VALUE


@dataclass(frozen=True, slots=True, kw_only=True)
class Atom:
    """An atom, a module, or a number."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """A list with keys; `others` are its values without one."""

    items: tuple[tuple[str, Term], ...]
    others: tuple[Term, ...] = ()


_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_ENDING = frozenset({",", ")", "]", "}", "=>", ";"})
DEFINING = frozenset({"def", "defp"})
_ENDING_NAMES = frozenset({"end", "def", "defp", "defmodule", "else", "do"})
_MAX_DEPTH = 16


class _ObscureError(Exception):
    """A value that is not literal."""


class File:
    """One file's tokens, and questions about them."""

    def __init__(self, found: tuple[Token, ...]) -> None:
        self.tokens = found

    def values(self, key: str) -> tuple[Term, ...]:
        """The values under `key`, at each place where it stands; one that a program sets is unknown."""
        found = [self.value_at(at + 1) for at, token in enumerate(self.tokens) if token.kind is Kind.KEY and token.value == key]
        put = any(
            token.kind is Kind.ATOM and token.value == key and self._mark(at + 1) in (",", "=>")
            for at, token in enumerate(self.tokens)
        )
        return (*found, UNKNOWN) if put else tuple(found)

    def value_at(self, at: int) -> Term:
        """The value that begins at a token."""
        try:
            value, end = self._value(at, 0)
        except _ObscureError:
            return UNKNOWN
        return value if self._ends(end) else UNKNOWN

    def expression(self, at: int) -> Sequence[Token]:
        """The tokens from one on, up to the comma or bracket that ends what it begins."""
        depth, end = 0, at
        while end < len(self.tokens):
            token = self.tokens[end]
            if token.kind is Kind.MARK:
                if depth == 0 and token.value in (",", *_CLOSING):
                    break
                depth += (token.value in _OPENING) - (token.value in _CLOSING)
            end += 1
        return self.tokens[at:end]

    def mentions(self, *names: str) -> bool:
        """Whether an atom, a key or a name is among the tokens."""
        return any(token.kind is not Kind.TEXT and token.value in names for token in self.tokens)

    def texts(self) -> Iterator[str]:
        """All texts that are literal, words of lists among them."""
        for token in self.tokens:
            if token.kind is Kind.TEXT and token.literal:
                yield token.value
            elif token.kind is Kind.WORDS:
                yield from token.value.split()

    def _mark(self, at: int) -> str:
        return self.tokens[at].value if 0 <= at < len(self.tokens) and self.tokens[at].kind is Kind.MARK else ""

    def _name(self, at: int) -> str:
        return self.tokens[at].value if 0 <= at < len(self.tokens) and self.tokens[at].kind is Kind.NAME else ""

    def _ends(self, at: int) -> bool:
        """Whether an expression ends before a token."""
        if at >= len(self.tokens) or self._mark(at) in _ENDING:
            return True
        name = self._name(at)
        return name in _ENDING_NAMES or name.startswith("@")

    def _value(self, at: int, depth: int) -> tuple[Term, int]:
        if at >= len(self.tokens) or depth > _MAX_DEPTH:
            raise _ObscureError
        token = self.tokens[at]
        if token.kind in (Kind.TEXT, Kind.ATOM, Kind.WORDS):
            return self._plain(token), at + 1
        if token.kind is Kind.NAME:
            return self._named(at, depth)
        if token.kind is Kind.MARK and token.value in ("[", "{"):
            return self._several(at + 1, "]" if token.value == "[" else "}", depth)
        if (self._mark(at), self._mark(at + 1)) == ("%", "{"):
            return UNKNOWN, self._after(at + 1)
        raise _ObscureError

    def _plain(self, token: Token) -> Term:
        if not token.literal:
            raise _ObscureError
        if token.kind is Kind.WORDS:
            return tuple(token.value.split())
        return Atom(name=token.value) if token.kind is Kind.ATOM else token.value

    def _several(self, at: int, closing: str, depth: int) -> tuple[Term, int]:
        """What is in brackets. A part that is not literal is unknown by itself."""
        items: list[tuple[str, Term]] = []
        others: list[Term] = []
        while self._mark(at) != closing:
            if at >= len(self.tokens):
                raise _ObscureError
            key = self.tokens[at] if self.tokens[at].kind is Kind.KEY else None
            value, at = self._part(at + 1 if key else at, depth + 1)
            if key is None:
                others.append(value)
            else:
                items.append((key.value, value))
            if self._mark(at) == ",":
                at += 1
            elif self._mark(at) != closing:
                raise _ObscureError
        return (Pairs(items=tuple(items), others=tuple(others)) if items else tuple(others)), at + 1

    def _part(self, at: int, depth: int) -> tuple[Term, int]:
        end = at + len(self.expression(at))
        try:
            value, after = self._value(at, depth)
        except _ObscureError:
            return UNKNOWN, end
        return (value, after) if after == end else (UNKNOWN, end)

    def _named(self, at: int, depth: int) -> tuple[Term, int]:
        name = self._name(at)
        if name[0].isupper() or name[0].isdigit() or name in ("true", "false", "nil"):
            return Atom(name=name), at + 1
        if name.startswith("@"):
            starts = [index + 1 for index in range(len(self.tokens)) if self._name(index) == name and self._sets(index)]
            return self._single(tuple(starts), depth), at + 1
        end = at + 3 if (self._mark(at + 1), self._mark(at + 2)) == ("(", ")") else at + 1
        starts = [self._body(index + 2) for index in range(len(self.tokens)) if self._defines(index, name)]
        return self._single(tuple(starts), depth), end

    def _sets(self, at: int) -> bool:
        """Whether an attribute is given a value at a token, and not used there."""
        before = self.tokens[at - 1] if at else None
        used = before is not None and (before.kind is Kind.KEY or (before.kind is Kind.MARK and before.value not in _CLOSING))
        return not used and (self._mark(at + 1) in ("[", "{", "%") or not (self._ends(at + 1) or self._mark(at + 1)))

    def _defines(self, at: int, name: str) -> bool:
        return self._name(at) in DEFINING and self._name(at + 1) == name

    def _body(self, at: int) -> int:
        """Where the body of a function without arguments begins, whose name is before the token; -1 for another function."""
        if (self._mark(at), self._mark(at + 1)) == ("(", ")"):
            at += 2
        if self._name(at) == "do":
            return at + 1
        is_short = self._mark(at) == "," and at + 1 < len(self.tokens) and self.tokens[at + 1].kind is Kind.KEY
        return at + 2 if is_short and self.tokens[at + 1].value == "do" else -1

    def _single(self, starts: tuple[int, ...], depth: int) -> Term:
        """The value that begins at the only one of `starts`."""
        if len(starts) != 1 or starts[0] < 0:
            raise _ObscureError
        value, end = self._value(starts[0], depth + 1)
        if not self._ends(end):
            raise _ObscureError
        return value

    def _after(self, at: int) -> int:
        """The token after the bracket that closes the one at `at`."""
        return at + 1 + _until_closed(self.tokens[at + 1 :])


def _until_closed(following: Sequence[Token]) -> int:
    depth = 1
    for index, token in enumerate(following):
        if token.kind is Kind.MARK:
            depth += (token.value in _OPENING) - (token.value in _CLOSING)
        if depth == 0:
            return index + 1
    raise _ObscureError


def read_terms(text: str) -> File | None:
    """The file; None where it cannot be cut into tokens."""
    found = tokens(text)
    return None if found is None else File(found)
