"""One run with its records: carries the calls out, keeps logs and summary, and says how it went."""

from __future__ import annotations

import os
import sys
import time
from functools import partial

from paratask.cli.budget import make_budget
from paratask.cli.setup import observations, only_parallel, place_maker
from paratask.errors import ParataskError, TaskRunError
from paratask.events import EVENTS_SCHEMA, EventBus, FellBack, JobChanged, RunBegan, RunEnded
from paratask.execution.jobs import ENDED
from paratask.execution.session import Session
from paratask.frozen import dataclass
from paratask.planning.planner import Planner
from paratask.records.logs import SUMMARY_FILE, RunFolder, is_in_history, prune_runs
from paratask.records.summary import Journal, one_at_a_time_seconds, render_summary, totals
from paratask.reporting.console import Console
from paratask.scheduling.budget import ORDINARY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from paratask.cli.forecast import RunForecast
    from paratask.cli.options import Typed
    from paratask.cli.reports import Reports
    from paratask.cli.resume import Resumed
    from paratask.events import Subscriber
    from paratask.execution.engine import Engine
    from paratask.execution.jobs import Job
    from paratask.execution.once import Execution
    from paratask.execution.options import RunOptions
    from paratask.execution.session import Outcome
    from paratask.execution.tracing import Strace
    from paratask.execution.workbench import Workbench
    from paratask.planning.costs import Costs
    from paratask.plugins.hookspecs import Place
    from paratask.records.history import History
    from paratask.reporting.colors import Paint
    from paratask.variables.ready import ReadyCall


JOURNAL_WAITS_SECONDS = 0.05
ENDED_STATES = frozenset(state.value for state in ENDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What the runs of one watch share. `executions`: see execution.session."""

    engine: Engine
    executions: dict[str, Execution]
    make_place: Callable[[], Place]


class RecordedRun:
    """One run and its records. One of several that start at the same moment on a `stage` has a `number`."""

    def __init__(
        self,
        typed: Typed,
        bench: Workbench,
        calls: Sequence[ReadyCall],
        options: RunOptions,
        paint: Paint,
        *,
        stage: Stage | None = None,
        number: int = 0,
        tracer: Strace | None = None,
        subscribers: Sequence[Subscriber] = (),
        resumed: Resumed | None = None,
    ) -> None:
        self._resumed = resumed
        self._typed = typed
        self._bench = bench
        self._calls = calls
        self._options = options
        self._paint = paint
        self.outcome: Outcome | None = None
        self._folder = RunFolder(bench.state_dir, _run_id() + (f"-{number}" if number else ""))
        self._console = Console(paint, shown_path=_from_here)
        self._events = events = EventBus(self._left_out)
        events.subscribe(self._console)
        events.subscribe(self._remember)
        for subscriber in subscribers:
            events.subscribe(subscriber)
        self._budget = budget = make_budget(typed, bench)
        self._forecast: RunForecast | None = None
        self._costs = self._make_costs()
        planner = self._make_planner(stage, is_traced=tracer is not None)
        if resumed is not None:
            resumed.planner = planner
            events.subscribe(resumed)
        self._session = Session(
            workbench=bench,
            planner=planner,
            budget=budget,
            options=options,
            logs=self._folder,
            events=events,
            paint=paint,
            environ=bench.environ,
            engine=stage.engine if stage else None,
            executions=stage.executions if stage else None,
            tracer=tracer,
            finished=resumed.why_done if resumed is not None else None,
            cost=lambda *call: self._costs.of(*call) if self._costs is not None else ORDINARY,
            priority=lambda task, variables: self._forecast.priority(task, variables) if self._forecast is not None else 0.0,
        )
        self._journal = Journal(
            self._folder.journal(), job_of=self._session.job, digest=self._digest, secrets=bench.secrets,
            later=partial(self._session.later, JOURNAL_WAITS_SECONDS),
        )  # fmt: skip
        if not options.dry:
            events.subscribe(self._journal)

        self._reports = self._make_reports() if typed.text("report") else None
        self._summary = ""

    def _make_planner(self, stage: Stage | None, *, is_traced: bool) -> Planner:
        """The run's own, which asks for a forecast where there is an order to win by it. The forecast plans beside the run."""
        bench, options = self._bench, self._options
        make_planner = partial(
            Planner,
            bench=bench,
            settings=bench.project.settings,
            level=options.parallel,
            make_place=stage.make_place if stage else place_maker(bench),
            known_conflicts=lambda: self._history().conflicts(),
            observations=observations(self._typed, bench),
            only=only_parallel(self._typed, bench),
        )
        self._plan_beside = partial(make_planner, looks_once=True)
        orders_itself = self._budget.cpus > 1 and not (options.seed or options.dry or is_traced)
        return make_planner(expects=self._expect) if orders_itself else make_planner()

    def _make_reports(self) -> Reports:
        from paratask.cli.reports import Reports

        reports = Reports(
            self._typed.text("report"), folder=os.getcwd(), logs=self._folder.path, environ=self._bench.environ,
            warn=self._warn,
        )  # fmt: skip
        self._events.subscribe(reports.notice)
        self._session.on_look(reports.look)
        return reports

    def _left_out(self, subscriber: Subscriber, error: Exception) -> None:
        name = getattr(subscriber, "__qualname__", type(subscriber).__name__)
        self._warn(f"`{name}` hears nothing more of this run, as it failed: {error!r}")

    def _begin(self) -> None:
        self._events.announce(
            RunBegan(
                schema=EVENTS_SCHEMA, run=self._folder.run, calls=tuple(call.task or "" for call in self._calls), at=time.time(),
                parallel=self._options.parallel, seed=self._options.seed, given=given_names(self._typed),
                resumes=self._resumed.run if self._resumed is not None else "",
            )
        )  # fmt: skip

    def _make_costs(self) -> Costs | None:
        """Where something is declared or learned: else all commands cost the same."""
        settings = self._bench.project.settings
        if self._forecast is None and not any(claims.cost or claims.counts for claims in settings.claims.values()):
            return None
        from paratask.planning.costs import Costs

        return Costs(settings, self._forecast.estimates if self._forecast is not None else None)

    def _expect(self, _: Sequence[ReadyCall]) -> None:
        """Neighbours come up: most runs have none, and no forecast."""
        if self._forecast is None:
            from paratask.cli.forecast import RunForecast

            self._forecast = RunForecast(
                state=self._bench.state_dir, calls=self._calls, budget=self._budget, history=self._history,
                make_planner=self._plan_beside, settings=self._bench.project.settings,
            )  # fmt: skip
            self._costs = self._make_costs()

    @property
    def _predicted(self) -> float | None:
        bounds = self._forecast.bounds if self._forecast is not None else None
        return round(bounds.predicted, 3) if bounds is not None else None

    def _history(self) -> History:
        from paratask.records.history import History

        return History(self._bench.state_dir, warn=self._warn)

    def _warn(self, text: str) -> None:
        sys.stderr.write(f"paratask: {self._paint('yellow', 'warning:')} {text}\n")

    def _remember(self, event: object) -> None:
        if isinstance(event, JobChanged):
            if event.state in ENDED_STATES:
                self._folder.end_log(event.job)
        elif isinstance(event, FellBack) and event.passed:
            self._history().remember_conflict(event.task, event.beside, run=self._folder.run, at=time.time())

    def carry_out(self) -> int:
        if self._typed.flag("status"):
            return self._status()
        try:
            self._begin()
            self.outcome = outcome = self._session.run(self._calls)
            self._folder.close()
            code = self._exit_code(outcome)
            if not self._options.dry:
                self._keep(outcome, code)
        finally:
            self._session.release()
        self._report(outcome)
        self._write_reports()
        return code

    async def join(self) -> bool:
        """Carry it out on the stage; whether it went well. Raises Cancelled, having kept what there was by then."""
        started = time.time()
        self._begin()
        error: ParataskError | None = self._session.stopped(self._calls)
        ended = False
        try:
            try:
                await self._session.carry_out(self._calls)
                error = None
            except ParataskError as failed:
                error = failed
            ended = True
        finally:
            outcome = self._session.outcome(error, started)
            self._session.close()
            self._folder.close()
            if not self._options.dry:
                self._keep(outcome, self._exit_code(outcome))
                self._write_reports()
        if ended:
            self._report(outcome)
        return error is None

    def _write_reports(self) -> None:
        if self._reports is not None and self._summary:
            self._reports.write(self._summary)

    def _status(self) -> int:
        stale = self._session.first_stale(self._calls)
        if not stale:
            return 0
        sys.stderr.write(self._paint("red", f'task: Task "{stale}" is not up-to-date\n'))
        return 1

    def _exit_code(self, outcome: Outcome) -> int:
        error = outcome.error
        if error is None:
            return 0
        if self._typed.flag("exit_code") and isinstance(error, TaskRunError):
            return error.command_exit_code()
        return error.exit_code

    def _keep(self, outcome: Outcome, code: int) -> None:
        self._events.announce(
            RunEnded(
                run=self._folder.run, exit_code=code, started_at=outcome.started_at, at=outcome.ended_at,
                predicted_seconds=self._predicted, **totals(outcome.jobs, outcome.ended_at - outcome.started_at),
            )
        )  # fmt: skip
        self._journal.close()
        text = render_summary(
            run=self._folder.run,
            calls=[call.task or "" for call in self._calls],
            jobs=outcome.jobs,
            started_at=outcome.started_at,
            ended_at=outcome.ended_at,
            exit_code=code,
            extra={
                "parallel": self._options.parallel,
                **({"seed": self._options.seed} if self._options.seed else {}),
                "predicted_seconds": self._predicted,
            },
            mask_all=self._bench.secrets.mask_all,
            digest=self._digest,
            entries={} if self._bench.secrets else self._journal.entries,
        )
        self._summary = text
        self._folder.write_file(SUMMARY_FILE, text)
        prune_runs(self._bench.state_dir, self._options.keep_runs, before=self._learn_before)
        if self._folder.trouble:
            self._warn(f"records are incomplete: {self._folder.trouble}")

    def _digest(self, job: Job) -> str:
        """Of the variables of a job's call; of none with a secret in them, which might be guessed by it."""
        if not job.variables:
            return ""
        from paratask.planning.estimates import variables_digest

        text = repr([variable.value for variable in job.variables.values()])
        return variables_digest(job.variables) if self._bench.secrets.mask(text) == text else ""

    def _learn_before(self, run: str) -> None:
        """Take in what runs teach before they are removed: once in `keep_runs` runs, if nobody asked meanwhile."""
        if not is_in_history(self._bench.state_dir, run):
            self._history().learn()

    def _report(self, outcome: Outcome) -> None:
        if outcome.error is not None:
            from paratask.cli.annotations import annotate
            from paratask.reporting.errors import render_error

            annotate(outcome.error)
            text = render_error(outcome.error, cwd=os.getcwd(), paint=self._paint, log_of=self._log_of)
            sys.stderr.write(self._bench.secrets.mask(text) + "\n")
        if self._options.dry or self._options.silent:
            return
        lines = self._console.closing_lines(
            outcome.jobs,
            seconds=outcome.ended_at - outcome.started_at,
            sequential_seconds=one_at_a_time_seconds(outcome.jobs) or 0.0,
            logs=_from_here(self._folder.path),
            predicted_seconds=self._predicted,
        )
        for line in lines:
            sys.stderr.write(line + "\n")

    def _log_of(self, job: str) -> str:
        path = self._folder.log_path(job)
        return _from_here(path) if job and os.path.exists(path) else ""


def given_names(typed: Typed) -> tuple[str, ...]:
    """Of the variables that the command line gives. Their values may be secrets, and are not kept."""
    return (*sorted(typed.variables), *(("CLI_ARGS",) if typed.rest else ()))


def _from_here(path: str) -> str:
    relative = os.path.relpath(path)
    return relative if len(relative) < len(path) else path


def _run_id() -> str:
    """Sorts by time, and is one of a kind: the moment and our process."""
    moment = time.time()
    stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(moment))
    return f"{stamp}-{int(moment * 1000) % 1000:03d}-{os.getpid()}"
