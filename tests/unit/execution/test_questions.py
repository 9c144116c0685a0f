"""Questions after each key, as a user sees them."""

from __future__ import annotations

import pytest

from paratask.execution.questions import LONGEST_TEXT, ChoiceQuestion, TextQuestion, read_keys


def plain(color: str, text: str) -> str:
    del color
    return text


def typed(question, text: str):
    for key in read_keys(text):
        question.press(key)
    return question


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        ("bob\r", "bob"),
        ("\r", ""),
        ("bob\n", "bob"),
        ("bx\x7fob\r", "bob"),
        ("ob\x1b[Hb\r", "bob"),
        ("ob\x01b\r", "bob"),
        ("bb\x1b[Do\r", "bob"),
        ("bbo\x1bOD\x1bOD\x1b[3~\x05b\r", "bob"),
        ("xxbob\x1b[H\x04\x04\r", "bob"),
        ("one two\x17x\r", "one x"),
        ("one two  \x17x\r", "one x"),
        ("one\x17x\r", "x"),
        ("abc\x02\x02\x0b\r", "a"),
        ("abc\x02\x15\r", "c"),
        ("\x1b[D\x7f\x1b[C\x1b[C\x1b[3~bob\r", "bob"),
        ("a\x1b[99;5ub\r", "ab"),
        ("a\x00\x1b[5~b\r", "ab"),
        ("grün 日本\r", "grün 日本"),
        ("jk1\r", "jk1"),
    ],
)
def test_text_is_edited_as_lines_are(keys, answer):
    question = typed(TextQuestion("NAME"), keys)
    assert (question.answer, question.is_over, question.is_cancelled) == (answer, True, False)


@pytest.mark.parametrize("key", ["\x03", "\x1b"])
@pytest.mark.parametrize("question", [TextQuestion("NAME"), ChoiceQuestion("NAME", ["a"])])
def test_control_c_and_escape_cancel(question, key):
    typed(question, "x" + key)
    assert (question.answer, question.is_over, question.is_cancelled) == (None, True, True)


def test_text_has_an_end():
    assert typed(TextQuestion("NAME"), "x" * (LONGEST_TEXT + 10) + "\r").answer == "x" * LONGEST_TEXT


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        ("\r", "dev"),
        ("\x1b[B\r", "staging"),
        ("\x1b[B\x1b[B\x1b[B\r", "prod"),
        ("\x1b[A\r", "dev"),
        ("jj\x1b[Z\r", "staging"),
        ("\t\tk\r", "staging"),
        ("\x0e\x0e\x10\r", "staging"),
        ("p\r", "prod"),
        ("PR\r", "prod"),
        ("sp\r", "prod"),
        ("sx\r", "staging"),
        ("st\x7f\x7f\r", "staging"),
        ("3\r", "prod"),
        ("9\r", "dev"),
        ("0\r", "dev"),
    ],
)
def test_one_of_several_by_arrows_number_or_beginning(keys, answer):
    assert typed(ChoiceQuestion("ENV", ["dev", "staging", "prod"]), keys).answer == answer


def test_numbers_that_options_begin_with_are_typed():
    assert typed(ChoiceQuestion("V", ["10", "2", "1"]), "2\r").answer == "2"


def test_a_beginning_that_was_begun_takes_j_and_k():
    assert typed(ChoiceQuestion("V", ["other", "okay"]), "ok\r").answer == "okay"


def test_what_is_seen():
    assert typed(ChoiceQuestion("ENV", ["dev", "prod"]), "j").lines(plain, 80) == [
        "? Select value for ENV:", "  dev", "❯ prod", "  (↑/↓ to move, enter to select, esc to cancel)",  # noqa: RUF001
    ]  # fmt: skip
    question = typed(TextQuestion("NAME"), "bob\x1b[D")
    assert question.lines(plain, 80) == ["? Enter value for NAME: bob"]
    assert question.cursor_column == len("? Enter value for NAME: bo")


def test_a_narrow_terminal_wrapped_lines_and_left_some_behind():
    question = typed(TextQuestion("NAME"), "0123456789")
    assert question.lines(plain, 30) == ["? Enter value for NAME: 56789"]
    assert question.cursor_column == 29
    assert [len(line) for line in ChoiceQuestion("ENV", ["d" * 50]).lines(plain, 20)] == [19, 19, 19]


def test_wide_characters_take_two_columns():
    question = typed(TextQuestion("N"), "日本")
    question.lines(plain, 80)
    assert question.cursor_column == len("? Enter value for N: ") + 4
