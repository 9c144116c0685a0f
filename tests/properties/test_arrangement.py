"""No arrangement lets neighbours overlap whose claims conflict, and blocks, masks and edges say the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paratask.claims.conflicts import conflict
from paratask.claims.model import Access, Claim, Claims, Effect, Evidence, unknown
from paratask.frozen import replace
from paratask.planning.arrangement import all_together, last_first, one_after_another
from paratask.planning.expand import Reach
from paratask.planning.rules import make_rules
from paratask.planning.sets import LEVELS, Neighbour, arrange, arrange_dependencies
from paratask.taskfile.settings import NO_SETTINGS

PATHS = ("a", "a/**", "a/b", "a/*", "b/**", "b/c", "**/c", "c")
evidence = st.sampled_from((Evidence.INFERRED, Evidence.OBSERVED, Evidence.DECLARED))


@st.composite
def claim(draw):
    access = draw(st.sampled_from(Access))
    paths = access in (Access.READ, Access.WRITE, Access.ADD)
    pattern = draw(st.sampled_from(PATHS if paths else ("gpu", "database")))
    return Claim(access=access, pattern=pattern, evidence=draw(evidence), reason="")


@st.composite
def step_claims(draw):
    if draw(st.integers(0, 9)) == 0:
        return unknown("not understood")
    entries = tuple(draw(st.lists(claim(), max_size=3)))
    outside = draw(st.integers(0, 9)) == 0
    return Claims(
        entries=entries,
        evidence=min((entry.evidence for entry in entries), default=Evidence.DECLARED),
        effect=Effect.OUTSIDE if outside else Effect.LOCAL,
        effect_reason="it pushes" if outside else "",
    )


@st.composite
def neighbours(draw, *, background=False, alone=False):
    found = draw(st.lists(step_claims(), min_size=1, max_size=8))
    return [
        Neighbour(
            name=f"t{i}",
            task=f"t{i}",
            reach=Reach(claims=claims, tasks=frozenset((f"t{i}",))),
            background=background and draw(st.booleans()),
            why_alone="alone" if alone and draw(st.booleans()) else "",
        )
        for i, claims in enumerate(found)
    ]


aparts = st.frozensets(st.frozensets(st.sampled_from([f"t{i}" for i in range(8)]), min_size=1, max_size=2), max_size=2)


def before_by_walking(after) -> list[set[int]]:
    """All that come before each, by the definition."""
    before: list[set[int]] = []
    for direct in after:
        before.append(set(direct).union(*(before[i] for i in direct)))
    return before


def check_shape(found, count):
    before = before_by_walking(found.after)
    assert all(earlier < later for later, earlier_ones in enumerate(found.after) for earlier in earlier_ones)
    assert [{i for i in range(count) if mask >> i & 1} for mask in found.before] == before
    assert [i for start, end in found.blocks for i in range(start, end)] == list(range(count))
    cuts = [cut for cut in range(count + 1) if all(set(range(cut)) <= before[later] for later in range(cut, count))]
    assert [start for start, _ in found.blocks] == [cut for cut in cuts if cut < count]
    for index in range(count):
        free = tuple(i for i in range(count) if i != index and i not in before[index] and index not in before[i])
        assert found.together(index) == free
        assert found.together(index, limit=2) == free[:2]
        assert found.together_masks()[index] == sum(1 << i for i in free)
    assert found.is_parallel == any(found.together(index) for index in range(count))
    assert len(found.reasons) == count
    assert all(found.reasons)


@pytest.mark.parametrize("count", [0, 1, 2, 7])
def test_the_shape_holds_where_nothing_was_asked(count):
    check_shape(one_after_another(count, "told so"), count)
    assert not one_after_another(count, "told so").is_parallel
    assert last_first(one_after_another(count, "told so"))[0] == tuple(range(count))
    if count:
        check_shape(all_together(count, "told so"), count)


@pytest.mark.slow
@given(members=neighbours(), apart=aparts)
def test_to_start_the_last_one_first_changes_nothing_of_who_waits_for_whom(members, apart):
    given_order = arrange_dependencies(members, rules=make_rules(NO_SETTINGS, [], learned=apart))
    order, found = last_first(given_order)
    check_shape(found, len(members))
    assert sorted(order) == list(range(len(members)))
    assert list(order) == sorted(order) or (order[0] == len(members) - 1 and not given_order.after[-1])
    for place, index in enumerate(order):
        assert {order[other] for other in found.after[place]} == given_order.after[index]
        assert found.reasons[place] == given_order.reasons[index]


@pytest.mark.slow
@given(members=neighbours(), level=st.sampled_from(("declared", "observed", "inferred")), apart=aparts)
def test_what_overlaps_does_not_conflict(members, level, apart):
    found = arrange(members, level=level, rules=make_rules(NO_SETTINGS, [], learned=apart))
    check_shape(found, len(members))
    for index in range(len(members)):
        for other in found.together(index):
            ours, theirs = members[index].reach, members[other].reach
            assert conflict(ours.claims, theirs.claims) is None
            assert Effect.OUTSIDE not in (ours.claims.effect, theirs.claims.effect)
            assert min(ours.claims.evidence, theirs.claims.evidence) >= LEVELS[level]
            assert not any(pair <= ours.tasks | theirs.tasks and pair & ours.tasks and pair & theirs.tasks for pair in apart)


@pytest.mark.slow
@given(members=neighbours(), level=st.sampled_from(("declared", "observed", "inferred")))
def test_what_is_believed_and_does_not_conflict_with_anybody_waits_for_nobody(members, level):
    found = arrange(members, level=level)
    barred = any(m.reach.claims.effect is Effect.OUTSIDE or m.reach.claims.evidence < LEVELS[level] for m in members)
    for later, member in enumerate(members):
        free = all(conflict(members[i].reach.claims, member.reach.claims) is None for i in range(later))
        assert barred or not free or not found.after[later]


@pytest.mark.slow
@given(members=neighbours(), level=st.sampled_from(("declared", "observed", "inferred")), apart=aparts)
def test_the_order_is_that_of_conflicts_and_no_more(members, level, apart):
    """Maximal: two are in order exactly when a chain of pairs leads from one to the other that must not overlap."""
    found = arrange(members, level=level, rules=make_rules(NO_SETTINGS, [], learned=apart))

    def must_not_overlap(one, other):
        ours, theirs = one.reach, other.reach
        barred = any(r.claims.effect is Effect.OUTSIDE or r.claims.evidence < LEVELS[level] for r in (ours, theirs))
        kept = any(pair <= ours.tasks | theirs.tasks and pair & ours.tasks and pair & theirs.tasks for pair in apart)
        return barred or kept or conflict(ours.claims, theirs.claims) is not None

    direct = [{i for i in range(later) if must_not_overlap(members[i], members[later])} for later in range(len(members))]
    assert [{i for i in range(len(members)) if mask >> i & 1} for mask in found.before] == before_by_walking(direct)


@pytest.mark.slow
@given(members=neighbours(background=True), level=st.sampled_from(tuple(LEVELS)), apart=aparts)
def test_the_shape_holds_with_background_calls(members, level, apart):
    found = arrange(members, level=level, rules=make_rules(NO_SETTINGS, [], learned=apart))
    check_shape(found, len(members))
    if not apart and any(member.background for member in members):
        assert not any(members[earlier].background for after in found.after for earlier in after)


@pytest.mark.slow
@given(members=neighbours(background=True, alone=True), level=st.sampled_from(tuple(LEVELS)), apart=aparts)
def test_what_is_alone_by_its_place_overlaps_nothing_and_orders_nothing_else(members, level, apart):
    rules = make_rules(NO_SETTINGS, [], learned=apart)
    found = arrange(members, level=level, rules=rules)
    check_shape(found, len(members))
    without = arrange([replace(member, why_alone="") for member in members], level=level, rules=rules)
    for index, member in enumerate(members):
        if member.why_alone:
            assert found.together(index) == ()
            continue
        same = {i for i in without.together(index) if not any(m.why_alone for m in members[min(i, index) : max(i, index) + 1])}
        assert set(found.together(index)) == same


@pytest.mark.slow
@given(members=neighbours(), apart=aparts)
def test_dependencies_wait_only_for_what_is_known_for_sure(members, apart):
    found = arrange_dependencies(members, rules=make_rules(NO_SETTINGS, [], learned=apart))
    check_shape(found, len(members))

    def strong(index):
        entries = tuple(e for e in members[index].reach.claims.entries if e.evidence >= Evidence.OBSERVED)
        return Claims(entries=entries)

    for later, after in enumerate(found.after):
        kept_apart = any(f"t{later}" in pair for pair in apart)
        assert kept_apart or all(conflict(strong(earlier), strong(later)) for earlier in after)
        for other in found.together(later):
            assert conflict(strong(other), strong(later)) is None
