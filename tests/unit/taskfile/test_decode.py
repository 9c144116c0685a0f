"""Texts, flags, lists, durations and mappings from nodes, in go-yaml's words."""

from __future__ import annotations

import pytest

from paratask.errors import Position, TaskfileDecodeError
from paratask.names import nearest_name
from paratask.taskfile.decode import Decoder, parse_duration
from paratask.taskfile.model import Oddity
from unit.builders import FILE, node


def decoder() -> Decoder:
    return Decoder(FILE)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("x", "x"),
        ("3", "3"),
        ("3.10", "3.10"),
        ("yes", "yes"),
        ("true", "true"),
        ("0x1F", "0x1F"),
        ("~", ""),
        ("''", ""),
        ("'~'", "~"),
    ],
)
def test_text_is_any_scalar_as_written_and_null_is_empty(text: str, value: str) -> None:
    assert decoder().text(node(text)) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True), ("True", True), ("yes", True), ("Yes", True), ("YES", True), ("on", True), ("y", True), ("~", False),
        ("false", False), ("no", False), ("Off", False), ("n", False), ("N", False), ("'yes'", True), ('"off"', False),
    ],
)  # fmt: skip
def test_typed_field_takes_the_booleans_of_yaml_1_1(text: str, value: bool) -> None:
    assert decoder().flag(node(text)) is value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("'true'", "cannot unmarshal !!str `true` into bool"),
        ("1", "cannot unmarshal !!int `1` into bool"),
        ("maybe", "cannot unmarshal !!str `maybe` into bool"),
        ("[true]", "cannot unmarshal !!seq into bool"),
        ("{a: b}", "cannot unmarshal !!map into bool"),
    ],
)
def test_what_is_no_boolean_is_refused_where_it_stands(text: str, message: str) -> None:
    with pytest.raises(TaskfileDecodeError) as caught:
        decoder().flag(node(f"a:\n  {text}").pairs[0][1])  # type: ignore[union-attr]
    assert (caught.value.message, caught.value.exit_code) == (message, 102)
    assert caught.value.position == Position(file=FILE, line=2, column=3)


def test_list_leaves_out_null_items() -> None:
    assert decoder().texts(node("[a, ~, 1, '', yes]")) == ("a", "1", "", "yes")
    assert decoder().texts(node("~")) == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a", "cannot unmarshal !!str `a` into []string"),
        ("{a: 1}", "cannot unmarshal !!map into []string"),
        ("[[a]]", "cannot unmarshal !!seq into string"),
    ],
)
def test_what_is_no_list_of_texts_is_refused(text: str, message: str) -> None:
    with pytest.raises(TaskfileDecodeError) as caught:
        decoder().texts(node(text))
    assert caught.value.message == message


def test_unknown_key_is_odd_and_the_nearest_known_one_is_named() -> None:
    one = decoder()
    found = one.fields(node("{a: 1}\n".replace("a", "Cmnds") + ""), frozenset(("cmds", "deps")), "task")
    assert found == {}
    assert one.oddities == [
        Oddity(
            message="unknown key `Cmnds` in task", position=Position(file=FILE, line=1, column=2), help="did you mean `cmds`?"
        )
    ]


def test_unknown_key_like_no_other_has_no_help() -> None:
    one = decoder()
    one.fields(node("a: 1\nzzz: 2"), frozenset("a"), "task")
    assert one.oddities == [
        Oddity(message="unknown key `zzz` in task", position=Position(file=FILE, line=2, column=1), help="")
    ]


@pytest.mark.parametrize("key", ["a", "unknown"])
def test_key_given_twice_is_refused_known_or_not(key: str) -> None:
    with pytest.raises(TaskfileDecodeError) as caught:
        decoder().fields(node(f"{key}: 1\n{key}: 2"), frozenset("a"), "task")
    assert caught.value.message == f"mapping key `{key}` already defined at line 1"
    assert caught.value.position == Position(file=FILE, line=2, column=1)


def test_fields_of_what_is_no_mapping_are_refused() -> None:
    with pytest.raises(TaskfileDecodeError) as caught:
        decoder().fields(node("[a]"), frozenset("a"), "task")
    assert caught.value.message == "cannot unmarshal !!seq into task"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0), ("1s", 1.0), ("1.5s", 1.5), (".5s", 0.5), ("1m30s", 90.0), ("1h2m3s", 3723.0), ("100ms", 0.1), ("5us", 5e-6),
        ("5µs", 5e-6), ("5μs", 5e-6), ("7ns", 7e-9), ("-1m", -60.0), ("+1m", 60.0), ("1h1ms", 3600.001), ("2m2m", 240.0),
    ],
)  # fmt: skip
def test_duration_is_go_s(text: str, seconds: float) -> None:
    assert parse_duration(text) == pytest.approx(seconds)


@pytest.mark.parametrize(
    "text", ["", "+", "-", "1", "s", "1d", "1 s", "1s ", "1.2.3s", "1m30", "..s", "1sm", "x", "--1s", "1e3s"]
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_duration(text)


@pytest.mark.parametrize("text", ["9" * 400 + "s", "10000000000s", "3000000h"])
def test_duration_longer_than_go_s_became_infinite(text: str) -> None:
    with pytest.raises(ValueError):
        parse_duration(text)


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("biuld", "build"), ("BUILD", "build"), ("tset", "test"), ("xyz", ""), ("", ""), ("api:buld", "api:build")],
)
def test_nearest_name(name: str, nearest: str) -> None:
    assert nearest_name(name, ["build", "test", "api:build"]) == nearest
