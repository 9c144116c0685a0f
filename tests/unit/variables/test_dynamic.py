"""`sh:` variables: run once a text, also when several ask at the same time."""

from __future__ import annotations

import pytest

from paratask.errors import VariableError
from paratask.kernel.groups import TaskGroup
from paratask.kernel.loop import Event, Loop
from paratask.variables.dynamic import DynamicValues
from simulation.clock import SimulatedPoller
from unit.builders import FakeShell, at_once


@pytest.mark.parametrize(
    ("output", "value"),
    [
        ("a", "a"), ("a\n", "a"), ("a\n\n", "a\n"), ("a\r\n", "a"), ("a\n\r\n", "a"), ("", ""), ("\n", ""), (" a ", " a "), ("a\nb\n", "a\nb"),
    ],
)  # fmt: skip
def test_one_newline_at_the_end_is_taken_away(output: str, value: str) -> None:
    assert at_once(DynamicValues(FakeShell({"x": output}).run).value("x", "/", {})) == value


def test_carriage_return_without_newline_was_taken_away() -> None:
    assert at_once(DynamicValues(FakeShell({"x": "a\r"}).run).value("x", "/", {})) == "a\r"


def test_same_text_runs_once_whatever_its_folder_and_environment() -> None:
    shell = FakeShell()
    values = DynamicValues(shell.run)
    assert [at_once(values.value("x", folder, {"A": folder})) for folder in ("/1", "/2")] == ["<x>", "<x>"]
    assert shell.asked == [("x", "/1", {"A": "/1"})]
    assert at_once(values.value("y", "/2", {})) == "<y>"


def test_empty_command_is_empty_and_runs_nothing() -> None:
    shell = FakeShell()
    assert at_once(DynamicValues(shell.run).value("", "/", {})) == ""
    assert shell.asked == []


def test_what_is_known_is_told_without_running() -> None:
    values = DynamicValues(FakeShell().run)
    assert (values.known("x"), values.known("")) == (None, "")
    at_once(values.value("x", "/", {}))
    assert values.known("x") == "<x>"


def test_failure_is_not_remembered() -> None:
    tries: list[str] = []

    async def run(command: str, folder: str, environment: object) -> str:
        del folder, environment
        tries.append(command)
        if len(tries) == 1:
            raise VariableError("no")
        return "yes"

    values = DynamicValues(run)
    with pytest.raises(VariableError):
        at_once(values.value("x", "/", {}))
    assert values.known("x") is None
    assert at_once(values.value("x", "/", {})) == "yes"


@pytest.mark.parametrize("failures", [0, 1])
def test_text_asked_for_by_three_at_the_same_time_ran_three_times(failures: int) -> None:
    loop = Loop(SimulatedPoller())
    running, found, failed = [], [], []

    async def run(command: str, folder: str, environment: object) -> str:
        del folder, environment
        running.append(command)
        await loop.sleep(1)
        if len(running) <= failures:
            raise VariableError("no")
        return "out\n"

    values = DynamicValues(run)
    values.make_turn = lambda: Event(loop)

    async def ask() -> None:
        try:
            found.append(await values.value("x", "/", {}))
        except VariableError:
            failed.append("x")

    async def main() -> None:
        async with TaskGroup(loop) as group:
            for _ in range(3):
                group.start(ask)

    loop.run(main())
    assert (found, len(failed), len(running)) == (["out"] * (3 - failures), failures, 1 + failures)
