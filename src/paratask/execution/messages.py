"""What the runner itself says while jobs run, in task's words and on its streams. go-task: the logger's calls in task.go.

Lines go into the job's sink, so that they stay in order with its output. Knows how lines are painted, not when they are due.
"""

from __future__ import annotations

import sys
from functools import partial

from paratask.errors import CommandFailedError, PreconditionError, TaskRunError, TaskTimeoutError
from paratask.processes.streams import PlainStyle

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from paratask.errors import ParataskError
    from paratask.execution.options import RunOptions
    from paratask.execution.output_styles import GroupStyle, PrefixStyle
    from paratask.processes.streams import Sink
    from paratask.variables.ready import ReadyTask

    ReadAnswer = Callable[[Callable[[], None]], Coroutine[object, object, str]]
    """Reads a line that is typed, once what it is given has asked for it."""
    Style = PlainStyle | GroupStyle | PrefixStyle

PREFIX_COLORS = (
    "yellow", "blue", "magenta", "cyan", "green", "red",
    "bright_yellow", "bright_blue", "bright_magenta", "bright_cyan", "bright_green", "bright_red",
)  # fmt: skip


WHOLE = frozenset(("", "interleaved", "errors-only", "live"))
"""The styles that leave a command's output as it is."""


class Messages:
    """`paint` wraps a text in a colour (or not); `fill` fills a template from a task's variables; `mask` hides secret values."""

    def __init__(
        self,
        *,
        options: RunOptions,
        taskfile_silent: bool,
        paint: Callable[[str, str], str],
        fill: Callable[[str, ReadyTask], str],
        mask: Callable[[str], str],
        read_answer: ReadAnswer,
    ) -> None:
        self._read_answer = read_answer
        self._mask = mask
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

    def echo(self, task: str, command: str, sink: Sink) -> None:
        """A command before it runs. It comes masked by name, as task shows it."""
        sink.write(2, self._paint("green", f"task: [{task}] {command}\n").encode(errors="surrogateescape"))

    def say(self, text: str, sink: Sink, color: str) -> None:
        sink.write(2, self._paint(color, self._mask(text) + "\n").encode(errors="surrogateescape"))

    def verbose(self, text: str, sink: Sink, end: str = "\n") -> None:
        """task says this on stdout."""
        if self._options.verbose:
            sink.write(1, self._paint("yellow", self._mask(text) + end).encode(errors="surrogateescape"))

    def verbose_error(self, text: str, sink: Sink, color: str = "magenta") -> None:
        if self._options.verbose:
            self.say(text, sink, color)

    def started(self, task: str, sink: Sink) -> None:
        if self._options.verbose:
            self.say(f"task: {go_quoted(task)} started", sink, "magenta")

    def finished(self, task: str, sink: Sink) -> None:
        if self._options.verbose:
            self.say(f"task: {go_quoted(task)} finished", sink, "magenta")

    def looked(self, command: str, exit_status: int, sink: Sink) -> None:
        """What a `status` command said."""
        came = f"non-zero: exit status {exit_status}" if exit_status else "zero"
        self.verbose(f"task: status command {command} exited {came}", sink)

    def learned(self, command: str, output: str, sink: Sink) -> None:
        """What a `sh:` variable came to."""
        self.say(f"task: dynamic variable: {go_quoted(command)} result: {go_quoted(output)}", sink, "magenta")

    def failed(self, task: str, error: ParataskError, sink: Sink) -> None:
        self.verbose_error(f"task: {go_quoted(task)} failed: {error_text(error)}", sink, "red")

    def passed_over(self, task: str, what: str, error: ParataskError, sink: Sink) -> None:
        """`task` is empty where a task ignores errors of all its steps."""
        where = f"[{task}] " if task else ""
        self.verbose_error(f"task: {where}{what} error ignored: {error_text(error)}", sink, "yellow")

    def assumed(self, prompt: str, sink: Sink) -> None:
        """A question that is answered for the user."""
        sink.write(1, self._paint("yellow", self._mask(f"{prompt} [assuming yes]") + "\n").encode(errors="surrogateescape"))

    async def answer(self, text: str) -> str:
        """The line that is typed as an answer. Raises ParataskError and Cancelled."""
        return await self._read_answer(partial(self._ask, text))

    def _ask(self, text: str) -> None:
        sys.stdout.write(self._paint("yellow", self._mask(text)))
        sys.stdout.flush()

    def style(self, sink: Sink, ready: ReadyTask) -> Style:
        """The `output:` style of one command."""
        output = self._options.output
        if ready.task.interactive or output.style in WHOLE:
            return PlainStyle(sink)
        from paratask.execution.output_styles import GroupStyle, PrefixStyle

        if output.style == "group":
            begin, end = (self._fill(text, ready) if text else "" for text in (output.begin, output.end))
            return GroupStyle(sink, begin=begin, end=end, error_only=output.error_only)
        return PrefixStyle(sink, prefix=ready.prefix, paint=self._paint_prefix)

    def _paint_prefix(self, prefix: str) -> str:
        """Colours are given out in turn, as prefixes come up."""
        color = self._prefixes.setdefault(prefix, PREFIX_COLORS[len(self._prefixes) % len(PREFIX_COLORS)])
        return self._paint(color, prefix)


def go_quoted(text: str) -> str:
    """A name as Go's %q shows it."""
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    from paratask.templating.printf import quoted

    return quoted(text)


def error_text(error: ParataskError) -> str:
    """What task calls the error in its lines about errors that it passed over. go-task: errors_task.go."""
    failed = ""
    while isinstance(error, TaskRunError):  # no recursion: calls may be nested deeper than Python's stack is
        failed += f"task: Failed to run task {go_quoted(error.task)}: "
        error = error.cause
    return failed + _own_text(error)


def _own_text(error: ParataskError) -> str:
    if isinstance(error, CommandFailedError):
        return f"exit status {error.exit_status}"
    if isinstance(error, TaskTimeoutError):
        from paratask.templating.functions.durations import duration_text

        return f"task: [{error.task}] command timeout exceeded ({duration_text(int(error.seconds * 1e9))})"
    if isinstance(error, PreconditionError):
        return "task: precondition not met"
    return error.message
