"""Programs that are not there: what is said of a command that could not be started, and whether one whose program the shell did not find
would meet the same again. See "When something fails" in docs/design.md.

That is asked when no neighbour runs any more, who might have been about to make the program. Knows nothing of attempts, nor how shell text is
read. Loaded when something has failed.
"""

from __future__ import annotations

import os

from paratask.errors import CommandFailedError, shown_command
from paratask.processes.process import NOT_EXECUTABLE, NOT_FOUND, Ended
from paratask.processes.shell import SHELL_WORDS
from paratask.variables.scopes import exported

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from paratask.errors import ParataskError
    from paratask.processes.capture import Log
    from paratask.processes.streams import Sink
    from paratask.variables.ready import ReadyTask

    Called = Callable[[str, str], Collection[tuple[str, str]]]
    """The programs that a shell text calls by itself when run in a folder, each with its folder; none where that is not known."""


def not_started(folder: str, shown: str, error: OSError, log: Log, sink: Sink) -> Ended:
    """Say why the system did not start a command, of which `shown` is the text; the end that it came to."""
    missing = isinstance(error, (FileNotFoundError, NotADirectoryError))
    where = f" in `{folder}`" if not os.path.isdir(folder) else ""
    text = f"paratask: cannot start `{shown_command(shown)}`{where}: {error.strerror}\n".encode(errors="replace")
    log.write(text)
    sink.write(2, text)
    return Ended(exit_status=NOT_FOUND if missing else NOT_EXECUTABLE, signal=0, cpu_seconds=0.0, peak_bytes=0)


def is_in_vain(
    failure: ParataskError, ready: ReadyTask, *, environ: Mapping[str, str], own_first: bool, called: Called
) -> bool:
    """Whether the command failed with the exit code for it, and a program that it calls is not there, or may not be executed.

    A program that is there, and gives that exit code since it misses another one, may find that next time.
    """
    if not isinstance(failure, CommandFailedError) or failure.exit_status not in (NOT_FOUND, NOT_EXECUTABLE):
        return False
    path = exported(ready.environment, environ, own_first=own_first).get("PATH", "")
    programs = called(failure.command, ready.dir or os.getcwd())
    return any(name not in SHELL_WORDS and not _is_there(name, path, folder) for name, folder in programs)


def help_without_task(text: str, path: str, folder: str) -> str:
    """For a command that was not found, where it begins with `task`, which is not there: Taskfiles call it, and we have its place."""
    words = text.split()
    if words[:1] != ["task"] or _is_there("task", path, folder):
        return ""
    return f"there is no `task` here; `{{{{.TASK_EXE}}}} {' '.join(words[1:])}".rstrip() + "` calls whoever reads this Taskfile"


def _is_there(name: str, path: str, folder: str) -> bool:
    parts = [""] if "/" in name else path.split(os.pathsep)
    files = (os.path.join(folder, part, name) for part in parts)
    return any(os.access(file, os.X_OK) and not os.path.isdir(file) for file in files)
