"""What the runner itself says while jobs run, in task's words and on its streams. go-task: the logger's calls in task.go.

Lines go into the job's sink, so that they stay in order with its output. Knows how lines are painted, not when they are due.
"""

from __future__ import annotations

import sys

from paratask.execution.streams import GroupStyle, PlainStyle, PrefixStyle

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from paratask.execution.options import RunOptions
    from paratask.execution.streams import Sink
    from paratask.variables.ready import ReadyTask

    Style = PlainStyle | GroupStyle | PrefixStyle

PREFIX_COLORS = ("yellow", "blue", "magenta", "cyan", "green", "red")


class Messages:
    """`paint` wraps a text in a colour (or not); `fill` fills a template from a task's variables."""

    def __init__(
        self,
        *,
        options: RunOptions,
        taskfile_silent: bool,
        paint: Callable[[str, str], str],
        fill: Callable[[str, ReadyTask], str],
    ) -> None:
        self._options = options
        self._taskfile_silent = taskfile_silent
        self._paint = paint
        self._fill = fill
        self._prefixes: dict[str, str] = {}

    def echoes(self, silent: bool, ready: ReadyTask) -> bool:
        """Whether commands are shown before they run."""
        if self._options.verbose:
            return True
        return not (silent or ready.task.silent or self._taskfile_silent or self._options.silent)

    def say(self, text: str, sink: Sink, color: str) -> None:
        sink.write(2, f"{self._paint(color, text)}\n".encode(errors="surrogateescape"))

    def verbose(self, text: str, sink: Sink) -> None:
        """task says this on stdout."""
        if self._options.verbose:
            sink.write(1, f"{self._paint('yellow', text)}\n".encode(errors="surrogateescape"))

    def verbose_error(self, text: str, sink: Sink) -> None:
        if self._options.verbose:
            self.say(text, sink, "magenta")

    def out(self, text: str, end: str = "\n") -> None:
        """A question to the user."""
        sys.stdout.write(self._paint("yellow", text) + end)
        sys.stdout.flush()

    def style(self, sink: Sink, ready: ReadyTask) -> Style:
        """The `output:` style of one command."""
        output = self._options.output
        if ready.task.interactive or output.style in ("", "interleaved"):
            return PlainStyle(sink)
        if output.style == "group":
            begin, end = (self._fill(text, ready) if text else "" for text in (output.begin, output.end))
            return GroupStyle(sink, begin=begin, end=end, error_only=output.error_only)
        color = self._prefixes.setdefault(ready.prefix, PREFIX_COLORS[len(self._prefixes) % len(PREFIX_COLORS)])
        return PrefixStyle(sink, prefix=ready.prefix, paint=lambda text: self._paint(color, text))
