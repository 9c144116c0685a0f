"""Who only reads, and whom it can have hindered."""

from __future__ import annotations

import pytest

from paratask.claims.model import Access, Claim, Claims, Effect, Evidence, Link, Worth, union, unknown
from paratask.claims.readers import are_strangers, may_be_stopped, only_reads
from paratask.frozen import replace

ACCESSES = {"r": Access.READ, "w": Access.WRITE, "a": Access.ADD, "s": Access.SHARED, "x": Access.EXCLUSIVE}
WORTHS = {"": Worth.PRODUCT, "o": Worth.OWN, "t": Worth.TRANSIENT}


def claims(*entries: str, evidence: Evidence = Evidence.INFERRED) -> Claims:
    """Claims such as "r src/**", "a .cache", "s env", "x port:1", "wo .own-cache", "wt report.xml"."""
    kinds = [entry.partition(" ") for entry in entries]
    made = [
        Claim(access=ACCESSES[kind[0]], pattern=pattern, evidence=evidence, reason="test", worth=WORTHS[kind[1:]])
        for kind, _, pattern in kinds
    ]
    return Claims(entries=tuple(made), evidence=evidence)


@pytest.mark.parametrize(
    "entries",
    [
        (),
        ("r **",),
        ("r src/**", "a .cache/**", "s env"),
        ("r **", "xo fingerprint:lint"),
        ("wo .mypy_cache/**", "wo a/.eslintcache"),
    ],
)
def test_what_changes_nothing_but_caches_only_reads(entries):
    assert only_reads(claims(*entries))


@pytest.mark.parametrize(
    "entry",
    [
        "w dist/**",
        "w .mypy_cache/**",
        "wt report.xml",
        "x port:8080",
        "x npx:eslint",
        "s once:install",
        "x once:install",
    ],
)
def test_what_writes_or_has_something_for_itself_or_works_for_others_does_more(entry):
    assert not only_reads(claims("r **", entry))


@pytest.mark.parametrize(
    "more",
    [
        unknown("`x` is not recognised"),
        claims("r **", evidence=Evidence.OBSERVED),
        union([claims("r **"), claims("r a", evidence=Evidence.OBSERVED)]),
        replace(claims("r **"), effect=Effect.OUTSIDE),
        replace(claims("r **"), kept_in_place="it is not believed"),
        replace(claims("r **"), links=(Link(at="a", leads_to="b"),)),
    ],
)
def test_what_is_not_known_of_its_tools_does_more(more):
    assert not only_reads(more)


def test_what_tests_write_is_missed_by_nobody_but_they_are_no_readers():
    tests = claims("r **", "wt **", "wo .cache")
    assert may_be_stopped(tests)
    assert not only_reads(tests)
    assert not are_strangers(tests, claims("r src/**"))
    assert not may_be_stopped(union([tests, claims("w dist/**")]))
    assert not may_be_stopped(union([tests, unknown("`x` is not recognised")]))


def test_of_two_the_first_may_be_one_that_tests():
    tests, reads = claims("wt out/**", "r src/**"), claims("r src/**")
    assert are_strangers(tests, reads, tests=True)
    assert not are_strangers(tests, reads)
    assert not are_strangers(reads, tests, tests=True), "tests may be the reason of a failure"
    assert not are_strangers(claims("w out/**"), reads, tests=True)
    assert not are_strangers(tests, claims("r out/x"), tests=True)


def test_two_that_read_the_same_are_strangers():
    assert are_strangers(claims("r **", "s env"), claims("r **", "s env"))


def test_two_that_fill_one_cache_side_by_side_are_strangers():
    assert are_strangers(claims("a .ruff_cache/CACHEDIR.TAG", "r **/*.py"), claims("a .ruff_cache/CACHEDIR.TAG", "r **/*.py"))


@pytest.mark.parametrize(
    ("one", "other"), [("a .cache/**", "r **"), ("wo .mypy_cache/**", "r **"), ("wo .x_cache/**", "wo .x_cache/**")]
)
def test_who_looks_at_what_the_other_keeps_is_none(one, other):
    assert not are_strangers(claims(one), claims(other))
    assert not are_strangers(claims(other), claims(one))
    assert are_strangers(claims(one), claims("r src/**"))


def test_who_writes_is_none():
    assert not are_strangers(claims("w dist/**"), claims("r src/**"))
    assert not are_strangers(claims("r src/**"), claims("w dist/**"))
    assert are_strangers(claims("wo .mypy_cache/**", "r src/**"), claims("r src/**"))


def test_whether_two_names_are_one_is_as_their_disk_has_it():
    one, other = claims("wo .Cache/x"), claims("r .cache/x")
    assert are_strangers(one, other)
    assert not are_strangers(one, other, ignores_case=True)
