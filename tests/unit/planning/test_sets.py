"""Which of neighbouring calls waits for which, and why."""

from __future__ import annotations

import pytest

from paratask.claims.model import Effect, Evidence, unknown
from paratask.frozen import replace
from paratask.planning.arrangement import all_together, one_after_another
from paratask.planning.rules import Rules, make_rules
from paratask.planning.sets import LEVELS, arrange, arrange_dependencies
from paratask.taskfile.settings import NO_SETTINGS

from .reaches import claims, neighbour, not_understood, outside

NONE_APART: frozenset[frozenset[str]] = frozenset()


def learned(apart) -> Rules:
    """The rules that earlier runs leave."""
    return make_rules(NO_SETTINGS, [], learned=apart)


def edges(arrangement) -> list[set[int]]:
    return [set(after) for after in arrangement.after]


def arranged(*neighbours, level="inferred", apart=NONE_APART):
    return arrange(neighbours, level=level, rules=learned(apart))


def test_only_those_that_conflict_wait():
    """The example of the design: of a, b, c, d only b and d conflict."""
    found = arranged(
        neighbour("a", writes=["a/**"]),
        neighbour("b", writes=["b/**"]),
        neighbour("c", writes=["c/**"]),
        neighbour("d", reads=["b/out"], writes=["d/**"]),
    )
    assert edges(found) == [set(), set(), set(), {1}]
    assert found.blocks == ((0, 4),)
    assert found.together(1) == (0, 2)
    assert found.together(3) == (0, 2)
    assert found.reasons[3] == "`b` writes b/** and `d` reads b/out"
    assert found.reasons[0] == "touches nothing that `b`, `c`, `d` touch (inferred)"


def test_what_is_alone_by_its_place_is_so_whatever_else_holds():
    gate = neighbour("gate", reads=["b/out"], why_alone="the gate")
    found = arranged(neighbour("a", writes=["a/**"]), neighbour("b", writes=["b/**"]), gate, neighbour("c", reads=["c/**"]))
    assert edges(found) == [set(), set(), {0, 1}, {2}]
    assert found.blocks == ((0, 2), (2, 3), (3, 4))
    assert found.reasons[2:] == ("the gate", "the gate")


@pytest.mark.parametrize("free", [{"background": True}, {}])
def test_neither_an_ampersand_nor_together_frees_from_it(free):
    rules = Rules(together={"a": frozenset({"gate"})})
    found = arrange([neighbour("a", **free), neighbour("gate", why_alone="the gate")], level="all", rules=rules)
    assert edges(found) == [set(), {0}]


def test_evidence_is_of_those_that_may_run_beside_others():
    found = arranged(neighbour("a", writes=["a/**"]), neighbour("b", writes=["b/**"]), outside("push"))
    assert found.evidence == ("inferred", "inferred", "")
    found = arranged(neighbour("a", writes=["a"]), neighbour("b", writes=["b"], background=True))
    assert found.evidence == ("inferred", "author")
    assert arrange([not_understood("a"), not_understood("b")], level="all").evidence == ("none", "none")
    assert all_together(2, "told so").evidence == ()


def test_readers_of_one_place_run_together():
    found = arranged(*(neighbour(name, reads=["src/**"]) for name in "abc"))
    assert edges(found) == [set(), set(), set()]


@pytest.mark.parametrize("level", ["declared", "observed", "inferred"])
def test_clean_and_build_stay_in_order(level):
    found = arranged(
        neighbour("clean", writes=["dist/**"]), neighbour("build", reads=["src/**"], writes=["dist/**"]), level=level
    )
    assert edges(found) == [set(), {0}]
    assert found.blocks == ((0, 1), (1, 2))


def test_clean_and_build_run_together_at_level_all():
    found = arranged(neighbour("clean", writes=["dist/**"]), neighbour("build", writes=["dist/**"]), level="all")
    assert edges(found) == [set(), set()]


def test_at_level_all_what_is_not_understood_was_said_to_touch_nothing_of_the_others():
    found = arranged(not_understood("a"), not_understood("b"), level="all")
    assert found.reasons == ("`parallel` is `all`, and nothing declared keeps it in order",) * 2
    assert found.evidence == ("none", "none")


def test_level_all_still_keeps_to_what_was_declared():
    declared = [neighbour(name, writes=["dist/**"], evidence=Evidence.DECLARED) for name in ("clean", "build")]
    assert edges(arranged(*declared, level="all")) == [set(), {0}]


def test_level_all_still_keeps_known_outside_effects_in_order():
    found = arranged(neighbour("a", writes=["a"]), outside("push"), neighbour("b", writes=["b"]), level="all")
    assert edges(found) == [set(), {0}, {1}]


def test_level_all_believes_what_is_not_understood():
    assert edges(arranged(not_understood("a"), not_understood("b"), level="all")) == [set(), set()]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("evidence", [Evidence.INFERRED, Evidence.OBSERVED, Evidence.DECLARED])
def test_what_is_believed_depends_on_the_level(level, evidence):
    found = arranged(
        neighbour("a", writes=["a/**"], evidence=evidence), neighbour("b", writes=["b/**"], evidence=evidence), level=level
    )
    believed = evidence >= LEVELS[level]
    assert edges(found) == ([set(), set()] if believed else [set(), {0}])
    if not believed:
        assert f"are {evidence.name.lower()}, and `parallel` is `{level}`" in found.reasons[1]


def test_what_is_not_understood_is_a_barrier():
    found = arranged(
        neighbour("a", writes=["a"]), neighbour("b", writes=["b"]), not_understood("c"), neighbour("d", writes=["d"])
    )
    assert edges(found) == [set(), set(), {0, 1}, {2}]
    assert found.blocks == ((0, 2), (2, 3), (3, 4))
    assert found.reasons[2] == "`c` counts as touching anything (c is not known), so it waits for `b`"
    assert found.reasons[3] == "`c` counts as touching anything (c is not known), so `d` waits for it"


def test_what_is_not_understood_and_declared_local_is_told_as_that():
    mystery = neighbour("m", replace(unknown("m is not known"), effect=Effect.LOCAL, effect_reason=""))
    found = arranged(neighbour("a", reads=["a"]), mystery, neighbour("c"))
    assert edges(found) == [set(), {0}, {1}]
    assert found.reasons[1] == "`m` counts as touching anything (m is not known), so it waits for `a`"
    assert found.reasons[2] == "`m` counts as touching anything (m is not known), so `c` waits for it"


def test_claims_that_are_too_weak_are_told_as_that_and_what_reaches_outside_as_ever():
    found = arranged(outside("push"), neighbour("b", writes=["b"]), level="observed")
    assert found.reasons[1] == "`push` has effects outside this checkout (it pushes), so `b` waits for it"
    only = arranged(neighbour("a", writes=["a"]), neighbour("b", writes=["b"]), level="observed")
    assert only.reasons[1] == (
        "`a` counts as touching anything (its claims are inferred, and `parallel` is `observed`), so `b` waits for it"
    )


def test_an_outside_effect_waits_for_all_above_it_whatever_its_files():
    found = arranged(
        neighbour("test", reads=["src/**"]), neighbour("lint", reads=["src/**"]), outside("publish", reads=["dist/x"])
    )
    assert edges(found)[2] == {0, 1}


def test_named_resources():
    found = arranged(
        neighbour("a", uses=["database"]), neighbour("b", uses=["database"]), neighbour("c", exclusive=["database"])
    )
    assert edges(found) == [set(), set(), {0, 1}]


def test_background_calls_hold_nobody_up():
    found = arranged(
        neighbour("a", writes=["x"], background=True),
        neighbour("b", writes=["x"], background=True),
        neighbour("c", writes=["x"]),
        neighbour("d", writes=["x"]),
    )
    assert edges(found) == [set(), set(), set(), {2}]
    assert found.reasons[0] == "its author wrote `&` after it"


def test_a_background_call_still_waits_for_what_is_written_above_it():
    found = arranged(neighbour("build", writes=["dist/**"]), neighbour("serve", reads=["dist/**"], background=True))
    assert edges(found) == [set(), {0}]


def test_background_calls_that_are_not_understood_run_side_by_side():
    found = arrange(
        [neighbour("a", not_understood("a").reach.claims, background=True), not_understood("b")],
        level="inferred",
    )
    assert edges(found) == [set(), set()]


def test_a_foreground_barrier_among_background_calls_keeps_its_place():
    found = arranged(neighbour("a", reads=["a"]), neighbour("b", reads=["b"], background=True), outside("push"))
    assert edges(found) == [set(), set(), {0}]


def test_remembered_conflicts_are_kept_apart():
    apart = frozenset((frozenset(("a", "deep")),))
    found = arranged(
        neighbour("a", reads=["x"]), neighbour("b", reads=["x"]), neighbour("c", reads=["x"], tasks=["deep"]), apart=apart
    )
    assert edges(found) == [set(), set(), {0}]
    assert found.reasons[2] == "`a` and `deep` failed beside each other in an earlier run and passed alone"


def test_a_task_that_does_not_bear_itself_is_kept_apart_from_itself():
    found = arranged(neighbour("a", reads=["x"]), neighbour("a", reads=["x"]), apart=frozenset((frozenset(("a",)),)))
    assert edges(found) == [set(), {0}]


@pytest.mark.parametrize("level", LEVELS)
def test_remembered_conflicts_hold_at_every_level(level):
    pair = [neighbour(name, reads=["x"], evidence=Evidence.DECLARED) for name in "ab"]
    assert edges(arranged(*pair, level=level, apart=frozenset((frozenset("ab"),)))) == [set(), {0}]


def test_dependencies_are_only_ordered_by_what_is_known_for_sure():
    inferred = [neighbour("a", writes=["x"]), neighbour("b", writes=["x"]), not_understood("c"), outside("d")]
    found = arrange_dependencies(inferred, rules=learned(NONE_APART))
    assert edges(found) == [set(), set(), set(), set()]
    assert found.reasons[0] == "a dependency; its author let it run beside the others"


@pytest.mark.parametrize("evidence", [Evidence.OBSERVED, Evidence.DECLARED])
def test_dependencies_with_strong_claims_that_conflict_run_in_written_order(evidence):
    strong = [neighbour("a", writes=["x"], evidence=evidence), neighbour("b", reads=["x"], evidence=evidence)]
    found = arrange_dependencies(strong, rules=learned(NONE_APART))
    assert edges(found) == [set(), {0}]
    assert found.reasons[1] == "`a` writes x and `b` reads x"


def test_dependencies_that_failed_beside_each_other_are_kept_apart():
    found = arrange_dependencies([neighbour("a"), neighbour("b")], rules=learned(frozenset((frozenset("ab"),))))
    assert edges(found) == [set(), {0}]


def test_blocks_follow_each_other_whole():
    found = arranged(
        neighbour("a", writes=["x"]),
        neighbour("b", writes=["y"]),
        neighbour("c", reads=["x", "y"], writes=["z"]),
        neighbour("d", reads=["z"]),
        neighbour("e", reads=["z"]),
    )
    assert found.blocks == ((0, 2), (2, 3), (3, 5))
    assert found.together(0) == (1,)
    assert found.together(2) == ()
    assert found.together(4) == (3,)


def test_together_can_be_limited():
    found = arranged(*(neighbour(str(i), reads=["x"]) for i in range(9)))
    assert found.together(0, limit=4) == (1, 2, 3, 4)
    assert found.reasons[0] == "touches nothing that `1`, `2`, `3` and others touch (inferred)"
    assert found.reasons_beside[0] == "touches nothing that they touch (inferred)"


def test_calls_of_one_task_were_named_again_and_again():
    loop = [neighbour("build", writes=[str(i)]) for i in range(6)]
    assert set(arranged(*loop).reasons) == {"touches nothing that the other calls of `build` touch (inferred)"}
    assert set(arranged(*loop[:2]).reasons) == {"touches nothing that the other call of `build` touches (inferred)"}
    mixed = arranged(loop[0], neighbour("lint", reads=["x"]), loop[1])
    assert mixed.reasons[:2] == (
        "touches nothing that `lint`, the other call of `build` touch (inferred)",
        "touches nothing that `build` touches (inferred)",
    )
    assert set(arranged(*loop[:2]).reasons_beside) == {"touches nothing that it touches (inferred)"}
    many = arranged(*loop, neighbour("lint", reads=["x"]))
    assert many.reasons[0] == "touches nothing that the other calls of `build` and others touch (inferred)"


def test_the_first_of_those_that_follow_each_other_says_so():
    found = arranged(neighbour("a", writes=["x"]), neighbour("b", writes=["x"]))
    assert found.reasons[0] == "first of its neighbours"
    assert arranged(neighbour("a")).reasons == ("nothing beside it",)


def test_nobody():
    found = arranged()
    assert (found.after, found.reasons, found.blocks) == ((), (), ())


def test_fixed_arrangements():
    together = all_together(3, "why")
    assert (edges(together), together.blocks, together.reasons) == ([set(), set(), set()], ((0, 3),), ("why",) * 3)
    assert together.together(1) == (0, 2)
    order = one_after_another(3, "why")
    assert (edges(order), order.blocks) == ([set(), {0}, {1}], ((0, 1), (1, 2), (2, 3)))
    assert order.together(1) == ()


def test_an_empty_claim_touches_nothing():
    found = arranged(neighbour("a", claims()), not_understood("b"))
    assert edges(found) == [set(), {0}]
