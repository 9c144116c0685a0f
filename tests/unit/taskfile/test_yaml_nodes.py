"""YAML to nodes: positions, anchors, merge keys, and what is refused, with go-task's exit codes."""

from __future__ import annotations

import sys

import pytest
import yaml

from paratask.errors import Position, TaskfileDecodeError, TaskfileSyntaxError
from paratask.taskfile.nodes import Mapping, Scalar, Sequence, value_of
from paratask.taskfile.yaml_nodes import MAX_ALIASED_NODES, MAX_DEPTH, parse_yaml

FILE = "/repo/Taskfile.yml"
needs_libyaml = pytest.mark.skipif(not yaml.__with_libyaml__, reason="PyYAML has no libyaml here")


@pytest.fixture(params=["libyaml", "PyYAML's own"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which does the parsing. Where there is no wheel for a Python that is new, PyYAML is built without libyaml."""
    if request.param == "libyaml" and not yaml.__with_libyaml__:
        pytest.skip("PyYAML has no libyaml here")
    if request.param != "libyaml":
        monkeypatch.delattr(yaml, "CBaseLoader", raising=False)


def parse(text: str | bytes) -> object:
    return parse_yaml(text.encode() if isinstance(text, str) else text, FILE)


def at(line: int, column: int) -> Position:
    return Position(file=FILE, line=line, column=column)


def test_nodes_stand_where_they_are_written() -> None:
    root = parse("a:\n  - x\n  - {k: 'v'}\nüb: |\n  text\n")
    assert isinstance(root, Mapping)
    (a, items), (u, text) = root.pairs
    assert isinstance(items, Sequence)
    assert [(n.line, n.column) for n in (root, a, items, *items.items, u, text)] == [
        (1, 1), (1, 1), (2, 3), (2, 5), (3, 5), (4, 1), (4, 5),
    ]  # fmt: skip
    assert isinstance(items.items[1], Mapping)
    key, value = items.items[1].pairs[0]
    assert isinstance(value, Scalar)
    assert (key.line, key.column, value.line, value.column, value.plain) == (3, 6, 3, 9, False)


@pytest.mark.parametrize("text", ["", "# only a comment\n", "\n\n"])
def test_empty_document_has_no_root(text: str) -> None:
    assert parse(text) is None


def test_only_the_first_document_counts_even_where_the_second_is_broken() -> None:
    assert value_of(parse("a: 1\n---\n{{{\n")) == {"a": 1}  # type: ignore[arg-type]


def test_byte_order_mark_is_no_part_of_the_first_key() -> None:
    assert value_of(parse(b"\xef\xbb\xbfa: 1\n")) == {"a": 1}  # type: ignore[arg-type]


def test_anchor_defined_twice_means_the_latest_before_the_alias() -> None:
    assert value_of(parse("[&a 1, *a, &a 2, *a]")) == [1, 1, 2, 2]  # type: ignore[arg-type]


def test_aliases_share_their_node() -> None:
    root = parse("[&a {k: v}, *a]")
    assert isinstance(root, Sequence)
    assert root.items[0] is root.items[1]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{x: &a {k: 1, l: 2}, y: {<<: *a, l: 3}}", {"l": 3, "k": 1}),
        ("{x: &a {k: 1}, y: {l: 3, <<: *a}}", {"l": 3, "k": 1}),
        ("{x: [&a {k: 1}, &b {k: 2, l: 2}], y: {<<: [*a, *b]}}", {"k": 1, "l": 2}),
        ("{x: &a {k: 1}, z: &b {<<: *a, m: 1}, y: {<<: *b}}", {"m": 1, "k": 1}),
        ("{y: {'<<': 1}}", {"<<": 1}),
    ],
    ids=["written wins", "also written before", "earlier of a list wins", "merged twice", "quoted is a key"],
)
def test_merge_key(text: str, value: object) -> None:
    found = value_of(parse(text))  # type: ignore[arg-type]
    assert isinstance(found, dict)
    assert found["y"] == value


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a: [1\n", 1, 4),
        ("a: 1\nb: {c: [1, 2]\nd: 1\n", 2, 4),
        ("a: [1, {b: 2]\n", 1, 13),
        ("a: 'x\n", 1, 4),
        ("a:\n\tb: 1\n", 2, 1),
        ("a: b: c\n", 1, 5),
        ("a: 1\n b: 2\n", 2, 3),
        ("a: @x\n", 1, 4),
        ('a: 1\nb: "open\nc: 3\nd: 4\n', 2, 4),
        ("a:\n  b: c\n  d\n  - e\nf: 1\n", 3, 3),
    ],
)
@pytest.mark.usefixtures("parser")
def test_broken_yaml_is_a_syntax_error_where_it_breaks(text: str, line: int, column: int) -> None:
    with pytest.raises(TaskfileSyntaxError) as caught:
        parse(text)
    assert caught.value.exit_code == 109
    assert caught.value.position == at(line, column)
    assert caught.value.message.startswith("not valid YAML: ")


@needs_libyaml
def test_an_unknown_directive_is_refused_where_it_stands() -> None:
    with pytest.raises(TaskfileSyntaxError) as caught:
        parse("%bad\n---\na: 1\n")
    assert caught.value.position == at(1, 5)


@pytest.mark.parametrize(
    ("text", "help_line"),
    [
        ("a:\n\tb: 1\n", "indent with spaces: YAML takes no tabs there"),
        ("a: echo b: c\n", "a text with `: ` in it needs quotes"),
        ("a: @x\n", "a text that begins with `@` needs quotes"),
        ("a: `x`\n", "a text that begins with a backtick needs quotes"),
        ("a: [\n", "close this bracket: the file ends inside of it"),
        ("a: [b,\n\n", "close this bracket: the file ends inside of it"),
        ("a: [1\n", "close this bracket, or look for a comma that is missing, before line 2, column 1"),
        ("a: [b, {c: d]\n", ""),
        ("a: [echo {{.B}}]\n", "a text with `{{` needs quotes inside of brackets"),
        ("a: [\n  {b: echo {{.B}}, c: d}]\n", "a text with `{{` needs quotes inside of brackets"),
        ("- [ -f x ] && echo\n", "a text that begins with `[` needs quotes"),
        ("a:\n  - [[ -f x ]] || echo\n", "a text that begins with `[` needs quotes"),
        ("- *.txt\n", "a text that begins with `*` needs quotes"),
        ('- "{{.A}}"/bin\n', "the quotes end at column 10: put the whole text into quotes"),
        ("a: 'b' && c\n", "the quotes end at column 6: put the whole text into quotes"),
        ('a: "\\d"\n', "in double quotes, a backslash is written twice; in single quotes, once"),
        (
            "a:\n  b:\n    - c\n   - d\n",
            "this line begins in another column than those that it belongs to: indent it as they are",
        ),
        ("a:\n    b: 1\n  c: 2\n", "this line begins in another column than those that it belongs to: indent it as they are"),
        ("a: x\n b:\n  - c\n", "a key that belongs beside those above it is indented as they are"),
        ("a:\n  b: c\n  d\n  - e\nf: 1\n", "a key ends with `:`; if this is text, look at how it is indented"),
    ],
)
@pytest.mark.usefixtures("parser")
def test_common_slips_are_told_what_to_do(text: str, help_line: str) -> None:
    with pytest.raises(TaskfileSyntaxError) as caught:
        parse(text)
    assert caught.value.help == help_line


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a:\n  deps: [b,\n  cmds:\n    - c\n", 2, 9),
        ("a:\n  vars: {\n  cmds:\n    - c\n", 2, 9),
        ("a:\n  - {task: b,\n  - c\n", 2, 5),
        ("a: [b, {c: [d]},\n  e: [f,\n- g\n", 2, 6),
        ("a: [\n  - b\n]\n", 1, 4),
    ],
)
@pytest.mark.usefixtures("parser")
def test_bracket_before_a_list_was_told_at_the_list(text: str, line: int, column: int) -> None:
    with pytest.raises(TaskfileSyntaxError) as caught:
        parse(text)
    assert caught.value.position == at(line, column)
    assert caught.value.help.startswith("close this bracket before line ")


@pytest.mark.parametrize(("text", "line", "column"), [("a: [\n", 1, 4), ("a:\n  b: [c,\n\n", 2, 6), ("a: {b: [", 1, 8)])
@pytest.mark.usefixtures("parser")
def test_a_bracket_that_the_file_ends_in_is_told_where_it_opens(text: str, line: int, column: int) -> None:
    """It was the empty line behind the last one."""
    with pytest.raises(TaskfileSyntaxError) as caught:
        parse(text)
    assert caught.value.position == at(line, column)


@pytest.mark.parametrize(
    ("text", "column", "ends"),
    [
        ("a:\n  b: 'c\n  d: 'e'\n", 6, "line 3, column 6"),
        ('a:\n  - "b\n  - "c"\n', 5, "line 3, column 5"),
        ("a:\n  b: {c: 'd}\n  e: echo 'f'\n", 10, "line 3, column 11"),
    ],
)
@pytest.mark.usefixtures("parser")
def test_quote_that_ends_at_the_next_one_was_told_there(text: str, column: int, ends: str) -> None:
    with pytest.raises(TaskfileSyntaxError) as caught:
        parse(text)
    assert caught.value.position == at(2, column)
    assert caught.value.help == f"this quote ends only in {ends}: one is missing further up"


@pytest.mark.parametrize(
    ("data", "line", "column"),
    [
        (b"a: 1\nb: \x00\n", 2, 4),
        (b"a: \xc3\xa9\xff\n", 1, 5),
        ("a: é\nb: é\x07".encode(), 2, 5),
        ("a: é\nb: é\x07".encode("utf-16"), 2, 5),
    ],
)
@pytest.mark.usefixtures("parser")
def test_character_that_yaml_does_not_take_had_no_place(data: bytes, line: int, column: int) -> None:
    with pytest.raises(TaskfileSyntaxError) as caught:
        parse(data)
    assert caught.value.position == at(line, column)


@pytest.mark.parametrize("text", ["a: {{.B}}\n", "- {{.B}} c\n", "a: {{.B}}/{{.C}}\n"])
def test_template_without_quotes_was_told_that_keys_must_be_text(text: str) -> None:
    with pytest.raises(TaskfileDecodeError) as caught:
        parse(text)
    assert (caught.value.message, caught.value.help) == ("keys must be text", "a text that begins with `{{` needs quotes")


@pytest.mark.parametrize("data", [b"a: \xff\xfe\n", b"a: \x00\n", b"\x01"])
def test_bytes_that_are_no_text_are_a_syntax_error(data: bytes) -> None:
    with pytest.raises(TaskfileSyntaxError) as caught:
        parse(data)
    assert caught.value.exit_code == 109
    assert caught.value.message.startswith("not valid YAML: ")


def test_alias_without_anchor_is_a_syntax_error() -> None:
    with pytest.raises(TaskfileSyntaxError) as caught:
        parse("tasks:\n  a: *nope\n")
    assert (caught.value.message, caught.value.position) == ("anchor `nope` is not defined", at(2, 6))


@pytest.mark.parametrize(
    ("text", "message", "column"),
    [
        ("&a [*a]", "anchor `a` contains itself", 5),
        ("&a {b: {c: *a}}", "anchor `a` contains itself", 12),
        ("&a {<<: *a}", "anchor `a` contains itself", 9),
        ("{<<: 3}", "`<<` takes a mapping or a list of mappings", 1),
        ("{<<: [3]}", "`<<` takes a mapping or a list of mappings", 1),
        ("{? [a] : 1}", "keys must be text", 4),
        ("{? {a: 1} : 1}", "keys must be text", 4),
    ],
)
def test_parts_that_do_not_fit_together_exit_with_102_as_in_task(text: str, message: str, column: int) -> None:
    with pytest.raises(TaskfileDecodeError) as caught:
        parse(text)
    assert caught.value.exit_code == 102
    assert (caught.value.message, caught.value.position) == (message, at(1, column))


def test_alias_bomb_is_refused_before_it_goes_off() -> None:
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
    with pytest.raises(TaskfileDecodeError) as caught:
        parse("\n".join(lines))
    assert caught.value.message == "aliases stand for more than 200,000 values"
    assert caught.value.position == at(6, 10)


def test_many_small_aliases_are_fine() -> None:
    root = parse("a: &a [1, 2]\nb: [" + "*a, " * 10_000 + "]\n")
    assert isinstance(root, Mapping)
    assert MAX_ALIASED_NODES > 30_000
    assert len(root.pairs[1][1].items) == 10_000  # type: ignore[union-attr]


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 5_000, 20_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{a: ", "}")], ids=["lists", "mappings"])
def test_deep_nesting_is_a_syntax_error_and_no_recursion_error(opening: str, closing: str, depth: int) -> None:
    with pytest.raises(TaskfileSyntaxError) as caught:
        parse(opening * depth + closing * depth)
    assert caught.value.exit_code == 109


def test_the_deepest_nesting_that_is_read_can_be_walked() -> None:
    root = parse("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    limit = sys.getrecursionlimit()
    assert limit > MAX_DEPTH * 4
    found = value_of(root)  # type: ignore[arg-type]
    depth = 1
    while found:
        found, depth = found[0], depth + 1  # type: ignore[index]
    assert depth == MAX_DEPTH


def test_depth_through_aliases_overflowed_the_stack_of_whoever_walked_the_nodes() -> None:
    lines = ["a0: &a0 [1]"] + [f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 300)]
    with pytest.raises(TaskfileSyntaxError) as caught:
        parse("\n".join(lines))
    assert caught.value.message == f"nested more than {MAX_DEPTH} deep"
    assert caught.value.position == at(100, 12)


@needs_libyaml
def test_libyaml_does_the_parsing_where_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """PyYAML does not export its CParser: looking for it there fell back to the parser in Python, 16 times slower."""
    started: list[str] = []

    class Noted(yaml.CBaseLoader):
        def __init__(self, text: bytes) -> None:
            started.append("libyaml")
            super().__init__(text)

    monkeypatch.setattr(yaml, "CBaseLoader", Noted)
    parse("a: 1")
    assert started == ["libyaml"]


@needs_libyaml
@pytest.mark.parametrize("data", [b"a: {b: [1, *x]}", b"a: \x00\n", b"a: [1\n", b"- &a {k: 'v'}\n- *a\n"])
def test_without_libyaml_the_same_is_read_and_refused(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    def outcome() -> object:
        try:
            return value_of(parse(data))  # type: ignore[arg-type]
        except TaskfileSyntaxError as error:
            return error.exit_code, error.position and error.position.line

    with_libyaml = outcome()
    monkeypatch.delattr(yaml, "CBaseLoader")
    without = outcome()
    assert without == with_libyaml
    assert isinstance(without, list) or without[0] == 109  # type: ignore[index]
