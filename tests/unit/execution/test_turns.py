"""Why a job failed, in a few words: what `--why`, summary.json and reporters are told."""

from __future__ import annotations

import pytest

from paratask.errors import (
    CommandFailedError,
    ParataskError,
    PreconditionError,
    TaskNotFoundError,
    TaskRunError,
    TaskTimeoutError,
)
from paratask.execution.turns import MOST_SHOWN, why_failed

COMMAND = CommandFailedError(command="exit 3", exit_status=3, seconds=0.1)


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (COMMAND, "exited with 3"),
        (TaskTimeoutError(task="build", seconds=2.0), "timed out after 2 s"),
        (TaskTimeoutError(task="inner", seconds=0.5), "`inner` timed out after 0.5 s"),
        (PreconditionError("log in\nfirst, with ***"), "precondition: log in first, with ***"),
        (TaskRunError(task="lint", job="lint-2", cause=COMMAND), "`lint` failed"),
        (TaskNotFoundError("task `x` does not exist", task="x"), "task `x` does not exist"),
        (ParataskError("needs hunter22"), "needs ***"),
        (ParataskError("a" * 1000), "a" * (MOST_SHOWN - 1) + "…"),
    ],
)
def test_why(error, why):
    assert why_failed(error, "build", lambda text: text.replace("hunter22", "***")) == why
