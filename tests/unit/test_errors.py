"""The error tree: go-task's exit codes, positions as text, nested failures."""

from __future__ import annotations

import pytest

from paratask import errors
from paratask.errors import (
    CommandFailedError,
    InterruptedRunError,
    ParataskError,
    Position,
    PreconditionError,
    TaskNotFoundError,
    TaskRunError,
    TaskTimeoutError,
)  # fmt: skip

CODES = {
    "UsageError": 1, "TaskfileError": 1, "TaskfileReadError": 1, "VariableError": 1, "PreconditionError": 1,
    "TaskfileNotFoundError": 100, "TaskfileDecodeError": 102, "TaskfileFetchError": 103, "TaskfileVersionError": 107,
    "TaskfileSyntaxError": 109, "TaskfileCycleError": 110, "TaskfileChecksumError": 111, "TaskNotFoundError": 200,
    "TaskInternalError": 202, "TaskNameConflictError": 203, "TaskCallLimitError": 204, "TaskWaitsForItselfError": 204,
    "TaskCancelledError": 205, "MissingVariablesError": 206, "DisallowedValuesError": 207, "TaskTimeoutError": 208,
}  # fmt: skip


@pytest.mark.parametrize(("name", "code"), CODES.items())
def test_exit_code_is_go_task_s(name: str, code: int) -> None:
    kind = getattr(errors, name)
    assert issubclass(kind, ParataskError)
    assert kind.exit_code == code


@pytest.mark.parametrize(
    ("position", "text"),
    [(Position(file="a"), "a"), (Position(file="a", line=3), "a:3"), (Position(file="a", line=3, column=7), "a:3:7")],
)
def test_position_leaves_out_what_is_not_known(position: Position, text: str) -> None:
    assert str(position) == text


def nested(cause: ParataskError) -> TaskRunError:
    inner = TaskRunError(task="inner", job="inner.2", cause=cause, position=Position(file="f", line=1))
    return TaskRunError(task="outer", job="outer", cause=inner)


def test_nested_failure_knows_where_it_began() -> None:
    error = nested(CommandFailedError(command="false", exit_status=3, seconds=1.0))
    assert (error.innermost().task, error.innermost().job) == ("inner", "inner.2")
    assert error.message == "`outer` failed: `inner` failed: `false` exited with 3"
    assert error.position == Position(file="f", line=1)


@pytest.mark.parametrize(
    ("cause", "code", "with_x"),
    [
        (CommandFailedError(command="x", exit_status=3, seconds=0.0), 201, 3),
        (InterruptedRunError("SIGINT", exit_status=130), 201, 130),
        (TaskTimeoutError(task="t", seconds=1), 208, 124),
        (TaskNotFoundError("none", task="t"), 200, 200),
        (PreconditionError("no"), 201, 201),
        (errors.VariableError("no"), 201, 201),
    ],
)
def test_exit_code_of_a_nested_failure(cause: ParataskError, code: int, with_x: int) -> None:
    error = nested(cause)
    assert (error.exit_code, error.command_exit_code()) == (code, with_x)


def test_loop_over_no_list_in_a_called_task_lost_its_exit_code() -> None:
    assert nested(errors.TaskfileSyntaxError("no list")).exit_code == 109


def test_a_command_that_would_fill_pages_is_cut_in_messages_only() -> None:
    error = CommandFailedError(command="x" * 300_000, exit_status=1, seconds=0.0)
    assert error.message == f"`{'x' * 1999}…` exited with 1"
    assert len(error.command) == 300_000


@pytest.mark.parametrize(("count", "shown"), [(6, "0\n1\n2\n3\n4\n5"), (7, "0\n1\n2\n… (4 more lines)")])
def test_a_script_of_fifty_lines_hid_what_it_had_written(count: int, shown: str) -> None:
    script = "\n".join(map(str, range(count)))
    error = CommandFailedError(command=script, exit_status=3, seconds=0.1)
    assert error.message == f"`{shown}` exited with 3"
    assert error.command == script
