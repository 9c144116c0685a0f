"""Dotenv files mean what godotenv takes them for: each line here was run through task 3.54."""

from __future__ import annotations

import pytest

from paratask.variables.dotenv import DotenvError, parse_dotenv


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", {}),
        ("# only\n\n  # comments\n", {}),
        ("A=1", {"A": "1"}),
        ("A=1\nB=2\n", {"A": "1", "B": "2"}),
        ("A=1\r\nB=2\r\n", {"A": "1", "B": "2"}),
        ("A=1\rB=2", {"A": "1", "B": "2"}),
        ("  A = 1  ", {"A": "1"}),
        ("A: 1", {"A": "1"}),
        ("A:=1", {"A": "=1"}),
        ("A==1", {"A": "=1"}),
        ("A=", {"A": ""}),
        ("A=\n\nB=2", {"A": "", "B": "2"}),
        ("export A=1", {"A": "1"}),
        ("export\tA=1", {"A": "1"}),
        ("exportA=1", {"exportA": "1"}),
        ("export=1", {"export": "1"}),
        ("A.B=1\nA_B=2\n9=3", {"A.B": "1", "A_B": "2", "9": "3"}),
        ("A=1\nA=2", {"A": "2"}),
        ("A=a b  c", {"A": "a b  c"}),
        ("A=a;B=2", {"A": "a;B=2"}),
        ("A=é", {"A": "é"}),
        ("A=`x`", {"A": "`x`"}),
        ("A=x\\", {"A": "x\\"}),
        ("A=a\\nb", {"A": "a\\nb"}),
    ],
)
def test_names_and_plain_values(text: str, found: dict[str, str]) -> None:
    assert parse_dotenv(text) == found


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1 # c", "1"),
        ("1\t#c", "1"),
        ("1 #", "1"),
        ("a#b", "a#b"),
        ("#c", "#c"),
        ("1 # c # d", "1 # c"),
        (" # c", "# c"),
        ("'1' # c", "1"),
        ("'1 # c'", "1 # c"),
    ],
)
def test_comment_after_a_value_needs_a_blank_and_a_value_before_it(value: str, text: str) -> None:
    assert parse_dotenv(f"A={value}\nB=2") == {"A": text, "B": "2"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("'a b'", "a b"), ('"a b"', "a b"), ("''", ""), ('""', ""), ("' a '", " a "), ("'$X \\n'", "$X \\n"), ("'a\\'b'", "a\\'b"),
        ('"a\\nb\\rc"', "a\nb\rc"), ('"a\\tb"', "atb"), ('"a\\"b"', 'a"b'), ('"a\\\\b"', "a\\b"), ('"a\\\\nb"', "a\\nb"),
        ('"a\nb"', "a\nb"), ("'a\nb'", "a\nb"), ('"\'x\'"', "'x'"), ("'\"x\"'", '"x"'), ('"a\\\nb"', "a\nb"), ('"a # b"', "a # b"),
    ],
)  # fmt: skip
def test_quoted_values(value: str, text: str) -> None:
    assert parse_dotenv(f"A={value}\nB=2") == {"A": text, "B": "2"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("$A", "1"), ("${A}", "1"), ("x${A}y", "x1y"), ("$A$A-$A", "11-1"), ('"$A!"', "1!"), ("'$A'", "$A"), ("\\$A", "$A"),
        ('"\\$A"', "$A"), ("\\${A}", "${A}"), ("$NOPE", ""), ("${NOPE}", ""), ("$", "$"), ("5$", "5$"), ("$$", "$$"), ("$lower", "$lower"),
        ("${A", "1"), ("$A}", "1"), ("$1x", "x"), ("$(A)", "1)"), ("$(echo hi)", "$(echo hi)"), ("${NOPE:-d}", ":-d}"), ("$AB", ""),
    ],
)  # fmt: skip
def test_variables_of_the_same_file_in_capitals_are_filled_in(value: str, text: str) -> None:
    assert parse_dotenv(f"A=1\nlower=2\nB={value}") == {"A": "1", "lower": "2", "B": text}


@pytest.mark.parametrize(
    ("text", "found"), [("=x", {}), ("=x\nA=1", {"A": "1"}), ("A", {}), ("export A", {}), ("A='q' tail", {"A": "q"})]
)
def test_value_without_a_name_was_refused_and_sets_nothing(text: str, found: dict[str, str]) -> None:
    assert parse_dotenv(text) == found


def test_blanks_in_a_name_were_refused() -> None:
    assert parse_dotenv("A B=1") == {"A B": "1"}


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("A=1\n\nA-B=1", "`-` in the name of a variable", 3),
        ("É=1", "`É` in the name of a variable", 1),
        ("A=1\nnothing\nB=2", "a line without `=`", 2),
        ("# c\nA='x\nB=1\n", "unterminated quoted value", 2),
        ('A="x\\"', "unterminated quoted value", 1),
        ("A='", "unterminated quoted value", 1),
        ("A='x'\nB='y\n", "unterminated quoted value", 2),
        ("A=1\nexport ", "no name after `export`", 2),
    ],
)
def test_what_is_no_dotenv_file_is_refused_on_its_line(text: str, message: str, line: int) -> None:
    with pytest.raises(DotenvError) as caught:
        parse_dotenv(text)
    assert (str(caught.value), caught.value.line) == (message, line)
