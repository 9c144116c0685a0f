"""An answer to a task's `prompt`, typed as a line. go-task: Executor.areTaskPromptsAccepted.

All else waits meanwhile, but for signals: what is typed is read as Python does, which goes on reading after a signal, so a
handler breaks it off. The loop hears of the signal all the same. Knows nothing of what is asked.
"""

from __future__ import annotations

import signal
import sys

from paratask.errors import ParataskError
from paratask.processes.interrupts import SIGNALS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from paratask.kernel.loop import Loop


class _SignalCame(BaseException):
    """Before a line was read."""


class _Reader:
    """Reads lines that a signal breaks off, also one that came since it was made. `close` puts the handlers back."""

    def __init__(self) -> None:
        self._reads = self._came = False
        handlers = {number: signal.getsignal(number) for number in (*SIGNALS, signal.SIGTSTP)}
        self._before = {number: handler for number, handler in handlers.items() if callable(handler)}  # what the loop hears of
        for number in self._before:
            signal.signal(number, self._hear)

    def _hear(self, _number: int, _frame: object) -> None:
        self._came = True
        if self._reads:
            raise _SignalCame

    def line(self) -> str:
        """Raises _SignalCame, once for each time that it is called."""
        try:
            self._reads = True
            if self._came:
                raise _SignalCame
            return sys.stdin.readline()
        finally:
            self._reads = self._came = False

    def close(self) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)


async def read_answer(loop: Loop, ask: Callable[[], None]) -> str:
    """The line that was typed. `ask` asks, again where a signal came to nothing. Raises Cancelled, and ParataskError at the keyboard's end
    (Ctrl-D), which is no answer.
    """
    reader = _Reader()
    try:
        while True:
            await loop.sleep(0.0)  # the loop looks what came
            ask()
            try:
                answer = reader.line()
            except _SignalCame:
                continue
            if not answer:
                raise ParataskError("its prompt was not answered: the input ended", help="--yes answers all prompts")
            return answer
    finally:
        reader.close()
