"""Puts questions at the terminal, one after another, while the run goes on. go-task: internal/input, on bubbletea.

A library for prompts would bring an event loop of its own, and take the signals from ours.
"""

from __future__ import annotations

import codecs
import os
from collections import deque

from paratask.errors import TaskCancelledError
from paratask.execution.keyboard import KEYBOARD
from paratask.execution.questions import ChoiceQuestion, TextQuestion, read_keys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from paratask.execution.keyboard import Keyboard
    from paratask.execution.questions import Paint, Question

SCREEN = 2
ESCAPE_SECONDS = 0.05
"""After an escape, so long for the rest of a sequence to come before it counts as the key of that name."""


class Asking:
    """`columns` is how wide the terminal is. `make_room` is told when a question needs the screen, and when it does not any more."""

    def __init__(self, keyboard: Keyboard, paint: Paint, columns: int, *, make_room: Callable[..., None]) -> None:
        self._make_room = make_room
        self._keyboard = keyboard
        self._paint = paint
        self._columns = columns
        self._keys: deque[str] = deque()
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    async def ask(self, name: str, allowed: Sequence[str], task: str) -> str:
        """The value for a variable. Raises TaskCancelledError, and Cancelled."""
        question = ChoiceQuestion(name, allowed) if allowed else TextQuestion(name)
        async with self._keyboard:
            await self._put(question)
        if question.answer is None:
            raise TaskCancelledError(f"task `{task}` cancelled by user: no value for {name}", task=task)
        return question.answer

    async def _put(self, question: Question) -> None:
        import termios

        try:
            before, mode = termios.tcgetattr(KEYBOARD), termios.tcgetattr(KEYBOARD)
        except termios.error:  # the terminal has gone, and with it whoever would answer
            question.press("cancel")
            return
        mode[0] &= ~(termios.ICRNL | termios.IXON)
        mode[3] &= ~(termios.ICANON | termios.ECHO | termios.ISIG | termios.IEXTEN)
        drawn = 0
        self._make_room(away=True)
        try:
            termios.tcsetattr(KEYBOARD, termios.TCSADRAIN, mode)
            drawn = self._draw(question, 0)
            while not question.is_over:
                await self._press(question)
                drawn = self._draw(question, drawn)
        finally:
            try:
                termios.tcsetattr(KEYBOARD, termios.TCSADRAIN, before)
            except termios.error:
                pass  # it has gone meanwhile
            self._erase(drawn)
            self._make_room(away=False)

    async def _press(self, question: Question) -> None:
        """What was typed. What is left when the question is over was typed for the next one."""
        self._keys.extend(read_keys(self._decoder.decode(await self._typed())) if not self._keys else ())
        while self._keys and not question.is_over:
            question.press(self._keys.popleft())

    async def _typed(self) -> bytes:
        """What was typed since; a cancelling key where the keyboard is gone."""
        await self._keyboard.readable()
        data = await self._read()
        while data.endswith(b"\x1b") and await self._keyboard.readable(ESCAPE_SECONDS):
            data += await self._read()
        return data

    async def _read(self) -> bytes:
        return await self._keyboard.read() or b"\x03"

    def _draw(self, question: Question, drawn: int) -> int:
        """In place of the `drawn` lines before; how many there are now."""
        lines = question.lines(self._paint, self._columns)
        text = _start_of(drawn) + "\x1b[J" + "\n".join(lines)
        if question.cursor_column is not None:
            text += f"\r\x1b[{question.cursor_column}C"
        self._write(text)
        return len(lines)

    def _erase(self, drawn: int) -> None:
        self._write(_start_of(drawn) + "\x1b[J")

    def _write(self, text: str) -> None:
        data = text.encode(errors="replace")
        try:
            while data:
                data = data[os.write(SCREEN, data) :]
        except OSError:  # nobody looks
            pass


def _start_of(drawn: int) -> str:
    """Moves the cursor from the last of so many lines to the beginning of the first."""
    return f"\x1b[{drawn - 1}A\r" if drawn > 1 else "\r"
