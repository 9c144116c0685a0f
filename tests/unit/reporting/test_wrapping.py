"""Long lines on a terminal."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from paratask.reporting.wrapping import LEAST_COLUMNS, wrapped


def test_what_is_broken_stands_below_its_own_indent():
    text = "top\n    reads a, b and c  (inferred: it reads them)\n  short\n"
    assert wrapped(text, 30) == "top\n    reads a, b and c\n      (inferred: it reads\n      them)\n  short\n"


def test_colours_take_no_room():
    line = f"\x1b[31m{'x' * 20}\x1b[0m {'y' * 9}"
    assert wrapped(line, 30) == line
    assert wrapped(line, 29) == line.replace(" ", "\n  ")


def test_what_has_no_room_and_what_has_no_spaces_stays():
    assert wrapped(f"{' ' * 20}a b c d e f", 20 + LEAST_COLUMNS - 1) == f"{' ' * 20}a b c d e f"
    deep = f"{' ' * 20}{'word ' * 9}end"
    assert wrapped(deep, 20 + LEAST_COLUMNS - 1) == deep
    assert wrapped("x" * 100, 40) == "x" * 100


@given(st.lists(st.text(alphabet="ab ", max_size=90), max_size=4), st.integers(24, 60))
def test_words_and_lines_that_fit_are_kept(lines, columns):
    text = "\n".join(lines)
    found = wrapped(text, columns)
    assert found.split() == text.split()
    if all(len(line) <= columns for line in lines):
        assert found == text
