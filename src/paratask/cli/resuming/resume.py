"""`--resume`: go on with a run that was killed, was stopped or failed. See "Going on" in docs/design.md.

The same calls are carried out again; a job that the earlier run finished is not, where the same would run and nothing that it reads
has changed since. Where that cannot be known it runs again, unless its effects may be elsewhere.
"""

from __future__ import annotations

import os
import shlex
import sys

from paratask.cli.exec.project import commands_of
from paratask.cli.looking_back.state import find_state
from paratask.cli.recorded_run import RecordedRun
from paratask.cli.resuming.resumed import Resumed, say_what, shown_names
from paratask.cli.run import check_calls
from paratask.cli.setup import calls_of, end_leftovers, make_workbench, painter_for, run_options, shown_taskfile
from paratask.errors import TaskfileError, UsageError
from paratask.frozen import replace
from paratask.processes.running import stale_records
from paratask.records.runs import kept_runs, read_run, run_ids

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from paratask.cli.options import Typed
    from paratask.execution.workbench import Workbench
    from paratask.records.runs import KeptRun


def resume(typed: Typed) -> int:
    """The exit code. Raises ParataskError."""
    paint = painter_for(typed, 2)
    bench, state = find_state(typed, says=False)
    earlier = _earlier(typed, state)
    if earlier.result == "succeeded":
        sys.stderr.write(f"paratask: run {earlier.run} succeeded; there is nothing to go on with\n")
        return 0
    commands = commands_of(earlier.folder)
    if commands is not None:
        from paratask.cli.exec.resume import resume_commands

        return resume_commands(typed, earlier, commands)
    bench = bench or _workbench(typed, earlier.run)
    began = next((line for line in earlier.lines() if line["event"] == "RunBegan"), {})
    _check_taskfile(bench, earlier.run, began)
    _check_given(typed, earlier.run, began)
    if began.get("forced"):
        typed = _forced(typed, str(began["forced"]))
        bench = make_workbench(typed, says_oddities=False)
    options = run_options(typed, bench)
    calls = calls_of(map(str, earlier.document["calls"]))
    check_calls(bench, calls, typed)
    bench.split_commands()
    end_leftovers(bench, options, paint)
    if not typed.calls and not options.silent:
        say_what(earlier, shown_names(dict.fromkeys(call.task or "" for call in calls)))
    resumed = Resumed(bench, earlier, calls, typed, repeats_all=options.assume_yes, forced=options.forced, is_dry=options.dry)
    try:
        return RecordedRun(typed, bench, calls, options, paint, resumed=resumed).carry_out()
    finally:
        resumed.report()


def _earlier(typed: Typed, state: str) -> KeptRun:
    """The run that is named, or the newest. Raises UsageError."""
    ids = run_ids(state)
    if len(typed.calls) > 1 or (typed.calls and typed.calls[0] not in ids):
        raise UsageError(f"there is no run `{' '.join(typed.calls)}`", help="`paratask --runs` lists those that are kept")
    found = read_run(os.path.join(state, "runs", typed.calls[0])) if typed.calls else next(kept_runs(state), None)
    if found is not None and found.result == "running" and stale_records(state):
        found = read_run(found.folder)  # it was killed a moment ago, and what it was about to start had its files until now
    if found is None:
        raise UsageError("no run is kept", help="`paratask TASK` begins one")
    if found.result == "running":
        raise UsageError(f"run {found.run} goes on", help=f"`paratask --logs --run {found.run} --follow` shows it")
    if not found.lines() or not found.document["calls"]:
        raise UsageError(f"run {found.run} has no journal", help="`paratask TASK` begins anew")
    return found


def _workbench(typed: Typed, run: str) -> Workbench:
    """Of a project that could not be read a moment ago. Raises TaskfileError."""
    try:
        return make_workbench(typed)
    except TaskfileError:
        sys.stderr.write(f"paratask: run {run} cannot be gone on with as long as its Taskfile cannot be read\n")
        raise


def _forced(typed: Typed, forced: str) -> Typed:
    """A run with --force goes on as one: what it had not finished is not passed over for being up to date."""
    key = "force_all" if forced == "all" and "GENTLE_FORCE" in typed.experiments else "force"
    return replace(typed, values={**typed.values, key: True})


def _check_taskfile(bench: Workbench, run: str, began: Mapping[str, Any]) -> None:
    """Tasks of the same names may be in another Taskfile here. Raises UsageError."""
    then, now = str(began.get("taskfile", "")), shown_taskfile(bench)
    if then and then != now:
        raise UsageError(
            f"run {run} was of `{then}`, and this is `{now}`", help=f"`paratask --taskfile {shlex.quote(then)} --resume`"
        )


def _check_given(typed: Typed, run: str, began: Mapping[str, Any]) -> None:
    """Variables' values are not kept, so they have to be given again. Raises UsageError."""
    missing = [name for name in began.get("given", ()) if name not in typed.given_names]
    if missing:
        again = " ".join("-- …" if name == "CLI_ARGS" else f"{name}=…" for name in missing)
        raise UsageError(f"run {run} was given {', '.join(missing)}", help=f"`paratask --resume {again}` gives it again")
