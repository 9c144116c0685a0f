"""TOML to the same nodes: lines of keys, native values, and what is refused."""

from __future__ import annotations

import pytest

from paratask.errors import Position, TaskfileSyntaxError
from paratask.taskfile.nodes import Mapping, scalar_value, value_of
from paratask.taskfile.toml_nodes import MAX_DEPTH, parse_toml

FILE = "/repo/paratask.toml"


def parse(text: str | bytes) -> Mapping:
    return parse_toml(text.encode() if isinstance(text, str) else text, FILE)


def line_of(root: Mapping, *path: str) -> int:
    node: object = root
    line = 0
    for name in path:
        assert isinstance(node, Mapping)
        key, node = next((k, v) for k, v in node.pairs if k.text == name)
        line = key.line
    return line


def test_values_keep_the_types_that_toml_gives_them() -> None:
    assert value_of(parse("a = 'yes'\nb = true\nc = 0x10\nd = 1.5\ne = [1, '2']\nf = {g = 'null'}\nh = ''\n")) == {
        "a": "yes", "b": True, "c": 16, "d": 1.5, "e": [1, "2"], "f": {"g": "null"}, "h": "",
    }  # fmt: skip


def test_false_and_zero_are_not_lost() -> None:
    root = parse("a = false\nb = 0\n")
    assert [scalar_value(value) for _, value in root.pairs] == [False, 0]  # type: ignore[arg-type]


def test_dates_are_text() -> None:
    assert value_of(parse("a = 2024-01-02\n")) == {"a": "2024-01-02"}


def test_keys_stand_on_their_lines() -> None:
    root = parse(
        'parallel = "off"\n# x = 1\n[tasks.build]\n\ncmds = [\n "x",\n]\n[tasks."test:unit"]\nreads = []\n'
        "[tasks.inline]\nvars = { A = 1 }\ndotted.deep.key = 1\n"
    )
    wanted = {
        ("parallel",): 1, ("tasks",): 3, ("tasks", "build"): 3, ("tasks", "build", "cmds"): 5, ("tasks", "test:unit"): 8,
        ("tasks", "test:unit", "reads"): 9, ("tasks", "inline", "vars", "A"): 11,
        ("tasks", "inline", "dotted", "deep"): 12, ("tasks", "inline", "dotted", "deep", "key"): 12,
    }  # fmt: skip
    assert {path: line_of(root, *path) for path in wanted} == wanted


def test_broken_toml_is_a_syntax_error_where_it_breaks() -> None:
    with pytest.raises(TaskfileSyntaxError) as caught:
        parse("a = 1\nb = = 2\n")
    assert caught.value.exit_code == 109
    assert caught.value.message == "not valid TOML: Invalid value"
    assert caught.value.position == Position(file=FILE, line=2, column=5)


def test_bytes_that_are_no_utf_8_are_a_syntax_error() -> None:
    with pytest.raises(TaskfileSyntaxError) as caught:
        parse(b"a = '\xff'\n")
    assert caught.value.message.startswith("not valid TOML: 'utf-8' codec can't decode byte 0xff")
    assert caught.value.position == Position(file=FILE)


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 5_000 + "]" * 5_000,
        "a = " + "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1),
        "a." * 3_000 + "b = 1",
        "[" + "a." * 3_000 + "b]\n",
        "a = " + "{b = " * 300 + "1" + "}" * 300,
    ],
    ids=["lists", "just too deep", "dotted key", "dotted header", "inline tables"],
)
def test_deep_nesting_ended_in_a_recursion_error(text: str) -> None:
    with pytest.raises(TaskfileSyntaxError) as caught:
        parse(text)
    assert caught.value.exit_code == 109
    assert "nest" in caught.value.message
