"""The last lines of what failed."""

from __future__ import annotations

import pytest

from paratask.events import EventBus
from paratask.execution.jobs import Job, Jobs, State
from paratask.reporting.last_words import SCREEN_LINES, Shown, ignored_failures, last_words, out_of_sight, own_failures

FAILED = "failed"


def jobs(*entries: tuple[str, str, str, float, float]) -> list[Job]:
    """Name, parent, state, beginning and end of each."""
    made = Jobs(EventBus(), lambda: 0.0)
    for name, parent, state, start, end in entries:
        job = made.make(name, parent=parent, reason="")
        job.state = State(state)
        job.started_at, job.ended_at = start, end
    for job in made.all:
        job.passed_on = any(other.parent == job.id and other.state is State.FAILED for other in made.all)
    return made.all


def sight(
    made: list[Job], style: str = "", *, folded: bool = False, in_order: bool = True, lines: int = SCREEN_LINES + 1
) -> list[str]:
    shown = Shown(style=style, is_folded=folded, in_written_order=in_order)
    return [job.id for job in out_of_sight(made, shown, lambda job: 0 if job == "ci" else lines)]


SET = (("ci", "", FAILED, 1, 9), ("a", "ci", "succeeded", 1, 8), ("b", "ci", FAILED, 1, 3), ("c", "ci", "succeeded", 1, 2))


def test_own_failures_are_innermost() -> None:
    made = jobs(*SET, ("d", "ci", "cancelled", 1, 2))
    assert [job.id for job in own_failures(made)] == ["b"]


def test_one_that_ignored_a_failure_of_its_own_failed_twice_with_what_it_called() -> None:
    """The status of its last command was taken for what it failed of; and one that ignored what it called for one that failed of that."""
    made = jobs(("ci", "", FAILED, 1, 9), ("a", "ci", FAILED, 1, 2))
    made[0].exit_status = 1
    assert [job.id for job in own_failures(made)] == ["a"]
    made[0].passed_on, made[1].forgiven = False, True
    assert [job.id for job in own_failures(made)] == ["ci", "a"]
    assert ignored_failures(made) == {"a"}


def test_what_one_call_ignores_and_another_that_shares_it_does_not_is_not_ignored() -> None:
    """Both called `gen`, which ran once: for the first; that one forgave it, the second did not."""
    made = jobs(
        ("one", "", "succeeded", 1, 3), ("gen", "one", FAILED, 1, 2), ("two", "", FAILED, 1, 3), ("gen", "two", FAILED, 1, 2)
    )
    made[3].shared = True
    assert [job.id for job in own_failures(made)] == ["gen"]
    assert ignored_failures(made) == frozenset()
    assert ignored_failures(made[:2]) == {"gen"}


def test_what_was_ignored_in_one_that_failed_later_is_ignored() -> None:
    made = jobs(("ci", "", FAILED, 1, 9), ("a", "ci", FAILED, 1, 8), ("in", "a", FAILED, 1, 3), ("b", "ci", FAILED, 1, 2))
    made[1].forgiven = True
    assert [job.id for job in own_failures(made)] == ["in", "b"]
    assert ignored_failures(made) == {"a", "in"}


def test_in_written_order_what_is_written_below_comes_after() -> None:
    assert sight(jobs(*SET)) == ["b"]
    assert sight(jobs(*SET[:3])) == []


def test_as_jobs_end_what_ends_later_comes_after() -> None:
    assert sight(jobs(*SET), in_order=False) == ["b"]
    assert sight(jobs(SET[0], *SET[2:]), in_order=False) == []


def test_what_is_called_below_a_later_one_comes_after() -> None:
    made = jobs(SET[0], SET[2], ("x", "ci", "succeeded", 1, 9), ("x1", "x", "succeeded", 1, 2))
    assert sight(made) == ["b"]


def test_little_that_came_after_leaves_it_in_sight() -> None:
    assert sight(jobs(*SET), lines=SCREEN_LINES) == []


@pytest.mark.parametrize("style", ["interleaved", "prefixed"])
def test_lines_of_several_jobs_among_each_other_hide_it(style: str) -> None:
    made = jobs(*SET[:3])
    assert sight(made, style) == []
    made[2].neighbours.add("a")
    assert sight(made, style) == ["b"]


def test_what_is_shown_alone_stays_in_sight() -> None:
    assert sight(jobs(*SET), "errors-only") == []
    assert sight(jobs(*SET), folded=True) == []


def failed(exit_status: int | None = 3) -> Job:
    (made,) = jobs(("b", "", FAILED, 1, 2))
    made.exit_status = exit_status
    return made


def test_last_words() -> None:
    assert last_words(failed(), "one\n\x1b[31mtwo\x1b[0m  \n\n", "paratask --logs b") == [
        "paratask: `b`, which exited with 3, wrote last (all of it: paratask --logs b):",
        "  | one",
        "  | two",
    ]
    assert last_words(failed(None), "x" * 200, "C") == ["paratask: `b` wrote last (all of it: C):", f"  | {'x' * 159}…"]


def test_one_of_several_jobs_of_a_task_is_named_by_its_id() -> None:
    job = failed()
    job.id, job.task = "b.2", "b"
    assert last_words(job, "x\n", "C")[0] == "paratask: `b.2`, which exited with 3, wrote last (all of it: C):"


def test_only_the_last_ten_lines() -> None:
    first, *rest = last_words(failed(), "".join(f"{number}\n" for number in range(25)), "C")
    assert first == "paratask: `b`, which exited with 3, wrote last, after 15 more lines (all of it: C):"
    assert rest == [f"  | {number}" for number in range(15, 25)]


def test_nothing_has_no_words() -> None:
    assert last_words(failed(), " \n\n", "C") == []
