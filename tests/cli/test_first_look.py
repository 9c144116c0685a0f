"""What somebody sees who tries paratask for the first time: at a narrow terminal, with names that are not quite right."""

from __future__ import annotations

import pytest
from tests.cli.terminals import Emulator

TASKFILE = """\
version: '3'
tasks:
  check: {desc: All checks, cmds: [{task: types}, {task: write-the-documentation}]}
  types: mypy .
  write-the-documentation: ./scripts/write-the-documentation --with-all-that-there-is
  guarded:
    preconditions: [{sh: 'false', msg: "no docker:\\nstart it first"}]
    cmds: ['true']
"""


@pytest.fixture
def project(workspace):
    workspace.taskfile(TASKFILE)
    return workspace


def shown(workspace, *args: str, columns: int) -> list[str]:
    screen = Emulator(workspace, *args, columns=columns, env={"NO_COLOR": "1", "COLUMNS": str(columns)})
    try:
        screen.end()
        return screen.all_lines()
    finally:
        screen.close()


@pytest.mark.parametrize("args", [("--help",), ("--plan", "check")])
@pytest.mark.parametrize("columns", [60, 80])
def test_lines_are_broken_at_words_and_below_their_indent(project, args, columns):
    """At 80 columns each second line of the help went on at the left edge, in the middle of a word."""
    lines = shown(project, *args, columns=columns)
    whole = project.run(*args).stdout
    words = set(whole.split())
    assert {word for line in lines for word in line.split()} <= words
    assert max(map(len, whole.splitlines())) > columns
    assert sum(bool(line[:1].strip()) for line in lines) <= sum(bool(line[:1].strip()) for line in whole.splitlines()) + 1


def test_a_plan_in_a_pipe_has_a_line_for_each_thing(project):
    lines = project.run("--plan", "check").stdout.splitlines()
    assert (
        "        after types: `write-the-documentation` counts as touching anything"
        " (`./scripts/write-the-documentation --with-all-that-there-is` is not recognised), so it waits for `types`"
    ) in lines


@pytest.mark.parametrize(
    ("task", "helping"),
    [
        ("plan", "did you mean `paratask --plan`?"),
        ("doctor", "did you mean `paratask --doctor`?"),
        ("chek", "did you mean `check`?"),
        ("zzz", ""),
    ],
)
def test_an_option_without_its_dashes_is_known(project, task, helping):
    last = project.run(task).stderr.splitlines()
    assert last == [f"error: task `{task}` does not exist", *([f"  help: {helping}"] if helping else [])]


def test_both_may_be_meant(workspace):
    workspace.taskfile("version: '3'\ntasks: {clean: {desc: x, cmds: ['true']}}\n")
    assert workspace.run("plan").stderr.splitlines()[-1] == "  help: did you mean `clean`, or `paratask --plan`?"


@pytest.mark.parametrize("option", ["--why", "--logs"])
def test_who_looks_back_at_a_name_that_is_not_quite_right(project, option):
    assert project.run(option, "chek").stderr == "paratask: no run with a job of `chek` is kept (did you mean `check`?)\n"
    assert project.run(option, "check").stderr == "paratask: no run with a job of `check` is kept\n"
    assert project.run("--stats", "chek").stdout == "no run of `chek` is known (did you mean `check`?)\n"


def test_the_last_lines_say_what_a_precondition_wants(project):
    """Its message may be pages above them."""
    done = project.run("guarded")
    assert done.returncode == 201
    assert done.stderr == (
        "task: no docker:\nstart it first\n"
        "error: `guarded` failed: precondition not met: no docker: start it first\n"
        "  at Taskfile.yml:6:3\n"
    )
