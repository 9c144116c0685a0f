"""What people said of which tasks may run beside which stands above what is known of their files."""

from __future__ import annotations

import pytest

from paratask.claims.model import GIVES_TIME
from paratask.errors import Position
from paratask.frozen import replace
from paratask.planning.rules import NO_RULES, Rules, make_rules
from paratask.planning.sets import arrange, arrange_dependencies
from paratask.taskfile.settings import Settings, TaskClaims

from .reaches import neighbour, not_understood, outside
from .test_expand import by_id, call, plan, planner, ready, task

HERE = Position(file="paratask.toml", line=1)
TASKS = ("a", "b", "c", "build-x", "build-y", "deploy")


def rules(**tables) -> Rules:
    settings = Settings(claims={name.replace("__", "-*"): TaskClaims(position=HERE, **table) for name, table in tables.items()})
    return make_rules(settings, TASKS)


def after(arrangement) -> list[set[int]]:
    return [set(found) for found in arrangement.after]


READER = {"reads": ["x"]}


def test_nothing_said():
    assert rules(a={"reads": ("x",)}) == NO_RULES


def test_what_is_said_holds_beside_tables_that_say_nothing_of_it():
    assert rules(a={"reads": ("x",)}, b={"parallel": False}, c={"reads": ("x",)}) == rules(b={"parallel": False})


def test_of_several_reasons_to_run_alone_the_first_by_name_is_given():
    said = Rules(alone={"a": "for a", "b": "for b"})
    assert said.why_alone("top", ("top", "b", "a")) == "for a"


def test_a_task_that_runs_alone_comes_after_all_and_before_all():
    members = [neighbour(name, **READER) for name in ("a", "build-x", "b", "c", "build-y")]
    found = arrange(members, level="inferred", rules=rules(b={"parallel": False}))
    assert after(found) == [set(), set(), {0, 1}, {2}, {2}]
    assert found.reasons[2] == found.reasons[3] == "`b` has `parallel = false` in paratask.toml"
    assert found.together(0) == (1,)
    assert found.together(3) == (4,)


def test_a_task_that_runs_alone_comes_before_all_where_it_is_the_first():
    members = [neighbour(name, reads=[name]) for name in "abc"]
    assert after(arrange(members, level="inferred", rules=rules(a={"parallel": False}))) == [set(), {0}, {0}]
    assert after(arrange_dependencies(members, rules=rules(a={"parallel": False}))) == [set(), {0}, {0}]


def test_what_reaches_a_task_that_runs_alone_runs_alone():
    members = [neighbour("a", **READER), neighbour("b", tasks=["c"], **READER)]
    assert after(arrange(members, level="inferred", rules=rules(c={"parallel": False}))) == [set(), {0}]
    assert after(arrange_dependencies(members, rules=rules(c={"parallel": False}))) == [set(), {0}]


def test_several_that_run_alone_keep_their_order():
    members = [neighbour(name, **READER) for name in ("build-x", "build-y", "a", "build-x")]
    found = arrange(members, level="all", rules=rules(build__={"parallel": False}))
    assert after(found) == [set(), {0}, {1}, {1, 2}]


@pytest.mark.parametrize("said_by", ["a", "b"])
def test_together_holds_both_ways_whatever_is_claimed(said_by):
    members = [neighbour("a", writes=["x"]), neighbour("b", writes=["x"]), neighbour("c", reads=["x"])]
    other = {"a": "b", "b": "a"}[said_by]
    found = arrange(members, level="inferred", rules=rules(**{said_by: {"together": (other,)}}))
    assert after(found) == [set(), set(), {0, 1}]


def test_what_may_run_together_by_the_rules_was_said_to_touch_nothing_of_the_others():
    members = [neighbour("a", writes=["x"]), neighbour("b", writes=["x"])]
    found = arrange(members, level="inferred", rules=rules(a={"together": ("b",)}))
    assert found.reasons == ("paratask.toml lets it run beside `b`", "paratask.toml lets it run beside `a`")
    assert (found.reasons_beside, found.evidence) == (found.reasons, ("declared", "declared"))

    members.append(neighbour("c", writes=["y"]))
    found = arrange(members, level="inferred", rules=rules(a={"together": ("b",)}))
    assert found.reasons[0] == "paratask.toml lets it run beside `b`; touches nothing that `c` touches (inferred)"
    assert (found.reasons[2], found.evidence) == ("touches nothing that `a`, `b` touch (inferred)", ("inferred",) * 3)


@pytest.mark.parametrize("together", [("c", "deploy"), ("a", "deploy"), ("deploy", "b")])
def test_a_pause_was_none_for_tasks_that_a_rule_lets_run_together(together):
    """`b` is `sleep 5`: `c` and `deploy` were beside the pause as soon as a rule named one of them."""
    pause = neighbour("b", reads=["**"])
    entries = tuple(replace(entry, reason=GIVES_TIME) for entry in pause.reach.claims.entries)
    pause = replace(pause, reach=replace(pause.reach, claims=replace(pause.reach.claims, entries=entries)))
    members = [neighbour("a", writes=["x"]), pause, neighbour("c", reads=["x"]), neighbour("deploy", reads=["y"])]
    found = after(arrange(members, level="inferred", rules=rules(**{together[0]: {"together": together[1:]}})))
    assert found[1] == {0}
    assert 1 in found[2]
    assert (1 in found[3]) is ("b" not in together)


def test_together_also_for_what_is_not_understood_but_only_with_those_named():
    members = [neighbour("c", **READER), not_understood("a"), outside("b"), neighbour("c", **READER)]
    found = arrange(members, level="inferred", rules=rules(a={"together": ("b",)}))
    assert after(found) == [set(), {0}, {0}, {1, 2}]


def test_an_order_that_went_through_a_pair_that_is_now_free_is_kept():
    """a → b → c all write x; with a and b free, c still waits for both."""
    members = [neighbour(name, writes=["x"]) for name in ("a", "b", "c", "deploy")]
    found = arrange(members, level="inferred", rules=rules(b={"together": ("c",)}))
    before = found.before
    assert before[1] == 0b1
    assert before[2] == 0b1
    assert before[3] == 0b111


def test_together_with_itself():
    members = [neighbour("a", writes=["x"]), neighbour("a", writes=["x"])]
    assert after(arrange(members, level="inferred", rules=rules(a={"together": ("a",)}))) == [set(), set()]


def test_apart_at_any_depth_and_by_pattern():
    members = [neighbour("a", **READER), neighbour("b", tasks=["build-y"], **READER), neighbour("c", tasks=["a"], **READER)]
    found = arrange(members, level="all", rules=rules(a={"apart": ("build-*",)}))
    assert after(found) == [set(), {0}, {1}]
    assert found.reasons[1] == "paratask.toml keeps `a` apart from `build-*`"


def test_together_by_pattern():
    found = rules(a={"together": ("build-*",)})
    assert found.together == {"a": frozenset(("build-x", "build-y"))}


def test_several_that_are_kept_apart_are_not_named_one_by_one():
    members = [neighbour("build-x", **READER), neighbour("build-y", **READER), neighbour("a", **READER)]
    found = arrange(members, level="inferred", rules=rules(build__={"apart": ("a",)}))
    assert after(found) == [set(), set(), {0, 1}]
    assert found.reasons[2] == "paratask.toml keeps these apart from `a`"


def test_apart_stands_above_together():
    members = [neighbour("a", **READER), neighbour("b", **READER)]
    assert after(arrange(members, level="inferred", rules=rules(a={"apart": ("b",), "together": ("b",)}))) == [set(), {0}]


def test_only_some_run_side_by_side():
    members = [neighbour(name, **READER) for name in ("a", "b", "c", "build-x", "deploy")]
    found = arrange(members, level="inferred", rules=Rules(only=frozenset(("a", "b", "build-x"))))
    assert after(found) == [set(), set(), {0, 1}, {2}, {2, 3}]
    assert found.reasons[2] == "`c` is not among those that may run side by side"
    assert after(arrange_dependencies(members, rules=Rules(only=frozenset(("a",))))) == [set()] * 5, "as task runs them"


QA = (
    task("qa", call("lint"), call("test"), call("lint-web")),
    task("lint", call("lint-py"), call("lint-js")),
    task("test", call("unit"), call("web")),
    *(task(name, f"read {name}") for name in ("lint-py", "lint-js", "lint-web", "unit", "web")),
)


def test_what_is_called_by_those_that_may_run_side_by_side_may_too():
    found = by_id(plan(["qa"], *QA, only=("lint", "lint-web")))
    assert tuple(found["lint-js"].together_with) == ("lint-py",)
    assert found["web"].after == ("unit",)
    assert found["test"].after == ("lint",)
    assert found["lint-web"].after == ("test",)


def test_a_task_that_runs_alone_has_its_own_steps_and_dependencies_in_order():
    tasks = (
        task("top", call("a"), call("b"), dependencies=(call("c"), call("d"))),
        *(task(name, f"read {name}") for name in "abcd"),
    )
    alone = {"top": TaskClaims(position=HERE, parallel=False)}
    found = by_id(plan(["top"], *tasks, declared=alone))
    assert found["b"].after == ("a",)
    assert found["d"].after == ("c",)
    assert found["b"].reason == "`top` has `parallel = false` in paratask.toml"


def test_rules_are_for_tasks_by_whatever_name_they_are_called():
    tasks = (task("build-*", "read x"), task("a", "read x", aliases=("other",)))
    alone = {"a": TaskClaims(position=HERE, apart=("build-*",))}
    calls = [ready("build-one"), ready("other")]
    assert after(planner(*tasks, declared=alone).arrange(calls)) == [set(), {0}]
