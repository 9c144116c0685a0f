"""Waiting work: how near the lower bound max(critical path, work / slots) it gets, with and without learned times.

A graph is run twice in a fresh folder: first come, first served, as nothing is known of it; and with the times that the first
run has taught. Sleeps take no core, so the jobs asked for may be more than there are.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from graphs import Graph, random_graph, waiting
from peers import PEERS, Peer
from quiet import Watch
from rounds import Outcome, run

TEN = waiting("ten-independent", 0.5, ((),) * 10)
FIVE = waiting("five-dependent", 0.6, ((), (), (), (0, 1), (1, 2)))
SLOTS = 8
COMPARED = 3
"""Graphs that the peers are given too."""


def sooner_than_one_at_a_time(graph: Graph, *, slots: int, rounds: int) -> Outcome:
    """How many times sooner than the same one at a time."""
    outcome = Outcome(name=graph.name, title=f"{graph.name.replace('-', ' ')} waiting jobs, {slots} at once")
    outcome.facts = {"slots": slots, "lower_bound": graph.lower_bound(slots), "work": graph.work}
    outcome.rows = {"one at a time": [], f"{slots} at once": []}
    watch = Watch()
    with tempfile.TemporaryDirectory() as name:
        _paratask().write(graph, Path(name))
        for round_number in range(rounds + 1):
            for row, more in (("one at a time", ("--sequential",)), (f"{slots} at once", ())):
                taken = run(_paratask(), Path(name), slots, *more)
                if round_number:
                    outcome.rows[row].append(taken)
    outcome.quietness = watch.end()
    alone, beside = outcome.rows.values()
    outcome.figures[f"{graph.name}: times sooner"] = statistics.median(x / y for x, y in zip(alone, beside, strict=True))
    return outcome


def random_graphs(count: int) -> Outcome:
    """Each graph first come and learned; the peers too, for the first few."""
    outcome = Outcome(name="random-graphs", title=f"{count} random graphs of waiting work, wall / lower bound", unit="ratio")
    outcome.rows = {"paratask, learned": [], "paratask, first come": []}
    outcome.skipped = {peer.name: "not installed" for peer in _others() if peer.program is None}
    against_first_come: list[float] = []
    watch = Watch()
    for seed in range(count):
        graph = random_graph(seed)
        bound = graph.lower_bound(SLOTS)
        first, learned = _twice(graph)
        outcome.rows["paratask, first come"].append(first / bound)
        outcome.rows["paratask, learned"].append(learned / bound)
        against_first_come.append(learned / first)
        for peer in _others() if seed < COMPARED else ():
            if not peer.why_not(graph):
                outcome.rows.setdefault(peer.name, []).append(_once(peer, graph) / bound)
    outcome.quietness = watch.end()
    outcome.facts = {"slots": SLOTS, "worst_learned": round(max(outcome.rows["paratask, learned"]), 4)}
    outcome.figures = {
        "random graphs: wall / lower bound": statistics.median(outcome.rows["paratask, learned"]),
        "random graphs: learned / first come, worst": max(against_first_come),
    }
    return outcome


def _twice(graph: Graph) -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as name:
        _paratask().write(graph, Path(name))
        return run(_paratask(), Path(name), SLOTS), run(_paratask(), Path(name), SLOTS)


def _once(peer: Peer, graph: Graph) -> float:
    with tempfile.TemporaryDirectory() as name:
        peer.write(graph, Path(name))
        return run(peer, Path(name), SLOTS)


def _paratask() -> Peer:
    return PEERS[0]


def _others() -> tuple[Peer, ...]:
    return PEERS[1:]
