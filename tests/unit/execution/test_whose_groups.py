"""Which process groups a killed run left behind, and which are anybody's."""

from __future__ import annotations

import os

import pytest

from paratask.execution import leftovers
from paratask.execution.leftovers import CLOCK_SLACK, Group, Record
from paratask.processes.process_table import Seen

OWN = 5
"""The group of the run itself."""
FROM, UNTIL = 100.0, 101.0
"""When the process was started."""


def seen(pid: int, *, group: int = 0, parent: int = 1, started: float = 100.5) -> Seen:
    return Seen(pid=pid, parent=parent, group=group or pid, started=started, program="sh")


def record(leader: int = 0, pid: int = 4) -> Record:
    group = Group(leader=leader, after=FROM, before=UNTIL, output="pipe:[1]")
    return Record(pid=pid, group=OWN, begun=FROM, machine="m", groups=(group,), folders=())


@pytest.fixture
def groups(monkeypatch):
    """The groups of a record among these processes, of which those with ids in `holding` have its output."""

    def find(leader: int, *processes: Seen, holding: tuple[int, ...] = ()) -> list[int]:
        monkeypatch.setattr(leftovers, "_holds", lambda process, output: process.pid in holding and output == "pipe:[1]")
        return list(leftovers._groups_of(record(leader), {process.pid: process for process in processes}))

    return find


@pytest.mark.parametrize(
    ("started", "found"),
    [
        (FROM, [10]),
        (UNTIL, [10]),
        (FROM - CLOCK_SLACK / 2, [10]),
        (UNTIL + CLOCK_SLACK / 2, [10]),
        (FROM - 2 * CLOCK_SLACK, []),
        (UNTIL + 2 * CLOCK_SLACK, []),
    ],
)
def test_a_leader_is_known_by_when_it_started(groups, started, found):
    assert groups(10, seen(10, started=started), holding=(10,)) == found


def test_where_the_leader_is_gone_a_member_has_to_have_its_output(groups):
    assert groups(10, seen(11, group=10), seen(12, group=10), holding=(12,)) == [10]
    assert groups(10, seen(11, group=10), seen(12), holding=(12,)) == []
    assert groups(10, seen(10, group=9), seen(11, group=10), holding=(11,)) == [10], "another one has the leader's id now"
    assert groups(10, seen(10, group=9), seen(11), holding=(10, 11)) == []


def test_one_that_was_just_being_started_has_its_output_and_is_no_older(groups):
    assert groups(0, seen(10, started=FROM), holding=(10,)) == [10]
    assert groups(0, seen(10, started=FROM - 1), holding=(10,)) == []
    assert groups(0, seen(10)) == []
    assert groups(0, seen(10, group=OWN), holding=(10,)) == [], "the run's own"


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="needs /proc")
def test_what_cannot_be_looked_at_holds_nothing():
    assert not leftovers._holds(seen(2**22 + 1), "pipe:[1]")
    assert not leftovers._holds(seen(os.getpid()), "")


def test_a_run_lives_where_its_process_is_not_a_younger_one_of_that_id():
    for started, lives in ((FROM - 1, True), (FROM + CLOCK_SLACK / 2, True), (FROM + 1, False)):
        assert leftovers._is_alive(record(pid=4), {4: seen(4, started=started)}) is lives
    assert not leftovers._is_alive(record(pid=4), {})


def test_groups_of_all_that_are_above_us_are_let_be():
    above = [seen(os.getpid(), group=20, parent=30), seen(30, group=31, parent=40), seen(40, group=41, parent=50)]
    found = leftovers._groups_above_us({process.pid: process for process in (*above, seen(60))})
    assert found == {os.getpgrp(), 20, 31, 41}
