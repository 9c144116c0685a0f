"""`--runs`, `--why` and `--prune`: the runs that are kept, why a job of one came to what it did, and making them fewer. Runs nothing."""

from __future__ import annotations

import os
import sys
import time

from paratask.cli.looking_back.meant import Meant
from paratask.cli.looking_back.state import find_state, names_of
from paratask.cli.on_terminal import fitted
from paratask.cli.setup import painter_for, warn
from paratask.errors import OptionError, ParataskError, UsageError
from paratask.records.database import LOCKED
from paratask.records.history import TRY_AGAIN, History
from paratask.records.logs import goes_on, old_runs, prune_runs
from paratask.records.present import UNKNOWN
from paratask.records.runs import kept_runs, read_run, run_ids
from paratask.reporting.present_text import doing
from paratask.reporting.runs_text import Told, render_runs, render_why, run_entry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from paratask.cli.options import Typed
    from paratask.execution.workbench import Workbench
    from paratask.records.runs import KeptRun


def records_command(typed: Typed) -> int:
    """Whichever of them was asked for: the exit code. Raises ParataskError."""
    bench, state = find_state(typed)
    if typed.flag("why"):
        return _why(typed, bench, state)
    return _prune(typed.text("prune"), state) if typed.text("prune") else _show(typed, bench, state)


def _show(typed: Typed, bench: Workbench | None, state: str) -> int:
    """`--runs`: list the kept runs of the named tasks, by whatever name they were called, or all runs."""
    wanted = [Meant(name, bench) for name in names_of(typed)]
    entries = [
        run_entry(kept.run, kept.result, so_far(kept), depth=kept.depth)
        for kept in kept_runs(state)
        if not wanted or any(meant.task(str(call)) for meant in wanted for call in kept.document.get("calls", ()))
    ]
    if typed.flag("json"):
        import json

        sys.stdout.write(json.dumps({"schema": 1, "runs": entries}, indent=2, ensure_ascii=False) + "\n")
        return 0
    named = " or ".join(f"`{name}`" for name in names_of(typed))
    none = f"no run of {named} is kept\n" if named else "no run is kept\n"
    sys.stdout.write(render_runs(entries, moment=_moment, paint=painter_for(typed, 1)) if entries else none)
    return 0


def so_far(kept: KeptRun) -> Mapping[str, Any]:
    """A run's document. One that goes on has taken the time until now, and not only until something last happened in it."""
    began = kept.document.get("started_at")
    if kept.result != "running" or not began:
        return kept.document
    now = time.time()
    return {**kept.document, "ended_at": now, "seconds": round(now - began, 6)}


def _why(typed: Typed, bench: Workbench | None, state: str) -> int:
    """`--why TASK…`: explain its jobs in the newest run that has some, or in the run that was named. The exit code: 1 where
    there is none.
    """
    if not names_of(typed):
        raise UsageError("--why needs a task", help="`paratask --why TASK`")
    missing = 0
    for name in names_of(typed):
        meant = Meant(name, bench)
        found = next(runs_with(typed, state, meant), None)
        if found is None:
            sys.stderr.write(f"paratask: {meant.not_kept()}\n")
            missing = 1
            continue
        told, jobs = Told(found.lines()), [job for job in found.jobs if meant.job(job)]
        say_doubt(meant, jobs)
        until, is_running = float(so_far(found).get("ended_at") or 0.0), found.result == "running"
        for job in jobs:
            lines = told.all_of(str(job["id"]))
            now = doing(job, found.present or UNKNOWN, lines, found.jobs, at=until, goes_on=is_running)
            sys.stdout.write(fitted(render_why(found.run, found.result, job, told, paint=painter_for(typed, 1), now=now)))
    return missing


def say_doubt(meant: Meant, jobs: Sequence[Mapping[str, Any]]) -> None:
    """Where these are more than may have been meant."""
    if doubt := meant.doubt(jobs):
        sys.stderr.write(f"paratask: {doubt}\n")


def runs_with(typed: Typed, state: str, meant: Meant) -> Iterator[KeptRun]:
    """Runs that have a job that is meant, newest first. Raises UsageError."""
    named = typed.text("run")
    if named and not _is_run(state, named):
        raise UsageError(f"there is no run `{named}`", help="`paratask --runs` lists those that are kept")
    one = read_run(os.path.join(state, "runs", named)) if named else None
    runs = ([one] if one else []) if named else kept_runs(state)
    for kept in runs:
        if not meant.name or any(map(meant.job, kept.jobs)):
            yield kept


def _is_run(state: str, named: str) -> bool:
    return named in run_ids(state)


def _prune(newest: str, state: str) -> int:
    """Remove all runs but so many, and none that goes on. What they teach is kept. Raises OptionError."""
    if not newest.isdecimal():
        raise OptionError(f"--prune {newest} is no number of runs", help="`paratask --prune 10` keeps the newest ten")
    before = len(run_ids(state))
    history = History(state, warn=warn)
    history.learn()
    if history.is_locked:
        raise ParataskError(f"no run is removed: what they teach is to be kept in the history, and {LOCKED}", help=TRY_AGAIN)
    prune_runs(state, int(newest), spares=goes_on)
    left = run_ids(state)
    removed = before - len(left)
    sys.stdout.write(f"{removed} run{'' if removed == 1 else 's'} removed, {len(left)} kept\n")
    stuck = [run for run in old_runs(left[::-1], int(newest)) if not goes_on(os.path.join(state, "runs", run))]
    if stuck:
        warn(
            f"{len(stuck)} could not be removed from {os.path.relpath(os.path.join(state, 'runs'))}: is it yours, and writable?"
        )
    return 1 if stuck else 0


def _moment(at: float) -> str:
    """A moment for the table, short enough for 80 columns: of today the time, else the day. The run's id has all of it."""
    then, now = time.localtime(at), time.localtime()
    if then[:3] == now[:3]:
        return time.strftime("%H:%M:%S", then)
    return time.strftime("%m-%d %H:%M" if then.tm_year == now.tm_year else "%Y-%m-%d", then)
