from __future__ import annotations

from tests.unit.builders import plain

from paratask.frozen import replace
from paratask.reporting.learned_text import LearnedHazard, LearnedJob, LearnedReport, render_learned

NOTHING = LearnedReport(file="f.toml", entries=0, jobs=(), hazards=(), together=(), left_out=())


def test_nothing_seen_is_nothing_said():
    assert render_learned(NOTHING, plain) == []


def test_the_whole_report():
    report = LearnedReport(
        file="f.toml",
        entries=3,
        jobs=(
            LearnedJob(name="a", reads=12, writes=0, patterns=()),
            LearnedJob(name="long", reads=3, writes=100, patterns=("p", "q", "r", "s"), notes=("port 80",)),
        ),
        hazards=(
            LearnedHazard(first="a", second="long", kind="both write", path="x", count=1),
            LearnedHazard(first="a", second="long", kind="the first reads what the second writes", path="y", count=3),
        ),
        together=(("a", ("b", "c")),),
        left_out=(("b", "it failed"),),
    )
    assert render_learned(report, plain) == [
        "paratask: saw what 2 tasks touched; f.toml has 3 entries",
        "  a     read  12  wrote   0",
        "  long  read   3  wrote 100: p, q, r, 1 more; port 80",
        "paratask: not learned: `b`: it failed",
        "paratask: what keeps neighbours in order:",
        "  `a` before `long`: both write: x",
        "  `a` before `long`: the first reads what the second writes: y and 2 more",
        "paratask: what may run side by side now:",
        "  a beside b, c",
    ]


def test_each_pair_is_told_once():
    together = (
        ("a", ("b", "c")),
        ("b", ("a", "c")),
        ("c", ("a", "b")),
        ("d", ("e",)),
        ("e", ("d", "f")),
        ("f", ("e",)),
        ("g", ("g",)),
    )
    assert render_learned(replace(NOTHING, together=together), plain)[1:] == [
        "  a, b, c beside each other",
        "  d beside e",
        "  e beside f",
        "  g beside g",
    ]
