from __future__ import annotations

import itertools

from paratask.languages.shell.plugin import FAMILIES, recognisers


def test_no_program_is_known_to_two_families():
    """So that it does not matter which is asked first, and which are not even loaded."""
    for one, other in itertools.combinations(FAMILIES, 2):
        assert not recognisers(one).keys() & recognisers(other).keys(), (one, other)


def test_each_family_knows_some():
    known = {family: recognisers(family) for family in FAMILIES}
    some = {
        "readers": "echo", "writers": "cp", "starters": "env", "programs": "find", "remote": "ssh", "transfers": "curl",
        "checkers": "shellcheck",
    }  # fmt: skip
    assert all(some[family] in known[family] for family in FAMILIES)
