"""Whether a command that did not find its program would fail of the same again."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from paratask.errors import CommandFailedError, ParataskError, TaskTimeoutError
from paratask.execution.missing_programs import help_without_task, is_in_vain
from paratask.languages.called import called_programs


@pytest.fixture
def there(tmp_path: Path) -> Path:
    """A folder with programs: `bin/there` and `own` may be executed, `plain` may not."""
    (tmp_path / "bin").mkdir()
    for name, mode in (("bin/there", 0o755), ("own", 0o755), ("plain", 0o644)):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(mode)
    return tmp_path


def in_vain(folder: Path, command: str, status: int = 127, *, failure: ParataskError | None = None, **environment: str) -> bool:
    ready = SimpleNamespace(dir=str(folder), environment=environment)
    error = failure or CommandFailedError(command=command, exit_status=status, seconds=0.0)
    return is_in_vain(error, ready, environ={"PATH": f"{folder}/bin:/none"}, own_first=True, called=called_programs)


@pytest.mark.parametrize(
    "command", ["nowhere", "nowhere -x", "./nowhere", "there && nowhere", "cd bin && ./own", "bin", "A=1 nowhere"]
)
def test_what_is_not_there_does_not_come(there: Path, command: str) -> None:
    assert in_vain(there, command)


@pytest.mark.parametrize(
    "command", ["there", "./own", "cd bin && ../own", "f() { ./own; }; f", "test -e x || exit 127", "$TOOL", "PATH=/x nowhere"]
)
def test_what_is_there_or_not_known_may_come_to_something_else(there: Path, command: str) -> None:
    assert not in_vain(there, command)


def test_what_may_not_be_executed_is_not_there(there: Path) -> None:
    assert in_vain(there, "./plain", 126)


def test_other_failures_are_not_of_that_kind(there: Path) -> None:
    assert not in_vain(there, "nowhere", 1)
    assert not in_vain(there, "nowhere", failure=TaskTimeoutError(task="a", seconds=1.0))


def test_a_task_may_have_a_path_of_its_own(there: Path) -> None:
    assert in_vain(there, "own")
    assert not in_vain(there, "own", PATH=str(there))
    assert not in_vain(there, "own", PATH=":/none"), "an empty part is the current folder"


@pytest.mark.parametrize(("text", "written"), [("task --list", "{{.TASK_EXE}} --list"), ("task", "{{.TASK_EXE}}")])
def test_who_calls_task_where_there_is_none_is_told_what_to_write(there: Path, text: str, written: str) -> None:
    said = f"there is no `task` here; `{written}` calls whoever reads this Taskfile"
    assert help_without_task(text, f"{there}/bin", str(there)) == said


@pytest.mark.parametrize("text", ["", "nowhere task", "tasks"])
def test_no_other_program_that_is_not_there_is_helped(there: Path, text: str) -> None:
    assert help_without_task(text, f"{there}/bin", str(there)) == ""


def test_nobody_is_told_of_a_task_that_is_there(there: Path) -> None:
    (there / "bin" / "there").rename(there / "bin" / "task")
    assert help_without_task("task --list", f"{there}/bin", str(there)) == ""
