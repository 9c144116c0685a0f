"""No line of the live view is wider than the terminal, nor are there more lines than fit, whatever there is to show."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from paratask.reporting.live_lines import Room, rows_for, scene_lines
from paratask.reporting.live_model import Running, Scene, Waiting
from paratask.reporting.live_texts import ASCII_MARKS, MARKS

NAMES = st.text(max_size=40) | st.sampled_from(("lint", "テスト" * 9, "\x1b[2J", "e\u0301" * 20, "👩‍👩‍👧" * 5, "\ud800"))
SECONDS = st.floats(0, 1e6)
SCENES = st.builds(
    Scene,
    running=st.lists(st.builds(Running, name=NAMES, seconds=SECONDS, expected=st.none() | SECONDS), max_size=30).map(tuple),
    waiting=st.lists(st.builds(Waiting, name=NAMES, why=NAMES, others=st.integers(0, 999)), max_size=8).map(tuple),
    waiting_count=st.integers(0, 9999),
    ended=st.integers(0, 9999),
    known=st.integers(0, 9999),
    failed=st.lists(NAMES, max_size=3).map(tuple),
    seconds=SECONDS,
    left_seconds=st.none() | SECONDS,
    cores=st.tuples(SECONDS, SECONDS),
    load=st.tuples(st.integers(0, 9999), SECONDS),
    memory=st.tuples(st.integers(0, 1 << 50), st.integers(0, 1 << 50)),
    own_memory=st.tuples(st.integers(0, 1 << 50), st.integers(0, 1 << 50)),
)


@given(SCENES, st.integers(1, 200), st.integers(1, 70), st.sampled_from((MARKS, ASCII_MARKS)))
def test_it_fits(scene, columns, lines, marks):
    drawn = scene_lines(scene, Room(columns=columns, lines=lines), marks)
    assert len(drawn) <= max(0, min(rows_for(lines), lines - 1))
    for line in drawn:
        text = "".join(piece for _, piece in line)
        assert cell_len(text) <= columns
        assert text.isprintable()


@given(SCENES, st.integers(2, 70))
def test_how_far_the_run_is_can_always_be_seen(scene, lines):
    last = scene_lines(scene, Room(columns=80, lines=lines), MARKS)[-1]
    assert f"{scene.ended}/{scene.known} jobs in " in "".join(piece for _, piece in last)


@given(SCENES, st.integers(20, 200), st.integers(2, 70))
def test_what_is_not_named_is_counted(scene, columns, lines):
    named = sum(1 + wait.others for wait in scene.waiting)
    drawn = ["".join(piece for _, piece in line) for line in scene_lines(scene, Room(columns=columns, lines=lines), MARKS)]
    if scene.waiting_count > named and len(drawn) > len(scene.running) + 1:
        assert any(line.startswith("   and ") for line in drawn)
