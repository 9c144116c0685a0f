"""Where the members of a group stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paratask.execution.roster import Roster, Standing

LEVELS = [frozenset(), frozenset({0}), frozenset({0}), frozenset({1, 2})]


def roster(*, failed_are_over: bool = False) -> Roster:
    """One, two after it, and one after these."""
    return Roster(LEVELS, failed_are_over=failed_are_over)


def start(members: Roster) -> list[int]:
    taken = members.take_free(len(members.free))
    for index in taken:
        assert members.move(index, Standing.RUNNING) in (Standing.WAITING, Standing.AT_DOOR, Standing.STOPPED)
    return taken


def test_members_are_free_when_those_before_them_have_succeeded():
    members = roster()
    assert start(members) == [0]
    assert (members.running, list(members.free), members.awaited(3)) == ({0}, [], [1, 2])
    members.move(0, Standing.SUCCEEDED)
    assert start(members) == [1, 2]
    members.move(2, Standing.SUCCEEDED)
    assert (list(members.free), members.awaited(3)) == ([], [1])
    members.move(1, Standing.SUCCEEDED)
    assert start(members) == [3]
    assert not members.is_over
    members.move(3, Standing.SUCCEEDED)
    assert members.is_over


@pytest.mark.parametrize("failed_are_over", [False, True])
def test_whether_one_that_failed_is_waited_for_is_the_kind_of_the_group(failed_are_over):
    members = roster(failed_are_over=failed_are_over)
    start(members)
    members.move(0, Standing.FAILED)
    assert members.failed == [0]
    assert start(members) == ([1, 2] if failed_are_over else [])
    assert members.behind_failed() == (set() if failed_are_over else {1, 2, 3})
    assert members.awaited(1) == ([] if failed_are_over else [0])
    assert members.awaited(3) == [1, 2]
    assert not members.is_over


def test_who_waits_at_its_door_or_was_stopped_for_now_counts_as_one_that_has_not_started():
    members = Roster([frozenset(), frozenset()], failed_are_over=False)
    start(members)
    members.move(1, Standing.AT_DOOR)
    assert (members.running, list(members.free)) == ({0}, [1])
    assert members.move(0, Standing.STOPPING) is Standing.RUNNING
    assert members.running == {0}
    members.move(0, Standing.STOPPED)
    assert (members.running, sorted(members.free), members.is_over) == (set(), [0, 1], False)
    assert list(members.standing(Standing.AT_DOOR, Standing.STOPPED)) == [0, 1]
    assert start(members) == [0, 1]


def test_who_was_cancelled_neither_runs_nor_starts_again_nor_lets_others_follow():
    members = roster()
    start(members)
    members.move(0, Standing.CANCELLED)
    assert (members.running, list(members.free), members.is_over) == (set(), [], False)
    for index in (1, 2, 3):
        members.move(index, Standing.CANCELLED)
    assert members.is_over


def test_one_that_goes_on_by_itself_is_not_started():
    members = Roster([frozenset()] * 3, failed_are_over=False)
    start(members)
    for index in (2, 0, 1):
        members.move(index, Standing.AT_DOOR)
    members.move(0, Standing.RUNNING)
    members.not_free(0)
    assert members.take_free(2) == [1, 2]


def test_those_that_one_waits_for_are_named_in_written_order():
    assert Roster([*[frozenset()] * 9, frozenset({8, 1})], failed_are_over=False).awaited(9) == [1, 8]


@given(st.data())
def test_whatever_becomes_of_them_each_starts_once_after_those_that_it_waits_for(data):
    count = data.draw(st.integers(1, 12))
    after = [frozenset(data.draw(st.sets(st.integers(0, index - 1)))) if index else frozenset() for index in range(count)]
    members = Roster(after, failed_are_over=data.draw(st.booleans()))
    ended: set[int] = set()
    begun: list[int] = []
    while members.free or members.running:
        taken = start(members)
        assert taken == sorted(taken)
        assert all(after[index] <= ended for index in taken)
        begun += taken
        index = data.draw(st.sampled_from(sorted(members.running)))
        outcome = data.draw(st.sampled_from([Standing.SUCCEEDED, Standing.FAILED, Standing.STOPPING]))
        members.move(index, outcome)
        if outcome is Standing.STOPPING:
            members.move(index, Standing.STOPPED)
            begun.remove(index)
        elif outcome is Standing.SUCCEEDED or not members.behind_failed():
            ended.add(index)
    assert len(begun) == len(set(begun))
    assert set(range(count)) - set(begun) <= members.behind_failed()
    assert members.is_over is (len(begun) == count)
