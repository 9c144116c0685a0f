"""`~` and variables in paths."""

from __future__ import annotations

import pytest

from paratask.taskfile.paths import expand_path

ENVIRON = {"HOME": "/home/me", "A": "x", "A_1": "y", "EMPTY": ""}


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("", ""), ("plain/path", "plain/path"), ("~", "/home/me"), ("~/a", "/home/me/a"), ("a/~", "a/~"), ("~you/a", "~you/a"),
        ("$A/b", "x/b"), ("${A}b", "xb"), ("$A_1", "y"), ("$NOPE/b", "/b"), ("${NOPE}", ""), ("${NOPE:-d}", "d"),
        ("${EMPTY:-d}", "d"), ("${A:-d}", "x"), ("$", "$"), ("a$", "a$"), ("$1", "$1"), ("${A", "${A"), (r"\$A", "$A"),
        (r"a\ b", "a b"), ("\\", "\\"), ("~/$A", "/home/me/x"), ("*.{a,b}", "*.{a,b}"),
    ],
)  # fmt: skip
def test_path_is_expanded(text: str, path: str) -> None:
    assert expand_path(text, ENVIRON) == path


def test_tilde_stays_where_there_is_no_home() -> None:
    assert expand_path("~/a", {}) == "~/a"
