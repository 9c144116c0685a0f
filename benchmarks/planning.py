"""How long planning takes for a project of 5,000 tasks, part by part. Run: `python benchmarks/planning.py [tasks]`.

The bar is for what grows with the graph: the closure of what every call claims, and the partition of all neighbours into
parallel sets. Recognising commands is shown beside it: it is done once a text and folder.
"""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import tempfile
import time
from pathlib import Path

from paratask.cli.main import YOUNG_OBJECTS
from paratask.cli.options import parse
from paratask.cli.setup import make_workbench, place_maker
from paratask.planning.expand import Expansion
from paratask.planning.planner import Planner
from paratask.taskfile.model import NOWHERE, Call
from paratask.variables.ready import ReadyCall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from paratask.execution.workbench import Workbench
    from paratask.plugins.hookspecs import Place

GROUP = 50
BAR_SECONDS = 1.0


def write_project(folder: Path, count: int) -> None:
    """A task for each package, a composite for each fifty, and one of all composites."""
    groups = count // GROUP
    lines = ["version: '3'", "tasks:", "  all:", "    cmds:", *(f"      - task: g{g}" for g in range(groups))]
    for g in range(groups):
        lines += [f"  g{g}:", "    cmds:", *(f"      - task: t{g}-{i}" for i in range(GROUP))]
        for i in range(GROUP):
            lines += [f"  t{g}-{i}:", f"    dir: packages/g{g}/p{i}", "    cmds: [ruff check ., mypy src, mkdir -p out]"]
            (folder / f"packages/g{g}/p{i}").mkdir(parents=True)
            (folder / f"packages/g{g}/p{i}/pyproject.toml").write_text('[project]\nname = "x"\n')
    (folder / "Taskfile.yml").write_text("\n".join(lines) + "\n")


@contextlib.contextmanager
def timed(what: str, taken: dict[str, float]) -> Iterator[None]:
    """Prints and keeps how long the block took."""
    start = time.perf_counter()
    yield
    taken[what] = time.perf_counter() - start
    print(f"{what:50} {taken[what] * 1000:9.1f} ms")


def call(name: str) -> ReadyCall:
    """A call without variables."""
    return ReadyCall(task=name, variables={}, condition="", source=Call(task=name, position=NOWHERE, variables={}))


def planner(bench: Workbench, place: Place) -> Planner:
    """One that remembers nothing of the tasks."""
    return Planner(
        bench=bench, settings=bench.project.settings, level="inferred", make_place=lambda: place,
        known_conflicts=frozenset, looks_once=True,
    )  # fmt: skip


def main() -> int:
    """Prints each part; 1 where the bar is not reached."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    taken: dict[str, float] = {}
    gc.set_threshold(YOUNG_OBJECTS)  # as the program does
    with tempfile.TemporaryDirectory() as name:
        write_project(Path(name), count)
        os.chdir(name)
        typed = parse([], {})
        with timed("the Taskfile read", taken):
            bench = make_workbench(typed)
        place = place_maker(bench)()
        with timed("closure, commands recognised for the first time", taken):
            planner(bench, place).expansion.reach("all", {})
        made = planner(bench, place)
        with timed("closure", taken):
            expansion: Expansion = made.expansion
            expansion.reach("all", {})
        with timed("partition", taken):
            made.arrange([call(f"g{g}") for g in range(count // GROUP)], made.expansion.prepare("all", {}))
            for g in range(count // GROUP):
                made.arrange([call(f"t{g}-{i}") for i in range(GROUP)], made.expansion.prepare(f"g{g}", {}))
        with timed("partition of all in one set", taken):
            made.arrange([call(f"t{g}-{i}") for g in range(count // GROUP) for i in range(GROUP)])
        os.chdir("/")
    seconds = taken["closure"] + taken["partition"]
    print(f"closure and partition of {count} tasks: {seconds:.2f} s (bar: {BAR_SECONDS:.1f} s)")
    return 0 if seconds <= BAR_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
