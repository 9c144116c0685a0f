"""Patterns of all names but some, against the names themselves."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from paratask.claims.overlap import escape, overlap
from paratask.languages.name_patterns import all_but

NAMES = st.text(alphabet="abt.-_]^!", min_size=1, max_size=5).filter(lambda name: name not in (".", ".."))


@given(st.sets(NAMES.filter(lambda name: not name.startswith(".")), max_size=4), NAMES)
def test_a_name_matches_unless_it_is_left_out_or_hidden(left_out, name):
    expected = name not in left_out and not name.startswith(".")
    assert overlap(all_but(left_out), escape(name)) is expected


def test_what_is_below_a_folder_that_is_left_out_is_left_out_too():
    pattern = all_but(["target", "Cargo.lock"]) + "/**"
    assert not overlap(pattern, "target/**")
    assert not overlap(pattern, "Cargo.lock")
    assert overlap(pattern, "targets/**")
    assert overlap(pattern, "Cargo.toml")
    assert overlap(pattern, "src/target/x.rs")


def test_a_name_that_a_pattern_cannot_hold_is_not_left_out():
    assert overlap(all_but(["a,b"]), "a,b")
    assert all_but([]) == "[!.]*"
