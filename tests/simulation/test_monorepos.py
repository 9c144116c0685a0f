"""A thousand random monorepos end with the same files side by side as one at a time, at each level of evidence that is true of them.

A seed that fails prints itself; `PARATASK_SEED=123 pytest tests/simulation/test_monorepos.py` replays it.
"""

from __future__ import annotations

import os
import random

import pytest

from simulation.engine import Played
from simulation.monorepo import make_monorepo

REPLAYED = os.environ.get("PARATASK_SEED", "")
SEEDS = [int(REPLAYED)] if REPLAYED else list(range(1000))
A_TEST = 50
BLOCKS = [SEEDS[start : start + A_TEST] for start in range(0, len(SEEDS), A_TEST)]


def differences(one: Played, other: Played) -> list[str]:
    """Names of files that are not the same, and `output` where that is not."""
    names = sorted({name for name in (*one.files, *other.files) if one.files.get(name) != other.files.get(name)})
    return names + (["output"] if one.output != other.output else [])


@pytest.mark.slow
@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: f"{block[0]}-{block[-1]}")
def test_side_by_side_ends_as_one_at_a_time(block, tmp_path):
    at_once = {"inferred": 0, "declared": 0, "observed": 0}
    for seed in block:
        repo = make_monorepo(seed)
        chance = random.Random(f"claims {seed}")
        in_turn = Played(repo, tmp_path / f"{seed}-off", level="off", timing=seed)
        assert in_turn.most_at_once <= 1
        for level in at_once:
            settings = repo.true_claims(chance=chance) if level == "declared" else ""
            seen = in_turn.seen if level == "observed" else None
            played = Played(
                repo, tmp_path / f"{seed}-{level}", level=level, timing=f"{seed} {level}", settings=settings, seen=seen
            )
            assert differences(in_turn, played) == [], f"PARATASK_SEED={seed} replays this at level {level}"
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
        in_turn = Played(repo, tmp_path / f"{seed}-off", level="off", timing=seed)
        played = Played(repo, tmp_path / f"{seed}-lies", level="declared", timing=seed, settings=lies)
        found += bool(differences(in_turn, played))
    assert found >= 10
