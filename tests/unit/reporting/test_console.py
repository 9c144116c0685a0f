"""The closing lines of a run."""

from __future__ import annotations

import pytest

from paratask.events import EventBus, FellBack, Notice, Retried, SetArranged
from paratask.execution.jobs import Job, Jobs, State
from paratask.reporting.colors import painter, wants_color
from paratask.reporting.console import Console
from unit.builders import marked, plain


def jobs(*ends: State) -> list[Job]:
    made = Jobs(EventBus(), lambda: 1.0)
    for number, end in enumerate(ends):
        job = made.make(f"t{number}", parent="", reason="")
        for state in (State.READY, State.RUNNING, end):
            made.move(job, state)
        job.exit_status = 1 if end is State.FAILED else 0
    made.make("never", parent="", reason="")
    return made.all


def arranged(*, is_parallel: bool) -> SetArranged:
    return SetArranged(parent="", members=("t0", "t1"), after=((), ()), is_parallel=is_parallel)


def closing(console: Console, *ends: State, seconds: float = 1.0, sequential: float = 1.0) -> list[str]:
    return console.closing_lines(jobs(*ends), seconds=seconds, sequential_seconds=sequential, logs="L")


def test_one_job_that_ended_well_needs_no_words() -> None:
    assert closing(Console(plain), State.SUCCEEDED) == []
    assert closing(Console(plain)) == []


def test_several_jobs() -> None:
    assert closing(Console(plain), State.SUCCEEDED, State.SUCCEEDED, sequential=9.0) == ["paratask: 2 jobs in 1.0 s; logs in L"]


def predicted(*ends: State, reason: str = "") -> str:
    made = jobs(*ends)[:-1]
    made[-1].state_reason = reason
    (line,) = Console(plain).closing_lines(made, seconds=2.0, sequential_seconds=9.0, logs="L", predicted_seconds=1.5)
    return line


def test_prediction_is_compared_with_what_came_of_it() -> None:
    assert predicted(State.SUCCEEDED, State.SUCCEEDED) == "paratask: 2 jobs in 2.0 s (1.5 s predicted); logs in L"
    joined = predicted(State.SUCCEEDED, State.SKIPPED, reason="run: once, and it ran before")
    assert joined == "paratask: 2 jobs in 2.0 s (1.5 s predicted); logs in L"


@pytest.mark.parametrize("end", [State.FRESH, State.SKIPPED, State.CANCELLED])
def test_prediction_of_a_run_that_came_otherwise_is_not_mentioned(end: State) -> None:
    assert predicted(State.SUCCEEDED, end) == "paratask: 2 jobs in 2.0 s; logs in L"


def test_failed_jobs_are_named() -> None:
    assert closing(Console(marked), State.FAILED) == ["paratask: 1 job in 1.0 s; <red>failed: `t0`</>; logs in L"]
    assert closing(Console(plain), State.FAILED, State.SUCCEEDED, State.FAILED) == [
        "paratask: 3 jobs in 1.0 s; failed: `t0`, `t2`; logs in L"
    ]


def test_what_a_parallel_set_saved() -> None:
    console = Console(plain)
    console(arranged(is_parallel=True))
    assert closing(console, State.SUCCEEDED, State.SUCCEEDED, seconds=3.0, sequential=4.0) == [
        "paratask: 2 jobs in 3.0 s; one at a time about 4.0 s (1.0 s saved, 25 %); 1 parallel set; logs in L"
    ]
    console(arranged(is_parallel=True))
    assert closing(console, State.SUCCEEDED, State.SUCCEEDED, seconds=4.0, sequential=4.01) == [
        "paratask: 2 jobs in 4.0 s; one at a time about 4.0 s; 2 parallel sets; logs in L"
    ]


def test_set_in_which_all_wait_for_all_before_is_no_parallel_set() -> None:
    console = Console(plain)
    console(arranged(is_parallel=False))
    assert closing(console, State.SUCCEEDED, State.SUCCEEDED, sequential=9.0) == ["paratask: 2 jobs in 1.0 s; logs in L"]


@pytest.mark.parametrize(
    ("passed", "then"),
    [
        (True, "and passed alone: fell back to one at a time, and the next plan keeps them apart"),
        (False, "and failed again alone"),
    ],
)
def test_fallback_is_told_before_the_rest(passed: bool, then: str) -> None:
    console = Console(marked)
    console(FellBack(job="t0", task="t0", beside=("a", "b"), exit_status=3, passed=passed, first_log="F"))
    console(Notice(text="ignored"))
    assert closing(console, State.SUCCEEDED) == [
        f"paratask: <yellow>`t0` exited with 3 while `a`, `b` ran beside it</>, {then}; its first log is F",
        "paratask: 1 job in 1.0 s; logs in L",
    ]


@pytest.mark.parametrize(
    ("asked", "environ", "is_terminal", "wanted"),
    [
        (None, {}, True, True), (None, {}, False, False), (True, {"NO_COLOR": "1"}, True, False), (True, {}, False, True), (False, {"FORCE_COLOR": "1"}, True, False),
        (None, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False), (None, {"FORCE_COLOR": "1"}, False, True),
        (None, {"CI": "true"}, False, True), (None, {"CI": "no"}, False, False), (None, {"TERM": "dumb"}, True, False),
        (None, {"NO_COLOR": ""}, True, True), (None, {"TASK_COLOR": "perhaps"}, False, True),
    ],
)  # fmt: skip
def test_colour_is_wanted(asked: bool | None, environ: dict[str, str], is_terminal: bool, wanted: bool) -> None:
    assert wants_color(asked=asked, environ=environ, is_terminal=is_terminal) is wanted


def test_painter_paints_where_it_may() -> None:
    assert painter(enabled=True, environ={})("red", "x") == "\x1b[31mx\x1b[0m"
    assert painter(enabled=False, environ={})("red", "x") == "x"


@pytest.mark.parametrize(
    ("asked", "codes"),
    [("31;1", "31;1"), ("255,0,7", "38;2;255;0;7"), ("", "32"), ("green", "32"), ("1,2", "32"), ("1; 2", "32"), ("1;", "32")],
)
def test_environment_has_other_colours(asked: str, codes: str) -> None:
    assert painter(enabled=True, environ={"TASK_COLOR_GREEN": asked})("green", "x") == f"\x1b[{codes}mx\x1b[0m"


def retried(job: str, attempt: int) -> Retried:
    return Retried(job=job, task=job, attempt=attempt, exit_status=1, wait_seconds=0.0, log_before="L")


def test_what_passed_only_at_a_later_attempt_is_counted() -> None:
    console = Console(marked)
    for job, attempts in (("t0", 2), ("t1", 3), ("t2", 2), ("t3", 2)):
        for attempt in range(2, attempts + 1):
            console(retried(job, attempt))
    assert closing(console, State.SUCCEEDED, State.SUCCEEDED, State.SUCCEEDED, State.CANCELLED) == [
        "paratask: 4 jobs in 1.0 s; <yellow>2 passed at the second attempt</>; <yellow>1 passed at the third attempt</>; logs in L"
    ]


def test_a_lone_job_that_was_retried_has_closing_words() -> None:
    console = Console(plain)
    console(retried("t0", 2))
    assert closing(console, State.SUCCEEDED) == ["paratask: 1 job in 1.0 s; 1 passed at the second attempt; logs in L"]
