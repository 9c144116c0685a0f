"""TOML to the same nodes: lines of keys, native values, and what is refused."""

from __future__ import annotations

import pytest

from paratask.errors import Position, TaskfileSyntaxError
from paratask.taskfile.nodes import Mapping, Scalar, Sequence, scalar_value, value_of
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


def items_of(root: Mapping, *path: str) -> list[int]:
    """The lines of what is in a list."""
    node: object = root
    for name in path:
        assert isinstance(node, Mapping)
        node = next(value for key, value in node.pairs if key.text == name)
    assert isinstance(node, Sequence)
    return [item.line for item in node.items]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a = [{ b = 1 }, { b = 2 }]\n", [1, 1]),
        ("a = [\n  { b = 1 },\n\n  { b = [{}] }, { b = 3 },\n]\n", [2, 4, 4]),
        ("a = [ # {\n  'x',\n  { b = '}]' }, # ]\n  { b = 2 },\n]\n", [1, 3, 4]),
        ('a = ["""\n{ [\n""", \'\'\'{\n\'\'\', "\\"{", { b = 1 }]\n', [1, 1, 1, 4]),
        ("[[a]]\nb = 1\n\n[[a]]\nb = 2\n", [1, 4]),
        ("a = []\n", []),
    ],
)
def test_tables_in_a_list_have_the_lines_that_they_begin_in(text: str, lines: list[int]) -> None:
    assert items_of(parse(text), "a") == lines


def test_keys_of_tables_in_a_list_stand_on_their_lines() -> None:
    root = parse("[[a.b]]\nx = 1\n[[a.b.c]]\ny = 1\n[[a.b]]\n\nx = 2\n[[a.b.c]]\ny = 2\n[[a.b.c]]\ny = 3\n[d]\ne = 1\n")
    assert items_of(root, "a", "b") == [1, 5]
    one, two = (item for item in _list(root, "a", "b") if isinstance(item, Mapping))
    assert (line_of(one, "x"), line_of(two, "x")) == (2, 7)
    assert (items_of(one, "c"), items_of(two, "c")) == ([3], [8, 10])
    assert line_of(root, "d", "e") == 13


def test_what_comes_after_a_list_keeps_its_line() -> None:
    root = parse("a = [\n  [1, 2],\n  [\n  ],\n]\nb = 1\n[c]\nd = ['[', ']]']\ne = 1\n")
    assert (line_of(root, "b"), line_of(root, "c"), line_of(root, "c", "e")) == (6, 7, 9)


def _list(root: Mapping, outer: str, inner: str) -> list[Mapping | Scalar | Sequence]:
    table = next(value for key, value in root.pairs if key.text == outer)
    assert isinstance(table, Mapping)
    found = next(value for key, value in table.pairs if key.text == inner)
    assert isinstance(found, Sequence)
    return list(found.items)


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


@pytest.mark.parametrize(
    ("text", "place", "help_line"),
    [
        ("a = off\n", (1, 5), 'a text needs quotes: `"off"`'),
        ("a = [lint, 'b']\n", (1, 6), 'a text needs quotes: `"lint"`'),
        ("a = 1\nb = 2G\n", (2, 6), 'a text needs quotes: `"2G"`'),
        ("a = 50%\n", (1, 7), 'a text needs quotes: `"50%"`'),
        ("a = True\n", (1, 5), "write `true`"),
        ('a = ["x, "y]\n', (1, 11), ""),
        ('a = "x\n', (1, 7), "a quote in this line is not closed"),
        ("a = [\n 1\n]\nb = 'x\nc = 1\n", (4, 7), "a quote in this line is not closed"),
        ('a = "x" y\n', (1, 9), ""),
        ("a = \n", (1, 5), ""),
        (
            "[tasks.lint-*]\n",
            (1, 13),
            'a name with other characters than letters, digits, `-` and `_` needs quotes: `[tasks."lint-*"]`',
        ),
        ("[tasks.lint\n", (1, 12), ""),
    ],
)
def test_a_slip_in_toml_was_told_without_what_to_do(text: str, place: tuple[int, int], help_line: str) -> None:
    with pytest.raises(TaskfileSyntaxError) as caught:
        parse(text)
    assert (caught.value.position, caught.value.help) == (Position(file=FILE, line=place[0], column=place[1]), help_line)


@pytest.mark.parametrize("char", ["\u2028", "\x85"])
def test_what_is_no_end_of_a_line_in_toml_was_counted_as_one(char: str) -> None:
    assert line_of(parse(f"a = '{char}{char}'\r\nb = 1\n[c]\nd = 2\n"), "c", "d") == 4


def test_a_byte_order_mark_was_an_invalid_statement() -> None:
    assert value_of(parse(b"\xef\xbb\xbfa = 1\n")) == {"a": 1}
