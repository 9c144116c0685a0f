"""Whether a run is worth going on with."""

from __future__ import annotations

from signal import SIGINT

import pytest

from paratask.cli.options import parse
from paratask.cli.resume_hint import resume_words
from paratask.errors import CommandFailedError, InterruptedRunError, ParataskError, TaskRunError
from paratask.events import EventBus
from paratask.execution.jobs import Job, Jobs, State
from paratask.execution.session import Outcome

STOPPED = InterruptedRunError("interrupt", exit_status=130)
FAILED = CommandFailedError(command="sleep 9", exit_status=130, seconds=0.0)


def jobs(*ends: State, done_before: bool = False) -> list[Job]:
    made = Jobs(EventBus(), lambda: 1.0)
    for number, end in enumerate(ends):
        job = made.make(f"t{number}", parent="", reason="")
        job.state, job.done_before = end, done_before and end is State.FRESH
        job.has_run = end in (State.SUCCEEDED, State.FAILED)
    return made.all


def words(made: list[Job], *typed: str, cause: ParataskError | None = STOPPED, signal: int = SIGINT) -> tuple[str, ...]:
    error = TaskRunError(task="ci", job="", cause=cause) if cause is not None else None
    outcome = Outcome(jobs=made, error=error, started_at=1.0, ended_at=2.0, seconds=1.0, signal=signal)
    return resume_words(outcome, parse(["ci", *typed], {}))


def test_a_run_that_a_signal_ended_with_jobs_done_and_jobs_left_is_gone_on_with() -> None:
    assert words(jobs(State.SUCCEEDED, State.CANCELLED)) == ("--resume",)
    assert words(jobs(State.FRESH, State.CANCELLED)) == ()
    assert words(jobs(State.FRESH, State.CANCELLED, done_before=True)) == ("--resume",)


def test_what_was_given_has_to_be_given_again_and_values_are_not_shown() -> None:
    made = jobs(State.SUCCEEDED, State.CANCELLED)
    assert words(made, "TOKEN=secret", "A=b", "--", "-v") == ("--resume", "A=…", "TOKEN=…", "--", "…")


@pytest.mark.parametrize(
    "made",
    [jobs(State.CANCELLED), jobs(State.CANCELLED, State.CANCELLED), jobs(State.SUCCEEDED, State.SKIPPED)],
    ids=["a lone job", "nothing was done", "nothing is left"],
)
def test_where_nothing_would_be_saved_nothing_is_said(made: list[Job]) -> None:
    assert words(made) == ()


def test_what_passed_only_as_errors_are_ignored_is_not_done() -> None:
    made = jobs(State.SUCCEEDED, State.CANCELLED)
    made[0].passed_over = True
    assert words(made) == ()


def test_a_run_whose_command_had_the_keyboard_failed_of_it() -> None:
    assert words(jobs(State.SUCCEEDED, State.FAILED), cause=FAILED) == ("--resume",)


def test_a_run_that_failed_by_itself_or_went_well_is_not_offered() -> None:
    assert words(jobs(State.SUCCEEDED, State.FAILED), cause=FAILED, signal=0) == ()
    assert words(jobs(State.SUCCEEDED, State.CANCELLED), cause=None) == ()
