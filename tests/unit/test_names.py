"""Names of jobs: fit for a file, one of a kind."""

from __future__ import annotations

import pytest

from paratask.names import (
    MAX_BYTES,
    JobNames,
    counted,
    cut,
    file_name,
    is_meant,
    ordinal,
    shown_limit,
    shown_name,
    shown_seconds,
)


@pytest.mark.parametrize(
    ("task", "name"),
    [
        ("build", "build"),
        ("api:test", "api-test"),
        ("a b/c", "a-b-c"),
        ("..", "task"),
        (".x.", "x"),
        ("", "task"),
        ("v1.2_x", "v1.2_x"),
        ("été", "été"),
    ],
)
def test_name_of_a_file(task: str, name: str) -> None:
    assert file_name(task) == name


@pytest.mark.parametrize("task", ["x" * 500, "長" * 100, "🦀" * 100])
def test_long_name_in_another_script_was_too_long_for_a_file(task: str) -> None:
    name = file_name(task)
    assert 0 < len(f"{name}.999.first-attempt.log".encode()) <= 255
    assert MAX_BYTES - 4 < len(name.encode()) <= MAX_BYTES or not name.isalnum()


def test_second_job_of_a_name_has_a_number() -> None:
    names = JobNames()
    assert [names.take(task) for task in ("a", "a:b", "a", "a-b", "a")] == ["a", "a-b", "a.2", "a-b.2", "a.3"]


@pytest.mark.parametrize(
    ("tasks", "ids"),
    [
        (["a", "a", "a.2"], ["a", "a.2", "a.2.2"]),
        (["a.2", "a", "a"], ["a.2", "a", "a.3"]),
        (["a.2", "a.3", "a", "a", "a"], ["a.2", "a.3", "a", "a.4", "a.5"]),
    ],
)
def test_task_named_like_a_second_job_had_the_same_log(tasks: list[str], ids: list[str]) -> None:
    names = JobNames()
    assert [names.take(task) for task in tasks] == ids


@pytest.mark.parametrize(
    ("job", "task", "label", "shown"),
    [
        ("a", "a", "", "a"), ("a", "a", "a", "a"), ("a.2", "a", "a", "a.2"), ("a#cat-x", "a#cat-x", "a", "a#cat-x"), ("a.2", "a", "build db", "a.2 (build db)"),
        ("lint-all.2", "lint:all", "lint", "lint:all.2 (lint)"), ("a", "a", " build\n  db\n", "a (build db)"), ("a", "a", " ", "a"),
    ],
)  # fmt: skip
def test_calls_of_a_task_are_told_apart_by_their_labels(job: str, task: str, label: str, shown: str) -> None:
    assert shown_name(job, task, label) == shown


@pytest.mark.parametrize(
    ("job", "task", "shown"),
    [
        ("a", "a", "a"), ("a.2", "a", "a.2"), ("lint-all", "lint:all", "lint:all"), ("lint-all.2", "lint:all", "lint:all.2"),
        ("unknown.2", "(not known)", "unknown.2"),
    ],
)  # fmt: skip
def test_a_job_is_shown_as_its_task_is_written_and_can_be_typed_so(job: str, task: str, shown: str) -> None:
    assert shown_name(job, task) == shown
    assert all(is_meant((name,), job, task) for name in (shown, job, task))
    assert not is_meant(("b", "c"), job, task)


def test_counted() -> None:
    assert [counted(number, "file") for number in (0, 1, 2, 1234)] == ["0 files", "1 file", "2 files", "1,234 files"]


def test_ordinals() -> None:
    assert [ordinal(number) for number in (1, 2, 10, 11, 12, 13, 21, 22, 23, 24, 111, 121)] == [
        "first", "second", "tenth", "11th", "12th", "13th", "21st", "22nd", "23rd", "24th", "111th", "121st",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (-0.1, "0.00 s"), (0, "0.00 s"), (0.994, "0.99 s"), (0.996, "1.0 s"), (59.9, "59.9 s"), (59.96, "1 min 00 s"), (125, "2 min 05 s"),
        (3599.6, "1 h 00 min"), (3719.6, "1 h 02 min"), (7384.2, "2 h 03 min"), (360_000, "100 h 00 min"),
    ],
)  # fmt: skip
def test_how_long_something_took(seconds: float, shown: str) -> None:
    assert shown_seconds(seconds) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.5, "0.5 s"), (30.0, "30 s"), (90.0, "1 min 30 s"), (120.0, "2 min"), (7200.0, "2 h")]
)
def test_a_limit_that_somebody_chose(seconds: float, shown: str) -> None:
    assert shown_limit(seconds) == shown


@pytest.mark.parametrize(("text", "shown"), [("", ""), ("abcd", "abcd"), ("abcde", "abc…")])
def test_what_is_too_long_says_that_there_was_more(text: str, shown: str) -> None:
    assert cut(text, 4) == shown
