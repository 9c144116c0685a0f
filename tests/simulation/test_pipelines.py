"""Random pipelines over random monorepos: stages are barriers, gates come last, and what it ends with is what it ends with one at a time.

A seed that fails prints itself; `PARATASK_SEED=123 pytest tests/simulation/test_pipelines.py` replays it.
"""

from __future__ import annotations

import json
import os
import random
from dataclasses import replace

import pytest

from paratask.events import JobChanged, JobMade
from simulation.engine import Choices, Played
from simulation.monorepo import Monorepo, make_monorepo

REPLAYED = os.environ.get("PARATASK_SEED", "")
SEEDS = [int(REPLAYED)] if REPLAYED else list(range(200))
A_TEST = 50
BLOCKS = [SEEDS[start : start + A_TEST] for start in range(0, len(SEEDS), A_TEST)]
ENDED = {"succeeded", "failed", "cancelled", "skipped", "fresh"}
WELL = {"succeeded", "skipped", "fresh"}


class Pipeline:
    """A pipeline called `all`, over a monorepo's tasks."""

    def __init__(self, repo: Monorepo, chance: random.Random) -> None:
        self.sequential: set[str] = set()
        self.gates: dict[str, str] = {}
        del repo.composites["all"]
        entries = [*repo.composites, *(leaf.name for leaf in repo.leaves if not leaf.parameter)]
        stages = [self._stage(f"s{number}", entries, chance) for number in range(chance.choice((1, 2, 3, 4)))]
        self.text = "\n".join(("[pipelines.all]", "stages = [", *(f"  {stage}," for stage in stages), "]", ""))

    def _stage(self, name: str, entries: list[str], chance: random.Random) -> str:
        chosen = chance.sample(entries, min(len(entries), chance.choice((1, 2, 3, 5))))
        gate = chosen.pop() if len(chosen) > 1 and chance.random() < 0.8 else ""
        parts = [f'name = "{name}"', f"tasks = {json.dumps(chosen)}"]
        if gate:
            self.gates[f"all:{name}"] = gate
            parts.append(f'gate = "{gate}"')
        if chance.random() < 0.3:
            self.sequential.add(f"all:{name}")
            parts.append('mode = "sequential"')
        if chance.random() < 0.3:
            parts.append(f'on_failure = "{chance.choice(("sequential", "stop", "continue"))}"')
        return f"{{ {', '.join(parts)} }}"


class Watching:
    """Goes through the events of a run, and looks at each start whether it may be."""

    def __init__(self, pipeline: Pipeline, heard: list[object]) -> None:
        self.pipeline = pipeline
        self.made: dict[str, JobMade] = {}
        self.states: dict[str, str] = {}
        self.gates_asked = 0
        for event in heard:
            if isinstance(event, JobMade):
                self.made[event.job] = event
                self.states[event.job] = "waiting"
            elif isinstance(event, JobChanged):
                if event.state == "ready":
                    self.starts(event.job)
                self.states[event.job] = event.state

    def children(self, job: str) -> list[str]:
        return [made.job for made in self.made.values() if made.parent == job]

    def below(self, job: str) -> list[str]:
        return [inner for child in self.children(job) for inner in (child, *self.below(child))]

    def starts(self, job: str) -> None:
        made = self.made[job]
        if made.task.startswith("all:"):
            before = self.children(made.parent)[: self.children(made.parent).index(job)]
            assert all(self.states[stage] in WELL for stage in before), f"{job} begins before those above it have passed"
            assert all(self.states[inner] in ENDED for stage in before for inner in self.below(stage)), (
                f"{job} begins too early"
            )
        parent = self.made.get(made.parent)
        if parent is None or not parent.task.startswith("all:"):
            return
        others = [inner for inner in self.children(parent.job) if inner != job]
        if parent.task in self.pipeline.sequential:
            assert not any(self.states[inner] in ("ready", "running") for inner in others), f"{job} begins beside another"
        if self.pipeline.gates.get(parent.task) == made.task and self.children(parent.job)[-1] == job:
            self.gates_asked += 1
            assert all(self.states[inner] in WELL for inner in others), f"the gate {job} is asked too early"


@pytest.mark.slow
@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: f"{block[0]}-{block[-1]}")
def test_stages_are_barriers_and_files_are_as_one_at_a_time(block, tmp_path):
    at_once = asked = stopped = 0
    for seed in block:
        repo, chance = make_monorepo(seed), random.Random(f"pipeline {seed}")
        pipeline = Pipeline(repo, chance)
        places = [(leaf.commands[0][0], leaf.dir) for leaf in repo.leaves if not leaf.parameter and not leaf.deferred]
        failing = {place: "always" for place in places if chance.random() < 0.1}
        choices = Choices(level="off", timing=seed, settings=pipeline.text, failing=failing)
        print(f"PARATASK_SEED={seed} replays this")  # noqa: T201 - pytest shows it where the test fails
        in_turn = Played(repo, tmp_path / f"{seed}-off", choices)
        Watching(pipeline, in_turn.heard)
        for on_failure in ("stop", "continue", "sequential"):
            choices = replace(choices, level="inferred", on_failure=on_failure)
            played = Played(repo, tmp_path / f"{seed}-{on_failure}", choices)
            watching = Watching(pipeline, played.heard)
            assert bool(played.error) == bool(in_turn.error)
            assert played.error or played.files == in_turn.files
            at_once += played.most_at_once > 1
            asked += watching.gates_asked
            stopped += played.error is not None
    if not REPLAYED:
        assert min(at_once, asked, stopped) >= A_TEST // 5, f"{at_once} side by side, {asked} gates, {stopped} stopped"
