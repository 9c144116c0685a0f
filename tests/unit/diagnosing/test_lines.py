"""Suspicious lines: each is found, with its place, and what is right is let be."""

from __future__ import annotations

import pathlib

import pytest

from paratask.diagnosing.lines import check_lines
from paratask.taskfile.lookup import TaskIndex
from paratask.taskfile.project import read_project


@pytest.fixture
def findings(tmp_path: pathlib.Path):
    def find(text: str) -> list[tuple[str, int, int, str]]:
        (tmp_path / "Taskfile.yml").write_text("version: '3'\ntasks:\n" + text)
        project = read_project(entrypoint="", folder="", cwd=str(tmp_path), environ={}, fill=lambda text, _: text)
        index = TaskIndex(project.taskfile)
        found = check_lines(project.taskfile.tasks.values(), lambda name: index.find(name).task)
        return [(f.kind, f.position.line, f.position.column, f.message) for f in found if f.position]

    return find


def test_a_right_taskfile_has_none(findings) -> None:
    assert (
        findings("  a: {cmds: [{task: b}, echo]}\n  b: {deps: [c], sources: [x], generates: [y], cmds: [echo]}\n  c: echo\n")
        == []
    )


def test_calls_without_a_space(findings) -> None:
    text = "  a:\n    cmds:\n      - task:b\n      - task:none\n      - task:b &\n  b: echo\n"
    message = "`task:{}` is not a call as Taskfiles have it"
    assert findings(text) == [
        ("task-without-space", 5, 9, message.format("b")),
        ("task-without-space", 6, 9, message.format("none")),
        ("task-without-space", 7, 9, message.format("b")),
    ]


def test_task_as_a_command(findings) -> None:
    text = "  a:\n    cmds:\n      - cmd: task b\n        set: [x]\n  c:\n    cmds:\n      - task b\n      - task --list\n      - task other\n      - paratask b\n  b: echo\n"
    message = "`task b` as a command"
    assert findings(text) == [("nested-run", 5, 14, message), ("nested-run", 9, 9, message), ("nested-run", 12, 9, message)]


def test_task_as_a_command_where_another_taskfile_may_be_meant(findings) -> None:
    assert findings("  a: {dir: x, cmds: [task b]}\n  b: echo\n") == []


def test_a_wait_in_a_shell_of_its_own_waits_for_nothing(findings) -> None:
    """The task was done at once, whatever became of the commands."""
    text = "  a:\n    cmds:\n      - ./one &\n      - ./two > log 2>&1 &\n      - wait\n"
    assert findings(text) == [("lone-wait", 7, 9, "`wait` does not wait for `./two > log 2>&1 &`")]
    for last in ("wait $!", "wait -n", "wait %1"):
        assert [kind for kind, *_ in findings(f"  a: {{cmds: ['./one &', '{last}']}}\n")] == ["lone-wait"]


@pytest.mark.parametrize(
    "text",
    [
        "  a: {cmds: ['task:b &', 'task:b2 &', wait]}\n  b: echo\n  b2: echo\n",
        "  a: {cmds: ['./server &', ./test, 'waitress start']}\n",
        "  a: {cmds: ['./one && ./two', wait]}\n",
        '  a: {cmds: ["./one &\\nwait"]}\n',
        "  a: {cmds: [wait, './server &']}\n",
    ],
)
def test_a_wait_that_waits_and_a_server_that_stays_are_let_be(findings, text) -> None:
    assert "lone-wait" not in [kind for kind, *_ in findings(text)]


def test_calls_that_lead_nowhere(findings) -> None:
    text = "  a:\n    deps: [bild]\n    cmds:\n      - task: '{{.X}}'\n  build: echo\n"
    assert findings(text) == [("no-such-task", 4, 12, "task `bild` does not exist")]


@pytest.mark.parametrize(
    ("called", "near"),
    [
        ("bild", "build"),
        ("go:tset", "go:test"),
        ("go:cover", ""),  # there is such a namespace, and nothing like it in there
        ("ph:cover", "php:cover"),
        ("rust:cover", ""),
        ("php:cli:cover", "php:cover"),
    ],
)
def test_what_was_meant_is_looked_for_in_the_same_namespace(tmp_path, called, near) -> None:
    names = ["build", "go:build", "go:test", "php:cover"]
    (tmp_path / "Taskfile.yml").write_text(
        f"version: '3'\ntasks:\n  a: {{cmds: [task: {called}]}}\n" + "".join(f"  {name}: echo\n" for name in names)
    )
    project = read_project(entrypoint="", folder="", cwd=str(tmp_path), environ={}, fill=lambda text, _: text)
    index = TaskIndex(project.taskfile)
    (found,) = check_lines(project.taskfile.tasks.values(), lambda name: index.find(name).task)
    assert found.help == (f"did you mean `{near}`?" if near else "write the task, or take the call away")


def test_circles_are_found_once(findings) -> None:
    text = "  a: {cmds: [{task: a}]}\n  b: {deps: [c]}\n  c: {cmds: [{task: d}]}\n  d: {cmds: [{task: b}]}\n"
    assert [(kind, message) for kind, _, _, message in findings(text)] == [
        ("cycle", "`a` calls itself"),
        ("cycle", "tasks call each other in a circle: `b` → `c` → `d` → `b`"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "  a: {cmds: [{task: a, if: test -e x}]}\n",
        "  a: {status: [test -e x], cmds: [{task: a}]}\n",
        "  a: {if: test -e x, cmds: [{task: a}]}\n",
        "  a: {sources: [x], cmds: [{task: a}]}\n",
        "  a: {cmds: [{for: {var: X}, task: a}]}\n",
        "  a: {cmds: [{task: a, vars: {N: 1}}]}\n",
        "  a: {deps: [b, c]}\n  b: {deps: [d]}\n  c: {deps: [d]}\n  d: echo\n",
    ],
)
def test_what_may_end_is_no_circle(findings, text) -> None:
    assert findings(text) == []


def test_sources_and_generates_go_together(findings) -> None:
    text = (
        "  pack: {sources: [x], cmds: [echo]}\n  make: {generates: [x], cmds: [echo]}\n  lint: {sources: [x], cmds: [echo]}\n"
    )
    assert findings(text) == [
        ("sources-without-generates", 3, 3, "`pack` has `sources` and no `generates`"),
        ("generates-without-sources", 4, 3, "`make` has `generates` and no `sources`"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "  links: {sources: [x], cmds: [echo]}\n",  # nobody knows whether it makes anything
        "  tidy-codegen: {sources: [x], cmds: [echo]}\n",
        "  make: {method: none, sources: [x], cmds: [echo]}\n",
        "  make: {sources: [x], generates: [y], cmds: [echo]}\n",
        "  install: {generates: [x], deps: [b]}\n  b: echo\n",  # it runs nothing itself
        "  make: {generates: [x], status: [test -e x], cmds: [echo]}\n",  # by which it is decided
    ],
)
def test_sources_and_generates_that_are_in_order(findings, text) -> None:
    assert findings(text) == []
