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


def arranged(*members: str, is_parallel: bool) -> SetArranged:
    return SetArranged(parent="", members=members or ("t0", "t1"), after=((), ()), is_parallel=is_parallel)


def closing(console: Console, *ends: State, seconds: float = 1.0, sequential: float = 1.0) -> list[str]:
    return console.closing_lines(jobs(*ends)[: len(ends)], seconds=seconds, sequential_seconds=sequential, logs="L")


def last(*made: Job) -> str:
    return Console(marked).closing_lines(made, seconds=1.0, sequential_seconds=1.0, logs="L")[-1]


def test_one_job_that_ended_well_needs_no_words() -> None:
    assert closing(Console(plain), State.SUCCEEDED) == []
    assert closing(Console(plain)) == []


def test_lone_failed_job_was_told_twice() -> None:
    assert closing(Console(plain), State.FAILED) == [], "the error says what failed, after how long, and where its log is"


def test_logs_are_named_only_where_some_are_kept() -> None:
    made = jobs(State.SUCCEEDED, State.SUCCEEDED)[:2]
    assert Console(plain).closing_lines(made, seconds=1.0, sequential_seconds=1.0, logs="") == ["paratask: 2 jobs in 1.0 s"]


@pytest.mark.parametrize(
    ("count", "said"), [(1, "3 jobs in 1.0 s; 1 was done before"), (2, "2 jobs in 1.0 s; 2 were done before")]
)
def test_what_was_done_before_is_no_job_of_this_run(count: int, said: str) -> None:
    made = jobs(State.FRESH, State.FRESH, State.SUCCEEDED, State.SUCCEEDED)[:4]
    lines = Console(plain).closing_lines(made, seconds=1.0, sequential_seconds=1.0, logs="L", done_before=count)
    assert lines == [f"paratask: {said}; logs in L"]


def test_calls_whose_work_another_did_counted_as_jobs() -> None:
    made = jobs(State.SUCCEEDED, State.SUCCEEDED, State.SKIPPED, State.SKIPPED, State.FRESH)[:5]
    made[2].shared = made[3].shared = True
    assert last(*made) == "paratask: 3 jobs for 5 calls in 1.0 s; logs in L"
    assert Console(plain).closing_lines(made, seconds=1.0, sequential_seconds=1.0, logs="L", done_before=1) == [
        "paratask: 2 jobs for 4 calls in 1.0 s; 1 was done before; logs in L"
    ]


def test_one_failure_that_several_calls_share_was_named_for_each() -> None:
    made = jobs(State.FAILED, State.FAILED, State.SUCCEEDED)[:3]
    made[1].shared = True
    assert last(*made) == "paratask: 2 jobs for 3 calls in 1.0 s; <red>failed: `t0`</>; logs in L"


def test_what_never_began_is_counted_among_those_that_were_not_done_before() -> None:
    made = jobs(State.FRESH, State.SUCCEEDED)  # and one that never began
    lines = Console(plain).closing_lines(made, seconds=1.0, sequential_seconds=1.0, logs="L", done_before=1)
    assert lines == ["paratask: 1 of 2 jobs in 1.0 s; 1 was done before; logs in L"]


def test_how_to_go_on_is_the_last_word() -> None:
    made = jobs(State.SUCCEEDED, State.CANCELLED)[:2]
    lines = Console(plain).closing_lines(made, seconds=1.0, sequential_seconds=1.0, logs="L", resume="paratask --resume X=…")
    assert lines[-1] == "paratask: `paratask --resume X=…` goes on with what is left"


def test_several_jobs() -> None:
    assert closing(Console(plain), State.SUCCEEDED, State.SUCCEEDED, sequential=9.0) == ["paratask: 2 jobs in 1.0 s; logs in L"]


def predicted(*ends: State, shared: bool = False) -> str:
    made = jobs(*ends)[:-1]
    made[-1].shared = shared
    (line,) = Console(plain).closing_lines(made, seconds=2.0, sequential_seconds=9.0, logs="L", predicted_seconds=1.5)
    return line


def test_prediction_is_compared_with_what_came_of_it() -> None:
    assert predicted(State.SUCCEEDED, State.SUCCEEDED) == "paratask: 2 jobs in 2.0 s (1.5 s predicted); logs in L"
    joined = predicted(State.SUCCEEDED, State.SKIPPED, shared=True)
    assert joined == "paratask: 1 job for 2 calls in 2.0 s (1.5 s predicted); logs in L"


@pytest.mark.parametrize("end", [State.FRESH, State.SKIPPED, State.CANCELLED])
def test_prediction_of_a_run_that_came_otherwise_is_not_mentioned(end: State) -> None:
    assert predicted(State.SUCCEEDED, end) == "paratask: 2 jobs in 2.0 s; logs in L"


def test_failed_jobs_are_named() -> None:
    assert closing(Console(marked), State.FAILED, State.SUCCEEDED) == [
        "paratask: 2 jobs in 1.0 s; <red>failed: `t0`</>; logs in L"
    ]
    assert closing(Console(plain), State.FAILED, State.SUCCEEDED, State.FAILED) == [
        "paratask: 3 jobs in 1.0 s; failed: `t0`, `t2`; logs in L"
    ]


def test_jobs_that_never_began_are_told_from_those_that_did() -> None:
    made = jobs(State.SUCCEEDED, State.CANCELLED)
    assert last(*made) == "paratask: 2 of 3 jobs in 1.0 s; logs in L"
    made[-1].state = State.SKIPPED  # not for this platform
    assert last(*made) == "paratask: 3 jobs in 1.0 s; logs in L"


def test_those_whose_commands_were_stopped_are_counted() -> None:
    made = jobs(State.FAILED, State.CANCELLED, State.CANCELLED)[:3]
    made[2].has_run = True
    assert last(*made) == "paratask: 3 jobs in 1.0 s; <red>failed: `t0`</>; 1 stopped; logs in L"


def family(child: State, parent: State) -> list[Job]:
    """A caller and the one it called, as they ended."""
    made = Jobs(EventBus(), lambda: 1.0)
    for name, end in (("top", parent), ("low", child)):
        job = made.make(name, parent="top" if name == "low" else "", reason="")
        job.passed_on = name == "top" and end is State.FAILED
        for state in (State.READY, State.RUNNING, end):
            made.move(job, state)
    return made.all


def test_failure_that_the_caller_ignores_is_said_to_be_ignored() -> None:
    ended = family(State.FAILED, State.SUCCEEDED)
    assert last(*ended) == "paratask: 2 jobs in 1.0 s; <yellow>failed, which is ignored: `low`</>; logs in L"


def test_failure_inside_of_one_that_is_ignored_is_ignored_as_well() -> None:
    ended = family(State.FAILED, State.FAILED)
    above = Jobs(EventBus(), lambda: 1.0).make("above", parent="", reason="")
    above.state, above.started_at, ended[0].parent = State.SUCCEEDED, 1.0, "above"
    assert last(above, *ended) == "paratask: 3 jobs in 1.0 s; <yellow>failed, which is ignored: `low`</>; logs in L"


def test_who_failed_without_a_command_is_named_and_not_its_caller() -> None:
    assert last(*family(State.FAILED, State.FAILED)) == "paratask: 2 jobs in 1.0 s; <red>failed: `low`</>; logs in L"


def test_caller_whose_own_command_failed_after_an_ignored_failure_is_named_too() -> None:
    ended = family(State.FAILED, State.FAILED)
    ended[0].exit_status, ended[0].passed_on = 3, False
    assert last(*ended) == "paratask: 2 jobs in 1.0 s; <red>failed: `top`, `low`</>; logs in L"


def test_jobs_of_one_task_are_told_apart_by_their_numbers() -> None:
    made = Jobs(EventBus(), lambda: 1.0)
    for _ in range(3):
        job = made.make("m:x", parent="", reason="")
        for state in (State.READY, State.RUNNING, State.FAILED):
            made.move(job, state)
    assert last(*made.all) == "paratask: 3 jobs in 1.0 s; <red>failed: `m:x`, `m:x.2`, `m:x.3`</>; logs in L"


def test_a_plain_command_is_cut_to_be_named() -> None:
    job, other = jobs(State.FAILED, State.SUCCEEDED)[:2]
    job.id = job.task = "echo  one\n" + "x" * 90
    assert last(job, other) == f"paratask: 2 jobs in 1.0 s; <red>failed: `echo one {'x' * 20}…{'x' * 30}`</>; logs in L"


def test_of_many_that_failed_as_many_are_named_as_fit_in_a_few_lines() -> None:
    made = jobs(*[State.FAILED] * 30)[:30]
    assert last(*made).endswith("`t19` and 10 more</>; logs in L")
    for job in made:
        job.task = job.id = job.id + "y" * 47
    assert "`, `t4yy" in last(*made)
    assert last(*made).endswith("yy` and 25 more</>; logs in L")


def test_what_a_parallel_set_saved() -> None:
    console = Console(plain)
    console(arranged(is_parallel=True))
    assert closing(console, State.SUCCEEDED, State.SUCCEEDED, seconds=3.0, sequential=4.0) == [
        "paratask: 2 jobs in 3.0 s; one at a time about 4.0 s (1.0 s saved, 25 %); 1 parallel set; logs in L"
    ]
    console(arranged("t2", "t3", is_parallel=True))
    assert closing(console, State.SUCCEEDED, State.SUCCEEDED, seconds=4.0, sequential=4.01) == [
        "paratask: 2 jobs in 4.0 s; one at a time about 4.0 s; 2 parallel sets; logs in L"
    ]


def test_time_of_no_length_is_no_news() -> None:
    console = Console(plain)
    console(arranged(is_parallel=True))
    assert closing(console, State.SUCCEEDED, State.SUCCEEDED, seconds=0.1, sequential=0.04) == [
        "paratask: 2 jobs in 0.10 s; 1 parallel set; logs in L"
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


def test_first_log_that_could_not_be_kept_is_not_named() -> None:
    console = Console(plain)
    console(FellBack(job="t0", task="t0", beside=("a",), exit_status=3, passed=False, first_log=""))
    assert (
        closing(console, State.SUCCEEDED)[0] == "paratask: `t0` exited with 3 while `a` ran beside it, and failed again alone"
    )


def fell_back(number: int, *, passed: bool = False, beside: tuple[str, ...] = ("b",)) -> FellBack:
    job = f"a.{number}" if number > 1 else "a"
    return FellBack(job=job, task="a", beside=beside, exit_status=3, passed=passed, first_log="F")


def test_fallback_names_the_job_and_a_few_of_those_beside_it() -> None:
    console = Console(plain)
    console(fell_back(2, beside=("a", "b", "c", "d", "e", "f")))
    assert closing(console, State.SUCCEEDED)[:-1] == [
        "paratask: `a.2` exited with 3 while `a`, `b`, `c`, `d` and 2 more ran beside it, and failed again alone; its first log is F"
    ]


def test_of_many_that_fell_back_those_that_passed_alone_are_told_first() -> None:
    console = Console(plain)
    for number in range(1, 41):
        console(fell_back(number, passed=number == 33))
    lines = closing(console, State.SUCCEEDED)[:-1]
    assert [line.split("`")[1] for line in lines[:-1]] == ["a.33", "a", "a.2", "a.3"]
    assert lines[-1] == "paratask: of those that failed beside others 36 more failed again alone"
    for number in range(41, 55):
        console(fell_back(number, passed=True))
    assert closing(console, State.SUCCEEDED)[-2] == (
        "paratask: of those that failed beside others 5 more passed alone and 36 more failed again alone"
    )


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
