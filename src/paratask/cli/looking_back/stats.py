"""`--stats` and `--forget-conflicts`: what earlier runs taught, shown, and taken back where it was wrong. Runs nothing."""

from __future__ import annotations

import sys

from paratask.cli.forecast import named_jobs, number
from paratask.cli.looking_back.meant import Meant
from paratask.cli.looking_back.state import find_state, own_name_of
from paratask.cli.on_terminal import columns, fitted
from paratask.cli.setup import painter_for, warn
from paratask.errors import ParataskError
from paratask.frozen import replace
from paratask.planning.statistics import JobRecord, RunRecord, task_statistics, totals
from paratask.records.database import UNREAD
from paratask.records.history import TRY_AGAIN, History
from paratask.records.lessons import KILLED, RUN_COLUMNS
from paratask.records.logs import INNER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from paratask.cli.options import Typed
    from paratask.planning.statistics import Totals


def history_command(typed: Typed) -> int:
    """Whichever of the two was asked for: the exit code. Raises ParataskError."""
    return show_stats(typed) if typed.flag("stats") else forget_conflicts(typed)


def show_stats(typed: Typed) -> int:
    """`--stats`: what earlier runs tell about the named tasks, or all. The exit code. Raises ParataskError."""
    from paratask.reporting.stats_text import render_stats, stats_document

    bench, state = find_state(typed)
    history = History(state, warn=warn)
    history.remembered()
    _check_read(history)  # before it says that it learns nothing
    history.learn(matters=True)
    wanted = [Meant(name, bench) for name in typed.calls]
    tasks = [task for task in task_statistics(map(_job, named_jobs(history))) if not wanted or _is_any(wanted, task.task)]
    whole = _totals([dict(zip(RUN_COLUMNS, row, strict=True)) for row in history.runs()])
    pairs = [pair for pair in history.remembered() if not wanted or _is_any(wanted, *pair[:2])]
    _check_read(history)
    if typed.flag("json"):
        import json

        sys.stdout.write(json.dumps(stats_document(tasks, whole, pairs), indent=2, ensure_ascii=False) + "\n")
        return 0
    unknown = {meant.name: meant.nearest() for meant in wanted if not any(meant.task(task.task) for task in tasks)}
    width = columns(otherwise=200)
    sys.stdout.write(fitted(render_stats(tasks, whole, pairs, unknown=unknown, width=width, paint=painter_for(typed, 1))))
    return 0


def forget_conflicts(typed: Typed) -> int:
    """`--forget-conflicts`: forget all remembered pairs, those of the one task that is named, or those between several. The
    exit code. Raises ParataskError.
    """
    bench, state = find_state(typed)
    history = History(state, warn=warn)
    forgotten = history.forget_conflicts(typed.calls, own_name=own_name_of(bench))
    _check_read(history)
    for first, second in forgotten:
        sys.stdout.write(f"`{first}` and `{second}` may run side by side again\n")
    if not forgotten:
        sys.stdout.write("no such pair is remembered\n" if typed.calls else "no pair is remembered\n")
    return 0


def _is_any(wanted: Sequence[Meant], *tasks: str) -> bool:
    return any(meant.task(task) for meant in wanted for task in tasks)


def _check_read(history: History) -> None:
    """What could not be read is not to pass for what is not there. Raises ParataskError."""
    if history.is_unread:
        raise ParataskError(UNREAD, help=TRY_AGAIN)
    if history.unread_because:
        raise ParataskError(f"the history cannot be read: {history.unread_because}")


def _job(row: Mapping[str, object]) -> JobRecord:
    return JobRecord(
        task=str(row["task"]),
        state=str(row["state"]),
        seconds=number(row["seconds"]),
        command_seconds=number(row["command_seconds"]),
        cpu_seconds=number(row["cpu_seconds"]),
        peak_bytes=int(number(row["peak_bytes"])),
        neighbours=int(number(row["neighbours"])),
        attempts=int(number(row["attempts"])),
        recovery_seconds=number(row["recovery"]),
        saved_seconds=number(row["saved"]),
    )


def _totals(rows: Sequence[Mapping[str, object]]) -> Totals:
    """Sums over the outermost runs: the time of a run inside another is part of that one's. What inner runs saved is added,
    since it made the outer ones shorter.
    """
    whole = totals([_run(row) for row in rows if not _is_inner(row)])
    saved_inside = sum(number(row["saved"]) for row in rows if _is_inner(row))
    return replace(whole, saved_seconds=whole.saved_seconds + saved_inside)


def _is_inner(row: Mapping[str, object]) -> bool:
    return str(row["run"]).endswith(INNER)


def _run(row: Mapping[str, object]) -> RunRecord:
    return RunRecord(
        seconds=number(row["seconds"]),
        exit_code=int(number(row["exit_code"])),
        was_stopped=row["stopped_by"] not in ("", KILLED),
        was_killed=row["stopped_by"] == KILLED,
        saved_seconds=number(row["saved"]),
        recovery_seconds=number(row["recovery"]),
        predicted_seconds=number(row["predicted"]) or None,
    )
