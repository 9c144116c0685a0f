"""Templates, whatever is in them."""

from __future__ import annotations

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from paratask.templating import Machine, TemplateError, UnknownValueError, render, resolve

MACHINE = Machine()
DATA = {"A": "text", "N": 3, "L": ["x", 1, None], "M": {"k": [1.5, True]}, "NIL": None}

WORDS = r"""
    {{ }} {{- -}} | ( ) . .A .L .M.k $ $x := = , " "s" ` 'c' if else end range with define template block break continue nil
    true /* */ 1 0x1F 1.5e3 - + 1i \ upper len index printf list dict add eq and toJson é
"""
FRAGMENTS = st.sampled_from([*WORDS.split(), " ", "\n", "\0"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def failure(function, text):
    """The error of a template, which may have none; other errors come through."""
    try:
        function(text, DATA, MACHINE)
    except TemplateError as error:
        return error
    return None


@given(st.text(string.printable + "é€\0").filter(lambda text: "{{" not in text))
def test_text_without_actions_is_unchanged(text):
    assert render(text, {}, MACHINE) is text


@given(st.lists(FRAGMENTS, max_size=25).map("".join))
@example("{{")
@example("{{" + "(" * 5000)
@example("{{/*")
@example("{{range 1}}{{break}}{{end}}{{else}}")
def test_fragments_render_or_are_refused_with_a_position(text):
    error = failure(render, text)
    if error is not None:
        lines = text.split("\n")
        assert error.message
        assert 1 <= error.line <= len(lines)
        assert 1 <= error.column <= len(lines[error.line - 1]) + 1


@given(st.text())
def test_any_expression_resolves_or_is_refused(expression):
    error = failure(resolve, expression)
    assert error is None or error.source == expression


@given(st.text())
def test_a_value_is_printed_as_it_is(text):
    assert render("{{.A}}", {"A": text}, MACHINE) == text.replace("<no value>", "")


@given(VALUES)
def test_references_give_the_value_itself(value):
    assert resolve(".X", {"X": value}, MACHINE) is value


@given(VALUES)
def test_every_value_prints(value):
    assert isinstance(
        render("{{.X}}{{printf `%v %#v %T` .X .X .X}}{{toJson .X}}{{toYaml .X}}{{spew .X}}", {"X": value}, MACHINE), str
    )


@given(st.text())
def test_what_to_json_writes_from_json_reads(text):
    readable = text.encode("utf-8", "replace").decode()
    assert resolve(".X | toJson | fromJson", {"X": readable}, MACHINE) == readable


@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_what_to_yaml_writes_from_yaml_reads(text):
    readable = text.replace("\r", "\n")
    assert resolve(".X | toYaml | fromYaml", {"X": readable}, MACHINE) == readable


@given(st.text(), st.text(min_size=1))
def test_split_and_join_are_inverse(text, separator):
    assert resolve(".X | splitList .S | join .S", {"X": text, "S": separator}, MACHINE) == text


@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0")))
def test_a_quoted_word_is_one_word(text):
    assert resolve(".X | q | splitArgs", {"X": text}, MACHINE) == [text]


@pytest.mark.parametrize("missing", [{}, {"X": None}])
def test_missing_and_nil_print_nothing(missing):
    assert render("[{{.X}}]", missing, MACHINE) == "[]"


@given(
    st.sampled_from(["{{.X}}", "{{if .X}}{{end}}", "{{.X.y}}", '{{default "a" .X}}', '{{index . "X"}}', "{{range .L}}{{end}}"])
)
def test_what_is_not_known_is_not_guessed(text):
    from paratask.templating import UNKNOWN

    with pytest.raises(UnknownValueError):
        render(text, {"X": UNKNOWN, "L": [UNKNOWN]}, MACHINE)
