"""What those who listen to a run cost it: 1,000 times /bin/true without records, with them, with reporters of other packages, and with reports.

In turn, round by round, every other round backwards; each is compared with the run without a reporter of the same round, and so is a
second one without, which says what the machine alone makes of it. Wall time, and that of processors, where a reporter's process counts:
what it takes of an idle core is not the run's. A reporter that does not come to its end is given a second for it; that second is
not in the wall time here. One that computes without end is ended after a second of it, and has no bar. Alone: `python benchmarks/reporters.py [ROUNDS]`.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bars import verdicts
from graphs import Graph, wide
from peers import PEERS
from quiet import Watch
from rounds import Outcome, print_outcome

JOBS = 1_000
SLOTS = 2
START = "from paratask.__main__ import start; start()"
WITHOUT_RECORDS = f"""\
import paratask.cli.recorded_run as recorded
class Nothing:
    entries = {{}}
    def __init__(self, *_, **__): pass
    def __call__(self, event): pass
    def close(self): pass
recorded.Journal = Nothing
recorded.render_summary = lambda **_: ""
recorded.RunFolder.write_file = lambda *_: None
{START}
"""
MODULE = """\
import os, time
from paratask.events import JobChanged, RunEnded

class Counts:
    def __init__(self, run): self.states = {}
    def hear(self, event):
        if isinstance(event, JobChanged): self.states[event.state] = self.states.get(event.state, 0) + 1
class Raises(Counts):
    def hear(self, event): raise ValueError("at once")
class Blocks(Counts):
    def hear(self, event):
        if not isinstance(event, RunEnded): time.sleep(1_000_000)
class Heavy(Counts):
    def hear(self, event):
        end = time.thread_time() + 0.001
        while time.thread_time() < end: pass
class Computes(Counts):
    def hear(self, event):
        while True: pass
class Keeps(Counts):
    def hear(self, event):
        import ctypes
        ctypes.PyDLL(None).sleep(1_000_000)
class Crashes(Counts):
    def hear(self, event):
        if isinstance(event, JobChanged): os.abort()
"""
REPORTS = ("json", "junit", "trace", "markdown", "html")
REPORTERS = ("Counts", "Raises", "Blocks", "Heavy", "Computes", "Keeps", "Crashes")


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way to run the graph. `left_out_seconds` is what it waits at its end."""

    name: str
    code: str = START
    reporter: str = "off"
    report: str = ""
    left_out_seconds: float = 0.0


WAYS = (
    Way(name="no records", code=WITHOUT_RECORDS),
    Way(name="records"),
    Way(name="the same again"),
    Way(name="a reporter", reporter="Counts"),
    Way(name="one that raises", reporter="Raises"),
    Way(name="one that crashes", reporter="Crashes"),
    Way(name="one that blocks", reporter="Blocks", left_out_seconds=1.0),
    Way(name="one that is heavy", reporter="Heavy", left_out_seconds=1.0),
    Way(name="one that computes", reporter="Computes"),
    Way(name="one that keeps Python", reporter="Keeps", left_out_seconds=1.0),
    *(Way(name=f"report {kind}", report=f"{kind}=report.{kind}") for kind in REPORTS),
)
COMPARED = (
    ("records / none", "records", "no records"),
    ("none / none", "the same again", "records"),
    ("one / none", "a reporter", "records"),
    ("one that raises / none", "one that raises", "records"),
    ("one that crashes / none", "one that crashes", "records"),
    ("one that blocks / none", "one that blocks", "records"),
    ("one that is heavy / none", "one that is heavy", "records"),
    ("one that computes / none", "one that computes", "records"),
    ("one that keeps Python / none", "one that keeps Python", "records"),
    *((f"report {kind} / none", f"report {kind}", "records") for kind in REPORTS),
)


def of_reporters(rounds: int, graph: Graph | None = None) -> Outcome:
    """One warm-up each, then the rounds."""
    graph = graph or wide(JOBS)
    outcome = Outcome(name="reporters", title=f"{len(graph.jobs):,} times /bin/true, and who listens", facts={"slots": SLOTS})
    outcome.rows = {f"{way.name}{kind}": [] for way in WAYS for kind in ("", ", processors")}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environ = _prepare(graph, folder)
        watch = Watch()
        for round_number in range(rounds + 1):
            for way in WAYS if round_number % 2 else reversed(WAYS):
                wall, processors = _run(way, folder / "work", environ)
                if round_number:
                    outcome.rows[way.name].append(wall - way.left_out_seconds)
                    outcome.rows[f"{way.name}, processors"].append(processors)
        outcome.quietness = watch.end()
    for figure, one, other in COMPARED:
        for kind in ("", ", processors"):
            ratios = [x / y for x, y in zip(outcome.rows[one + kind], outcome.rows[other + kind], strict=True)]
            outcome.figures[f"reporters: {figure}{kind}"] = statistics.median(ratios)
            outcome.facts[f"{figure}{kind}"] = _quartiles(ratios)
    return outcome


def _quartiles(ratios: list[float]) -> str:
    """Between which the half of the rounds is that is nearest to the middle."""
    first, _, third = statistics.quantiles(ratios, n=4, method="inclusive") if len(ratios) > 1 else ratios * 3
    return f"{first:.3f} to {third:.3f}"


def _prepare(graph: Graph, folder: Path) -> Mapping[str, str]:
    """The graph, and a package with reporters that is installed; the environment to run in."""
    (folder / "work").mkdir()
    PEERS[0].write(graph, folder / "work")
    info = folder / "site" / "listeners-1.0.dist-info"
    info.mkdir(parents=True)
    (folder / "site" / "listeners.py").write_text(MODULE)
    lines = "".join(f"{name} = listeners:{name}\n" for name in REPORTERS)
    (info / "entry_points.txt").write_text(f"[paratask.reporters]\n{lines}")
    before = os.environ.get("PYTHONPATH", "")
    return {**PEERS[0].environ(), "PYTHONPATH": f"{folder / 'site'}{os.pathsep}{before}".rstrip(os.pathsep)}


def _run(way: Way, folder: Path, environ: Mapping[str, str]) -> tuple[float, float]:
    """Seconds of wall time and of processors. Raises when it fails, or keeps records where it should not."""
    kept = _runs(folder)
    argv = [
        sys.executable,
        "-c",
        way.code,
        *PEERS[0].argv(SLOTS),
        "--reporter",
        way.reporter,
        *(["--report", way.report] if way.report else []),
    ]
    before, started = _children_seconds(), time.perf_counter()
    done = subprocess.run(
        argv, cwd=folder, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
    )
    wall, processors = time.perf_counter() - started, _children_seconds() - before
    if done.returncode != 0:
        raise SystemExit(f"{way.name}: exited with {done.returncode}:\n{done.stderr.decode(errors='replace')}")
    if (_runs(folder) == kept) != (way.code is WITHOUT_RECORDS):
        raise SystemExit(f"{way.name}: records are not as they should be")
    return wall, processors


def _runs(folder: Path) -> set[Path]:
    return set((folder / ".paratask" / "runs").glob("*/*"))


def _children_seconds() -> float:
    return sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])


def main() -> int:
    outcome = of_reporters(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
    print_outcome(outcome)
    for name, value in outcome.figures.items():
        print(f"  {name:50} {value:9.3f}   half of the rounds {outcome.facts[name.removeprefix('reporters: ')]}")
    lines, good = verdicts(outcome.figures, frozenset(outcome.figures) if outcome.is_busy else frozenset())
    print("\n".join(("bars:", *lines)))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
