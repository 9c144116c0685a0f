"""Template text to tokens. Go: text/template/parse, lex.go.

Trim markers and comments are dealt with here; the parser never sees them. A text that cannot be read ends in one ERROR token,
so that whoever asks for the tokens reports the first mistake in reading order. Knows no grammar and no functions.
"""

from __future__ import annotations

TEXT = "text"
OPEN = "{{"
CLOSE = "}}"
SPACE = "space"
NAME = "name"
KEYWORD = "keyword"
FIELD = "field"
VARIABLE = "variable"
DOT = "dot"
BOOL = "bool"
NIL = "nil"
NUMBER = "number"
COMPLEX = "complex"
CHAR = "character"
STRING = "string"
RAW_STRING = "raw string"
PIPE = "|"
ASSIGN = "="
DECLARE = ":="
LEFT = "("
RIGHT = ")"
MARK = "mark"
ERROR = "error"
END = "end of template"

KEYWORDS = frozenset(("block", "break", "continue", "define", "else", "end", "if", "range", "template", "with"))
SPACES = " \t\r\n"
_TRIM_MARKS = ("- ", "-\t", "-\r", "-\n")
_TERMINATORS = frozenset(" \t\r\n.,|:)(")
_SINGLE = {"=": ASSIGN, "|": PIPE}
_DIGITS = "0123456789_"
_BASES = {"x": "0123456789abcdefABCDEF_", "o": "01234567_", "b": "01_"}


class Token:
    """A piece of the text; `position` is its offset in characters. For ERROR, `text` is the message."""

    __slots__ = ("kind", "position", "text")

    def __init__(self, kind: str, position: int, text: str) -> None:
        self.kind = kind
        self.position = position
        self.text = text

    def __str__(self) -> str:
        if self.kind in (END, SPACE):
            return self.kind
        return f"`{self.text if len(self.text) <= 20 else self.text[:20] + '…'}`"


def tokens_of(text: str) -> list[Token]:
    """All tokens of `text`; the last one is END or ERROR."""
    return _Lexer(text).run()


def _is_word(char: str) -> bool:
    return char == "_" or char.isalpha() or char.isdecimal()


class _LexError(Exception):
    """Carries the message of the ERROR token and where it points."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.message = message
        self.position = position


class _Lexer:
    __slots__ = ("_depth", "_end", "_position", "_text", "_tokens")

    def __init__(self, text: str) -> None:
        self._text = text
        self._end = len(text)
        self._position = 0
        self._depth = 0
        self._tokens: list[Token] = []

    def run(self) -> list[Token]:
        try:
            while self._literal_text():
                self._action()
        except _LexError as error:
            self._tokens.append(Token(ERROR, error.position, error.message))
        else:
            self._tokens.append(Token(END, self._end, ""))
        return self._tokens

    def _add(self, kind: str, start: int) -> None:
        self._tokens.append(Token(kind, start, self._text[start : self._position]))

    def _literal_text(self) -> bool:
        """Take the text up to the next action; False at the end. Comments are passed over."""
        text = self._text
        while True:
            start = self._position
            found = text.find(OPEN, start)
            piece = text[start:] if found < 0 else text[start:found]
            trims = found >= 0 and self._left_trim(found + 2)
            if trims:
                piece = piece.rstrip(SPACES)
            if piece:
                self._tokens.append(Token(TEXT, start, piece))
            if found < 0:
                self._position = self._end
                return False
            inside = found + (4 if trims else 2)
            if not text.startswith("/*", inside):
                self._tokens.append(Token(OPEN, found, OPEN))
                self._position = inside
                self._depth = 0
                return True
            self._comment(inside)

    def _left_trim(self, position: int) -> bool:
        return self._text.startswith(_TRIM_MARKS, position)

    def _comment(self, start: int) -> None:
        found = self._text.find("*/", start + 2)
        if found < 0:
            raise _LexError("unclosed comment", start)
        self._position = found + 2
        if not self._close_width():
            raise _LexError("comment ends before closing delimiter", start)
        self._close()

    def _close_width(self) -> int:
        """Length of the closing delimiter here, trim marker included; 0 where there is none."""
        text, position = self._text, self._position
        if text.startswith(CLOSE, position):
            return 2
        if text.startswith("-}}", position + 1) and text[position] in SPACES:
            return 4
        return 0

    def _close(self) -> None:
        width = self._close_width()
        self._position += width
        if width == 4:
            text, position = self._text, self._position
            while position < self._end and text[position] in SPACES:
                position += 1
            self._position = position

    def _action(self) -> None:
        text = self._text
        while True:
            start = self._position
            width = self._close_width()
            if width:
                if self._depth:
                    raise _LexError("unclosed left parenthesis", start)
                self._tokens.append(Token(CLOSE, start + width - 2, CLOSE))
                self._close()
                return
            if start >= self._end:
                raise _LexError("unclosed action", self._opened_at())
            self._one(text[start], start)

    def _opened_at(self) -> int:
        return next(token.position for token in reversed(self._tokens) if token.kind is OPEN)

    def _one(self, char: str, start: int) -> None:
        if char in SPACES:
            self._spaces(start)
        elif char == ".":
            self._dot(start)
        elif _is_word(char) and char not in "0123456789":
            self._word(start)
        elif char in "0123456789+-":
            self._number(start)
        elif char == '"':
            self._quoted(start, '"', STRING, "unterminated quoted string")
        elif char == "`":
            self._raw_string(start)
        elif char == "$":
            self._position = start + 1
            self._name_follows(VARIABLE, start)
        elif char == "'":
            self._quoted(start, "'", CHAR, "unterminated character constant")
        else:
            self._punctuation(char, start)

    def _punctuation(self, char: str, start: int) -> None:
        self._position = start + 1
        if char == ":":
            if not self._text.startswith("=", start + 1):
                raise _LexError("expected :=", start)
            self._position = start + 2
            self._add(DECLARE, start)
        elif char == "(":
            self._depth += 1
            self._add(LEFT, start)
        elif char == ")":
            if not self._depth:
                raise _LexError("unexpected right parenthesis", start)
            self._depth -= 1
            self._add(RIGHT, start)
        elif char in _SINGLE:
            self._add(_SINGLE[char], start)
        elif char.isascii() and char.isprintable():
            self._add(MARK, start)
        else:
            raise _LexError(f"unrecognized character in action: {char!r}", start)

    def _spaces(self, start: int) -> None:
        text, position = self._text, start
        while position < self._end and text[position] in SPACES:
            position += 1
        if text.startswith("-}}", position):
            position -= 1
        self._position = position
        if position > start:
            self._add(SPACE, start)

    def _dot(self, start: int) -> None:
        following = self._text[start + 1 : start + 2]
        if following and following in "0123456789":
            self._number(start)
            return
        self._position = start + 1
        self._name_follows(FIELD, start)

    def _name_follows(self, kind: str, start: int) -> None:
        """A field or variable: its first character is taken, its name, which may be empty, is not."""
        bare = self._at_terminator()
        if not bare:
            self._letters()
            self._expect_terminator()
        self._add(DOT if bare and kind is FIELD else kind, start)

    def _letters(self) -> None:
        text, position, end = self._text, self._position, self._end
        while position < end and _is_word(text[position]):
            position += 1
        self._position = position

    def _at_terminator(self) -> bool:
        position = self._position
        return position >= self._end or self._text[position] in _TERMINATORS or self._text.startswith(CLOSE, position)

    def _expect_terminator(self) -> None:
        if not self._at_terminator():
            raise _LexError(f"bad character {self._text[self._position]!r}", self._position)

    def _word(self, start: int) -> None:
        self._letters()
        self._expect_terminator()
        word = self._text[start : self._position]
        if word in KEYWORDS:
            self._add(KEYWORD, start)
        elif word in ("true", "false"):
            self._add(BOOL, start)
        else:
            self._add(NIL if word == "nil" else NAME, start)

    def _quoted(self, start: int, quote: str, kind: str, message: str) -> None:
        text, position = self._text, start + 1
        while position < self._end:
            char = text[position]
            if char == quote:
                self._position = position + 1
                self._add(kind, start)
                return
            if char == "\\":
                position += 1
                char = text[position : position + 1]
            if char in ("\n", ""):
                break
            position += 1
        raise _LexError(message, start)

    def _raw_string(self, start: int) -> None:
        found = self._text.find("`", start + 1)
        if found < 0:
            raise _LexError("unterminated raw quoted string", start)
        self._position = found + 1
        self._add(RAW_STRING, start)

    def _number(self, start: int) -> None:
        self._position = start
        self._scan_number(start)
        kind = NUMBER
        if self._text[self._position : self._position + 1] in ("+", "-"):
            self._scan_number(start)
            kind = COMPLEX
            if self._text[self._position - 1] != "i":
                raise self._bad_number(start)
        self._add(kind, start)

    def _scan_number(self, start: int) -> None:
        self._accept("+-")
        digits = _DIGITS
        if self._accept("0"):
            base = self._text[self._position : self._position + 1].lower()
            if base in _BASES:
                digits = _BASES[base]
                self._position += 1
        self._accept_run(digits)
        if self._accept("."):
            self._accept_run(digits)
        exponent = "eE" if digits is _DIGITS else "pP" if digits is _BASES["x"] else ""
        if self._accept(exponent):
            self._accept("+-")
            self._accept_run(_DIGITS)
        self._accept("i")
        following = self._text[self._position : self._position + 1]
        if _is_word(following):
            self._position += 1
            raise self._bad_number(start)

    def _bad_number(self, start: int) -> _LexError:
        return _LexError(f'bad number syntax: "{self._text[start : self._position]}"', start)

    def _accept(self, valid: str) -> bool:
        char = self._text[self._position : self._position + 1]
        if char and char in valid:
            self._position += 1
            return True
        return False

    def _accept_run(self, valid: str) -> None:
        while self._accept(valid):
            pass
