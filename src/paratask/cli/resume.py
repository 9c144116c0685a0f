"""`--resume`: go on with a run that was killed or failed. See "Going on" in docs/design.md.

The same calls are carried out again; a job that the earlier run finished is not, where the same would run and nothing that it reads
has changed since. Where that cannot be known it runs again, unless its effects may be elsewhere.
"""

from __future__ import annotations

import os
import sys

from paratask.claims.model import Access, Evidence
from paratask.cli.recorded_run import RecordedRun, given_names
from paratask.cli.resume_files import changed_since
from paratask.cli.run import check_calls, end_leftovers
from paratask.cli.setup import calls_of, make_workbench, painter_for, run_options
from paratask.errors import ParataskError, UsageError
from paratask.events import JobMade
from paratask.records.finished import Finished, JobKeys, finished_of
from paratask.records.runs import read_run, run_ids
from paratask.variables.ready import ReadyCall
from paratask.variables.scopes import Mode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from paratask.claims.model import Claim
    from paratask.cli.options import Typed
    from paratask.events import Event
    from paratask.execution.jobs import Job
    from paratask.execution.workbench import Workbench
    from paratask.planning.planner import Planner
    from paratask.records.finished import Key
    from paratask.records.runs import KeptRun
    from paratask.variables.ready import ReadyTask

NAMED = 5


def resume(typed: Typed) -> int:
    """The exit code. Raises ParataskError."""
    paint = painter_for(typed, 2)
    bench = make_workbench(typed)
    earlier = _earlier(typed, bench.state_dir)
    if earlier.result == "succeeded":
        sys.stderr.write(f"paratask: run {earlier.run} succeeded; there is nothing to go on with\n")
        return 0
    _check_given(typed, earlier)
    options = run_options(typed, bench)
    calls = calls_of(map(str, earlier.document["calls"]))
    check_calls(bench, calls, typed)
    end_leftovers(bench, options, paint)
    resumed = Resumed(bench, earlier, repeats_all=options.assume_yes)
    try:
        return RecordedRun(typed, bench, calls, options, paint, resumed=resumed).carry_out()
    finally:
        resumed.report()


def _earlier(typed: Typed, state: str) -> KeptRun:
    """The run that is named, or the newest. Raises UsageError."""
    ids = run_ids(state)
    if len(typed.calls) > 1 or (typed.calls and typed.calls[0] not in ids):
        raise UsageError(f"there is no run `{' '.join(typed.calls)}`", help="`paratask --runs` lists those that are kept")
    found = next(filter(None, (read_run(os.path.join(state, "runs", run)) for run in typed.calls or ids)), None)
    if found is None:
        raise UsageError("no run is kept", help="`paratask TASK` begins one")
    if found.result == "running":
        raise UsageError(f"run {found.run} goes on", help=f"`paratask --logs --run {found.run} --follow` shows it")
    if not found.lines() or not found.document["calls"]:
        raise UsageError(f"run {found.run} has no journal", help="`paratask TASK` begins anew")
    return found


def _check_given(typed: Typed, earlier: KeptRun) -> None:
    """Variables' values are not kept, so they have to be given again."""
    began = next((line for line in earlier.lines() if line["event"] == "RunBegan"), {})
    missing = [name for name in began.get("given", ()) if name not in given_names(typed)]
    if missing:
        again = " ".join("-- …" if name == "CLI_ARGS" else f"{name}=…" for name in missing)
        raise UsageError(
            f"run {earlier.run} was given {', '.join(missing)}", help=f"`paratask --resume {again}` gives it again"
        )


class Resumed:
    """What the earlier run finished. A subscriber, for the places of jobs; `planner` is the run's own."""

    planner: Planner

    def __init__(self, bench: Workbench, earlier: KeptRun, *, repeats_all: bool) -> None:
        self.run = earlier.run
        self._bench = bench
        self._finished: Mapping[Key, Finished] = finished_of(earlier)
        self._keys = JobKeys()
        self._repeats_all = repeats_all
        self._changed: dict[str, None] = {}
        self._outside: dict[str, None] = {}

    def __call__(self, event: Event) -> None:
        if isinstance(event, JobMade):
            self._keys.add(event.job, event.task, event.parent)

    async def why_done(self, job: Job, ready: ReadyTask) -> str:
        """Why the job need not run; empty where it has to, or its own rules decide: it has sources, or does nothing but call others."""
        key = self._keys.of(job.id)
        finished = self._finished.get(key)
        calls_only = all(isinstance(step, ReadyCall) for step in ready.steps)
        if finished is None or ready.sources or calls_only or not self._is_same(ready, finished):
            return ""
        outside = self.planner.why_outside(ready)
        if outside:
            if self._repeats_all:
                return ""
            self._outside[job.task] = None
            return f"run {self.run} finished it, and its effects may not stay in this checkout ({outside})"
        if not await self._calls_the_same(ready, key) or self._reads_something_new(ready, finished):
            return ""
        return f"run {self.run} finished it, and nothing that it reads changed since"

    def _is_same(self, ready: ReadyTask, finished: Finished) -> bool:
        """Whether its own steps are what they were then."""
        if finished.definition == ready.definition(self._bench.secrets.mask):
            return True
        self._changed[ready.name] = None
        return False

    async def _calls_the_same(self, ready: ReadyTask, key: Key) -> bool:
        """Whether all that it calls is finished, is what it was then, and reads nothing new: a task may declare less than these."""
        counts: dict[str, int] = {}
        for call in ready.calls():
            name = call.task or ""
            counts[name] = counts.get(name, 0) + 1
            below = (*key, (name, counts[name]))
            finished = self._finished.get(below)
            try:
                match = self._bench.index.find(name)
                inner = await self._bench.preparation.prepare(match, name, call.variables, Mode.RUN)
            except ParataskError:
                return False
            if inner.sources or finished is None or not self._is_same(inner, finished):
                return False
            if self._reads_something_new(inner, finished) or not await self._calls_the_same(inner, below):
                return False
        return True

    def _reads_something_new(self, ready: ReadyTask, finished: Finished) -> bool:
        entries = self.planner.expansion.reach_of_task(ready).claims.entries
        reads = [(entry.pattern, entry.excluding) for entry in entries if entry.access is Access.READ]
        writes = [_written(entry) for entry in entries if entry.access is Access.WRITE]
        return bool(changed_since(self._bench.project.root_dir, finished.ended_at, reads=reads, writes=writes))

    def report(self) -> None:
        """What people should know of what was and was not run again."""
        if self._changed:
            sys.stderr.write(f"paratask: the plan changed since run {self.run}: {_names(self._changed)} ran anew\n")
        if self._outside:
            text = f"{_names(self._outside)} had succeeded, and may have effects outside this checkout: not run again"
            sys.stderr.write(f"paratask: {text}; `paratask --resume --yes` does\n")


def _written(claim: Claim) -> str:
    """What has to be there. Who declares that a folder or file is written means that it is; inference only says that it may be."""
    return claim.pattern.removesuffix("/**") if claim.evidence is Evidence.DECLARED else claim.pattern


def _names(tasks: Mapping[str, None]) -> str:
    shown = [f"`{task}`" for task in list(tasks)[:NAMED]]
    more = len(tasks) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")
