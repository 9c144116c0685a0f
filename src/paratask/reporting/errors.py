"""Errors as text: the one place where they become it. See "Errors" in docs/design.md."""

from __future__ import annotations

import os

from paratask.errors import CommandFailedError, ParataskError, Position, TaskRunError
from paratask.taskfile.paths import is_address

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from paratask.reporting.colors import Paint
    from paratask.taskfile.model import Oddity


MAX_PATH = 10


def render_error(error: ParataskError, *, cwd: str, paint: Paint, log_of: Callable[[str], str] | None = None) -> str:
    """An error, whole. `log_of` gives the path of a job's log, or an empty text."""
    if isinstance(error, TaskRunError):
        return _render_run_error(error, cwd, paint, log_of)
    where = f"{shown_position(error.position, cwd)}: " if error.position and error.position.file else ""
    lines = [f"{where}{paint('red', 'error:')} {error.message}", *_excerpt(error.position), *_help(error)]
    return "\n".join(lines)


def render_annotation(error: ParataskError) -> str:
    """A workflow command of GitHub Actions, on one line."""
    if isinstance(error, TaskRunError):
        return f"::error title=Task '{error.task}' failed::{_in_one_line(error.innermost().cause.message)}"
    return f"::error title=Task failed::{_in_one_line(error.message)}"


def _in_one_line(text: str) -> str:
    """GitHub's own way to write a newline."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def render_oddity(oddity: Oddity, *, cwd: str, paint: Paint) -> str:
    """A warning about a file."""
    tail = f" ({oddity.help})" if oddity.help else ""
    return f"paratask: {shown_position(oddity.position, cwd)}: {paint('yellow', 'warning:')} {oddity.message}{tail}"


def shown_position(position: Position, cwd: str) -> str:
    """A position with its file as seen from `cwd`, where that is shorter."""
    relative = position.file if is_address(position.file) else os.path.relpath(position.file, cwd)
    file = relative if len(relative) < len(position.file) else position.file
    return str(Position(file=file, line=position.line, column=position.column))


def _render_run_error(error: TaskRunError, cwd: str, paint: Paint, log_of: Callable[[str], str] | None) -> str:
    inner = error.innermost()
    cause = inner.cause
    after = f" after {cause.seconds:.1f} s" if isinstance(cause, CommandFailedError) else ""
    lines = [f"{paint('red', 'error:')} `{inner.task}` failed: {cause.message}{after}"]
    position = cause.position or inner.position
    if position is not None and position.file:
        lines.append(f"  at {shown_position(position, cwd)}")
    path = _path_of(error)
    if len(path) > MAX_PATH:
        path = [*path[: MAX_PATH // 2], "…", *path[-MAX_PATH // 2 :]]
    if len(path) > 1:
        lines.append(f"  called by {' → '.join(f'`{task}`' for task in path)}")
    log = log_of(inner.job) if log_of is not None else ""
    if log:
        lines.append(f"  log: {log}")
    return "\n".join([*lines, *_help(cause)])


def _path_of(error: TaskRunError) -> list[str]:
    path = [error.task]
    while isinstance(error.cause, TaskRunError):
        error = error.cause
        path.append(error.task)
    return path


def _help(error: ParataskError) -> list[str]:
    return [f"  help: {error.help}"] if error.help else []


def _excerpt(position: Position | None) -> list[str]:
    """The line that the error is about, with a caret; nothing where the file cannot be read any more."""
    if position is None or not position.line:
        return []
    try:
        with open(position.file, encoding="utf-8", errors="replace") as file:
            line = next((text for number, text in enumerate(file, 1) if number == position.line), None)
    except OSError:
        return []
    if line is None or len(line) > 200:
        return []
    number = str(position.line)
    caret = [f" {' ' * len(number)} | {' ' * (position.column - 1)}^"] if position.column else []
    return [f" {number} | {line.rstrip()}", *caret]
