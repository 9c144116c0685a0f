"""Inferred claims of the usual forms."""

from __future__ import annotations

import pytest

from paratask.claims.model import Access, Evidence
from paratask.languages.inferred import claim, unique


@pytest.mark.parametrize(
    ("access", "pattern", "leaves_out"),
    [
        (Access.READ, "a/**", True),
        (Access.READ, "/srv/**", True),
        (Access.READ, "a/.x_cache/b.json", False),
        (Access.READ, "a/*", False),
        (Access.WRITE, "a/**", False),
        (Access.ADD, "a/**", False),
    ],
)
def test_only_what_is_read_of_whole_folders_is_so_without_caches(access, pattern, leaves_out):
    made = claim(access, pattern, "why")
    assert (made.access, made.pattern, made.evidence, made.reason) == (access, pattern, Evidence.INFERRED, "why")
    assert bool(made.excluding) is leaves_out


def test_each_claim_is_there_once_in_order():
    first, second = claim(Access.READ, "b", ""), claim(Access.READ, "a", "")
    assert unique([first, second, first]) == (first, second)
