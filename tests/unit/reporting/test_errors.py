"""Errors as text, whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from paratask.errors import CommandFailedError, ParataskError, Position, TaskfileDecodeError, TaskRunError, VariableError
from paratask.names import file_name
from paratask.reporting.errors import render_error, render_oddities, shown_position
from paratask.taskfile.model import Oddity
from unit.builders import marked, plain, write


def run_error(*path: str, cause: ParataskError, position: Position | None = None) -> TaskRunError:
    error = TaskRunError(task=path[-1], job=file_name(path[-1]), cause=cause, position=position)
    for task in reversed(path[:-1]):
        error = TaskRunError(task=task, job=task, cause=error)
    return error


def failed(seconds: float = 4.2) -> CommandFailedError:
    return CommandFailedError(command="pytest -q", exit_status=1, seconds=seconds)


def test_error_without_a_place() -> None:
    assert render_error(ParataskError("no", help="do this"), cwd="/", paint=plain) == "error: no\n  help: do this"


def test_error_at_a_place_shows_the_line_and_a_caret_under_the_column(tmp_path: Path) -> None:
    write(tmp_path, {"sub/Taskfile.yml": "version: '3'\n\ttasks: é x  \n"})
    position = Position(file=str(tmp_path / "sub/Taskfile.yml"), line=2, column=10)
    error = TaskfileDecodeError("bad", position=position, help="good")
    assert render_error(error, cwd=str(tmp_path), paint=marked) == (
        "sub/Taskfile.yml:2:10: <red>error:</> bad\n 2 | \ttasks: é x\n   | \t        ^\n  help: good"
    )


@pytest.mark.parametrize(
    ("line", "column", "excerpt"),
    [(0, 0, ""), (1, 0, "\n 1 | first"), (12, 1, "\n 12 | twelve\n    | ^"), (99, 1, ""), (2, 1, "")],
    ids=["no line", "no column", "two digits", "beyond the end", "line too long to show"],
)
def test_excerpt(tmp_path: Path, line: int, column: int, excerpt: str) -> None:
    write(tmp_path, {"f": "first\n" + "x" * 300 + "\n" * 10 + "twelve\n"})
    text = render_error(
        VariableError("bad", position=Position(file=str(tmp_path / "f"), line=line, column=column)),
        cwd=str(tmp_path),
        paint=plain,
    )
    assert text == f"f{f':{line}' if line else ''}{f':{column}' if column else ''}: error: bad{excerpt}"


def test_file_that_cannot_be_read_any_more_has_no_excerpt() -> None:
    text = render_error(VariableError("bad", position=Position(file="/nope/f", line=1, column=1)), cwd="/", paint=plain)
    assert text == "nope/f:1:1: error: bad"


def test_bytes_that_are_no_text_can_be_shown(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"a \xff b\n")
    text = render_error(
        VariableError("bad", position=Position(file=str(tmp_path / "f"), line=1, column=3)), cwd=str(tmp_path), paint=plain
    )
    assert text == "f:1:3: error: bad\n 1 | a \ufffd b\n   |   ^"


def test_failed_command_of_a_task() -> None:
    error = run_error("api:test", cause=failed(), position=Position(file="/repo/api/Taskfile.yml", line=21, column=9))
    assert render_error(error, cwd="/repo", paint=marked, log_of=lambda job: f"logs/{job}.log") == (
        "<red>error:</> `api:test` failed: `pytest -q` exited with 1 after 4.2 s\n  at api/Taskfile.yml:21:9\n"
        "  log: logs/api-test.log"
    )


def test_failure_below_names_the_way_to_it_and_the_help_of_its_cause() -> None:
    error = run_error("ci", "test", "unit", cause=ParataskError("no", help="try"))
    assert render_error(error, cwd="/", paint=plain, log_of=lambda _: "") == (
        "error: `unit` failed: no\n  called by `ci` → `test` → `unit`\n  help: try"
    )


def test_task_with_a_label_was_told_by_another_name_than_in_the_closing_lines() -> None:
    error = TaskRunError(task="lint 5", job="lint-all", called="lint:all", cause=failed())
    above = TaskRunError(task="all of it", job="ci", called="ci", cause=error)
    assert render_error(above, cwd="/", paint=plain) == (
        "error: `lint:all` (`lint 5`) failed: `pytest -q` exited with 1 after 4.2 s\n  called by `ci` → `lint:all`"
    )


def test_second_job_of_a_task_has_its_number() -> None:
    error = TaskRunError(task="lint:all", job="lint-all.2", cause=failed())
    assert render_error(error, cwd="/", paint=plain) == "error: `lint:all.2` failed: `pytest -q` exited with 1 after 4.2 s"


def test_long_way_is_cut_in_the_middle() -> None:
    error = run_error(*(f"t{n}" for n in range(20)), cause=failed())
    way = " → ".join(f"`{name}`" for name in ("t0", "t1", "t2", "t3", "t4", "…", "t15", "t16", "t17", "t18", "t19"))
    assert render_error(error, cwd="/", paint=plain).splitlines()[1] == f"  called by {way}"


@pytest.mark.parametrize(
    ("file", "cwd", "shown"),
    [("/repo/a/f", "/repo", "a/f:1"), ("/f", "/a/b/c", "/f:1"), ("/repo/f", "/repo/a", "../f:1"), ("rel", "/", "rel:1")],
)
def test_position_is_shown_from_here_where_that_is_shorter(
    file: str, cwd: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
    assert shown_position(Position(file=file, line=1), cwd) == shown


@pytest.mark.parametrize(("help_line", "tail"), [("did you mean `b`?", " (did you mean `b`?)"), ("", "")])
def test_oddity_is_one_line(help_line: str, tail: str) -> None:
    oddity = Oddity(message="unknown key `a` in task", position=Position(file="/r/T.yml", line=2, column=3), help=help_line)
    assert list(render_oddities([oddity], cwd="/r", paint=marked)) == [
        f"paratask: T.yml:2:3: <yellow>warning:</> unknown key `a` in task{tail}"
    ]


def test_forty_files_with_the_same_unknown_key_began_each_run_with_forty_lines() -> None:
    def odd(key: str, line: int) -> Oddity:
        return Oddity(message=f"unknown key `{key}`", position=Position(file="/r/T.yml", line=line, column=1))

    oddities = [odd("a", 1), odd("b", 2), odd("a", 3), odd("b", 4), odd("a", 5)]
    assert list(render_oddities(oddities, cwd="/r", paint=marked)) == [
        "paratask: T.yml:1:1: <yellow>warning:</> unknown key `a`",
        "paratask: and the same in 2 more places (`paratask --doctor` shows them)",
        "paratask: T.yml:2:1: <yellow>warning:</> unknown key `b`",
        "paratask: T.yml:4:1: <yellow>warning:</> unknown key `b`",
    ]
