"""What `--stats` shows: a table for people, as wide as the terminal bears, or values for JSON; see docs/reference.md for its keys.

Pure text. Columns that do not fit are left out, the least telling first, and the last line says which.
"""

from __future__ import annotations

from paratask.amounts import NONE, shown_bytes
from paratask.frozen import dataclass
from paratask.names import WORTH_SAYING_SECONDS, cut, shown_seconds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from paratask.planning.statistics import Rate, TaskStatistics, Totals
    from paratask.reporting.colors import Paint

SLOWER = 0.1
SHORTEST_NAME = 12
GAP = "  "
FEW = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. `rank` says which go first where there is no room: the highest."""

    title: str
    cell: Callable[[TaskStatistics], str]
    rank: int
    color: Callable[[TaskStatistics], str] = lambda _: ""


COLUMNS = (
    Column(title="runs", cell=lambda t: str(t.runs), rank=2),
    Column(title="last", cell=lambda t: time_cell(t.last_seconds), rank=4),
    Column(title="median", cell=lambda t: time_cell(t.median_seconds), rank=1),
    Column(title="p95", cell=lambda t: time_cell(t.p95_seconds), rank=6),
    Column(title="trend", cell=lambda t: _shown_trend(t.trend), rank=5, color=lambda t: _trend_color(t.trend)),
    Column(title="ok", cell=lambda t: _shown_rate(t.success), rank=3, color=lambda t: _rate_color(t.success)),
    Column(title="beside", cell=lambda t: _shown_rate(t.success_beside), rank=7, color=lambda t: _rate_color(t.success_beside)),
    Column(title="alone", cell=lambda t: _shown_rate(t.success_alone), rank=8, color=lambda t: _rate_color(t.success_alone)),
    Column(title="cores", cell=lambda t: NONE if t.cores is None else f"{t.cores:.1f}", rank=10),
    Column(title="memory", cell=lambda t: shown_bytes(t.peak_bytes), rank=9),
    Column(title="saved", cell=lambda t: saved_cell(t.saved_seconds), rank=11),
    Column(title="recovery", cell=lambda t: time_cell(t.recovery_seconds or None), rank=12),
)


def stats_document(
    tasks: Sequence[TaskStatistics], totals: Totals, pairs: Sequence[tuple[str, str, float]]
) -> dict[str, object]:
    """Plain values for JSON."""
    return {
        "schema": 1,
        "runs": totals.runs,
        "succeeded_runs": totals.succeeded,
        "stopped_runs": totals.stopped,
        "killed_runs": totals.killed,
        "seconds": round(totals.seconds, 3),
        "saved_seconds": round(totals.saved_seconds, 3),
        "recovery_seconds": round(totals.recovery_seconds, 3),
        "predictions": totals.predictions,
        "prediction_error": _rounded(totals.prediction_error),
        "tasks": [_entry(task) for task in tasks],
        "apart": [{"tasks": [first, second], "at": at} for first, second, at in pairs],
    }


def _entry(task: TaskStatistics) -> dict[str, object]:
    return {
        "task": task.task,
        "runs": task.runs,
        "last_seconds": _rounded(task.last_seconds),
        "median_seconds": _rounded(task.median_seconds),
        "p95_seconds": _rounded(task.p95_seconds),
        "trend": _rounded(task.trend),
        "success": _rate_entry(task.success),
        "success_beside": _rate_entry(task.success_beside),
        "success_alone": _rate_entry(task.success_alone),
        "cores": _rounded(task.cores),
        "peak_memory_bytes": task.peak_bytes,
        "saved_seconds": round(task.saved_seconds, 3),
        "recovery_seconds": round(task.recovery_seconds, 3),
    }


def _rate_entry(rate: Rate) -> dict[str, object]:
    return {"attempts": rate.attempts, "passed": rate.passed}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def render_stats(
    tasks: Sequence[TaskStatistics],
    totals: Totals,
    pairs: Sequence[tuple[str, str, float]],
    *,
    unknown: Mapping[str, str],
    width: int,
    paint: Paint,
) -> str:
    """`unknown` are tasks that were asked for and never ran, each with what may have been meant; `width` is the terminal's."""
    lines = _table(tasks, width, paint) if tasks else []
    lines += [f"no run of `{name}` is known{meant}" for name, meant in unknown.items()]
    if not totals.runs and not unknown:
        lines.append("no run is known yet")
    if totals.runs:
        lines += [*([""] if lines else []), _totals(totals, paint)]
    lines += [f"kept apart: `{first}` and `{second}`, which failed beside each other" for first, second, _ in pairs]
    if pairs:
        lines.append("help: `paratask --forget-conflicts TASK TASK` lets two tasks run side by side again")
    return "\n".join(lines) + "\n"


def _table(tasks: Sequence[TaskStatistics], width: int, paint: Paint) -> list[str]:
    telling = [column for column in COLUMNS if any(column.cell(task) != NONE for task in tasks)]
    widths = {column: _wide(column, tasks) for column in telling}
    columns = _fitting(widths, tasks, width)
    room = width - sum(widths[column] + len(GAP) for column in columns)
    names = [cut(task.task, max(SHORTEST_NAME, room)) for task in tasks]
    longest = max(len("task"), *map(len, names))
    head = GAP.join(["task".ljust(longest), *(column.title.rjust(widths[column]) for column in columns)])
    lines = [paint("cyan", head)]
    for name, task in zip(names, tasks, strict=True):
        cells = [paint("green", name) + " " * (longest - len(name))]
        for column in columns:
            cell = column.cell(task).rjust(widths[column])
            color = column.color(task)
            cells.append(paint(color, cell) if color else cell)
        lines.append(GAP.join(cells))
    left_out = [column.title for column in telling if column not in columns]
    if left_out:
        lines.append(f"no room for: {', '.join(left_out)}; --json has all")
    return lines


def _fitting(widths: Mapping[Column, int], tasks: Sequence[TaskStatistics], width: int) -> list[Column]:
    """As many columns as there is room for beside the names."""
    names = min(max(len(task.task) for task in tasks), max(SHORTEST_NAME, width // 3))
    chosen = list(widths)
    while len(chosen) > 1 and names + sum(widths[column] + len(GAP) for column in chosen) > width:
        chosen.remove(max(chosen, key=lambda column: column.rank))
    return chosen


def _wide(column: Column, tasks: Sequence[TaskStatistics]) -> int:
    return max(len(column.title), *(len(column.cell(task)) for task in tasks))


def _totals(totals: Totals, paint: Paint) -> str:
    failed = totals.runs - totals.succeeded - totals.stopped - totals.killed
    parts = [f"{totals.runs} run{'' if totals.runs == 1 else 's'} in {shown_seconds(totals.seconds)}"]
    if failed:
        parts.append(paint("red", f"{failed} failed"))
    if totals.stopped:
        parts.append(paint("yellow", f"{totals.stopped} stopped"))
    if totals.killed:
        parts.append(paint("red", f"{totals.killed} killed"))
    if totals.saved_seconds >= WORTH_SAYING_SECONDS:
        parts.append(paint("green", f"{shown_seconds(totals.saved_seconds)} saved by running side by side"))
    if totals.recovery_seconds >= WORTH_SAYING_SECONDS:
        parts.append(f"{shown_seconds(totals.recovery_seconds)} for running again what failed")
    if totals.prediction_error is not None:
        parts.append(_predictions(totals.predictions, totals.prediction_error))
    if totals.runs < FEW:
        parts.append("too few to say much")
    return "; ".join(parts)


def _predictions(count: int, error: float) -> str:
    """How good they were. Wrong by more than all that a run took can only be one that is too long, and is told by how many times it is."""
    wrong = f"wrong by {100 * error:.0f} %" if error <= 1 else f"{1 + error:.1f} times as long as it took"
    return f"1 prediction, {wrong}" if count == 1 else f"{count} predictions, {wrong} (median)"


def time_cell(seconds: float | None) -> str:
    """A time in a table; a dash for none."""
    return NONE if seconds is None else shown_seconds(seconds)


def saved_cell(seconds: float | None) -> str:
    """The same of what was saved; a dash for what would be shown as nothing."""
    return time_cell(seconds if seconds and seconds >= 0.005 else None)


def _shown_trend(trend: float | None) -> str:
    return NONE if trend is None else f"{round(100 * trend):+d} %"


def _trend_color(trend: float | None) -> str:
    if trend is None or abs(trend) < SLOWER:
        return ""
    return "yellow" if trend > 0 else "green"


def _shown_rate(rate: Rate) -> str:
    """A share, rounded down so that only all is 100 %; of how many, where they are few."""
    if rate.share is None:
        return NONE
    return f"{rate.passed}/{rate.attempts}" if rate.attempts < 2 * FEW else f"{int(100 * rate.share)} %"


def _rate_color(rate: Rate) -> str:
    return "red" if rate.share is not None and rate.share < 1 else ""
