"""The benchmarks' graphs are the same work for every peer: each runs each command once, and after those that it waits for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from bars import BARS, Bar, verdicts
from graphs import Graph, Job, chain, random_graph, waiting, wide
from peers import PEERS
from plot import render_plot
from rounds import Outcome

GRAPHS = (wide(6), chain(5), random_graph(1, fewest=12, most=12))


def telling(graph: Graph) -> Graph:
    """The same edges, with commands that say when they start and end: by a program, which writes its line in one go."""
    jobs = tuple(
        Job(name=job.name, command=f"/bin/echo start {job.name} >> told; /bin/echo end {job.name} >> told", after=job.after)
        for job in graph.jobs
    )
    return Graph(name=graph.name, jobs=jobs)


@pytest.mark.slow
@pytest.mark.parametrize("graph", GRAPHS, ids=lambda graph: graph.name)
@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_a_peer_runs_each_command_once_and_keeps_the_order(peer, graph, tmp_path):
    if why_not := peer.why_not(graph):
        pytest.skip(f"{peer.name}: {why_not}")
    told = telling(graph)
    peer.write(told, tmp_path)
    for attempt in (1, 2):  # nothing that was kept from a first time spares a command
        subprocess.run(
            peer.command(3),
            cwd=tmp_path,
            env=peer.environ(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
            timeout=100,
        )
        lines = (tmp_path / "told").read_text().splitlines()
        (tmp_path / "told").unlink()
        assert sorted(lines) == sorted(f"{what} {job.name}" for job in told.jobs for what in ("start", "end")), attempt
        at = {line: place for place, line in enumerate(lines)}
        late = [(job.name, name) for job in told.jobs for name in job.after if at[f"start {job.name}"] < at[f"end {name}"]]
        assert not late, attempt


def test_a_graph_knows_its_lower_bound():
    graph = waiting("five", 0.5, ((), (), (), (0, 1), (3,)))
    assert graph.last == ("t2", "t4")
    assert (graph.work, graph.critical_path) == (2.5, 1.5)
    assert (graph.lower_bound(1), graph.lower_bound(2), graph.lower_bound(8)) == (2.5, 1.5, 1.5)
    assert not graph.is_independent


def test_who_knows_no_order_is_given_independent_work_only():
    parallel = next(peer for peer in PEERS if peer.name == "parallel")
    assert parallel.why_not(chain(2)) in ("knows no order", "not installed")


@pytest.mark.parametrize(
    ("bar", "value", "missed"),
    [
        (Bar(figure="f", at_most=2.0), 2.0, 0.0),
        (Bar(figure="f", at_most=2.0), 3.0, 0.5),
        (Bar(figure="f", at_least=4.0), 4.0, 0.0),
        (Bar(figure="f", at_least=4.0), 3.0, 0.25),
    ],
)
def test_a_bar_says_by_how_much_it_is_missed(bar, value, missed):
    assert bar.missed_by(value) == missed


def test_what_must_be_less_is_missed_by_being_equal():
    assert Bar(figure="f", at_most=1.0, strictly=True).missed_by(1.0) > 0


def test_each_bar_has_a_line_and_a_busy_machine_is_named():
    hello = BARS[0].figure
    lines, good = verdicts({hello: 1.1, "memory: megabytes at 1,000 jobs": 30.0}, frozenset([hello]))
    assert not good
    assert [" ".join(line.split()) for line in lines] == [
        "hello: paratask / task 1.100 <= 1 missed by 10.0% (busy: not a measurement)",
        "memory: megabytes at 1,000 jobs 30.000 < 60 reached",
    ]


def test_the_plot_has_a_row_for_each_peer_and_an_axis_that_fits():
    outcome = Outcome(name="a", title="a & b", rows={"paratask": [0.5, 0.6], "turbo": [50.0]})
    text = render_plot([outcome], {"cores": 2, "system": "Linux", "python": "3.11"})
    assert "a &amp; b" in text
    assert "seconds, logarithmic" in text
    assert text.count("<circle") == 2
