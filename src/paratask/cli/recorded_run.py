"""One run with its records: carries the calls out, keeps logs and summary, and says how it went."""

from __future__ import annotations

import os
import sys
import time
from functools import partial

from paratask.cli.foresight import Foresight
from paratask.cli.setup import called_programs, make_reporters, run_around_us, shown_from, shown_taskfile, warn
from paratask.errors import ParataskError, TaskRunError, seen_from
from paratask.events import ENDED_STATES, EVENTS_SCHEMA, EventBus, FellBack, JobChanged, RunBegan, RunEnded
from paratask.execution.session import Session
from paratask.frozen import dataclass
from paratask.processes.meters import BusyCores, cpu_count
from paratask.records.logs import INNER, SUMMARY_FILE, RunFolder, goes_on, is_in_history, new_run_id, prune_runs
from paratask.records.summary import Journal, render_summary, totals
from paratask.reporting.console import Console

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from paratask.cli.ending import Ending
    from paratask.cli.options import Typed
    from paratask.cli.present import PresentRecord
    from paratask.cli.reporters.reporters import Reporters
    from paratask.cli.reports import Reports
    from paratask.cli.resuming.resumed import Resumed
    from paratask.events import Event, Subscriber
    from paratask.execution.engine import Engine
    from paratask.execution.jobs import Job
    from paratask.execution.once import Execution
    from paratask.execution.options import RunOptions
    from paratask.execution.session import Outcome
    from paratask.execution.tracing import Strace
    from paratask.execution.view import Backstage, View
    from paratask.execution.workbench import Workbench
    from paratask.plugins.hookspecs import Place
    from paratask.records.history import History
    from paratask.records.stages import StageRecord
    from paratask.reporting.colors import Paint
    from paratask.variables.ready import ReadyCall


AT_ONCE = 1
"""The exit code of a run that a second signal ended."""

SOONER_SECONDS = 0.5
"""What is stopped inside another run has to be gone, and kept, before that one kills us."""

JOURNAL_WAITS_SECONDS = 0.05
PRESENT_AFTER_SECONDS = 1.0
THOUGHT_SECONDS = 0.01
"""After so long the first commands run, and there is time to work out how long everything takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What the runs of one watch share. `executions`: see execution.session; `going_on` are the ids of those that are not over."""

    engine: Engine
    executions: dict[str, Execution]
    going_on: set[str]
    make_place: Callable[[], Place]
    reporters: Reporters | None = None


class RecordedRun:
    """One run and its records. One of several that start at the same moment, and have things that are `shared`, has a `number`."""

    def __init__(
        self,
        typed: Typed,
        bench: Workbench,
        calls: Sequence[ReadyCall],
        options: RunOptions,
        paint: Paint,
        *,
        shared: Shared | None = None,
        number: int = 0,
        tracer: Strace | None = None,
        subscribers: Sequence[Subscriber] = (),
        resumed: Resumed | None = None,
    ) -> None:
        self._resumed = resumed
        self._tracer = tracer
        self._typed = typed
        self._bench = bench
        self._calls = calls
        self._options = options
        self._paint = paint
        self.outcome: Outcome | None = None
        self._within = "" if options.dry else run_around_us(bench.state_dir)
        self._folder = RunFolder(bench.state_dir, new_run_id(number, is_inner=bool(self._within)))
        self._console = Console(paint, shown_path=lambda path: seen_from(path, shown_from()))
        self._events = events = EventBus(self._left_out)
        events.subscribe(self._console)
        events.subscribe(self._remember)
        self._reporters = shared.reporters if shared else make_reporters(typed, bench, options, keeps_output=options.live)
        for subscriber in subscribers:
            events.subscribe(subscriber)
        self._foresight = foresight = Foresight(
            typed, bench, calls, options, history=self._history, make_place=shared.make_place if shared else None,
            is_ordered=tracer is not None, later=lambda work: self._session.later(THOUGHT_SECONDS, work),
        )  # fmt: skip
        if resumed is not None:
            resumed.planner = foresight.planner
            events.subscribe(resumed)
        self._session = self._make_session(shared, tracer)
        if self._within:
            self._session.end_sooner(SOONER_SECONDS * (2 if self._within.endswith(INNER) else 1))
        self._journal = self._make_journal()
        if options.live and shared is None and not (tracer or options.plain or options.frames):
            self._have_shown()
        self._reports = self._make_reports() if typed.text("report") else None
        self._stages = self._record_stages() if bench.project.settings.pipelines else None  # the last subscriber
        self._summary = ""
        self._present: PresentRecord | None = None
        self._busy: BusyCores | None = None
        self._kept_history: History | None = None
        self._goes_to_step = shared is None  # a watch has no end that a step would have
        self._going_on = shared.going_on if shared else set()

    def _make_session(self, shared: Shared | None, tracer: Strace | None) -> Session:
        foresight, resumed = self._foresight, self._resumed
        return Session(
            workbench=self._bench,
            planner=foresight.planner,
            budget=foresight.budget,
            options=self._options,
            logs=self._folder,
            events=self._events,
            paint=self._paint,
            engine=shared.engine if shared else None,
            executions=shared.executions if shared else None,
            tracer=tracer,
            finished=resumed.look if resumed is not None else None,
            called=called_programs,
            foresight=foresight,
        )

    def _make_journal(self) -> Journal:
        file = self._folder.journal()
        if self._reporters is not None:
            file = self._reporters.beside(file, run=self._folder.run, later=self._session.later)
        journal = Journal(
            file, job_of=self._session.job, digest=self._digest, secrets=self._bench.secrets,
            later=partial(self._session.later, JOURNAL_WAITS_SECONDS),
        )  # fmt: skip
        if not self._options.dry:
            self._events.subscribe(journal)
        return journal

    def _have_shown(self) -> None:
        """Show the run in a live view, once jobs run side by side."""
        heard: list[Event] = []
        self._events.subscribe(heard.append)

        def make_view(backstage: Backstage) -> View:
            from paratask.cli.live import make_view

            return make_view(
                backstage, heard=heard, forecast=lambda: self._foresight.forecast, job_of=self._session.job, paint=self._paint,
                environ=self._bench.environ, logs=self._folder.path,
            )  # fmt: skip

        self._session.show(make_view)

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
        self._began_at = time.time()
        self._going_on.add(self._folder.run)
        self._session.on_second_signal(self._end_at_once)
        if not self._options.dry:
            self._session.later(PRESENT_AFTER_SECONDS, self._tell_present)
        self._events.announce(
            RunBegan(
                schema=EVENTS_SCHEMA, run=self._folder.run, calls=tuple(call.task or "" for call in self._calls), at=self._began_at,
                parallel=self._options.parallel, seed=self._options.seed, given=self._typed.given_names,
                resumes=self._resumed.run if self._resumed is not None else "", taskfile=shown_taskfile(self._bench),
                within=self._within, writes=self._writes(), root=self._bench.project.root_dir, forced=self._options.forced,
            )
        )  # fmt: skip

    def _writes(self) -> tuple[str, ...]:
        typed = self._typed
        if not (typed.text("report") or typed.text("joblog")):
            return ()
        from paratask.cli.resuming.own import asked_files

        return asked_files(typed, self._bench.project.root_dir)

    def _tell_present(self) -> None:
        """It has lasted a while: who asks meanwhile is to know what it does."""
        from paratask.cli.present import PresentRecord

        if self._summary:
            return
        self._busy = BusyCores()
        self._present = PresentRecord(
            folder=self._folder, lookout=self._session.make_lookout(), job_of=self._session.job, later=self._session.later,
            mask_all=self._bench.secrets.mask_all, warn=self._warn,
        )  # fmt: skip
        self._present.look()

    def _history(self) -> History:
        """One for the whole run, so that it waits at most once for whoever has the file locked, and says so once."""
        if self._kept_history is None:
            from paratask.records.history import History

            self._kept_history = History(self._bench.state_dir, warn=self._warn, for_run=True)
        return self._kept_history

    def _warn(self, text: str) -> None:
        warn(text, self._paint)

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
        if self._reporters is not None:
            self._reporters.finish()
        return code

    async def join(self) -> bool:
        """Carry it out on the engine that is shared; whether it went well. Raises Cancelled, having kept what there was by then."""
        started = time.time()
        self._begin()
        error: ParataskError | None = None
        ended = False
        try:
            try:
                await self._session.carry_out(self._calls)
            except ParataskError as failed:
                error = failed
            ended = True
        finally:
            error = error if ended else self._session.stopped(self._calls)
            outcome = self._session.outcome(error, started)
            self._session.close()
            self._folder.close()
            if not self._options.dry:
                self._keep(outcome, self._exit_code(outcome))
                self._write_reports()
            self._going_on.discard(self._folder.run)
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
        self._record(outcome, code)
        self._bench.project.remember()
        if self._kept_history is not None:
            self._kept_history.catch_up()
        prune_runs(
            self._bench.state_dir, self._options.keep_runs, before=self._learn_before, spares=goes_on,
            own=(*self._going_on, *(self._resumed.chain if self._resumed is not None and code else ())),
        )  # fmt: skip
        if self._folder.trouble:
            self._warn(f"records are incomplete: {self._folder.trouble}")

    def _end_at_once(self) -> None:
        """A second signal has ended all that ran: keep what is known, and say where. Whoever wants to go on can."""
        if self._options.dry:
            return
        if self._tracer is not None:
            self._tracer.close()
        outcome = self._session.stop_at_once(self._calls, self._began_at)
        self._folder.close()
        self._record(outcome, AT_ONCE)
        if self._console.has_words(outcome.jobs):
            self._ending().tell_at_once(outcome, stages=self._stage_entries(outcome))

    def _record(self, outcome: Outcome, code: int) -> None:
        busy = self._busy() if self._busy is not None else 0.0
        whole = totals(outcome.jobs, outcome.seconds, cpu_count(), busy, goes_on=self._options.goes_on)
        self._events.announce(
            RunEnded(
                run=self._folder.run, exit_code=code, started_at=outcome.started_at, at=outcome.ended_at,
                predicted_seconds=self._foresight.predicted_seconds, stopped_by=outcome.stopped_by,
                seconds=round(outcome.seconds, 6), **whole,
            )
        )  # fmt: skip
        self._journal.close()
        self._summary = render_summary(
            run=self._folder.run,
            calls=[call.task or "" for call in self._calls],
            jobs=outcome.jobs,
            started_at=outcome.started_at,
            ended_at=outcome.ended_at,
            seconds=outcome.seconds,
            exit_code=code,
            whole=whole,
            extra={
                "stopped_by": outcome.stopped_by,
                "parallel": self._options.parallel,
                **({"seed": self._options.seed} if self._options.seed else {}),
                **({"within": self._within} if self._within else {}),
                **({"resumes": self._resumed.run} if self._resumed is not None else {}),
                "predicted_seconds": self._foresight.predicted_seconds,
                **({"stages": stages} if (stages := self._stage_entries(outcome)) else {}),
            },
            mask_all=self._bench.secrets.mask_all,
            digest=self._digest,
            entries={} if self._bench.secrets else self._journal.entries,
        )
        self._folder.write_file(SUMMARY_FILE, self._summary)
        if self._present is not None:
            self._present.close()

    def _digest(self, job: Job) -> str:
        """A digest of the variables of a job's call; empty where one of them has a secret in it, which might be guessed from
        it.
        """
        if not job.variables:
            return ""
        from paratask.planning.estimates import variables_digest

        text = repr([variable.value for variable in job.variables.values()])
        return variables_digest(job.variables) if self._bench.secrets.mask(text) == text else ""

    def _learn_before(self, runs: Sequence[str]) -> bool:
        """Take in what runs teach before they are removed. They stay for another time where somebody has the history locked."""
        known = all(is_in_history(self._bench.state_dir, run) for run in runs)
        return known or self._history().learn_before(runs) or not self._history().is_locked

    def _report(self, outcome: Outcome) -> None:
        """Tell how it ended, where there is something to tell."""
        if outcome.error is None and (self._options.dry or not self._console.has_words(outcome.jobs)):
            return
        self._ending().tell(outcome, stages=self._stage_entries(outcome), summary=self._summary if self._goes_to_step else "")

    def _ending(self) -> Ending:
        from paratask.cli.ending import Ending

        return Ending(typed=self._typed, bench=self._bench, options=self._options, console=self._console, folder=self._folder)

    def _record_stages(self) -> StageRecord:
        from paratask.records.stages import StageRecord
        from paratask.taskfile.pipelines import stage_marks

        marks = stage_marks(self._bench.project.settings.pipelines.values(), own_name=self._bench.index.own_name)
        record = StageRecord(marks, self._events.announce)
        self._events.subscribe(record)
        return record

    def _stage_entries(self, outcome: Outcome) -> list[dict[str, object]]:
        return [] if self._stages is None else self._stages.entries(outcome.jobs)
