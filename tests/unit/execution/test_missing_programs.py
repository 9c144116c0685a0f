"""Whether a command that did not find its program would fail of the same again."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from paratask.errors import CommandFailedError, ParataskError, TaskTimeoutError
from paratask.execution.missing_programs import help_for_missing, is_in_vain
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


def help_for(folder: Path, text: str, where: str = "") -> str:
    return help_for_missing(text, f"{folder}/bin:/none", str(folder / where), called_programs)


DOCTOR = "`paratask --doctor` looks for others"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("task --list", "there is no `task` here; `{{.TASK_EXE}} --list` calls whoever reads this Taskfile"),
        ("task", "there is no `task` here; `{{.TASK_EXE}}` calls whoever reads this Taskfile"),
        ("nowhere task", f"there is no `nowhere` on PATH; {DOCTOR}"),
        ("there | tasks", f"there is no `tasks` on PATH; {DOCTOR}"),
        ("there && task", f"there is no `task` on PATH; {DOCTOR}"),
        ("nowhere && gone; nowhere x", "there is no `gone`, no `nowhere` on PATH"),
        ("nowhere && ./gone", "there is no `nowhere` on PATH"),
    ],
)
def test_which_program_was_missing_was_told_in_the_shell_s_words_only(there: Path, text: str, said: str) -> None:
    assert help_for(there, text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("./plain x", "`./plain` is not executable: `chmod +x plain`"),
        ("cd bin && ../plain", "`../plain` is not executable: `chmod +x plain`"),
        ("bin/gone", "there is no `bin/gone` in `.`, where the command ran"),
        ("cd bin && ./gone", "there is no `./gone` in `./bin`, where the command ran"),
        ("./bin", ""),
    ],
)
def test_which_script_was_missing_or_may_not_be_executed(
    there: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    monkeypatch.chdir(there)
    assert help_for(there, text).replace(str(there), ".") == said


def test_what_is_on_path_may_not_be_executable(there: Path) -> None:
    (there / "bin" / "closed").touch(0o644)
    assert help_for(there, "closed") == "`closed` is on PATH, and is not executable"


@pytest.mark.parametrize(
    ("where", "local"), [("", ".venv/bin/tool"), ("web", "node_modules/.bin/tool"), ("web/src", "../node_modules/.bin/tool")]
)
def test_a_package_manager_may_have_it_elsewhere(there: Path, where: str, local: str) -> None:
    (there / "web" / "src").mkdir(parents=True)
    for folder in (".venv/bin", "web/node_modules/.bin"):
        (there / folder).mkdir(parents=True)
        (there / folder / "tool").touch(0o755)
    assert help_for(there, "tool x", where) == f"there is no `tool` on PATH, but there is `{local}`"


@pytest.mark.parametrize("text", ["", "there", "./own", "exit 127", "f() { there; }; f", "$TOOL", "PATH=/x nowhere"])
def test_nothing_is_said_of_what_is_there_or_not_known(there: Path, text: str) -> None:
    assert help_for(there, text) == ""


def test_nobody_is_told_of_a_task_that_is_there(there: Path) -> None:
    (there / "bin" / "there").rename(there / "bin" / "task")
    assert help_for(there, "task --list") == ""
