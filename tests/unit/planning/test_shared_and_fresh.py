"""Tasks with sources that several neighbours reach, and what is said of those that are up to date."""

from __future__ import annotations

from types import SimpleNamespace

from paratask.planning.arrangement import Arrangement
from paratask.planning.shared_and_fresh import shared_sources, stays_fresh, with_reasons
from paratask.taskfile.model import Glob

from .reaches import claims, neighbour
from .test_expand import task

SOURCES = (Glob(pattern="x"),)


def expansion(*fresh, reads=()):
    return SimpleNamespace(fresh=dict.fromkeys(fresh, claims(reads=reads).entries), ignores_case=False)


def test_tasks_with_sources_that_more_than_one_reaches():
    members = [
        neighbour("a", tasks=["deps", "own", "plain"]),
        neighbour("b", tasks=["plain", "gone"]),
        neighbour("c", tasks=["deps", "gone"]),
    ]
    tasks = {"deps": task("deps", sources=SOURCES), "own": task("own", sources=SOURCES), "plain": task("plain")}
    assert shared_sources(members, tasks) == {"deps"}


def test_they_stay_up_to_date_where_none_of_the_neighbours_changes_what_that_goes_by():
    members = [neighbour("a", reads=["x"]), neighbour("b", writes=["y"])]
    assert stays_fresh(members, expansion("deps", reads=["x"]))
    assert not stays_fresh(members, expansion("deps", reads=["x", "y"]))
    assert not stays_fresh(members, expansion())


def test_each_member_says_which_of_those_that_it_reaches_are_up_to_date():
    members = [neighbour("a", tasks=["one", "other"]), neighbour("b", tasks=["other"]), neighbour("c")]
    found = Arrangement(after=(frozenset(),) * 3, reasons=("r", "s", "t"), blocks=((0, 3),), reasons_beside=("R", "S", "T"))
    said = with_reasons(found, members, expansion("one", "other"))
    assert said.reasons == ("r; `one`, `other` are up to date", "s; `other` is up to date", "t")
    assert said.reasons_beside == ("R; `one`, `other` are up to date", "S; `other` is up to date", "T")
