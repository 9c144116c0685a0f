"""What a job costs where there are very many: the real reader, planner, interpreter and leases on simulated processes and time.

The engine is that of tests/simulation. Processor seconds are measured, not the wall's, so that neighbours count for little.
"""

from __future__ import annotations

import gc
import json
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from quiet import Watch
from rounds import Outcome

from paratask.cli.main import YOUNG_OBJECTS

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

GROUP = 50
FEW, MANY = 2_000, 20_000
SHAPES = ("flat", "grouped", "sets")
SETTINGS = '[tasks."t*"]\nreads = ["src/**"]\nlocal = true\n'


@dataclass(frozen=True)
class Project:
    """Stands in for simulation.monorepo.Monorepo: tasks whose commands touch nothing."""

    tasks: dict[str, object]
    settings: str
    effects: dict[tuple[str, str], object]

    def write(self, root: Path) -> None:
        (root / "Taskfile.yml").write_text(json.dumps({"version": "3", "silent": True, "tasks": self.tasks}))
        (root / "paratask.toml").write_text(self.settings)


def make_project(shape: str, count: int) -> Project:
    """One task with all others as `deps` (flat), in groups of fifty (grouped), or groups of calls that declare that they may meet."""
    from simulation.monorepo import Effect

    names = [f"t{number}" for number in range(count)]
    tasks: dict[str, object] = {name: {"cmds": ["/bin/true"]} for name in names}
    groups = {f"g{start // GROUP}": names[start : start + GROUP] for start in range(0, count, GROUP)}
    if shape == "flat":
        tasks["all"] = {"deps": names}
    elif shape == "grouped":
        tasks |= {"all": {"deps": list(groups)}, **{group: {"deps": members} for group, members in groups.items()}}
    else:
        tasks |= {group: {"cmds": [{"task": name} for name in members]} for group, members in groups.items()}
        tasks["all"] = {"cmds": [{"task": group} for group in groups]}
    return Project(tasks=tasks, settings=SETTINGS if shape == "sets" else "", effects={("/bin/true", ""): Effect()})


def cost_per_job(shape: str, count: int) -> float:
    """Processor seconds of a whole run, by job."""
    from simulation.engine import Choices, Played

    project = make_project(shape, count)
    with tempfile.TemporaryDirectory() as name:
        gc.collect()
        start = time.process_time()
        played = Played(project, Path(name).resolve(), Choices(level="inferred", timing=0))
        taken = time.process_time() - start
    assert played.error is None, played.error
    assert played.commands == count
    return taken / count


def growth(rounds: int) -> Outcome:
    """The cost at 20,000 jobs against that at 2,000, in turn."""
    outcome = Outcome(name="many-jobs", title=f"{MANY:,} simulated jobs: cost of each", unit="milliseconds of processor")
    outcome.facts = {"few": FEW, "many": MANY}
    threshold = gc.get_threshold()
    gc.set_threshold(YOUNG_OBJECTS)  # as the program does
    watch = Watch()
    for shape in SHAPES:
        pairs = [(cost_per_job(shape, FEW), cost_per_job(shape, MANY)) for _ in range(rounds)]
        outcome.rows[f"{shape}, {FEW:,}"] = [few * 1000 for few, _ in pairs]
        outcome.rows[f"{shape}, {MANY:,}"] = [many * 1000 for _, many in pairs]
        outcome.figures[f"many jobs: cost at 20,000 / at 2,000, {shape}"] = statistics.median(many / few for few, many in pairs)
    gc.set_threshold(*threshold)
    outcome.quietness = watch.end()
    return outcome
