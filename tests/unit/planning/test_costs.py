"""What commands take: declared, learned, ordinary."""

from __future__ import annotations

import pytest

from paratask.errors import Position
from paratask.planning.costs import Costs
from paratask.planning.estimates import Estimates, Sample
from paratask.scheduling.budget import ORDINARY, Cost
from paratask.taskfile.settings import NO_SETTINGS, DeclaredCost, Settings, TaskClaims

AT = Position(file="paratask.toml")


def sample(cpu: float, seconds: float = 1.0, **more) -> Sample:
    return Sample(task="a", variables="", seconds=seconds, command_seconds=seconds, cpu_seconds=cpu * seconds, **more)


def learned(*samples: Sample) -> Cost:
    return Costs(NO_SETTINGS, Estimates(samples)).of("a", "a", {})


@pytest.mark.parametrize(
    ("cores", "cpu"),
    [
        (0.01, 0.1),
        (0.2, 0.25),
        (0.4, 0.5),
        (0.5, 0.625),
        (0.6, 1.0),
        (1.0, 1.0),
        (1.4, 1.0),
        (1.6, 1.0),
        (1.8, 2.0),
        (3.9, 4.0),
    ],
)
def test_learned_cores(cores, cpu):
    assert learned(sample(cores)).cpu == pytest.approx(cpu)


def test_the_busiest_of_the_last_runs_counts():
    waiting = [sample(0.1)] * 4
    assert learned(*waiting, sample(1.0)).cpu == 1.0
    assert learned(*waiting, sample(0.1), sample(1.0)).cpu == pytest.approx(0.125)


def test_what_waited_for_a_core_would_have_kept_it_busy():
    """So that a machine which is busy with other things does not teach that everything mostly waits."""
    assert learned(sample(0.3, queued_seconds=0.6)).cpu == 1.0


def test_what_was_too_short_teaches_nothing():
    assert learned(sample(0.0, seconds=0.05)) == ORDINARY


def test_memory_is_the_most_of_the_last_runs():
    few = [sample(1.0, peak_bytes=size) for size in (5, 9, 7, 1, 1, 100)]
    assert learned(*few).memory_bytes == 9


def test_what_is_declared_counts_and_the_rest_is_learned():
    claims = {"a": TaskClaims(position=AT, uses=("gpu", "net"), counts={"gpu": 2, "net": 1}, cost=DeclaredCost(cpu=0.5))}
    settings = Settings(claims=claims, resources={"gpu": (4, 0.0)})
    costs = Costs(settings, Estimates([sample(3.0, peak_bytes=8)]))
    assert costs.of("a", "a", {}) == Cost(cpu=0.5, is_declared=True, memory_bytes=8, uses={"gpu": 2})
    assert costs.of("b", "b", {}) == ORDINARY


def test_where_nothing_is_declared_or_learned():
    assert Costs(NO_SETTINGS).of("a", "a", {}) is ORDINARY
    assert Costs(NO_SETTINGS, Estimates()).of("a", "a", {}) is ORDINARY
