"""Everything that can go wrong, as data: one tree, each with go-task's exit code. See "Errors" in docs/design.md.

An error carries fields; its text is made in reporting/errors.py, in one place. Knows nothing of terminals or colours.

    ParataskError
    ├── UsageError                       1   the command line
    │   └── OptionError                  2   an option that does not parse
    ├── TaskfileError                        the files
    │   ├── TaskfileNotFoundError      100
    │   ├── TaskfileExistsError        101
    │   ├── TaskfileDecodeError        102   a key of the wrong type or form
    │   ├── TaskfileFetchError         103
    │   ├── TaskfileNotTrustedError    104
    │   ├── TaskfileNotSecureError     105
    │   ├── TaskfileCacheNotFoundError 106
    │   ├── TaskfileVersionError       107
    │   ├── TaskfileFetchTimeoutError  108
    │   ├── TaskfileSyntaxError        109   not YAML, or not TOML
    │   ├── TaskfileCycleError         110
    │   ├── TaskfileChecksumError      111
    │   └── TaskfileReadError            1   there, but not readable
    ├── VerificationError                1   --verify could not be carried out
    ├── DifferenceError                  3   --verify found a difference
    ├── VariableError                    1   a template, a `sh:`, a dotenv file
    └── TaskError                            one call
        ├── TaskNotFoundError          200
        ├── TaskRunError               201   wraps what failed inside
        ├── TaskInternalError          202
        ├── TaskNameConflictError      203
        ├── TaskCallLimitError         204
        ├── TaskWaitsForItselfError    204
        ├── TaskCancelledError         205
        ├── MissingVariablesError      206
        ├── DisallowedValuesError      207
        └── TaskTimeoutError           208

Exit codes: go-task's errors.go (1; 50; 100 to 111; 200 to 208); 3 is ours.
"""

from __future__ import annotations

import os

from paratask.frozen import dataclass
from paratask.names import cut

LONGEST_COMMAND = 2000
LONGEST_WHY = 300
"""Characters of a command that a message has."""
MOST_LINES = 6
FIRST_LINES = 3
"""Lines of a command that a message has whole; and of a longer one, which its position leads to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A place in a file; `line` and `column` count from 1, 0 where they are not known."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        parts = [self.file, *(str(n) for n in (self.line, self.column) if n)]
        return ":".join(parts)


def seen_from(path: str, folder: str) -> str:
    """`path` as seen from `folder`, where that is shorter. What is above a symbolic link is above the folder that it leads to."""
    relative = os.path.relpath(path, folder)
    if relative.startswith(".."):
        above, name = os.path.split(path)
        relative = os.path.relpath(os.path.join(os.path.realpath(above), name), os.path.realpath(folder))
    return relative if len(relative) < len(path) else path


class ParataskError(Exception):
    """Base of all errors that a user may see. `help` is one line that can be pasted, or empty.

    `unbegun` are the id and the task of the job that it kept from beginning, where another one called that; `not_again` says why that
    which failed beside others does not run again alone, and `by_itself` that it need not: nobody beside it can be the reason.
    `beside_below` says what ran beside those that it called, where nothing did beside itself: worth knowing for who asks, and seldom the reason.
    """

    exit_code = 1

    def __init__(self, message: str, *, position: Position | None = None, help: str = "") -> None:  # noqa: A002
        super().__init__(message)
        self.message = message
        self.position = position
        self.help = help
        self.unbegun: tuple[str, str] | None = None
        self.not_again = ""
        self.beside_below = ""
        self.by_itself = False


class UsageError(ParataskError):
    """The command line does not make sense."""


class OptionError(UsageError):
    """An option that there is not, or a value that is not of its kind."""

    exit_code = 2


class TaskfileError(ParataskError):
    """A Taskfile cannot be used."""


class TaskfileNotFoundError(TaskfileError):
    """No Taskfile where one was looked for."""

    exit_code = 100


class TaskfileExistsError(TaskfileError):
    """--init would overwrite a Taskfile."""

    exit_code = 101


class TaskfileDecodeError(TaskfileError):
    """Well-formed, but a value has the wrong type or form."""

    exit_code = 102


class TaskfileFetchError(TaskfileError):
    """A Taskfile that is not local could not be had."""

    exit_code = 103


class TaskfileNotTrustedError(TaskfileError):
    """Whoever was asked about a remote Taskfile said no, or nobody could be asked."""

    exit_code = 104


class TaskfileNotSecureError(TaskfileError):
    """A remote Taskfile would have come over a connection that anybody can change."""

    exit_code = 105


class TaskfileCacheNotFoundError(TaskfileError):
    """Only the cache may be used, and the remote Taskfile is not in it."""

    exit_code = 106


class TaskfileFetchTimeoutError(TaskfileError):
    """A remote Taskfile did not come in time, and is not in the cache."""

    exit_code = 108


class TaskfileVersionError(TaskfileError):
    """No schema version, or one that is not supported."""

    exit_code = 107


class TaskfileSyntaxError(TaskfileError):
    """Not YAML, or not TOML; too large to be meant as either; or a loop over what is no list."""

    exit_code = 109


class TaskfileCycleError(TaskfileError):
    """Taskfiles that include each other."""

    exit_code = 110


class TaskfileChecksumError(TaskfileError):
    """An included Taskfile is not the one that was pinned."""

    exit_code = 111


class TaskfileReadError(TaskfileError):
    """The file is there but cannot be read. go-task exits with 1 here."""


class VerificationError(ParataskError):
    """`--verify` could not be carried out, or its runs one at a time do not end alike."""


class DifferenceError(ParataskError):
    """`--verify` found that side by side something comes out otherwise than one at a time."""

    exit_code = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateSpot:
    """A place in a template's own text; line and column count from 1. `variable` is the name, where the text is a variable's `sh:`."""

    source: str
    line: int
    column: int
    variable: str = ""


class VariableError(ParataskError):
    """A template, a `sh:` variable, a `ref:` or a dotenv file could not be evaluated. `spot` is where in a template."""

    def __init__(
        self,
        message: str,
        *,
        position: Position | None = None,
        help: str = "",  # noqa: A002 - the base has it
        spot: TemplateSpot | None = None,
    ) -> None:
        super().__init__(message, position=position, help=help)
        self.spot = spot


class DotenvFileError(VariableError):
    """A dotenv file cannot be used. Its lines are not shown: what stands there is mostly a secret."""


class TaskError(ParataskError):
    """One call could not be carried out. `task` is its name as shown."""

    def __init__(self, message: str, *, task: str, position: Position | None = None, help: str = "") -> None:  # noqa: A002
        super().__init__(message, position=position, help=help)
        self.task = task


class TaskNotFoundError(TaskError):
    """No task of that name, alias or pattern."""

    exit_code = 200


class TaskInternalError(TaskError):
    """An internal task was called from the command line."""

    exit_code = 202


class TaskNameConflictError(TaskError):
    """Several tasks answer to the name."""

    exit_code = 203


class TaskCallLimitError(TaskError):
    """A task was called 1,000 times: a cycle, most likely."""

    exit_code = 204

    def __init__(self, *, task: str, calls: int, position: Position | None) -> None:
        super().__init__(
            f"task `{task}` was called {calls} times: probably a cycle of calls", task=task, position=position,
            help="take one of the calls away, or give it an `if`; `paratask --doctor` shows where tasks call themselves",
        )  # fmt: skip


class TaskWaitsForItselfError(TaskError):
    """A task that runs once is called below itself: the call would wait for the end of what it is part of."""

    exit_code = 204

    def __init__(self, *, task: str, run: str, position: Position | None) -> None:
        super().__init__(
            f"task `{task}` waits for itself: a cycle of calls, with `run: {run}`", task=task, position=position,
            help="take one of the calls away; `paratask --doctor` shows where tasks call themselves",
        )  # fmt: skip


class TaskCancelledError(TaskError):
    """A prompt was answered with no, or could not be asked."""

    exit_code = 205


class MissingVariablesError(TaskError):
    """`requires` names variables that are not set."""

    exit_code = 206


class DisallowedValuesError(TaskError):
    """A required variable has a value that its `enum` does not list."""

    exit_code = 207


class TaskTimeoutError(TaskError):
    """A `timeout` ran out. With `-x` the exit code is 124, as timeout(1)'s.

    `beside` are the tasks that ran meanwhile since we let them; `was_alone` is whether it ran out without them, too.
    """

    exit_code = 208

    def __init__(self, *, task: str, seconds: float, position: Position | None = None) -> None:
        super().__init__(f"`{task}`: command timeout exceeded ({seconds:g}s)", task=task, position=position)
        self.seconds = seconds
        self.beside: tuple[str, ...] = ()
        self.was_alone = False


def system_words(error: Exception) -> str:
    """What the system says, and of which file: Python's own text begins with a number that tells nobody anything."""
    if not isinstance(error, OSError) or not error.strerror:
        return str(error)
    return error.strerror if error.filename is None else f"{error.strerror}: {os.fsdecode(error.filename)}"


def shown_command(text: str) -> str:
    """As it is written, but for one that would fill pages: a script, or a list of files that a template made."""
    lines = text.split("\n")
    if len(lines) > MOST_LINES:
        text = "\n".join([*lines[:FIRST_LINES], f"… ({len(lines) - FIRST_LINES} more lines)"])
    return cut(text, LONGEST_COMMAND)


class CommandFailedError(ParataskError):
    """A process ended with an exit code other than 0 (128 + n for signal n)."""

    def __init__(
        self,
        *,
        command: str,
        exit_status: int,
        seconds: float,
        position: Position | None = None,
        help: str = "",  # noqa: A002
    ) -> None:
        super().__init__(f"`{shown_command(command)}` exited with {exit_status}", position=position, help=help)
        self.command = command
        self.exit_status = exit_status
        self.seconds = seconds


class PreconditionError(ParataskError):
    """A precondition of the task does not hold; `why` is what its `msg` says. The job says it too, whole, which may be far above."""

    def __init__(self, why: str, *, position: Position | None = None) -> None:
        told = cut(" ".join(why.split()), LONGEST_WHY)
        super().__init__(f"precondition not met: {told}" if told else "precondition not met", position=position)
        self.why = why


class InterruptedRunError(ParataskError):
    """The run was stopped by a signal before this job could end."""

    def __init__(self, signal_name: str, *, exit_status: int) -> None:
        super().__init__(f"stopped by a signal ({signal_name})")
        self.signal_name = signal_name
        self.exit_status = exit_status


class TaskRunError(TaskError):
    """Something inside the job failed; `cause` is what. Nested calls nest these errors, innermost last.

    `task` is what task prints, the label where there is one; `called` is the name in the Taskfile.
    The exit code is that of what failed innermost where it has one of its own (a task that does not exist, a timeout, a loop
    over what is no list), else 201.
    """

    def __init__(
        self, *, task: str, job: str, cause: ParataskError, position: Position | None = None, called: str = ""
    ) -> None:
        super().__init__(f"`{task}` failed: {cause.message}", task=task, position=position or cause.position)
        self.job = job
        self.called = called or task
        self.cause = cause
        self.exit_code = cause.exit_code if isinstance(cause, (TaskError, TaskfileError)) and cause.exit_code != 1 else 201

    def innermost(self) -> TaskRunError:
        """The call in which it began."""
        error = self
        while isinstance(error.cause, TaskRunError):
            error = error.cause
        return error

    def command_exit_code(self) -> int:
        """What `-x` passes on: go-task's TaskExitCode."""
        cause = self.innermost().cause
        if isinstance(cause, (CommandFailedError, InterruptedRunError)):
            return cause.exit_status
        if isinstance(cause, TaskTimeoutError):
            return 124
        return self.exit_code
