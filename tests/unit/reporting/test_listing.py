"""Lists and summaries, as task 3.54 prints them."""

from __future__ import annotations

import pytest

from paratask.reporting.listing import list_document, render_list, render_summary_of, shown_value, sorted_names
from paratask.variables.scopes import Mode
from unit.builders import bench, marked, plain

TASKS = """
tasks:
  build: {desc: Build it, aliases: [b, bb]}
  a: {desc: "Two\\nlines"}
  test: {desc: Test everything there is, aliases: [t]}
  x: {desc: X, aliases: [y]}
"""


@pytest.mark.parametrize(
    ("order", "names"),
    [("default", ["a", "b", "c:a", "z:z"]), ("alphanumeric", ["a", "b", "c:a", "z:z"]), ("none", ["z:z", "b", "c:a", "a"])],
)
def test_order_of_names(order: str, names: list[str]) -> None:
    assert sorted_names(["z:z", "b", "c:a", "a"], order) == names


def test_default_order_has_the_root_s_tasks_first() -> None:
    assert sorted_names(["a:b", "z"], "default") == ["z", "a:b"]
    assert sorted_names(["a:b", "z"], "alphanumeric") == ["a:b", "z"]


def test_list_is_in_columns_and_aliases_align_with_their_neighbours() -> None:
    one = bench(TASKS)
    text = render_list([one.ready(name, mode=Mode.BLANK) for name in ("build", "a", "test", "x")], plain)
    assert text == (
        "task: Available tasks for this project:\n"
        "* build:       Build it      (aliases: b, bb)\n"
        "* a:           Two lines\n"
        "* test:        Test everything there is      (aliases: t)\n"
        "* x:           X                             (aliases: y)\n"
    )


def test_a_tab_in_a_description_began_no_column() -> None:
    one = bench(
        'tasks: {a: {desc: "one\\ttwo", aliases: [x]}, bb: {desc: "longer\\t3"}, c: {desc: four, aliases: [y]}, d: {desc: "\\t5"}}'
    )
    text = render_list([one.ready(name, mode=Mode.BLANK) for name in ("a", "bb", "c", "d")], plain)
    assert text == (
        "task: Available tasks for this project:\n"
        "* a:        one         two      (aliases: x)\n"
        "* bb:       longer      3\n"
        "* c:        four        (aliases: y)\n"
        "* d:                    5\n"
    )


def test_list_is_coloured() -> None:
    one = bench("tasks: {a: {desc: d, aliases: [b]}}")
    assert render_list([one.ready("a")], marked) == (
        "<reset>task: Available tasks for this project:\n</>"
        "<yellow>* </><green>a</><reset>:       d</><cyan>      (aliases: b)</>\n"
    )


def test_json_has_what_editors_read() -> None:
    one = bench("tasks:\n  a: {desc: d, label: l, summary: s, aliases: [b]}\n  c: echo\n")
    document = list_document([one.ready("a"), one.ready("c")], fresh={"a": True}, location="/repo/Taskfile.yml", nested=False)
    assert document == {
        "tasks": [
            {
                "name": "l", "task": "a", "desc": "d", "summary": "s", "aliases": ["b"], "up_to_date": True,
                "location": {"line": 3, "column": 3, "taskfile": "/repo/Taskfile.yml"},
            },
            {
                "name": "c", "task": "c", "desc": "", "summary": "", "aliases": [],
                "location": {"line": 4, "column": 3, "taskfile": "/repo/Taskfile.yml"},
            },
        ],
        "location": "/repo/Taskfile.yml",
    }  # fmt: skip


def test_nested_json_has_the_tasks_of_a_namespace_below_its_name() -> None:
    one = bench("tasks: {'b:x:y': echo, a: echo, 'b:z': echo, 'a:': echo}")
    names = ("a", "b:x:y", "b:z", "a:")
    document = list_document([one.ready(name) for name in names], fresh={}, location="/T.yml", nested=True)

    def shape(space: dict[str, object]) -> object:
        tasks = space["tasks"]
        names = None if tasks is None else [entry["task"] for entry in tasks]  # type: ignore[attr-defined]
        below = space.get("namespaces", {})
        return names, {name: shape(inner) for name, inner in below.items()}  # type: ignore[attr-defined]

    assert shape(document) == (["a"], {"a": (["a:"], {}), "b": (["b:z"], {"x": (["b:x:y"], {})})})
    assert (list(document), document["location"]) == (["tasks", "namespaces", "location"], "/T.yml")


def test_summary_has_every_part_of_a_task() -> None:
    text = """
        vars: {A: a, S: {value: hush, secret: true}, D: {sh: date}, HOME: mine, L: [1, 2], M: {map: {k: v}}, N: ~}
        tasks:
          t:
            aliases: [u]
            summary: "First\\nSecond\\n"
            deps: [one, {task: two}]
            env: {E: 1, ES: {sh: 'echo x'}}
            requires: {vars: [R, {name: Q, enum: [x, y]}, {name: P, enum: {ref: .A}}]}
            cmds: ['echo {{.S}}', {task: three}, {defer: echo bye}, {defer: {task: four}}]
    """
    ready = bench(text, environ={"HOME": "/h"}, special={"ROOT_DIR": "/repo"}).ready(mode=Mode.BLANK)
    assert render_summary_of(ready, {"HOME": "/h"}, plain) == (
        "task: t\n\nFirst\nSecond\n\nvars:\n"
        '  A: "a"\n  S: *****\n  D: sh: date\n  L: "[1 2]"\n  M: \n    k: v\n\n  N: ""\n'
        '\nenv:\n  E: "1"\n  ES: sh: echo x\n'
        "\nrequires:\n  vars:\n    - R\n    - Q:\n        enum:\n          - x\n          - y\n    - P:\n        enum:\n          ref: .A\n"
        "\ndependencies:\n - one\n - two\n\naliases:\n - u\n"
        "\ncommands:\n - echo *****\n - Task: three\n - echo bye\n - Task: four\n"
    )


@pytest.mark.parametrize(
    ("fields", "line"),
    [("desc: D", "D"), ("desc: D, summary: S", "S"), ("cmds: []", "(task does not have description or summary)")],
)
def test_summary_falls_back_to_the_description(fields: str, line: str) -> None:
    assert render_summary_of(bench(f"tasks: {{t: {{{fields}}}}}").ready(mode=Mode.BLANK), {}, plain) == f"task: t\n\n{line}\n"


@pytest.mark.parametrize(
    ("value", "text"),
    [("x", '"x"'), (True, '"true"'), (1.0, '"1"'), (None, '""'), ([1, "a"], '"[1 a]"'), ({}, "{}"), ({"a": 1}, "\n    a: 1\n")],
)
def test_value_in_a_summary(value: object, text: str) -> None:
    assert shown_value(value) == text
