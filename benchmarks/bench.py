"""paratask against its peers and its bars, in one go. Run: `paratask bench`, or `paratask bench -- --quick` for a look.

Exits with 1 when a bar is missed, and with 2 when none is but not all were measured: the machine was busy, or a peer is missing.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import hungry
import many_jobs
import memory
import reporters
import waiting_work
from bars import unmeasured, verdicts
from graphs import chain, hello, wide
from peers import PEERS
from plot import render_plot
from rounds import Outcome, compare, print_outcome
from timing import RESULTS, machine

TWO = 2
MISSED, UNMEASURED = 1, 2


@dataclass(frozen=True, kw_only=True)
class Case:
    """One thing to measure, so many rounds (or graphs): in full, and at a look."""

    name: str
    measure: Callable[[int], Outcome]
    full: int
    quick: int = 1


CASES = (
    Case(name="hello", measure=lambda n: compare("start-up: one echo", hello(), slots=TWO, rounds=n), full=20, quick=5),
    Case(name="wide", measure=lambda n: compare("1,000 times /bin/true, 2 at once", wide(1000), slots=TWO, rounds=n), full=5),
    Case(name="chain", measure=lambda n: compare("a chain of 500 times /bin/true", chain(500), slots=TWO, rounds=n), full=5),
    Case(name="ten", measure=lambda n: waiting_work.sooner_than_one_at_a_time(waiting_work.TEN, slots=4, rounds=n), full=3),
    Case(name="five", measure=lambda n: waiting_work.sooner_than_one_at_a_time(waiting_work.FIVE, slots=4, rounds=n), full=3),
    Case(name="random", measure=waiting_work.random_graphs, full=50, quick=2),
    Case(name="many", measure=many_jobs.growth, full=3),
    Case(name="flood", measure=memory.of_a_flood, full=3),
    Case(name="hungry", measure=hungry.of_a_hungry_set, full=3),
    Case(name="memory", measure=memory.of_many_jobs, full=3),
    Case(name="reporters", measure=reporters.of_reporters, full=10, quick=2),
)


def main(argv: Sequence[str]) -> int:
    """Measures, prints, keeps, and judges."""
    asked = _arguments(argv)
    facts = {**machine(), "peers": {peer.name: peer.version() for peer in PEERS}}
    started = time.monotonic()
    outcomes: list[Outcome] = []
    for case in CASES:
        if not asked.only or case.name in asked.only:
            outcomes.append(case.measure(case.quick if asked.quick else case.full))
            print_outcome(outcomes[-1])
    figures = {name: value for outcome in outcomes for name, value in outcome.figures.items()}
    busy = frozenset(name for outcome in outcomes if outcome.is_busy for name in outcome.figures)
    lines, good = verdicts(figures, busy)
    missing = [] if asked.only else unmeasured(figures)
    lines += [f"  {figure:50} not measured: a peer is missing" for figure in missing]
    print("\n".join(("bars:", *lines)))
    print(f"{time.monotonic() - started:.0f} s; {_keep(outcomes, facts, lines, whole=not (asked.quick or asked.only))}")
    return MISSED if not good else UNMEASURED if busy or missing else 0


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--quick", action="store_true", help="a look, in a minute or two: one round of most, two random graphs")
    parser.add_argument("--only", nargs="+", choices=[case.name for case in CASES], help="these cases alone")
    return parser.parse_args(argv)


def _keep(outcomes: Sequence[Outcome], facts: Mapping[str, object], lines: Sequence[str], *, whole: bool) -> Path:
    """JSON and the plot; a look, or some cases alone, have files of their own: they do not replace what was measured."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / ("bench.json" if whole else "bench-quick.json")
    document = {
        "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "machine": facts,
        "busy": any(outcome.is_busy for outcome in outcomes),
        "bars": [" ".join(line.split()) for line in lines],
        "cases": [outcome.as_data() for outcome in outcomes],
    }
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n")
    path.with_suffix(".svg").write_text(render_plot(outcomes, facts))
    return path


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
