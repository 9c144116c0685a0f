"""YAML scalars mean what go-yaml v3 takes them for (checked against task 3.54 with `printf "%T"`)."""

from __future__ import annotations

import math

import pytest

from paratask.taskfile.nodes import Scalar, is_null, plain_value, repeated_key, scalar_value, short_tag, value_of
from paratask.templating.values import Uint64
from unit.builders import node


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None), ("~", None), ("null", None), ("Null", None), ("NULL", None), ("nULL", "nULL"),
        ("true", True), ("True", True), ("TRUE", True), ("tRUE", "tRUE"), ("false", False), ("False", False), ("FALSE", False),
        ("yes", "yes"), ("no", "no"), ("on", "on"), ("off", "off"), ("y", "y"), ("N", "N"),
        ("0", 0), ("12", 12), ("+12", 12), ("-12", -12), ("1_000", 1000), ("1__0", 10),
        ("014", 12), ("0o14", 12), ("-0o14", -12), ("0_7", 7), ("08", 8.0), ("09", 9.0), ("0o8", "0o8"),
        ("0x1F", 31), ("0X1F", 31), ("-0x10", -16), ("0b11", 3), ("0B11", 3), ("0x", "0x"), ("0b2", "0b2"),
        ("1.5", 1.5), ("1.", 1.0), (".5", 0.5), ("+.5", 0.5), ("1e3", 1000.0), ("1E-3", 0.001), ("1_000.5", 1000.5),
        ("1e", "1e"), (".", "."), ("-", "-"), ("+", "+"), ("1.2.3", "1.2.3"), ("1:30", "1:30"), ("--1", "--1"), ("1-1", "1-1"),
        (".inf", math.inf), ("-.Inf", -math.inf), ("+.INF", math.inf), ("inf", "inf"),
        ("=", "="), ("<<", "<<"), ("text", "text"),
    ],
)  # fmt: skip
def test_plain_scalar_has_its_yaml_1_2_value(text: str, value: object) -> None:
    found = plain_value(text)
    assert (type(found), found) == (type(value), value)


def test_nan_is_a_float_that_equals_nothing() -> None:
    assert math.isnan(plain_value(".NaN"))  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["0x-5", "0x 5", "0x+5", "0o-7", "0b-1"])
def test_sign_or_blank_after_a_base_prefix_was_taken_for_a_number(text: str) -> None:
    assert plain_value(text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("9223372036854775807", 2**63 - 1),
        ("18446744073709551615", Uint64(2**64 - 1)),
        ("9223372036854775808", Uint64(2**63)),
        ("-9223372036854775808", -(2**63)),
        ("18446744073709551616", 1.8446744073709552e19),
        ("123456789012345678901234", 1.2345678901234568e23),
        ("-9223372036854775809", -9.223372036854775808e18),
    ],
)
def test_integer_beyond_64_bits_was_kept_exact_and_is_a_float(text: str, value: object) -> None:
    found = plain_value(text)
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize("text", ["1e400", "-1e400", "9" * 5000])
def test_number_too_large_for_a_float_became_infinite_and_is_text(text: str) -> None:
    assert plain_value(text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [("'12'", "12"), ('"true"', "true"), ("!!str 12", "12"), ("!!int '12'", 12), ("|\n  12", "12"), ("!!str", "")],
)
def test_quotes_and_tags_decide_before_the_text_does(text: str, value: object) -> None:
    scalar = node(text)
    assert isinstance(scalar, Scalar)
    assert scalar_value(scalar) == value


@pytest.mark.parametrize(("text", "null"), [("~", True), ("null", True), ("a:", False), ("''", False), ("!!str ~", False)])
def test_null_is_plain_and_untagged(text: str, null: bool) -> None:
    assert is_null(node(text)) is null


def test_missing_value_is_null() -> None:
    mapping = node("a:")
    assert is_null(mapping.pairs[0][1])  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("[1]", "!!seq"),
        ("{a: 1}", "!!map"),
        ("~", "!!null"),
        ("true", "!!bool"),
        ("1", "!!int"),
        ("1.5", "!!float"),
        ("a", "!!str"),
    ],
)
def test_short_tag_names_what_go_yaml_would(text: str, tag: str) -> None:
    assert short_tag(node(text)) == tag


def test_value_of_gives_plain_values_in_written_order() -> None:
    found = value_of(node("{b: [1, 'x', ~, {c: yes}], a: 2.5}"))
    assert found == {"b": [1, "x", None, {"c": "yes"}], "a": 2.5}
    assert list(found) == ["b", "a"]  # type: ignore[call-overload]


def test_keys_are_values_where_one_of_them_is_no_text() -> None:
    assert value_of(node("{b: 1, 2: x, 1.5: y, true: z}")) == {"b": 1, 2: "x", 1.5: "y", True: "z"}
    assert value_of(node("{'1': x, '2': y}")) == {"1": "x", "2": "y"}


def test_keys_that_python_cannot_tell_apart_stay_texts() -> None:
    assert value_of(node("{1: x, true: y}")) == {"1": "x", "true": "y"}


@pytest.mark.parametrize(
    ("text", "found"),
    [("{a: 1, b: {a: 2}}", None), ("{a: 1, a: 2}", "a"), ("[x, {b: [{c: 1, c: 2}]}]", "c"), ("a", None), ("[a, a]", None)],
)
def test_a_key_that_stands_twice_is_found_at_any_depth(text: str, found: str | None) -> None:
    repeated = repeated_key(node(text))
    assert (repeated and repeated[0].text) == found


def test_native_value_wins_over_text() -> None:
    assert scalar_value(Scalar("true", plain=True, line=1, column=1, native=True)) is True
    assert scalar_value(Scalar("12", plain=False, line=1, column=1, native="12")) == "12"
