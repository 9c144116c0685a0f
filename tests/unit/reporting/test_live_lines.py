"""A scene as lines, and the words in them."""

from __future__ import annotations

import pytest

from paratask.execution.jobs import Job, State
from paratask.reporting.live_lines import Room, rows_for, scene_lines
from paratask.reporting.live_model import Running, Scene, Waiting
from paratask.reporting.live_region import ERASE, region_bytes
from paratask.reporting.live_texts import ASCII_MARKS, MARKS, clean, has_heading, heading, marks_for, shown_time, whole_time

SCENE = Scene(
    running=(Running(name="unit", seconds=12.0, expected=40.0), Running(name="lint", seconds=3.0, expected=2.0)),
    waiting=(
        Waiting(name="types", why="waits for a free core", others=11),
        Waiting(name="wheel", why="after docs: `docs` writes dist/** and `wheel` reads dist/**"),
    ),
    waiting_count=13,
    ended=7,
    known=23,
    failed=(),
    seconds=14.0,
    left_seconds=42.0,
    cores=(2.0, 2.0),
    load=(3, 0.0),
    memory=(5 << 30, 512 << 20),
    own_memory=(1 << 30, 0),
)  # fmt: skip


def changed(**more) -> Scene:
    return Scene(**{name: getattr(SCENE, name) for name in Scene.__slots__} | more)


def text(scene: Scene, columns: int, lines: int = 24, marks=MARKS) -> list[str]:
    return ["".join(piece for _, piece in line) for line in scene_lines(scene, Room(columns=columns, lines=lines), marks)]


def test_eighty_columns():
    assert text(SCENE, 79) == [
        " ● unit   ━━━━━━━━━━━━────────────────────────────    12 s of ~40 s",
        " ● lint   ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  3.0 s of ~2.0 s",
        " ○ types  waits for a free core (and 11 more)",
        " ○ wheel  after docs: `docs` writes dist/** and `wheel` reads dist/**",
        " 7/23 jobs in 14 s · ~42 s left · cores 2/2 · load 3 · memory 5.0 G free",
    ]


def test_forty_columns():
    assert text(SCENE, 39) == [
        " ● unit   12 s/40 s",
        " ● lint   3.0 s/2.0 s",
        " ○ types  waits for a free core (and 1…",
        " ○ wheel  after docs: `docs` writes di…",
        " 7/23 · ~42 s left · 14 s · cores 2/2",
    ]


def test_twenty_columns_and_few_lines():
    assert text(SCENE, 19, 6) == [" ● unit   12 s", " ● lint   3.0 s", " 7/23 · ~42 s left"]
    assert text(SCENE, 19, 4) == ["   and 2 more run", " 7/23 · ~42 s left"]
    assert text(SCENE, 19, 2) == [" 7/23 · ~42 s left"]
    assert text(SCENE, 19, 1) == []
    assert text(SCENE, 0, 24) == []


def test_who_waits_for_the_output_of_a_server_is_told_when_it_comes():
    def status(seconds: float, expected: float | None, columns: int = 79) -> str:
        return text(changed(running=(Running(name="dev", seconds=seconds, expected=expected),), left_seconds=None), columns)[-1]

    assert status(10.0, None) == " 7/23 jobs in 14 s · output comes as jobs end (-o prefixed: at once)"
    assert (
        status(9.9, None)
        == status(30.0, 40.0)
        == " 7/23 jobs in 14 s · cores 2/2 · load 3 · memory 5.0 G free · 512 M reserved"
    )
    assert status(10.0, None, 59) == " 7/23 · 14 s · cores 2/2 · load 3 · memory 5.0 G free"


def test_what_does_not_fit_is_counted():
    many = tuple(Running(name=f"t{number}", seconds=1.0, expected=None) for number in range(30))
    lines = text(changed(running=many), 79)
    assert len(lines) == rows_for(24) == 12
    assert lines[9:] == [" ● t9     1.0 s", "   and 20 more run", text(SCENE, 79)[-1]]
    waiting = tuple(Waiting(name=f"t{number}", why=f"after x{number}") for number in range(8))
    lines = text(changed(waiting=waiting, waiting_count=20), 79, 12)
    assert lines[2:] == [" ○ t0    after x0", " ○ t1    after x1", "   and 18 more wait", text(SCENE, 79)[-1]]


def test_without_utf_8_there_are_plain_marks():
    first, *_, last = text(SCENE, 79, marks=ASCII_MARKS)
    assert first == " * unit   ============----------------------------    12 s of ~40 s"
    assert last == " 7/23 jobs in 14 s | ~42 s left | cores 2/2 | load 3 | memory 5.0 G free"
    assert text(SCENE, 19, marks=ASCII_MARKS)[2] == " - types  waits fo~"


def test_what_is_late_and_what_failed_stands_out():
    lines = scene_lines(changed(failed=("docs",)), Room(columns=120, lines=24), MARKS)
    assert [piece for line in lines for piece in line if piece[0] in ("red", "yellow")][:1] == [("yellow", "3.0 s of ~2.0 s")]
    assert ("red", "1 failed (docs)") in lines[-1]
    assert ("red", "2 failed") in scene_lines(changed(failed=("a", "b")), Room(columns=120, lines=24), MARKS)[-1]


def test_limits_are_shown_where_there_are_some():
    line = text(changed(load=(3, 4.0), own_memory=(1 << 30, 2 << 30), left_seconds=0.4), 150)[-1]
    assert line == (
        " 7/23 jobs in 14 s · nearly done · cores 2/2 · load 3/4 · memory 5.0 G free · ours 1.0 G/2.0 G · 512 M reserved"
    )


def test_names_are_measured_as_they_are_seen_and_obey_nothing():
    wide = Running(name="日本語の名前がとても長い", seconds=1.0, expected=None)
    sly = Running(name="x\x1b[31m\nred\u200b", seconds=1.0, expected=None)
    lines = text(changed(running=(wide, sly), waiting=()), 40)
    assert lines[0] == " ● 日本語の名前が…   1.0 s"
    assert lines[1] == " ● x?[31m?red?       1.0 s"
    assert clean("tab\there") == "tab?here"


@pytest.mark.parametrize(
    ("seconds", "shown", "whole"),
    [
        (0.0, "0.0 s", "0 s"), (-1.0, "0.0 s", "0 s"), (9.94, "9.9 s", "10 s"), (9.96, "10 s", "10 s"), (59.4, "59 s", "59 s"),
        (59.6, "1 min 00 s", "1 min 00 s"), (185.0, "3 min 05 s", "3 min 05 s"), (3725.0, "1 h 02 min", "1 h 02 min"),
    ],
)  # fmt: skip
def test_times(seconds, shown, whole):
    assert shown_time(seconds) == shown
    assert whole_time(seconds) == whole


def job(state: State, **more) -> Job:
    made = Job(id=more.pop("id", "lint-py"), task="lint:py", parent="", reason="")
    made.state = state
    for name, value in more.items():
        setattr(made, name, value)
    return made


def test_headings_say_how_a_job_ended():
    def plain(_: str, line: str) -> str:
        return line

    assert heading(job(State.SUCCEEDED, own_seconds=3.14), MARKS, plain) == "✓ lint:py  3.1 s"
    assert heading(job(State.SUCCEEDED, id="lint-py.2"), MARKS, plain) == "✓ lint:py.2"
    failed = job(State.FAILED, own_seconds=5.0, failed_seconds=2.0, attempts=2, exit_status=3)
    assert heading(failed, MARKS, plain) == "✗ lint:py  3.0 s, attempt 2, exit code 3"
    assert heading(failed, ASCII_MARKS, plain) == "FAILED lint:py  3.0 s, attempt 2, exit code 3"
    assert heading(job(State.FAILED), MARKS, plain) == "✗ lint:py  failed"
    assert heading(job(State.CANCELLED), MARKS, lambda color, line: f"<{color}>{line}") == "<yellow>■ lint:py  stopped"


def test_only_what_ran_or_said_something_has_a_heading():
    assert has_heading(job(State.SUCCEEDED, has_run=True), has_output=False)
    assert has_heading(job(State.CANCELLED, has_run=True), has_output=False)
    assert not has_heading(job(State.SUCCEEDED), has_output=False)
    assert not has_heading(job(State.FRESH), has_output=True)
    assert not has_heading(job(State.CANCELLED), has_output=True)


def test_marks_are_chosen_by_the_locale():
    assert marks_for({"LANG": "en_GB.UTF-8"}) is MARKS
    assert marks_for({"LANG": "en_GB.UTF-8", "LC_ALL": "C"}) is ASCII_MARKS
    assert marks_for({}) is ASCII_MARKS


def test_the_cursor_ends_where_it_was():
    assert region_bytes(["one", "two"]) == b"\x1b[0m\r\x1b[K\r\none\x1b[K\r\ntwo\x1b[K\x1b[J\x1b[2A\r"
    assert region_bytes([]) == b""
    assert ERASE.endswith(b"\r")


@pytest.mark.parametrize("columns", [19, 29, 39, 59])
def test_times_of_a_long_run_were_cut_in_a_narrow_terminal(columns):
    jobs = (Running(name="build-a-long-name", seconds=65.0, expected=130.0), Running(name="x", seconds=4000.0, expected=None))
    first, second, *_ = text(changed(running=jobs, waiting=()), columns)
    assert first.endswith(("  1 min 05 s", "/2 min 10 s"))
    assert second.endswith("  1 h 06 min")
    assert first.startswith(" ● bui")
