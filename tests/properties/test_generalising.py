"""Laws of turning paths into patterns: everything that was touched is covered, and nobody comes to conflict by it."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from paratask.claims.overlap import escape, overlap
from paratask.observing.accesses import Accesses
from paratask.observing.folders import generalised, simplified
from paratask.observing.hazards import hazards, marks

SEGMENTS = st.sampled_from(("a", "b", "c[1]", "d"))
PATHS = st.lists(SEGMENTS, min_size=1, max_size=4).map("/".join)
SETS = st.frozensets(PATHS, max_size=5)


@st.composite
def jobs(draw: st.DrawFn) -> Accesses:
    writes = draw(SETS)
    return Accesses(
        reads=draw(SETS),
        looks=draw(SETS),
        missing=draw(SETS),
        folders=draw(SETS),
        lists=draw(SETS),
        writes=writes,
        made=frozenset(path for path in sorted(writes) if draw(st.booleans())),
        ensured=draw(SETS),
    )


WORKSPACES = st.frozensets(PATHS, max_size=2)


@given(st.lists(jobs(), min_size=2, max_size=4), WORKSPACES)
@settings(max_examples=300)
def test_no_two_jobs_conflict_that_did_not_by_their_paths(several, workspaces):
    found = generalised(several, workspaces)
    for one, other in combinations(range(len(several)), 2):
        meets = any(
            overlap(left, right)
            for a, b in ((one, other), (other, one))
            for left in found[a].writes
            for right in (*found[b].writes, *found[b].reads)
        )
        assert not meets or hazards(several[one], several[other]), (found[one], found[other])


@given(st.lists(jobs(), min_size=1, max_size=4), WORKSPACES)
def test_what_was_touched_is_covered(several, workspaces):
    for job, seen, patterns in zip(several, marks(several), generalised(several, workspaces), strict=True):
        assert all(any(overlap(pattern, escape(path)) for pattern in patterns.writes) for path in job.writes)
        both = (*patterns.reads, *patterns.writes)
        assert all(any(overlap(pattern, escape(path)) for pattern in both) for path in seen)


@given(st.lists(jobs(), min_size=1, max_size=3), WORKSPACES)
def test_no_pattern_is_a_workspace_or_the_root(several, workspaces):
    for patterns in generalised(several, workspaces):
        for pattern in (*patterns.reads, *patterns.writes):
            assert pattern not in ("**", *(f"{escape(folder)}/**" for folder in workspaces))


FORMS = st.tuples(PATHS, st.sampled_from(("", "/**", "/**/*"))).map("".join)


@given(st.lists(FORMS, max_size=6), PATHS)
def test_simplified_patterns_match_the_same_paths(patterns, path):
    before = any(overlap(pattern, escape(path)) for pattern in patterns)
    assert before == any(overlap(pattern, escape(path)) for pattern in simplified(patterns))
