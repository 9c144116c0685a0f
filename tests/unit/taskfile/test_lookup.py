"""Which task a name means: name, then alias, then wildcard; conflicts and suggestions."""

from __future__ import annotations

import pytest

from paratask.errors import Position, TaskNameConflictError, TaskNotFoundError
from paratask.frozen import replace
from paratask.taskfile.lookup import TaskIndex
from paratask.taskfile.tasks import Pending, Tasks
from unit.builders import decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.taskfile.model import Task

WHERE = Position(file="x", line=1)


def index(tasks: str) -> TaskIndex:
    return TaskIndex(decode(f"version: '3'\ntasks: {tasks}\n")[0])


@pytest.mark.parametrize(
    ("name", "task", "wildcards"),
    [
        ("a", "a", None),
        ("b", "b", None),
        ("x", "a", None),
        ("start:1", "start:*", ("1",)),
        ("start:", "start:*", ("",)),
        ("run-1-2", "run-*-*", ("1", "2")),
        ("run-1-2-3", "run-*-*", ("1-2", "3")),
        ("go-7", "run-*-*", ("7",)),
        ("lit.eral*", "lit.eral*", None),
        ("lit.eralX", "lit.eral*", ("X",)),
    ],
)
def test_name_then_alias_then_wildcard(name: str, task: str, wildcards: tuple[str, ...] | None) -> None:
    found = index("{a: {aliases: [x, b]}, b: echo, 'start:*': echo, 'run-*-*': {aliases: ['go-*']}, 'lit.eral*': echo}").find(
        name
    )
    assert (found.task.name, found.wildcards) == (task, wildcards)


def test_first_wildcard_that_fits_counts() -> None:
    assert index("{'a-*': echo, 'a-b-*': echo}").find("a-b-c").wildcards == ("b-c",)


@pytest.mark.parametrize("name", ["litXeral1", "START:1", "xstart:1", "start:1\n2"])
def test_pattern_is_literal_but_for_its_stars(name: str) -> None:
    with pytest.raises(TaskNotFoundError):
        index("{'start:*': echo, 'lit.eral*': echo}").find(name)


@pytest.mark.parametrize(
    ("called", "own"),
    [
        ("a", "a"), ("x", "a"), ("b", "b"), ("go:1", "go:1"), ("go:*", "go:*"), ("g-1", "g-1"), ("g-*", "go:*"),
        ("two", "two"), ("none", "none"), ("", ""),
    ],
)  # fmt: skip
def test_an_alias_has_the_name_of_its_task_and_all_else_its_own(called: str, own: str) -> None:
    tasks = "{a: {aliases: [x, b, two]}, b: {aliases: [two]}, 'go:*': {aliases: ['g-*']}}"
    assert index(tasks).own_name(called) == own


def test_who_is_called_by_name_needs_no_other_task() -> None:
    def fails() -> Task:
        raise AssertionError("it was made")

    made = TaskIndex(replace(decode("version: '3'\ntasks: {}\n")[0], tasks=Tasks({"a": Pending(fails), "b": Pending(fails)})))
    assert made.own_name("a") == "a"


def test_alias_of_several_tasks_is_a_conflict() -> None:
    with pytest.raises(TaskNameConflictError) as caught:
        index("{a: {aliases: [x]}, b: {aliases: [x]}}").find("x", WHERE)
    assert (caught.value.message, caught.value.exit_code) == ("several tasks (`a`, `b`) answer to `x`", 203)
    assert (caught.value.task, caught.value.position) == ("x", WHERE)


def test_alias_that_a_task_has_twice_is_no_conflict() -> None:
    assert index("{a: {aliases: [x, x]}}").find("x").task.name == "a"


@pytest.mark.parametrize(
    ("name", "help_line"),
    [("biuld", "did you mean `build`?"), ("lnit", "did you mean `lint`?"), ("secrt", ""), ("zzz", "")],
)
def test_missing_task_suggests_the_nearest_that_can_be_called(name: str, help_line: str) -> None:
    with pytest.raises(TaskNotFoundError) as caught:
        index("{build: echo, l: {aliases: [lint]}, secret: {internal: true}}").find(name, WHERE)
    assert (caught.value.message, caught.value.exit_code) == (f"task `{name}` does not exist", 200)
    assert (caught.value.help, caught.value.position, caught.value.task) == (help_line, WHERE, name)
