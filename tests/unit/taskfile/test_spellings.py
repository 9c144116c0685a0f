"""The further spellings of a call: `- task:name`, `- task name`, and `- task:a &` … `- wait`."""

from __future__ import annotations

import pytest

from paratask.taskfile.model import Call, Command, For
from paratask.taskfile.spellings import read_spellings
from unit.builders import decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.taskfile.model import Step


def steps(cmds: str, *, is_root: bool = True, extra: str = "") -> tuple[Step, ...]:
    text = f"version: '3'\ntasks:\n  t: {{cmds: {cmds}{extra}}}\n  a: {{aliases: [al]}}\n  'b:c': echo\n  'w-*': echo\n"
    return read_spellings(decode(text)[0], is_root=is_root).tasks["t"].steps


def shape(found: tuple[Step, ...]) -> list[object]:
    """Calls as (task, spelling, background), commands as (text, joins)."""
    return [(s.task, s.spelling, s.background) if isinstance(s, Call) else (s.text, s.joins) for s in found]


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("task:a", ("a", "task:a", False)),
        ("task:al", ("al", "task:al", False)),
        ("task:b:c", ("b:c", "task:b:c", False)),
        ("  task:a  ", ("a", "task:a", False)),
        ("task a", ("a", "task a", False)),
        ("paratask a", ("a", "paratask a", False)),
        ("task   b:c", ("b:c", "task   b:c", False)),
        ("task:a &", ("a", "task:a", True)),
        ("task:a&", ("a", "task:a", True)),
        ("task a &", ("a", "task a", True)),
        ("task:{{.NAME}}", ("{{.NAME}}", "task:{{.NAME}}", False)),
    ],
)
def test_command_that_is_nothing_but_a_call_is_one(text: str, call: object) -> None:
    assert shape(steps(f"['{text}']")) == [call]


@pytest.mark.parametrize(
    "text",
    [
        "task:nope", "task nope", "task a b", "task -v a", "task a X=1", "task", "task:", "tasks a", "taskwarrior", "task:a && echo",
        "task:a | cat", "task: a", "echo task:a", "task:a &&", "task:{{.A}} {{.B}}", "./task a", "task:a; echo", "task:w-1",
    ],
)  # fmt: skip
def test_command_that_is_more_or_names_no_task_stays_a_command(text: str) -> None:
    assert shape(steps(f"['{text}']")) == [(text, False)]


def test_command_of_several_lines_stays_a_command() -> None:
    assert shape(steps('["task:a\\necho x"]')) == [("task:a\necho x", False)]


@pytest.mark.parametrize("field", ["platforms: [linux]", "set: [e]", "shopt: [globstar]"])
def test_command_with_what_only_shells_have_stays_a_command(field: str) -> None:
    assert isinstance(steps(f"[{{cmd: 'task:a', {field}}}]")[0], Command)


def test_call_keeps_what_the_command_said() -> None:
    (call,) = steps("[{cmd: 'task:a', if: x, silent: true, ignore_error: true, for: [1], timeout: 1s}]")
    assert isinstance(call, Call)
    assert (call.condition, call.silent, call.ignore_error, call.loop, call.timeout_seconds, call.variables) == (
        "x", True, True, For(items=(1,)), 1.0, {},
    )  # fmt: skip
    assert (call.position.line, call.position.column) == (3, 20)


def test_deferred_command_is_a_deferred_call() -> None:
    (call,) = steps("[{defer: 'task:a'}]")
    assert isinstance(call, Call)
    assert (call.task, call.deferred) == ("a", True)


def test_second_runner_counts_in_the_root_file_and_its_folder_only() -> None:
    assert isinstance(steps("['task a']", is_root=False)[0], Command)
    assert isinstance(steps("['task a']", extra=", dir: sub")[0], Command)
    assert isinstance(steps("['task:a']", is_root=False)[0], Call)
    assert isinstance(steps("['task:a']", extra=", dir: sub")[0], Call)


@pytest.mark.parametrize(
    ("cmds", "joined"),
    [
        ("['task:a &', 'task:b:c &', wait]", [False, False, True]),
        ("['task:a &', 'task:b:c', wait]", [False, False, True]),
        ("['task:a &', ' wait ', wait]", [False, True, False]),
        ("['task:a', wait]", [False, False]),
        ("['task:a &', echo, wait]", [False, False, False]),
        ("[wait, 'task:a &']", [False, False]),
        ("['sleep 1 &', wait]", [False, False]),
        ("['task:a &', 'wait 1']", [False, False]),
        ("['task:a &', {task: a}, wait, 'task:a &', wait]", [False, False, True, False, True]),
    ],
)
def test_wait_closes_a_group_of_calls_in_the_background(cmds: str, joined: list[bool]) -> None:
    assert [getattr(step, "joins", False) for step in steps(cmds)] == joined


def test_taskfile_without_such_commands_stays_as_it_is() -> None:
    taskfile = decode("version: '3'\ntasks: {t: [echo task, {task: t}]}\n")[0]
    assert read_spellings(taskfile, is_root=True) == taskfile
