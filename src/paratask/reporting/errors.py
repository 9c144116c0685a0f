"""Errors as text: the one place where they become it. See "Errors" in docs/design.md."""

from __future__ import annotations

from paratask.errors import (
    CommandFailedError,
    DotenvFileError,
    ParataskError,
    Position,
    TaskRunError,
    TaskTimeoutError,
    VariableError,
    seen_from,
)
from paratask.names import shown_name, shown_seconds
from paratask.reporting.source_lines import excerpt, find_in_file
from paratask.taskfile.model import NOWHERE, Oddity
from paratask.taskfile.paths import is_address

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from paratask.reporting.colors import Paint


MAX_PATH = 10
MOST_ALIKE = 2
"""So many warnings of the same words are shown each: `task` says nothing of them, and a run is not to begin with a page of them."""


def render_error(error: ParataskError, *, cwd: str, paint: Paint, log_of: Callable[[str], str] | None = None) -> str:
    """An error, whole. `log_of` gives the path of a job's log, or an empty text."""
    if isinstance(error, TaskRunError):
        return _render_run_error(error, cwd, paint, log_of)
    position, spot = _place(error)
    where = f"{shown_position(position, cwd)}: " if position and position.file else ""
    shown = [] if isinstance(error, DotenvFileError) else excerpt(position)
    return "\n".join([f"{where}{paint('red', 'error:')} {error.message}", *spot, *shown, *_help(error)])


def _place(error: ParataskError) -> tuple[Position | None, list[str]]:
    """Where the error is; and, where that cannot be found in the file, in which template."""
    spot = error.spot if isinstance(error, VariableError) else None
    if spot is None:
        return error.position, []
    found = find_in_file(spot, error.position) if error.position is not None and error.position.file else None
    if found is not None:
        return found, []
    return error.position, [] if spot.variable else [f"  in `{spot.source.strip()}`, line {spot.line}, column {spot.column}"]


def render_oddities(oddities: Iterable[Oddity], *, cwd: str, paint: Paint) -> Iterator[str]:
    """Warnings about files, a line each. Of many that say the same, the first."""
    alike: dict[tuple[str, str], list[Oddity]] = {}
    for oddity in oddities:
        alike.setdefault((oddity.message, oddity.help), []).append(oddity)
    for (message, tail), found in alike.items():
        few = found if len(found) <= MOST_ALIKE else found[:1]
        for oddity in few:
            line = f"paratask: {shown_position(oddity.position, cwd)}: {paint('yellow', 'warning:')} {message}"
            yield f"{line} ({tail})" if tail else line
        if len(few) < len(found):
            yield f"paratask: and the same in {len(found) - 1} more places (`paratask --doctor` shows them)"


def as_oddity(error: VariableError, comes_of_it: str) -> Oddity:
    """An error that ends nothing, as a warning."""
    position, _ = _place(error)
    return Oddity(message=f"{error.message}; {comes_of_it}", position=position or NOWHERE, help=error.help)


def shown_position(position: Position, cwd: str) -> str:
    """A position with its file as seen from `cwd`, where that is shorter."""
    file = position.file if is_address(position.file) else seen_from(position.file, cwd)
    return str(Position(file=file, line=position.line, column=position.column))


def _render_run_error(error: TaskRunError, cwd: str, paint: Paint, log_of: Callable[[str], str] | None) -> str:
    inner = error.innermost()
    cause = inner.cause
    after = f" after {shown_seconds(cause.seconds)}" if isinstance(cause, CommandFailedError) else ""
    message = cause.message.removeprefix(f"`{inner.task}`: ") if isinstance(cause, TaskTimeoutError) else cause.message
    lines = [f"{paint('red', 'error:')} {_who_failed(inner)}{message}{after}"]
    position, spot = _place(cause)
    lines += spot
    position = position or inner.position
    if position is not None and position.file:
        lines.append(f"  at {shown_position(position, cwd)}")
        has_excerpt = isinstance(cause, VariableError) and not isinstance(cause, DotenvFileError)
        lines += excerpt(position) if has_excerpt else []
    path = [each.called for each in _path_of(error)]
    path[-1:] = [_name(inner)] if cause.unbegun is None else [inner.called, shown_name(*cause.unbegun)]
    if len(path) > MAX_PATH:
        path = [*path[: MAX_PATH // 2], "…", *path[-MAX_PATH // 2 :]]
    if len(path) > 1:
        lines.append(f"  called by {' → '.join(f'`{task}`' for task in path)}")
    log = log_of(inner.job) if log_of is not None and cause.unbegun is None else ""
    if log:
        lines.append(f"  log: {log}")
    if cause.not_again:
        lines.append(f"  not run again alone: {cause.not_again}")
    return "\n".join([*lines, *_help(cause)])


def _who_failed(inner: TaskRunError) -> str:
    """Which job did, by the name that the Taskfile, the closing lines and the logs have, and by what stood before its commands, where
    that is another. Empty where the message says it: a plain command is its own name.
    """
    message = inner.cause.message
    if inner.cause.unbegun is not None:
        _, task = inner.cause.unbegun
        return "" if message.startswith(f"task `{task}` ") else f"`{shown_name(*inner.cause.unbegun)}` failed: "
    if message.startswith(f"`{inner.task}` "):
        return ""
    label = f" (`{inner.task}`)" if inner.task != inner.called else ""
    return f"`{_name(inner)}`{label} failed: "


def _name(error: TaskRunError) -> str:
    return shown_name(error.job, error.called) if error.job else error.called


def _path_of(error: TaskRunError) -> list[TaskRunError]:
    path = [error]
    while isinstance(error.cause, TaskRunError):
        error = error.cause
        path.append(error)
    return path


def _help(error: ParataskError) -> list[str]:
    return [f"  help: {error.help}"] if error.help else []
