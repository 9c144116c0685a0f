"""Tokens one after another, with a look ahead, and errors that point at them. Knows no grammar."""

from __future__ import annotations

from paratask.templating.failures import template_error
from paratask.templating.lexer import CLOSE, END, ERROR, KEYWORD, SPACE, Token, tokens_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.templating.failures import TemplateError


class TokenStream:
    """The tokens of a text. Reading an ERROR token raises TemplateError; END can be read any number of times."""

    __slots__ = ("_index", "_text", "_tokens")

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = tokens_of(text)
        self._index = 0

    def _next(self) -> Token:
        token = self._tokens[self._index]
        self._index += 1
        if token.kind is ERROR:
            raise self._error(token.text, token.position)
        if token.kind is END:
            self._index -= 1
        return token

    def _next_solid(self) -> Token:
        token = self._next()
        return self._next() if token.kind is SPACE else token

    def _peek_solid(self) -> Token:
        token = self._tokens[self._index]
        return self._tokens[self._index + 1] if token.kind is SPACE else token

    def _keyword_follows(self, *words: str) -> bool:
        token = self._peek_solid()
        return token.kind is KEYWORD and token.text in words

    def _error(self, message: str, position: int, help: str | None = None) -> TemplateError:  # noqa: A002
        return template_error(message, self._text, position, help)

    def _unexpected(self, token: Token, context: str) -> TemplateError:
        return self._error(f"unexpected {token} in {context}", token.position)

    def _expect_close(self, context: str) -> None:
        token = self._next_solid()
        if token.kind is not CLOSE:
            raise self._unexpected(token, context)
