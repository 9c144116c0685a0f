"""How long a run is going to take, and which of its calls are on the longest way."""

from __future__ import annotations

import itertools

import pytest

from paratask.frozen import replace
from paratask.planning.costs import Costs
from paratask.planning.estimates import Estimates, Sample, variables_digest
from paratask.planning.forecast import MAX_DEPTH, Forecast
from paratask.scheduling.budget import Budget
from paratask.taskfile.model import Variable
from paratask.taskfile.settings import NO_SETTINGS

from .test_expand import call, planner, ready, task


def learned(**seconds: float) -> Estimates:
    return Estimates(
        Sample(task=name, variables="", seconds=took, command_seconds=took, cpu_seconds=took) for name, took in seconds.items()
    )  # fmt: skip


def forecast(calls, *tasks, estimates, **more) -> Forecast:
    made = Forecast(planner=planner(*tasks, **more), estimates=estimates, costs=Costs(NO_SETTINGS, estimates))
    made.build([ready(name) for name in calls])
    return made


def priorities(made: Forecast, names: str) -> dict[str, float]:
    return {name: made.priority(name, {}) for name in names}


CHAIN = (task("a", "write x"), task("b", "read x"), task("c", "write y"), task("d", "read z"))


def test_what_waits_for_a_call_counts_for_it() -> None:
    made = forecast("abcd", *CHAIN, estimates=learned(a=1, b=5, c=2, d=3))
    assert priorities(made, "abcd") == {"a": 6.0, "b": 5.0, "c": 2.0, "d": 3.0}


def test_what_was_learned_of_a_task_counts_for_calls_by_its_alias() -> None:
    tasks = (task("top", call("1"), "read 1"), task("one", "read x", aliases=("1",)))
    made = forecast(["top"], *tasks, estimates=learned(top=1, one=5))
    assert made.priority("one", {}) == 6.0, "the name of its job"


def test_what_comes_after_the_caller_counts_as_well() -> None:
    top = task("top", call("b"), "read 1", dependencies=(call("a"),))
    made = forecast(["top"], top, task("a", "read x"), task("b", "read x"), estimates=learned(top=10, a=1, b=2))
    assert made.priority("top", {}) == 13.0
    assert priorities(made, "ab") == {"a": 13.0, "b": 12.0}


def test_what_is_deferred_comes_after_all_else() -> None:
    top = task("top", call("late", deferred=True), call("a"), "read 1")
    made = forecast(["top"], top, task("a", "read x"), task("late", "read x"), estimates=learned(top=10, a=1, late=4))
    assert priorities(made, "a") == {"a": 15.0}
    assert made.priority("late", {}) == 4.0


def test_those_lead_that_come_first_and_that_there_is_room_for() -> None:
    made = forecast("abcd", *CHAIN, estimates=learned(a=1, b=5, c=2, d=3))
    leading = {cpus: made.leading(Budget(cpus=cpus)) for cpus in (1, 2, 3, 4)}
    assert leading == {1: 6.0, 2: 5.0, 3: 3.0, 4: 2.0}
    assert made.leading(Budget(cpus=4, jobs=1)) == 6.0


def test_who_waits_for_dependencies_does_not_lead() -> None:
    top = task("top", "read 1", dependencies=(call("a"),))
    made = forecast(["top"], top, task("a", "read x"), estimates=learned(top=10, a=1))
    assert made.leading(Budget(cpus=8)) == made.priority("a", {}) == 11.0


def test_the_longest_of_several_ways_counts() -> None:
    once = replace(task("once", "read x"), run="once")
    tasks = (task("all", dependencies=(call("p"), call("q"))), task("p", "read p", dependencies=(call("once"),)))
    made = forecast(
        ["all"], *tasks, task("q", "read q", dependencies=(call("once"),)), once, estimates=learned(p=1, q=7, once=2)
    )
    assert made.priority("once", {}) == 9.0
    bounds = made.bounds(Budget(cpus=9), cores=9)
    assert bounds is not None
    assert (bounds.critical, bounds.total) == (9.0, 10.0), "it runs a single time"


def test_prediction_follows_the_slots() -> None:
    made = forecast("abcd", *CHAIN, estimates=learned(a=1, b=5, c=2, d=3))
    found = {slots: made.bounds(Budget(cpus=slots), cores=9) for slots in (1, 2, 9)}
    assert {slots: (b.lower, b.predicted, b.total) for slots, b in found.items() if b} == {
        1: (11.0, 11.0, 11.0), 2: (6.0, 6.0, 11.0), 9: (6.0, 6.0, 11.0),
    }  # fmt: skip


def test_what_is_not_known_counts_as_the_others_do() -> None:
    made = forecast("abcd", *CHAIN, estimates=learned(a=1, b=5, c=3))
    assert (made.guessed, made.priority("d", {})) == (1, 3.0)
    assert made.priority("never heard of", {}) == 3.0


def test_where_nothing_is_known_nothing_is_said() -> None:
    made = forecast("abcd", *CHAIN, estimates=learned(e=1))
    assert (made.is_known, made.bounds(Budget(cpus=2), cores=2), made.priority("a", {})) == (False, None, 0.0)


def test_what_is_known_of_a_caller_alone_was_a_prediction_of_nothing() -> None:
    """A task that had commands when it was learned, and calls now; or whose commands have become parts since."""
    made = forecast(["all"], task("all", call("a"), call("b")), *CHAIN, estimates=learned(all=9))
    assert (made.is_known, made.guessed, made.bounds(Budget(cpus=2), cores=2)) == (False, 2, None)


def test_estimates_go_by_variables() -> None:
    one = {"X": Variable(value="1")}
    estimates = Estimates(
        Sample(task="a", variables=digest, seconds=took, command_seconds=took, cpu_seconds=0.0)
        for digest, took in ((variables_digest(one), 9.0), ("other", 1.0), ("other", 1.0))
    )
    made = Forecast(planner=planner(task("a", "read x")), estimates=estimates, costs=Costs(NO_SETTINGS, estimates))
    made.build([replace(ready("a"), variables=one), ready("a")])
    assert (made.priority("a", one), made.priority("a", {})) == (9.0, 1.0)


def test_a_cycle_ends() -> None:
    made = forecast(["a"], task("a", "read x", call("a")), estimates=learned(a=1))
    assert made.bounds(Budget(cpus=2), cores=2) is not None


def test_a_long_chain_of_calls_ends_in_what_is_known_of_the_rest() -> None:
    names = [f"t{number}" for number in range(MAX_DEPTH + 20)]
    tasks = [task(name, call(after)) for name, after in itertools.pairwise(names)]
    estimates = Estimates(
        [Sample(task=name, variables="", seconds=5.0, command_seconds=0.0, cpu_seconds=0.0) for name in names]
    )
    made = forecast([names[0]], *tasks, task(names[-1], "read x"), estimates=estimates)
    bounds = made.bounds(Budget(cpus=2), cores=2)
    assert bounds is not None
    assert bounds.predicted == 5.0


def test_a_tree_that_is_too_large_is_not_simulated() -> None:
    tasks = [task(f"t{n}", dependencies=(call(f"t{n + 1}"), call(f"t{n + 1}"))) for n in range(30)]
    made = forecast(["t0"], *tasks, task("t30", "read x"), estimates=learned(t30=1))
    assert made.bounds(Budget(cpus=2), cores=2) is None
    assert made.priority("t0", {}) == pytest.approx(1.0)


def test_what_stands_below_an_ignored_failure_was_foreseen_side_by_side() -> None:
    """Such calls run one after another: what is below one that fails must not have run."""
    tasks = (
        task("top", call("each", ignore_error=True), call("each")),
        task("each", call("a"), call("b")),
        task("a", "read x"),
    )
    made = forecast(["top"], *tasks, task("b", "read x"), estimates=learned(a=2, b=3))
    bounds = made.bounds(Budget(cpus=4.0), cores=4)
    assert bounds is not None
    assert (bounds.predicted, bounds.total) == (5.0, 10.0), "the one that is not ignored runs beside it, and takes 3"
    assert (made.priority("a", {}), made.after("a", {})) == (5.0, 3.0), "the most that waits for one of both"
    made = forecast(["top"], *tasks, task("b", "read x"), estimates=learned(a=2))
    assert made.guessed == 1


def test_calls_of_which_somebody_says_that_they_overlap_were_foreseen_one_after_another() -> None:
    estimates = learned(a=1, b=5, c=2, d=3)
    made = Forecast(planner=planner(*CHAIN), estimates=estimates, costs=Costs(NO_SETTINGS, estimates))
    made.build([ready(name) for name in "abcd"], together="--parallel")
    bounds = made.bounds(Budget(cpus=4.0), cores=4)
    assert bounds is not None
    assert bounds.predicted == 5.0


def test_what_never_succeeded_was_foreseen_as_the_others_however_long_it_took_to_fail() -> None:
    failed = [
        Sample(task=name, variables="", seconds=took, command_seconds=took, cpu_seconds=0.0)
        for name, took in (("b", 60.0), ("c", 0.5))
    ]
    estimates = Estimates([Sample(task="a", variables="", seconds=4.0, command_seconds=4.0, cpu_seconds=0.0)], failed)
    made = forecast("abc", task("a", "read x"), task("b", "read x"), task("c", "read x"), estimates=estimates)
    assert priorities(made, "abc") == {"a": 4.0, "b": 60.0, "c": 4.0}, "one that fails at once says little"
    assert made.guessed == 2


def test_most_is_guessed_where_of_more_than_half_nothing_is_known() -> None:
    tasks = (task("a", "read x"), task("b", "read x"), task("c", "read x"))
    assert forecast("abc", *tasks, estimates=learned(a=4)).is_mostly_guessed
    assert not forecast("ab", *tasks, estimates=learned(a=4)).is_mostly_guessed
