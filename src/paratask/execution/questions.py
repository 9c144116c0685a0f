"""Questions at a terminal as they stand after each key: a line of text that can be edited, a choice. go-task: internal/input.

Pure: keys come in as text, and what is to be seen goes out as lines. Knows nothing of terminals.
"""

from __future__ import annotations

import unicodedata

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Paint = Callable[[str, str], str]

LONGEST_TEXT = 256
_SEQUENCES = {
    "[A": "up", "OA": "up", "[B": "down", "OB": "down", "[C": "right", "OC": "right", "[D": "left", "OD": "left",
    "[H": "home", "OH": "home", "[1~": "home", "[7~": "home", "[F": "end", "OF": "end", "[4~": "end", "[8~": "end",
    "[3~": "delete", "[Z": "up",
}  # fmt: skip
_CONTROLS = {
    "\x03": "cancel", "\r": "enter", "\n": "enter", "\x7f": "backspace", "\x08": "backspace", "\t": "down", "\x01": "home",
    "\x05": "end", "\x02": "left", "\x06": "right", "\x04": "delete", "\x0b": "cut-end", "\x15": "cut-start", "\x17": "cut-word",
    "\x10": "up", "\x0e": "down",
}  # fmt: skip
_HINT = "(↑/↓ to move, enter to select, esc to cancel)"


def read_keys(text: str) -> Iterator[str]:
    """The keys that a terminal sent: names of more than one character, or the character. A lone escape cancels."""
    at = 0
    while at < len(text):
        if text[at] == "\x1b":
            end = _sequence_end(text, at + 1)
            yield "cancel" if end == at + 1 else _SEQUENCES.get(text[at + 1 : end], "unknown")
            at = end
            continue
        char = text[at]
        yield _CONTROLS.get(char) or (char if char.isprintable() else "unknown")
        at += 1


def _sequence_end(text: str, start: int) -> int:
    """Where the escape sequence ends whose first character after the escape is at `start`."""
    if text[start : start + 1] == "O":
        return min(start + 2, len(text))
    if text[start : start + 1] != "[":
        return start
    end = start + 1
    while end < len(text) and not "@" <= text[end] <= "~":
        end += 1
    return min(end + 1, len(text))


class Question:
    """What both kinds have in common. `answer` is None until it is given; then, and when it is cancelled, the question is over."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.answer: str | None = None
        self.is_cancelled = False

    @property
    def is_over(self) -> bool:
        return self.is_cancelled or self.answer is not None

    def press(self, key: str) -> None:
        """One key."""
        if key == "cancel":
            self.is_cancelled = True
        elif not self.is_over:
            self._press(key)

    def _press(self, key: str) -> None:
        raise NotImplementedError

    def lines(self, paint: Paint, columns: int) -> list[str]:
        """What is to be seen, at most `columns` wide."""
        raise NotImplementedError

    @property
    def cursor_column(self) -> int | None:
        """Where the cursor stands in the last line, or None for its end; to be asked after `lines`."""
        return None


class TextQuestion(Question):
    """A line of text."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._text = ""
        self._at = 0
        self._column = 0

    def _press(self, key: str) -> None:
        text, at = self._text, self._at
        moves = {"left": max(0, at - 1), "right": min(len(text), at + 1), "home": 0, "end": len(text)}
        cuts = {
            "backspace": (max(0, at - 1), at), "delete": (at, at + 1), "cut-start": (0, at), "cut-end": (at, len(text)),
            "cut-word": (text[:at].rstrip().rfind(" ") + 1, at),
        }  # fmt: skip
        if key == "enter":
            self.answer = text
        elif key in moves:
            self._at = moves[key]
        elif key in cuts:
            start, end = cuts[key]
            self._text, self._at = text[:start] + text[end:], start
        elif len(key) == 1 and len(text) < LONGEST_TEXT:
            self._text, self._at = text[:at] + key + text[at:], at + 1

    def lines(self, paint: Paint, columns: int) -> list[str]:
        label = f"? Enter value for {self.name}: "
        room = max(1, columns - _width(label) - 1)
        start = 0
        while _width(self._text[start : self._at]) > room:
            start += 1
        self._column = _width(label) + _width(self._text[start : self._at])
        return [paint("cyan", label) + _fitting(self._text[start:], room)]

    @property
    def cursor_column(self) -> int | None:
        return self._column


class ChoiceQuestion(Question):
    """One of several: by arrows (`j` and `k` as well), by its number, or by the beginning of its text."""

    def __init__(self, name: str, options: Sequence[str]) -> None:
        super().__init__(name)
        self._options = options
        self._at = 0
        self._typed = ""

    def _press(self, key: str) -> None:
        if key == "enter":
            self.answer = self._options[self._at]
        elif key in ("up", "down") or (key in ("k", "j") and not self._typed):
            self._typed = ""
            step = 1 if key in ("down", "j") else -1
            self._at = min(max(self._at + step, 0), len(self._options) - 1)
        elif key == "backspace":
            self._typed = self._typed[:-1]
        elif len(key) == 1:
            self._type(key)

    def _type(self, char: str) -> None:
        for typed in (self._typed + char, char):
            found = [at for at, option in enumerate(self._options) if option.lower().startswith(typed.lower())]
            if found:
                self._typed, self._at = typed, found[0]
                return
        if char.isascii() and char.isdigit() and 1 <= int(char) <= len(self._options):
            self._typed, self._at = "", int(char) - 1

    def lines(self, paint: Paint, columns: int) -> list[str]:
        shown = [paint("cyan", _fitting(f"? Select value for {self.name}:", columns - 1))]
        for at, option in enumerate(self._options):
            text = _fitting(option, columns - 3)
            shown.append(paint("cyan", "❯ ") + paint("green", text) if at == self._at else f"  {text}")  # noqa: RUF001 - as in task
        return [*shown, _fitting(f"  {_HINT}", columns - 1)]


def _width(text: str) -> int:
    """Columns that `text` takes."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _fitting(text: str, columns: int) -> str:
    """The beginning of `text` that is at most so wide."""
    while text and _width(text) > columns:
        text = text[:-1]
    return text
