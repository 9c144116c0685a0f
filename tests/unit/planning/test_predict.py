"""A simulation of a plan's work, and the bounds of what is possible."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paratask.planning.predict import Work, longest_way, predict, simulate
from paratask.scheduling.budget import Budget, Cost, Resource

SECONDS = st.floats(min_value=0, max_value=1000, allow_nan=False)


@st.composite
def works(draw: st.DrawFn) -> list[Work]:
    """Up to 30 commands and joins, each after some of the earlier ones."""
    items: list[Work] = []
    for index in range(draw(st.integers(0, 30))):
        after = draw(st.sets(st.integers(0, index - 1), max_size=4)) if index else set()
        joins = draw(st.booleans()) and draw(st.booleans())
        items.append(
            Work(
                seconds=0.0 if joins else draw(SECONDS),
                cost=None if joins else Cost(cpu=draw(st.sampled_from((1.0, 1.0, 2.0, 0.5, 99.0)))),
                cpu_seconds=draw(SECONDS),
                priority=draw(st.sampled_from((0.0, 1.0, float("inf")))),
                after=tuple(sorted(after)),
            )
        )
    return items


@given(works(), st.integers(1, 8), st.integers(1, 8))
def test_prediction_lies_between_its_bounds(items: list[Work], slots: int, cores: int) -> None:
    bounds = predict(items, Budget(cpus=slots), cores=cores)
    slack = 1e-6 * (1 + bounds.total)
    assert 0 <= bounds.critical <= bounds.lower + slack
    assert bounds.lower <= bounds.predicted + slack
    assert bounds.predicted <= bounds.total + slack


@given(works(), st.integers(1, 8))
def test_simulation_is_deterministic_and_not_shorter_than_the_longest_way(items: list[Work], slots: int) -> None:
    took = simulate(items, Budget(cpus=slots))
    assert took == simulate(items, Budget(cpus=slots))
    assert took >= longest_way(items) - 1e-6 * (1 + took)


@given(works())
def test_with_room_for_all_it_takes_the_longest_way(items: list[Work]) -> None:
    assert simulate(items, Budget(cpus=10_000)) == pytest.approx(longest_way(items))


@given(works())
def test_in_one_slot_it_takes_as_long_as_all_of_them(items: list[Work]) -> None:
    assert simulate(items, Budget(cpus=1)) <= sum(item.seconds for item in items) * (1 + 1e-9) + 1e-9


def test_nothing_takes_no_time() -> None:
    assert predict([], Budget(cpus=2), cores=2).predicted == 0.0


def test_what_leads_to_the_end_later_starts_first() -> None:
    short = [Work(seconds=1.0, priority=0.0) for _ in range(4)]
    assert simulate([*short, Work(seconds=4.0, priority=9.0)], Budget(cpus=2)) == 4.0
    assert simulate([*short, Work(seconds=4.0, priority=-1.0)], Budget(cpus=2)) == 6.0


def test_what_needs_all_slots_waits_for_them_and_smaller_ones_pass() -> None:
    items = [Work(seconds=3.0), Work(seconds=1.0, cost=Cost(cpu=9.0), priority=5.0), Work(seconds=2.0)]
    assert simulate(items, Budget(cpus=2)) == 4.0
    assert predict(items, Budget(cpus=2), cores=2).lower == 3.5


def test_computing_is_bounded_by_the_cores() -> None:
    items = [Work(seconds=2.0, cpu_seconds=8.0), Work(seconds=2.0, cpu_seconds=4.0)]
    bounds = predict(items, Budget(cpus=2), cores=4)
    assert (bounds.critical, bounds.lower, bounds.predicted) == (2.0, 3.0, 3.0)


def test_what_has_a_name_or_a_rate_is_waited_for() -> None:
    budget = Budget(cpus=9.0, resources={"gpu": Resource(count=1), "api": Resource(count=2, per_seconds=10.0)})
    gpu = [Work(seconds=2.0, cost=Cost(uses={"gpu": 1})) for _ in range(3)]
    api = [Work(seconds=1.0, cost=Cost(uses={"api": 1})) for _ in range(5)]
    assert (simulate(gpu, budget), predict(gpu, budget, cores=9).lower) == (6.0, 6.0)
    assert simulate(api, budget) == 21.0


def test_memory_and_the_number_of_jobs_count() -> None:
    hungry = [Work(seconds=1.0, cost=Cost(cpu=0.1, memory_bytes=400)) for _ in range(4)]
    assert simulate(hungry, Budget(cpus=2.0, memory_bytes=100), available_bytes=1000) == 2.0
    assert simulate(hungry, Budget(cpus=2.0, memory_bytes=100)) == 1.0
    assert simulate(hungry, Budget(cpus=2.0, jobs=3)) == 2.0
