"""What a task writes that tells whether one above it is up to date comes last: what fails before it would have kept it from that, one at a time."""

from __future__ import annotations

import pytest

from paratask.planning.rules import Rules
from paratask.planning.sets import arrange
from paratask.taskfile.model import Glob, Variable

from .reaches import claims, neighbour
from .test_expand import call, task
from .test_rules import by_id, plan

TESTED = {"status": ("read out",)}
BY_TIMES = {"sources": (Glob(pattern="in"),), "generates": (Glob(pattern="out"),), "method": "timestamp"}
NOT_YET_KNOWN = {"status": ("read {{.X}}",), "variables": {"X": Variable(sh="echo")}}
SOMEWHERE = {"status": ("read out",), "dir": "{{.X}}", "variables": {"X": Variable(sh="echo")}}
BY_FINGERPRINT = BY_TIMES | {"method": "checksum"}
MEMBERS = (task("a", "read x"), task("b", "read y"), task("c", "write out"), task("d", "read z"))
CALLS = tuple(call(name) for name in "abcd")


@pytest.mark.parametrize("told", [TESTED, BY_TIMES, {"status": ("read x", "who knows")}, NOT_YET_KNOWN, SOMEWHERE])
def test_it_was_up_to_date_for_the_next_run_where_something_beside_that_had_failed(told):
    found = by_id(plan(["top"], task("top", *CALLS, **told), *MEMBERS))
    assert found["c"].after == ("a", "b")
    assert [tuple(found[name].after) for name in "abd"] == [()] * 3
    assert found["c"].reason.endswith(", which tells whether `top` is up to date")


@pytest.mark.parametrize(
    "told", [{}, BY_FINGERPRINT, BY_FINGERPRINT | TESTED, {"status": ("read else",)}, {**BY_TIMES, "generates": ()}]
)
def test_where_a_fingerprint_tells_or_nobody_writes_it_they_run_side_by_side(told):
    found = by_id(plan(["top"], task("top", *CALLS, **told), *MEMBERS))
    assert found["c"].after == ()


def test_so_does_what_tells_of_a_task_further_above():
    found = by_id(plan(["top"], task("top", call("mid"), **TESTED), task("mid", *CALLS), *MEMBERS))
    assert found["c"].after == ("a", "b")


def test_what_is_no_part_of_such_a_task_does_not_wait():
    top = task("top", call("mid"), call("told"))
    told = task("told", call("b"), call("c"), **TESTED)
    mid = task("mid", call("d"), call("e"))
    found = by_id(plan(["top"], top, told, mid, *MEMBERS, task("e", "write out")))
    assert [tuple(found[name].after) for name in "ce"] == [("b",), ()]


def test_one_that_its_author_lets_run_beside_others_does_not_wait():
    telling = claims(reads=["out"]).entries
    members = [neighbour("a", reads=["x"]), neighbour("b", writes=["out"], background=True), neighbour("c", writes=["out"])]
    found = arrange(members, level="inferred", telling=telling)
    assert [sorted(after) for after in found.after] == [[], [], [0]]


def test_one_that_may_run_beside_another_does_not_free_those_below_it():
    rules = Rules(together={"a": frozenset({"b"}), "b": frozenset({"a"})})
    members = [neighbour("a", reads=["x"]), neighbour("b", writes=["out/b"]), neighbour("c", writes=["out/c"])]
    found = arrange(members, level="inferred", rules=rules, telling=claims(reads=["out/**"]).entries)
    assert [sorted(after) for after in found.after] == [[], [], [0, 1]]
