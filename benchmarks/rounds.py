"""Any number of peers in turn, A B C … A B C …, in one run on one graph: medians, spread, and the ratio to paratask round by round."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from graphs import Graph
from peers import PEERS, Peer
from quiet import Quietness, Watch

PATIENCE_SECONDS = 15.0
"""How long all rounds of one peer may take."""


@dataclass(kw_only=True)
class Outcome:
    """What a case found. `figures` are the numbers that bars are about, each under a name of its own."""

    name: str
    title: str
    unit: str = "seconds"
    rows: dict[str, list[float]] = field(default_factory=dict)
    ratios: dict[str, list[float]] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    facts: dict[str, object] = field(default_factory=dict)
    figures: dict[str, float] = field(default_factory=dict)
    quietness: Quietness | None = None

    @property
    def is_busy(self) -> bool:
        return self.quietness is not None and self.quietness.is_busy

    def as_data(self) -> dict[str, object]:
        """For JSON."""
        return {
            "name": self.name,
            "title": self.title,
            "unit": self.unit,
            "quietness": self.quietness.as_data() if self.quietness else None,
            "rows": {name: spread(values) for name, values in self.rows.items()},
            "paratask_divided_by": {name: spread(values) for name, values in self.ratios.items()},
            "skipped": self.skipped,
            "facts": self.facts,
            "figures": {name: round(value, 4) for name, value in self.figures.items()},
        }


def print_outcome(outcome: Outcome) -> None:
    """Its numbers, and whether they are a measurement."""
    quietness = outcome.quietness
    busy = (
        f"busy: others took {quietness.before} cores before, {quietness.during} during" if quietness and outcome.is_busy else ""
    )
    print(f"{outcome.title} ({outcome.unit})" + (f"  [{busy}; not a measurement]" if busy else ""))
    for name, values in outcome.rows.items():
        found = spread(values)
        line = f"  {name:26} median {found['median']:9.4g}   {found['min']:9.4g} to {found['max']:9.4g}"
        if name in outcome.ratios:
            line += f"   paratask takes {spread(outcome.ratios[name])['median']:.2f} times as long"
        print(line)
    for name, why in outcome.skipped.items():
        print(f"  {name:26} left out: {why}")
    sys.stdout.flush()


def spread(values: Sequence[float]) -> dict[str, float | int]:
    """Median and extremes."""
    return {
        "rounds": len(values),
        "min": round(min(values), 4),
        "median": round(statistics.median(values), 4),
        "max": round(max(values), 4),
    }


def compare(title: str, graph: Graph, *, slots: int, rounds: int, peers: Sequence[Peer] = PEERS) -> Outcome:
    """One warm-up each, then the rounds. Ratios are taken within a round, where the machine was the same for both."""
    outcome = Outcome(name=graph.name, title=title, facts={"slots": slots, "jobs": len(graph.jobs)})
    outcome.skipped = {peer.name: why for peer in peers if (why := peer.why_not(graph))}
    able = [peer for peer in peers if peer.name not in outcome.skipped]
    outcome.rows = {peer.name: [] for peer in able}
    watch = Watch()
    with tempfile.TemporaryDirectory() as place:
        for peer in able:
            (Path(place) / peer.name).mkdir()
            peer.write(graph, Path(place) / peer.name)
        wanted = {peer.name: _rounds(run(peer, Path(place) / peer.name, slots), rounds) for peer in able}
        for round_number in range(rounds):
            for peer in able:
                if round_number < wanted[peer.name]:
                    outcome.rows[peer.name].append(run(peer, Path(place) / peer.name, slots))
    outcome.quietness = watch.end()
    ours = outcome.rows["paratask"]
    for name, theirs in outcome.rows.items():
        if name != "paratask":
            outcome.ratios[name] = [x / y for x, y in zip(ours, theirs, strict=False)]
            outcome.figures[f"{graph.name}: paratask / {name}"] = statistics.median(outcome.ratios[name])
    return outcome


def _rounds(warm_up_seconds: float, rounds: int) -> int:
    """Who takes very long has fewer rounds, for the sake of all others."""
    return max(1, min(rounds, int(PATIENCE_SECONDS / warm_up_seconds)))


def run(peer: Peer, folder: Path, slots: int, *more: str) -> float:
    """Wall time of one whole process. Raises when it fails: a run that failed is no measurement."""
    argv = [*peer.command(slots), *more]
    started = time.perf_counter()
    done = subprocess.run(
        argv,
        cwd=folder,
        env=peer.environ(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    taken = time.perf_counter() - started
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(argv)} exited with {done.returncode}:\n{done.stderr.decode(errors='replace')}")
    return taken
