"""What a job claims, as a plan shows it."""

from __future__ import annotations

import pytest

from paratask.claims.model import Access, Claim, Claims, Effect, Evidence, union, unknown
from paratask.reporting.claims_text import MOST_LINES, claim_lines


def claim(pattern: str, reason: str = "why", access: Access = Access.READ, excluding: tuple[str, ...] = ()) -> Claim:
    return Claim(access=access, pattern=pattern, evidence=Evidence.INFERRED, reason=reason, excluding=excluding)


def lines(*entries: Claim) -> list[str]:
    return claim_lines(Claims(entries=entries))


def test_what_is_changed_comes_first_and_settings_last():
    found = lines(
        claim("{.x,y}", "settings of `x`"),
        claim("src/**"),
        claim("env", access=Access.SHARED),
        claim("dist/**", access=Access.WRITE),
    )
    assert found == [
        "writes dist/**  (inferred: why)",
        "reads src/**  (inferred: why)",
        "uses env  (inferred: why)",
        "reads settings of `x` in .  (inferred)",
    ]


def test_what_is_claimed_for_several_reasons_is_shown_once():
    assert lines(claim("a", "one"), claim("a", "two"), claim("a", "one")) == ["reads a  (inferred: one; two)"]


def test_what_is_claimed_for_one_reason_is_one_line():
    assert lines(claim("a"), claim("b"), claim("c", excluding=("c/.x_cache/**",))) == [
        "reads a and b  (inferred: why)",
        "reads c without caches  (inferred: why)",
    ]
    assert lines(*(claim(name) for name in "abcdefg")) == ["reads a, b, c, d and 3 more  (inferred: why)"]


def test_what_is_left_out_anywhere_in_its_folder_is_told_by_names():
    left_out = ("a/b/**/{node_modules,.*cache}/**", "a/b/x/**")
    assert lines(claim("a/b/**/*.py", excluding=left_out)) == [
        "reads a/b/**/*.py without node_modules, a/b/x/** and caches  (inferred: why)"
    ]
    assert lines(claim("a/**", excluding=left_out[:1])) == [f"reads a/** without {left_out[0]}  (inferred: why)"]


CACHE = "cache of `x`"


@pytest.mark.parametrize(
    ("sure", "maybe", "line"),
    [
        (("api/.x",), (), "adds to api/.x"),
        (("api/.x",), (".x", "api/**/.x"), "adds to api/.x, perhaps also elsewhere"),
        ((".x",), ("**/.x",), "adds to .x, perhaps also elsewhere"),
        ((), (".x", "a/.x"), "may add to .x in . and a"),
        ((), ("**/.x",), "may add to .x anywhere"),
    ],
)
def test_a_cache_that_calls_fill_side_by_side_is_one_line(sure, maybe, line):
    marks = [claim(f"{cache}/CACHEDIR.TAG", CACHE, Access.ADD) for cache in sure]
    marks += [claim(f"{cache}/CACHEDIR.TAG", CACHE, excluding=("**/.x/CACHEDIR.TAG",)) for cache in maybe]
    assert lines(*marks, claim("src/**")) == ["reads src/**  (inferred: why)", f"{line}  (inferred: {CACHE})"]


def test_bytecode_is_a_cache_too():
    compiled = [claim(f"{folder}**/__pycache__/*.pyc", "it compiles", Access.ADD) for folder in ("src/", "tests/")]
    assert lines(*compiled, claim("a", access=Access.WRITE)) == [
        "writes a  (inferred: why)",
        "adds to src/**/__pycache__ and tests/**/__pycache__  (inferred: it compiles)",
    ]


def test_who_removes_such_a_cache_writes_it():
    assert lines(claim(".x/CACHEDIR.TAG", access=Access.WRITE)) == ["writes .x  (inferred: why)"]


def test_resources_with_words_of_their_own_stay_apart():
    assert lines(claim("fingerprint:a", access=Access.EXCLUSIVE), claim("fingerprint:b", access=Access.EXCLUSIVE)) == [
        "keeps the fingerprint a  (inferred: why)",
        "keeps the fingerprint b  (inferred: why)",
    ]


@pytest.mark.parametrize(
    ("patterns", "where"),
    [
        (["{.x,y}"], "in ."),
        (["a/b/{.x,y}", "a/{.x,y}", "{.x,y}"], "in a/b, a and ."),
        (["src/**/{.x,y}"], "in src and below"),
        (["**/{.x,y}", "{.x,y}"], "anywhere"),
        (["/etc/{x,y}"], "in /etc"),
        (["/{x,y}"], "in /"),
    ],
)
def test_settings_are_told_by_where_they_are(patterns, where):
    assert lines(*(claim(pattern, "settings of `x`") for pattern in patterns)) == [f"reads settings of `x` {where}  (inferred)"]


def test_many_are_cut_and_an_effect_outside_is_not():
    many = tuple(claim(f"p{number}", f"why {number}") for number in range(MOST_LINES + 3))
    found = claim_lines(Claims(entries=many, effect=Effect.OUTSIDE, effect_reason="it deploys"))
    assert found[MOST_LINES:] == ["and 3 more claims", "has effects outside this checkout: it deploys"]


def test_what_is_not_understood_was_told_twice():
    assert claim_lines(unknown("`x` is not recognised")) == ["may touch anything: `x` is not recognised"]
    more = union([unknown("`x` is not recognised"), Claims(effect=Effect.OUTSIDE, effect_reason="it deploys"), unknown("no")])
    assert claim_lines(more) == ["may touch anything: `x` is not recognised; no"]
