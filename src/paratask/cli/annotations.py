"""What GitHub Actions is told about failures, besides what people read: annotations, which it shows with the run and beside the lines.

The error that ends paratask is told as by task, and told once; jobs that failed besides, and those that passed only alone, are told as well.
"""

from __future__ import annotations

import os
import sys

from paratask.cli.setup import shown_from
from paratask.reporting.colors import TRUE_WORDS
from paratask.taskfile.paths import is_address

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from paratask.errors import ParataskError, Position
    from paratask.events import FellBack
    from paratask.execution.jobs import Job

MOST = 9
"""GitHub shows ten errors and ten warnings of a step, and one error is the run's."""


def annotate(error: ParataskError, mask: Callable[[str], str] = str) -> None:
    """Where GitHub Actions runs us, tell it what the run failed of. go-task: emitCIErrorAnnotation."""
    if _is_on_github():
        from paratask.errors import TaskRunError
        from paratask.reporting.ci import failure_annotation

        position = error.innermost().position if isinstance(error, TaskRunError) else error.position
        sys.stdout.write(mask(failure_annotation(error, _as_github_knows(position))) + "\n")
        try:
            sys.stdout.flush()  # or it would stand behind what stderr says after it
        except OSError:
            pass  # said at the end, when it is tried again


def annotate_others(
    jobs: Iterable[Job],
    fallbacks: Iterable[FellBack],
    place_of: Callable[[str], Position | None],
    log_of: Callable[[str], str],
    ignored: Collection[str] = (),
) -> None:
    """Jobs that failed besides the one that the run failed of, and those that failed beside others and passed alone. To stderr: a run
    that went well writes to stdout what its jobs do. Failures that the Taskfile ignores, by the ids of jobs, are warnings. `log_of` is
    the end of what a job wrote: its last line mostly says more than the exit code.
    """
    if not _is_on_github():
        return
    from paratask.reporting.ci import annotation
    from paratask.reporting.last_words import last_line
    from paratask.reporting.live_reasons import listed

    for job in sorted(jobs, key=lambda job: job.id in ignored)[:MOST]:
        message = f"exited with {job.exit_status}" if job.exit_status else job.state_reason or job.state.value
        level, tail = ("warning", ", which is ignored") if job.id in ignored else ("error", "")
        title = f"Task '{job.task}' failed"
        said = last_line(log_of(job.id))
        message += tail + (f"; it wrote last: {said}" if said else "")
        sys.stderr.write(annotation(level, title, message, _as_github_knows(place_of(job.task))) + "\n")
    for fallback in [fallback for fallback in fallbacks if fallback.passed][:MOST]:
        message = f"exited with {fallback.exit_status} beside {listed(fallback.beside)}, and passed alone"
        title = f"Task '{fallback.task}' passed only alone"
        sys.stderr.write(annotation("warning", title, message, _as_github_knows(place_of(fallback.task))) + "\n")


def _is_on_github() -> bool:
    return os.environ.get("GITHUB_ACTIONS") in TRUE_WORDS


def _as_github_knows(position: Position | None) -> Position | None:
    """Relative to the checkout; None for what is not in it."""
    if position is None or not position.file or is_address(position.file):
        return None
    from paratask.errors import Position

    path = os.path.relpath(position.file, os.environ.get("GITHUB_WORKSPACE") or shown_from())
    return None if path.startswith("..") else Position(file=path, line=position.line, column=position.column)
