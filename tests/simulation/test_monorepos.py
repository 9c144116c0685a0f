"""A thousand random monorepos end with the same files side by side as one at a time, at each level of evidence that is true of them.

A seed that fails prints itself; `PARATASK_SEED=123 pytest tests/simulation/test_monorepos.py` replays it.
"""

from __future__ import annotations

import os
import random
from contextlib import contextmanager
from dataclasses import replace

import pytest

from paratask.scheduling.budget import Budget, Resource
from simulation.engine import Choices, CommandsMetError, Played
from simulation.monorepo import make_monorepo

REPLAYED = os.environ.get("PARATASK_SEED", "")
SEEDS = [int(REPLAYED)] if REPLAYED else list(range(1000))
A_TEST = 50
LATE = 124
BLOCKS = [SEEDS[start : start + A_TEST] for start in range(0, len(SEEDS), A_TEST)]


def differences(one: Played, other: Played) -> list[str]:
    """Names of files that are not the same, and `output` where that is not."""
    names = sorted({name for name in (*one.files, *other.files) if one.files.get(name) != other.files.get(name)})
    return names + (["output"] if one.output != other.output else [])


@contextmanager
def replayed(seed, what):
    """Says how to replay what fails inside."""
    try:
        yield
    except BaseException:
        print(f"PARATASK_SEED={seed} replays this ({what})")  # noqa: T201 - pytest shows it where the test fails
        raise


@pytest.mark.slow
@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: f"{block[0]}-{block[-1]}")
def test_side_by_side_ends_as_one_at_a_time(block, tmp_path):
    at_once = {"inferred": 0, "declared": 0, "observed": 0}
    for seed in block:
        repo = make_monorepo(seed)
        chance = random.Random(f"claims {seed}")
        in_turn = Played(repo, tmp_path / f"{seed}-off", Choices(level="off", timing=seed))
        for level in at_once:
            settings = repo.true_claims(chance=chance) if level == "declared" else ""
            seen = in_turn.seen if level == "observed" else None
            choices = Choices(level=level, timing=f"{seed} {level}", settings=settings, seen=seen)
            with replayed(seed, level):
                played = Played(repo, tmp_path / f"{seed}-{level}", choices)
                assert differences(in_turn, played) == []
                assert played.commands == in_turn.commands
            at_once[level] += played.most_at_once > 1
    if not REPLAYED:
        assert min(at_once.values()) >= A_TEST // 5, f"hardly anything ran side by side: {at_once}"


@pytest.mark.slow
@pytest.mark.skipif(bool(REPLAYED), reason="for all seeds")
def test_claims_that_are_not_true_would_be_found(tmp_path):
    """The check above can fail: where tasks declare that they touch nothing, files differ in many a monorepo."""
    found = 0
    for seed in range(60):
        repo = make_monorepo(seed)
        lies = repo.true_claims(chance=random.Random(seed), lie=True)
        in_turn = Played(repo, tmp_path / f"{seed}-off", Choices(level="off", timing=seed))
        lying = Choices(level="declared", timing=seed, settings=lies)
        try:
            played = Played(repo, tmp_path / f"{seed}-lies", lying)
            found += bool(differences(in_turn, played))
        except CommandsMetError:
            found += 1
    assert found >= 10


def failing(repo, chance, *kinds):
    """Some first commands of tasks that fail, and how: those that are nowhere behind another command, which would run twice, nor deferred."""
    places = [(leaf.commands[0][0], leaf.dir) for leaf in repo.leaves if not leaf.parameter and not leaf.deferred]
    later = {
        (text.replace("{{.P}}", package), leaf.dir)
        for leaf in repo.leaves
        for package in repo.packages
        for text, _ in leaf.commands[1:]
    }
    places = [place for place in places if place not in later]
    return {place: chance.choice(kinds) for place in places if chance.random() < 0.4}


def limited(seed):
    """The seed's monorepo, where some calls have so much time, more tasks run once, and none waits for what is deferred."""
    repo, chance = make_monorepo(seed), random.Random(f"limits {seed}")
    for step in (step for steps in repo.composites.values() for step in steps):
        if chance.random() < 0.4:
            step["timeout"] = chance.choice(("700ms", "1600ms", "3500ms", "6s", "9s"))
    for leaf in repo.leaves:
        leaf.once = not leaf.parameter and chance.random() < 0.3
        leaf.deferred = 0
    return repo


@pytest.mark.slow
@pytest.mark.parametrize("block", BLOCKS[::4], ids=lambda block: f"{block[0]}-{block[-1]}")
def test_calls_that_have_time_enough_one_at_a_time_have_it_side_by_side(block, tmp_path):
    late = 0
    for seed in block:
        repo, chance = limited(seed), random.Random(f"limited {seed}")
        in_turn = Played(repo, tmp_path / f"{seed}-off", Choices(level="off", timing=seed, same_durations=True))
        choices = Choices(
            level="inferred", timing=f"{seed} limits", on_failure="sequential", budget=budgets(chance), same_durations=True
        )
        with replayed(seed, "limits"):
            played = Played(repo, tmp_path / f"{seed}-limits", choices)
            assert not played.error or in_turn.error
            if not (played.fallbacks or played.error or in_turn.error):
                assert differences(in_turn, played) == []
            Played(repo, tmp_path / f"{seed}-signal", replace(choices, interrupt_at=chance.uniform(0.1, 6.0)))
        late += any(event.exit_status == LATE for event in played.fallbacks)
    assert late or REPLAYED


RESOURCES = {"seat": Resource(count=2), "api": Resource(count=3, per_seconds=2.0)}


def budgets(chance):
    """Tight and wide ones, some with a limit that the machine reaches now and then."""
    return Budget(cpus=chance.choice((1, 2, 4, 9)), load=chance.choice((0, 0, 3)), memory_bytes=chance.choice((0, 0, 1 << 30)))


@pytest.mark.slow
@pytest.mark.parametrize("block", BLOCKS[::2], ids=lambda block: f"{block[0]}-{block[-1]}")
def test_what_only_fails_beside_others_ends_as_one_at_a_time(block, tmp_path):
    fell_back = 0
    for seed in block:
        repo, chance = make_monorepo(seed), random.Random(f"beside {seed}")
        in_turn = Played(repo, tmp_path / f"{seed}-off", Choices(level="off", timing=seed))
        choices = Choices(
            level="inferred", timing=f"{seed} beside", failing=failing(repo, chance, "beside"), on_failure="sequential",
            budget=budgets(chance),
        )  # fmt: skip
        with replayed(seed, "beside"):
            played = Played(repo, tmp_path / f"{seed}-beside", choices)
            assert played.error is None
            assert differences(in_turn, played) == []
        fell_back += bool(played.fallbacks)
    assert fell_back or REPLAYED


@pytest.mark.slow
@pytest.mark.parametrize("block", BLOCKS[1::2], ids=lambda block: f"{block[0]}-{block[-1]}")
def test_failures_signals_and_tight_budgets_leave_nothing_behind(block, tmp_path):
    """Every rule that Played and its engine check holds; and whether a run fails does not depend on what ran beside what."""
    for seed in block:
        repo, chance = make_monorepo(seed), random.Random(f"failing {seed}")
        fails = failing(repo, chance, "always")
        in_turn = Played(repo, tmp_path / f"{seed}-off", Choices(level="off", timing=seed, failing=fails))
        choices = Choices(
            level="inferred", timing=seed, failing=fails, budget=budgets(chance),
            on_failure=chance.choice(("sequential", "stop", "continue")),
        )  # fmt: skip
        with replayed(seed, choices.on_failure):
            played = Played(repo, tmp_path / f"{seed}-failing", choices)
            assert bool(played.error) == bool(in_turn.error)
            Played(repo, tmp_path / f"{seed}-signal", replace(choices, interrupt_at=chance.uniform(0.1, 6.0)))


@pytest.mark.slow
@pytest.mark.parametrize("block", BLOCKS[::4], ids=lambda block: f"{block[0]}-{block[-1]}")
def test_memory_that_runs_out_and_costs_and_resources_change_nothing_of_the_result(block, tmp_path):
    """Commands that nobody knows take what there is: some are ended and queued again. Others share cores, and a named resource."""
    queued_again, most = 0, 0
    for seed in block:
        repo, chance = make_monorepo(seed), random.Random(f"memory {seed}")
        in_turn = Played(repo, tmp_path / f"{seed}-off", Choices(level="off", timing=seed))
        settings = f'resources = {{ seat = 2, api = "3/2s" }}\n[tasks."*"]\nuses = ["{chance.choice(("seat", "api"))}"]\ncost = {{ cpu = 0.3 }}\n'
        budget = Budget(cpus=chance.choice((1, 2)), memory_bytes=256 << 20, resources=RESOURCES)
        choices = Choices(level="inferred", timing=f"{seed} memory", budget=budget, settings=chance.choice(("", settings)))
        with replayed(seed, "memory"):
            played = Played(repo, tmp_path / f"{seed}-memory", choices)
            assert played.error is None
            assert differences(in_turn, played) == []
        queued_again += sum(job.queued_again for job in played.outcome.jobs)
        most = max(most, played.most_at_once)
    assert (queued_again and most > 2) or REPLAYED
