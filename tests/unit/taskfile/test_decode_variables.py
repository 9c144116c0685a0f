"""`vars` and `env`: every form of a variable, and what is refused."""

from __future__ import annotations

import pytest

from paratask.errors import Position, TaskfileDecodeError
from paratask.taskfile.model import Variable
from unit.builders import FILE, decode


def variable(text: str) -> Variable:
    taskfile, oddities = decode(f"version: '3'\nvars:\n  A: {text}\n")
    assert oddities == []
    return taskfile.variables["A"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("x", "x"), ("yes", "yes"), ("true", True), ("1", 1), ("0o17", 15), ("0x1f", 31), ("1.5", 1.5), ("~", None), ("", None),
        ("'1'", "1"), ("[1, a, [b], ~]", [1, "a", ["b"], None]), ("{map: {k: {l: [1]}}}", {"k": {"l": [1]}}),
        ("{value: [1]}", [1]), ("{value: ~}", None), ("{map: {a: 1}, value: 2}", {"a": 1}), ("{map: ~, value: 2}", 2),
    ],
)  # fmt: skip
def test_static_value(text: str, value: object) -> None:
    assert variable(text) == Variable(value=value)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("{sh: echo x}", Variable(sh="echo x")),
        ("{sh: 12}", Variable(sh="12")),
        ("{sh: ''}", Variable(sh="")),
        ("{sh: ~}", Variable(sh=None)),
        ("{ref: .B}", Variable(ref=".B")),
        ("{secret: true, value: x}", Variable(value="x", secret=True)),
        ("{sh: a, secret: yes}", Variable(sh="a", secret=True)),
        ("{value: x, sh: y}", Variable(value="x", sh="y")),
    ],
)
def test_dynamic_referring_and_secret_forms(text: str, wanted: Variable) -> None:
    assert variable(text) == wanted


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{shh: x}", '"shh" is not a valid variable type. Try "sh", "ref", "map", "value" or using a scalar value'),
        ("{sh: x, b: y}", '"b" is not a valid variable type. Try "sh", "ref", "map", "value" or using a scalar value'),
        ("{}", 'a variable must define one of "sh", "ref", "map", "value" or be a scalar value'),
        ("{secret: true}", 'a variable must define one of "sh", "ref", "map", "value" or be a scalar value'),
    ],
)
def test_mapping_that_is_no_variable_is_refused(text: str, message: str) -> None:
    with pytest.raises(TaskfileDecodeError) as caught:
        variable(text)
    assert (caught.value.message, caught.value.position) == (message, Position(file=FILE, line=3, column=6))


def test_sh_must_be_text() -> None:
    with pytest.raises(TaskfileDecodeError) as caught:
        variable("{sh: [a]}")
    assert caught.value.message == "cannot unmarshal !!seq into string"


@pytest.mark.parametrize(("text", "shown"), [("[a]", "!!seq"), ("x", "!!str")])
def test_variables_are_a_mapping(text: str, shown: str) -> None:
    with pytest.raises(TaskfileDecodeError) as caught:
        decode(f"version: '3'\nvars: {text}\n")
    assert caught.value.message == f"cannot unmarshal {shown} into vars"


def test_written_order_is_kept() -> None:
    assert list(decode("version: '3'\nenv: {Z: 1, A: 2, M: 3}\n")[0].environment) == ["Z", "A", "M"]
