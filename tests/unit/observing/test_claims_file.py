from __future__ import annotations

import pytest

from paratask.claims.observed import Observed
from paratask.errors import TaskfileDecodeError, TaskfileSyntaxError
from paratask.observing.claims_file import HEADER, decode_claims, render_claims
from paratask.observing.entries import Entry, Key
from paratask.taskfile.toml_nodes import parse_toml

FILE = "/repo/paratask.claims.toml"
ENTRIES = {
    Key(task="test", variables=(("PKG", 'a"b'), ("X", ""))): Entry(
        definition="02", observed=Observed(reads=("src/**",), ports=(80, 8080), contacts=True)
    ),
    Key(task="build:app"): Entry(
        definition="01", observed=Observed(reads=("a\\[1\\].txt", "grün\n"), writes=("/home/u/.m2/**", "dist/**"), outside=True)
    ),
    Key(task="empty"): Entry(definition="03", observed=Observed()),
}
TEXT = (
    HEADER
    + r"""
["build:app"]
definition = "01"
reads = [
    "a\\[1\\].txt",
    "grün\n",
]
writes = [
    "~/.m2/**",
    "dist/**",
]
outside = true  # it wrote outside the checkout

["empty"]
definition = "03"

["test PKG=a\"b X="]
task = "test"
variables = { "PKG" = "a\"b", "X" = "" }
definition = "02"
reads = ["src/**"]
ports = [80, 8080]
contacts = true  # it spoke with other machines
"""
)


def decode(text: str) -> dict[Key, Entry]:
    return decode_claims(parse_toml(text.encode(), FILE), file=FILE, home="/home/u")


def test_the_file_is_sorted_and_says_what_it_is():
    assert render_claims(ENTRIES, home="/home/u") == TEXT


def test_what_was_written_is_read_back():
    assert decode(TEXT) == ENTRIES


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('reads = "a"', "`reads` is no list"),
        ("reads = [1]", "`reads` is no text"),
        ("definition = 5", "`definition` is no text"),
        ('ports = ["80"]', "`ports` is no list of numbers"),
        ("contacts = 1", "`contacts` is neither true nor false"),
        ("variables = 1", "`variables` is no table"),
        ("wrong = 1", "unknown key `wrong`"),
    ],
)
def test_what_is_wrong_in_it_has_its_line(line, message):
    with pytest.raises(TaskfileDecodeError) as caught:
        decode(f"# one\n[t]\n{line}\n")
    assert (caught.value.message, str(caught.value.position)) == (message, f"{FILE}:3")


def test_a_broken_file_is_an_error_with_its_place():
    with pytest.raises(TaskfileSyntaxError) as caught:
        decode("[t\n")
    assert str(caught.value.position).startswith(f"{FILE}:1")
