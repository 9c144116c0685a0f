"""Graphs: as text, and as laid out and drawn by ourselves."""

from __future__ import annotations

import sys
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paratask.reporting.exports.graph import Node, graph_of_run
from paratask.reporting.exports.graph_layout import lay_out
from paratask.reporting.exports.graph_svg import render_svg
from paratask.reporting.exports.graph_text import render_dot, render_mermaid
from unit.reporting.exports.made_up import ODD, report


def node(id: str, parent: str = "", *after: str, label: str = "", note: str = "") -> Node:  # noqa: A002
    return Node(id=id, label=label or id, parent=parent, after=after, note=note)


CI = (
    node("ci"), node("lint", "ci"), node("py", "lint"), node("web", "lint"), node("build", "ci", "lint", note="~1.0 s"),
    node("docs", "ci"), node("ship", "ci", "build", "docs"),
)  # fmt: skip


def test_dot():
    assert render_dot('a "b"', (node("x", label='back\\slash "q"'), node("y", "x", note="~1 s"), node("z", "x", "y"))) == (
        'digraph "a \\"b\\"" {\n  rankdir=LR;\n  node [shape=box, style=rounded, fontname="sans-serif"];\n'
        '  "x" [label="back\\\\slash \\"q\\""];\n  "y" [label="y\\n~1 s"];\n  "z" [label="z"];\n'
        '  "x" -> "y";\n  "y" -> "z" [style=dashed];\n}\n'
    )


def test_dot_read_entities_in_names():
    assert '  "x" [label="a &amp;amp; b"];\n' in render_dot("t", (node("x", label="a &amp; b"),))


def test_mermaid():
    assert render_mermaid("a: b", (node("x", label='<b>"#1;'), node("y", "x", note="~1 s"), node("z", "x", "y"))) == (
        '---\ntitle: "a: b"\n---\nflowchart LR\n  n0["#60;b#62;#34;#35;1#59;"]\n  n1["y<br>~1 s"]\n  n2["z"]\n'
        "  n0 --> n1\n  n1 -.-> n2\n"
    )


def test_time_goes_to_the_right_and_a_chain_stays_in_its_row():
    places = lay_out(CI)
    assert places == {
        "ci": (0, 0), "lint": (1, 0), "py": (2, 1), "web": (2, 2), "build": (3, 0), "docs": (1, 3), "ship": (4, 0),
    }  # fmt: skip


def test_those_that_wait_in_a_circle_are_drawn_all_the_same():
    assert set(lay_out((node("a", "", "b"), node("b", "", "a")))) == {"a", "b"}


@st.composite
def graphs(draw):
    nodes: list[Node] = []
    for number in range(draw(st.integers(1, 25))):
        parent = draw(st.sampled_from([""] + [one.id for one in nodes]))
        neighbours = [one.id for one in nodes if one.parent == parent]
        after = draw(st.lists(st.sampled_from(neighbours), max_size=3, unique=True)) if neighbours else []
        nodes.append(node(f"n{number}", parent, *after))
    return nodes


@given(graphs())
def test_no_two_nodes_stand_in_one_place_and_all_stand_right_of_what_comes_before(nodes):
    places = lay_out(nodes)
    assert set(places) == {one.id for one in nodes}
    assert len(set(places.values())) == len(nodes)
    for one in nodes:
        assert all(places[other][0] < places[one.id][0] for other in (*one.after, one.parent) if other)


SHAPES = {
    "flat": lambda _: (),
    "chain": lambda i: (f"n{i - 1}",) if i else (),
    "chains": lambda i: (f"n{i - 7}",) if i >= 7 else (),
    "star": lambda i: ("n0",) if i else (),
}


@pytest.mark.parametrize("shape", [*SHAPES, "nested", "tree"])
def test_three_thousand_jobs_were_drawn_for_fourteen_seconds(shape):
    """Each was compared with every row, and moved once for each of its callers."""

    def lines(count: int) -> int:
        if shape == "nested":
            nodes = [node(f"n{i}", f"n{i - 1}" if i else "") for i in range(count)]
        elif shape == "tree":
            nodes = [node(f"n{i}", f"n{(i - 1) // 2}" if i else "") for i in range(count)]
        else:
            nodes = [node("top"), *(node(f"n{i}", "top", *SHAPES[shape](i)) for i in range(count))]
        return lines_run(lambda: lay_out(nodes))

    assert lines(1600) < 5 * lines(400)


def lines_run(work) -> int:
    """How many lines of Python it takes, in the layout's module."""
    count = 0

    def trace(frame, event, _):
        nonlocal count
        if not frame.f_code.co_filename.endswith("graph_layout.py"):
            return None
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def test_svg_is_xml_and_escapes():
    drawing = ET.fromstring(render_svg(ODD, (*CI, node("odd", label=ODD + "x" * 40))))
    space = "{http://www.w3.org/2000/svg}"
    assert drawing.find(f"{space}title").text == f"graph of {ODD}".replace("\t", "\t")
    labels = ["".join(text.itertext()) for text in drawing.iter(f"{space}text")]
    assert labels[:6] == ["ci", "lint", "py", "web", "build", "~1.0 s"]
    assert labels[-1].endswith("x…")
    assert len(list(drawing.iter(f"{space}rect"))) == 1 + 8
    assert [path.get("class") for path in drawing.findall(f"{space}path")] == [
        "calls", "calls", "calls", "before", "calls", "before", "before",
    ]  # fmt: skip


def test_of_a_run():
    nodes = {one.id: one for one in graph_of_run(report(), 100)}
    assert nodes["build"].after == ("lint",)
    assert (nodes["web-test"].state, nodes["web-test"].note) == ("failed", "3.3 s")
    assert nodes["deploy"].note == "cancelled"
    assert {one.id for one in graph_of_run(report(), 5)} == {"ci", "test", "web-test", "lint"}
