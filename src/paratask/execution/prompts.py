"""An answer to a task's `prompt`, typed as a line, while the run goes on. go-task: Executor.areTaskPromptsAccepted.

The terminal hands on whole lines, and shows what is typed. Knows nothing of what is asked.
"""

from __future__ import annotations

from paratask.errors import ParataskError
from paratask.processes.streams import ClosedOutputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from paratask.execution.keyboard import Keyboard
    from paratask.kernel.loop import Loop
    from paratask.processes.streams import ConsoleSink, Cover

QUIET_SECONDS = 0.1
OUT = 1


async def read_answer(
    loop: Loop, keyboard: Keyboard, sink: ConsoleSink, ask: Callable[[], None], *, is_alone: Callable[[], bool]
) -> str:
    """The line that was typed. `ask` asks, again below what was shown meanwhile; while a question `is_alone`, nothing runs. Raises Cancelled, and ParataskError at the keyboard's end
    (Ctrl-D), which is no answer.
    """
    async with keyboard:
        standing = Standing(loop, sink, ask, is_alone)
        keyboard.on_return = standing.ask
        try:
            return await _line(keyboard, standing)
        finally:
            standing.close()


async def _line(keyboard: Keyboard, standing: Standing) -> str:
    standing.ask()
    keyboard.wait_for_foreground()
    line = b""
    while not line.endswith(b"\n"):
        await keyboard.readable()
        typed = await keyboard.read()
        if not typed:
            raise ParataskError("its prompt was not answered: the input ended", help="--yes answers all prompts")
        line += typed
    standing.is_answered = True
    return line.decode(errors="replace")


class Standing:
    """A question that stands below all that is shown until it is answered: others begin a line of their own, and when they have been quiet
    for a moment it is asked again. It covers for whatever else covers the sink (see streams.Cover).
    """

    def __init__(self, loop: Loop, sink: ConsoleSink, ask: Callable[[], None], is_alone: Callable[[], bool]) -> None:
        self._is_alone = is_alone
        self._loop = loop
        self._sink = sink
        self._ask = ask
        self._before: Cover | None = sink.cover
        self._is_seen = self._is_due = self._is_over = False
        self._wrote_at = 0.0
        self.is_answered = False
        sink.cover = self
        if self._before is not None:
            self._before.stay_away(away=True)

    def ask(self) -> None:
        """Put it where the cursor is."""
        self._is_seen = True
        try:
            self._ask()
        except OSError:  # the terminal is gone, as whoever reads it will find
            pass

    def lift(self) -> None:
        """See Cover."""
        if self._is_seen:
            self._is_seen = False
            if (
                self._before is not None or not self._is_alone()
            ):  # else it is about the question, and stands behind it, as in task
                self._sink.put(OUT, b"\n")

    def wrote(self, *, ends_line: bool) -> None:
        """See Cover."""
        if self._before is not None:
            self._before.wrote(ends_line=ends_line)
        self._wrote_at = self._loop.now()
        self._ask_later()

    def stay_away(self, *, away: bool) -> None:
        """See Cover."""
        if self._before is not None:
            self._before.stay_away(away=away)

    def _ask_later(self) -> None:
        if not self._is_due:
            self._is_due = True
            self._loop.call_at(self._wrote_at + QUIET_SECONDS, self._ask_again)

    def _ask_again(self) -> None:
        self._is_due = False
        if self._is_over or self._is_seen:
            return
        if self._loop.now() < self._wrote_at + QUIET_SECONDS:
            self._ask_later()
        else:
            self.ask()

    def close(self) -> None:
        """It was answered, or need not be any more: then what comes next begins a line of its own."""
        self._is_over = True
        if not self.is_answered:
            try:
                self.lift()
            except ClosedOutputError:
                pass
        if self._sink.cover is self:
            self._sink.cover = self._before
        if self._before is not None:
            self._before.stay_away(away=False)
