from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from strategies import NAMES, PATHS, patterns, relative_patterns, steps

from paratask.claims.conflicts import conflict, edges, is_barrier
from paratask.claims.model import Access, Claim, Claims, Evidence
from paratask.claims.overlap import compile_pattern, covers, escape, literal_prefix, overlap


def alternatives(pattern):
    """Braces multiplied out, by the simplest means: the innermost group first."""
    group = re.search(r"\{([^{}]*)\}", pattern)
    if group is None:
        return [pattern]
    before, after = pattern[: group.start()], pattern[group.end() :]
    return [found for choice in group[1].split(",") for found in alternatives(before + choice + after)]


def expression(pattern):
    """A regular expression that matches what `pattern` matches, over paths with a `/` after each segment."""
    parts = []
    for segment in pattern.split("/"):
        if segment == "**":
            parts.append("(?:[^/]+/)*")
        elif segment not in ("", "."):
            text = re.sub(r"\*+", "[^/]*", segment.replace("?", "[^/]").replace("\\", "").replace("[!", "[^/"))
            parts.append(f"(?=[^/]){text}/")
    return re.compile("".join(parts))


def matches(pattern):
    """All of PATHS that the pattern matches."""
    tries = [expression(text) for text in alternatives(pattern)]
    return {path for path in PATHS if any(regex.fullmatch("".join(name + "/" for name in path)) for regex in tries)}


def lengths(pattern):
    """The most segments but `**`, and the most characters but `*` in a segment, that an alternative has."""
    texts = [[part for part in text.split("/") if part not in ("", ".", "**")] for text in alternatives(pattern)]
    letters = [len(re.sub(r"\[.*?\]|\\.", "x", part).replace("*", "")) for parts in texts for part in parts]
    return max(map(len, texts)), max(letters, default=0)


def small(a, b):
    """Whether, if there is a common path, there is one among PATHS: one pattern is bounded, or both together are short."""
    (segments_a, letters_a), (segments_b, letters_b) = lengths(a), lengths(b)
    shallow = "**" not in a or "**" not in b or segments_a + segments_b <= 3
    short = "*" not in a or "*" not in b or letters_a + letters_b <= 3
    return shallow and short and max(segments_a, segments_b, letters_a, letters_b) <= 3


@given(patterns, patterns)
def test_symmetric(a, b):
    assert overlap(a, b) == overlap(b, a)


@given(patterns)
def test_meets_itself(pattern):
    assert overlap(pattern, pattern)


@pytest.mark.slow
@settings(max_examples=100)
@given(relative_patterns, relative_patterns)
def test_agrees_with_brute_force(a, b):
    common = matches(a) & matches(b)
    if common:
        assert overlap(a, b)
    elif small(a, b):
        assert not overlap(a, b)


@settings(max_examples=50)
@given(relative_patterns)
def test_agrees_with_each_single_path(pattern):
    found = matches(pattern)
    for path in PATHS[:: max(1, len(PATHS) // 300)]:
        assert overlap(pattern, "/".join(path) or ".") == (path in found)


@given(relative_patterns, relative_patterns)
def test_what_is_covered_is_matched(a, b):
    if covers(compile_pattern(a), compile_pattern(b)):
        assert matches(b) <= matches(a)


@given(relative_patterns)
def test_the_whole_repository_covers_each_pattern_in_it(pattern):
    assert covers(compile_pattern("**"), compile_pattern(pattern))
    assert not covers(compile_pattern("**"), compile_pattern(f"/{pattern}"))
    assert not covers(compile_pattern("../**"), compile_pattern(pattern))


@given(relative_patterns, relative_patterns, relative_patterns)
def test_what_is_excluded_never_conflicts_and_nothing_else_is_lost(a, b, excluded):
    left, right = (
        Claims(entries=(Claim(access=Access.WRITE, pattern=p, evidence=Evidence.INFERRED, reason="", excluding=without),))
        for p, without in ((a, (excluded,)), (b, ()))
    )
    found = conflict(left, right)
    assert (found is None) == (conflict(right, left) is None)
    if found is None:
        assert not ((matches(a) - matches(excluded)) & matches(b))
    else:
        assert overlap(a, b)


@given(relative_patterns, relative_patterns)
def test_without_case_more_meets_and_upper_case_is_lower_case(a, b):
    assert overlap(a, a.upper(), ignores_case=True)
    assert overlap(a.upper(), b, ignores_case=True) == overlap(a, b, ignores_case=True)
    assert overlap(a, b, ignores_case=True) >= overlap(a, b)


@given(relative_patterns)
def test_inside_and_outside_never_meet(pattern):
    assert not overlap("/" + pattern, pattern)


@settings(max_examples=50)
@given(relative_patterns)
def test_matches_lie_at_or_below_the_literal_prefix(pattern):
    prefix = literal_prefix(pattern)
    assert overlap(pattern, escape(prefix) + "/**" if prefix else "**")
    if prefix:
        assert all("/".join(path) == prefix or "/".join(path).startswith(prefix + "/") for path in matches(pattern))


@given(steps)
def test_edges_leave_no_conflicting_steps_unordered(given_steps):
    found = edges(given_steps)
    above: list[set[int]] = []
    for own in found:
        direct = {edge.earlier for edge in own}
        above.append(direct.union(*(above[earlier] for earlier in direct)))
    for later, claims in enumerate(given_steps):
        assert all(earlier < later for earlier in above[later])
        for earlier in range(later):
            other = given_steps[earlier]
            ordered = conflict(other, claims) or is_barrier(other) or is_barrier(claims)
            assert not ordered or earlier in above[later]


@given(steps)
def test_each_edge_has_a_cause(given_steps):
    for later, own in enumerate(edges(given_steps)):
        assert all(a.earlier < b.earlier for a, b in pairwise(own))
        for edge in own:
            pair = given_steps[edge.earlier], given_steps[later]
            assert conflict(*pair) or any(map(is_barrier, pair))
            assert edge.cause.sentence("one", "other")


def test_alphabet_is_as_large_as_said():
    assert len(NAMES) == 14
    assert len(PATHS) == 1 + 14 + 14**2 + 14**3
