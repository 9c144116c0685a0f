"""`--stats` as a table that fits, and as JSON."""

from __future__ import annotations

import pytest

from paratask.frozen import replace
from paratask.planning.statistics import Rate, TaskStatistics, Totals
from paratask.reporting.stats_text import Column, render_stats, saved_cell, stats_document, time_cell
from unit.builders import marked, plain

NOTHING = Rate(passed=0, attempts=0)
NONE = Totals(
    runs=0,
    succeeded=0,
    stopped=0,
    killed=0,
    seconds=0.0,
    saved_seconds=0.0,
    recovery_seconds=0.0,
    predictions=0,
    prediction_error=None,
)


def task(name: str, **fields: object) -> TaskStatistics:
    values: dict[str, object] = {
        "task": name, "runs": 20, "last_seconds": 1.5, "median_seconds": 1.25, "p95_seconds": 2.0, "trend": 0.2,
        "success": Rate(passed=19, attempts=20), "success_beside": Rate(passed=9, attempts=10),
        "success_alone": Rate(passed=10, attempts=10), "cores": 1.75, "peak_bytes": 300 << 20, "saved_seconds": 70.0,
        "recovery_seconds": 1.0,
    }  # fmt: skip
    return TaskStatistics(**{**values, **fields})  # type: ignore[arg-type]


FRESH = task(
    "unit-tests", runs=1, last_seconds=None, median_seconds=None, p95_seconds=None, trend=None, success=Rate(passed=0, attempts=1),
    success_beside=NOTHING, success_alone=Rate(passed=0, attempts=1), cores=None, peak_bytes=0, saved_seconds=0.0, recovery_seconds=0.0,
)  # fmt: skip
WHOLE = Totals(
    runs=9, succeeded=6, stopped=2, killed=0, seconds=100.0, saved_seconds=75.0, recovery_seconds=2.0, predictions=7,
    prediction_error=0.052,
)  # fmt: skip
TOTALS_LINE = (
    "9 runs in 1 min 40 s; 1 failed; 2 stopped; 1 min 15 s saved by running side by side; 2.0 s for running again what failed;"
    " 7 predictions, wrong by 5 % (median)"
)


def rendered(tasks, *, totals=WHOLE, pairs=(), unknown=None, width=200, paint=plain) -> list[str]:
    return render_stats(tasks, totals, pairs, unknown=unknown or {}, width=width, paint=paint).splitlines()


def test_table_is_aligned() -> None:
    assert rendered([task("lint"), FRESH]) == [
        "task        runs   last  median    p95  trend    ok  beside  alone  cores  memory       saved  recovery",
        "lint          20  1.5 s   1.2 s  2.0 s  +20 %  95 %    90 %  100 %    1.8   300 M  1 min 10 s     1.0 s",
        "unit-tests     1      -       -      -      -   0/1       -    0/1      -       -           -         -",
        "",
        TOTALS_LINE,
    ]


@pytest.mark.parametrize(
    ("predictions", "error", "words"),
    [
        (1, 0.05, "1 prediction, wrong by 5 %"),
        (1, 5.2, "1 prediction, 6.2 times as long as it took"),
        (3, 1.5, "3 predictions, 2.5 times as long as it took (median)"),
    ],
)
def test_a_prediction_was_said_to_be_wrong_by_520_percent(predictions: int, error: float, words: str) -> None:
    (line,) = rendered([], totals=replace(NONE, runs=9, succeeded=9, predictions=predictions, prediction_error=error))
    assert line == f"9 runs in 0.00 s; {words}"


@pytest.mark.parametrize("width", [20, 40, 60, 80, 100])
def test_table_fits_a_narrow_terminal(width: int) -> None:
    lines = rendered([task("lint"), task("a-task-with-a-rather-long-name-for-its-place")], width=width)
    table = lines[: lines.index("")]
    assert max(len(line) for line in table[:-1]) <= width
    assert table[-1].startswith("no room for: ")
    assert table[-1].endswith("; --json has all")


def test_columns_that_tell_nothing_are_not_missed() -> None:
    assert rendered([FRESH])[:2] == ["task        runs   ok  alone", "unit-tests     1  0/1    0/1"]


def test_what_is_bad_is_seen() -> None:
    line = rendered([task("lint")], paint=marked)[1]
    assert "<green>lint</>" in line
    assert "<yellow>+20 %</>" in line
    assert "<red>95 %</>" in line
    assert "100 %</>" not in line


@pytest.mark.parametrize(("trend", "shown"), [(0.05, "+5 %"), (-0.3, "<green>-30 %</>"), (-0.001, "+0 %")])
def test_trend_is_coloured_where_it_is_one(trend: float, shown: str) -> None:
    assert shown in rendered([task("lint", trend=trend)], paint=marked)[1]


def test_runs_that_were_killed_are_counted_apart() -> None:
    line = rendered([], totals=replace(WHOLE, killed=1))[-1]
    assert line.startswith("9 runs in 1 min 40 s; 2 stopped; 1 killed; ")


def test_little_data_is_said_to_be_little() -> None:
    few = replace(NONE, runs=1, succeeded=1, seconds=2.0)
    assert rendered([], totals=few, unknown={"nope": ""}) == [
        "no run of `nope` is known", "", "1 run in 2.0 s; too few to say much",
    ]  # fmt: skip


def test_nothing_is_known_yet() -> None:
    assert rendered([], totals=NONE) == ["no run is known yet"]
    assert rendered([], totals=NONE, unknown={"a": " (did you mean `b`?)"}) == ["no run of `a` is known (did you mean `b`?)"]


def test_pairs_that_are_kept_apart() -> None:
    assert rendered([task("lint")], pairs=[("a", "b", 1.0)])[-2:] == [
        "kept apart: `a` and `b`, which failed beside each other",
        "help: `paratask --forget-conflicts TASK TASK` lets two tasks run side by side again",
    ]


def test_document() -> None:
    assert stats_document([FRESH], WHOLE, [("a", "b", 1.5)]) == {
        "schema": 1, "runs": 9, "succeeded_runs": 6, "stopped_runs": 2, "killed_runs": 0, "seconds": 100.0, "saved_seconds": 75.0, "recovery_seconds": 2.0,
        "predictions": 7, "prediction_error": 0.052, "apart": [{"tasks": ["a", "b"], "at": 1.5}],
        "tasks": [
            {
                "task": "unit-tests", "runs": 1, "last_seconds": None, "median_seconds": None, "p95_seconds": None, "trend": None,
                "success": {"attempts": 1, "passed": 0}, "success_beside": {"attempts": 0, "passed": 0},
                "success_alone": {"attempts": 1, "passed": 0}, "cores": None, "peak_memory_bytes": 0, "saved_seconds": 0.0,
                "recovery_seconds": 0.0,
            }
        ],
    }  # fmt: skip


def test_no_time_is_a_dash() -> None:
    assert (time_cell(None), time_cell(0.0)) == ("-", "0.00 s")
    assert (saved_cell(None), saved_cell(0.004), saved_cell(0.005)) == ("-", "-", "0.01 s")


def test_each_cell_of_a_large_table_is_made_few_times(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    column = Column(title="runs", cell=lambda row: made.append(row.task) or "1", rank=1)
    monkeypatch.setattr("paratask.reporting.stats_text.COLUMNS", (column,))
    rendered([task(f"t{number}") for number in range(300)])
    assert len(made) <= 4 * 300
