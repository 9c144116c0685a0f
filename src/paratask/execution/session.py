"""Puts a run together and carries it out. The one place where the parts of execution meet.

Everything it needs of the outside comes in as arguments; what it made of it is in `Outcome`. Knows no command line.
"""

from __future__ import annotations

import time
from functools import partial
from signal import SIGINT

from paratask.errors import InterruptedRunError, ParataskError, TaskRunError
from paratask.events import BegunAnew
from paratask.execution.engine import Engine
from paratask.execution.interpreter import Interpreter
from paratask.execution.jobs import Jobs, State
from paratask.execution.messages import Messages
from paratask.execution.neighbours import Neighbours
from paratask.execution.overlaps import Overlaps
from paratask.execution.steps import Steps
from paratask.execution.strands import Kind, Pace, Quiet, Strand
from paratask.execution.turns import Member, Request, Stand
from paratask.frozen import dataclass
from paratask.processes.interrupts import NAMES
from paratask.processes.streams import ClosedOutputError
from paratask.variables.ready import ReadyCall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from paratask.events import EventBus
    from paratask.execution.attempts import Attempts
    from paratask.execution.commands import Commands
    from paratask.execution.interpreter import Finished
    from paratask.execution.jobs import Job, LogStore
    from paratask.execution.looking import Lookout
    from paratask.execution.missing_programs import Called
    from paratask.execution.once import Execution
    from paratask.execution.options import RunOptions
    from paratask.execution.steps import Foresight
    from paratask.execution.stoppable import Stoppable
    from paratask.execution.tracing import Strace
    from paratask.execution.view import MakeView
    from paratask.execution.workbench import Workbench
    from paratask.planning.planner import Planner
    from paratask.scheduling.budget import Budget

MOST_A_CORE = 10
"""A command that waits costs a tenth of a core at least."""
NEXT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a run ended: its jobs, its error if it failed, the signal that ended it (0: none), and its times in seconds since the epoch.

    `seconds` is how long it went on, by a clock that nobody sets, without the time in which it was stopped (Ctrl-Z).
    """

    jobs: Sequence[Job]
    error: ParataskError | None
    started_at: float
    ended_at: float
    seconds: float
    signal: int = 0

    @property
    def stopped_by(self) -> str:
        """What kept the run from its end: the signal in words, or `change` where a watch began anew. Empty where it came to it."""
        cause = self.error.innermost().cause if isinstance(self.error, TaskRunError) else None
        if not isinstance(cause, InterruptedRunError):
            return ""
        return cause.signal_name if self.signal else "change"


class Session:
    """One run. Make one, call `run` once; or, inside the loop of an `engine` that outlives it, `carry_out` and `close`.

    `executions` are those of `run: once` that earlier runs on the same engine leave to this one.
    """

    def __init__(
        self,
        *,
        workbench: Workbench,
        planner: Planner,
        budget: Budget,
        foresight: Foresight,
        options: RunOptions,
        logs: LogStore,
        events: EventBus,
        paint: Callable[[str, str], str],
        engine: Engine | None = None,
        executions: dict[str, Execution] | None = None,
        tracer: Strace | None = None,
        finished: Finished | None = None,
        called: Called = lambda _text, _folder: (),
    ) -> None:
        self._bench = workbench
        self._planner = planner
        self._budget = budget
        self._options = options
        self._logs = logs
        self._events = events
        self._called = called
        self._executions = {} if executions is None else executions
        self._at_last: list[Callable[[], None]] = []
        self._stoppable: Stoppable | None = None
        self._engine = engine or Engine(
            environ=workbench.environ, paint=paint, state="" if options.dry else workbench.state_dir, plain=options.plain is not None,
        )  # fmt: skip
        self._sink = self._engine.sink
        self._leases = self._engine.make_leases(budget)
        self._commands = self._make_commands(tracer)
        self._messages = self._make_messages(paint)
        if engine is None:
            self._serve()
        loop = self._engine.loop
        self._jobs = Jobs(events, time.time, loop.now)
        self._began = loop.now()
        self._quiet = Quiet(loop)
        self._quiet.on_shut = self._leases.look_at_doors
        self._pace = Pace(one_at_a_time=options.parallel == "off")
        self._neighbours = self._make_neighbours()
        self._overlaps = Overlaps(
            loop=loop, budget=budget, events=events, is_repeatable=lambda turn: planner.is_repeatable(turn.ready),
            to_come=self._leases.to_come_bytes, make_guard=self._engine.make_guard, now=time.time,
        )  # fmt: skip
        self._interpreter = _interpreter_class(options)(
            loop=loop, bench=workbench, jobs=self._jobs, events=events, neighbours=self._neighbours, quiet=self._quiet, options=options,
            messages=self._messages, arrange_dependencies=planner.arrange_dependencies, executions=self._executions,
            answers=self._engine.answers, ask=self._engine.asking() if options.interactive else None, tracer=tracer, finished=finished,
        )  # fmt: skip
        self._interpreter.steps = Steps(
            loop=loop, bench=workbench, interpreter=self._interpreter, commands=self._commands, make_attempts=self._make_attempts,
            overlaps=self._overlaps, logs=logs, events=events, messages=self._messages, options=options, arrange=planner.arrange,
            now=time.time, foresight=foresight, called=called,
        )  # fmt: skip

    def _serve(self) -> None:
        try:
            self._engine.serve(self._bench, self._commands)
        except BaseException:  # then there is no run that would close what it was made of
            self._commands.close()
            self._engine.close()
            raise

    def _make_messages(self, paint: Callable[[str, str], str]) -> Messages:
        bench = self._bench
        messages = Messages(
            options=self._options, taskfile_silent=bench.taskfile.silent, paint=paint, fill=bench.fill_for, mask=bench.secrets.mask,
            read_answer=self._engine.read_answer,
        )  # fmt: skip
        if self._options.verbose:
            bench.dynamic.on_learned = lambda command, output: messages.learned(command, output, self._sink)
        return messages

    def _make_commands(self, tracer: Strace | None) -> Commands:
        options = self._options
        commands = self._engine.make_commands(self._leases, self._bench.secrets, tracer)
        if options.plain is not None and options.plain.numbers_slots:
            commands.number_slots()
        if options.jobserver != "off" and not options.dry and tracer is None:
            self._engine.share_slots(self._leases, commands, self._budget, options)
        return commands

    def _make_neighbours(self) -> Neighbours:
        options, plain = self._options, self._options.plain
        return Neighbours(
            loop=self._engine.loop, quiet=self._quiet, pace=self._pace, on_failure=options.on_failure,
            in_written_order=self._keeps_order(), seed=options.seed,
            holds_back=not options.output.writes_through if plain is None else plain.holds_back,
            may_be_stopped=self._may_be_stopped, on_anew=self._begins_anew,
            most_begun=0 if options.seed else _most_begun(self._budget, are_plain=plain is not None),
        )  # fmt: skip

    def _keeps_order(self) -> bool:
        """Whether the output of neighbours comes in written order: it does where it is read later, not while it is made."""
        plain = self._options.plain
        if plain is not None:
            return plain.keeps_order
        return not self._engine.terminal.watches and self._options.output.style != "errors-only"

    def _may_be_stopped(self, member: Member) -> bool:
        """See Stoppable."""
        if self._stoppable is None:
            from paratask.execution.stoppable import Stoppable

            self._stoppable = Stoppable(
                jobs=self._jobs.by_id, running=self._overlaps.running, may_be_stopped=self._planner.may_be_stopped
            )
        return self._stoppable(member)

    def _begins_anew(self, stopped: Job, job: Job, strand: Strand) -> None:
        for other in (stopped, *self._jobs.below(stopped)):
            other.begun_anew = other.state is State.CANCELLED
        self._events.announce(BegunAnew(job=job.id, instead_of=stopped.id))
        self._interpreter.staleness.begin_anew(strand)

    def _make_attempts(self) -> Attempts:
        """Called when something has failed: most runs load none of this."""
        from paratask.execution.attempts import Attempts, Repeating
        from paratask.execution.bystanders import Bystanders
        from paratask.execution.missing_programs import is_in_vain
        from paratask.execution.once import forget_failures, forget_stopped

        bench, planner, options = self._bench, self._planner, self._options
        bystanders = Bystanders(jobs=self._jobs.by_id, neighbours=self._neighbours, are_strangers=planner.are_strangers)
        repeating = Repeating(
            declared=bench.project.settings.claims_of, why_once=planner.why_once, why_not=planner.why_outside,
            would_fail_alone=bystanders.had_no_part,
            is_in_vain=partial(is_in_vain, environ=bench.environ, own_first=options.own_environment_first, called=self._called),
        )  # fmt: skip
        return Attempts(
            loop=self._engine.loop, quiet=self._quiet, pace=self._pace, leases=self._leases, logs=self._logs, events=self._events,
            messages=self._messages, options=options, repeating=repeating, failed_before=self._neighbours.failed_before,
            forget_failures=partial(forget_failures, self._executions), forget_stopped=partial(forget_stopped, self._executions),
            below=self._jobs.below, waits_to_be_alone=self._overlaps.waits_to_be_alone,
        )  # fmt: skip

    def make_lookout(self) -> Lookout:
        """Called when somebody looks at the run while it goes on."""
        from paratask.execution.looking import Lookout

        return Lookout(
            loop=self._engine.loop, now=time.time, budget=self._budget, leases=self._leases, overlaps=self._overlaps,
            neighbours=self._neighbours, executions=self._executions,
        )  # fmt: skip

    def run(self, calls: Sequence[ReadyCall]) -> Outcome:
        """Carry the calls out, and return what came of it. A failure is part of the outcome; a defect of ours raises. Call
        `release` afterwards in either case, once the outcome is kept.
        """
        started = time.time()
        error: ParataskError | None = None
        try:
            self._engine.loop.run(self._main(calls))
        except ParataskError as failed:
            error = failed
        except ClosedOutputError:
            error = self._unwritten()
        finally:
            self.close()  # before the loop's poller goes: a process that was left behind may still be listened to
            self._engine.end()
        if self._engine.interrupts.number and (error is None or self._sink.is_closed):
            error = self.stopped(calls)
        elif error is None and self._sink.lost:
            error = self._unwritten()
        elif error is not None and self._options.plain and self._sink.is_closed and not self._sink.lost:
            error = self._unwritten()  # which plain commands failed of it by then, and so how many, is chance
        return self.outcome(error, started)

    def outcome(self, error: ParataskError | None, started_at: float) -> Outcome:
        """What has come of it by now."""
        number = self._engine.interrupts.number
        return Outcome(
            jobs=tuple(self._jobs.all), error=error, started_at=started_at, ended_at=time.time(),
            seconds=self._engine.loop.now() - self._began, signal=number,
        )  # fmt: skip

    def job(self, name: str) -> Job:
        """The job of that id."""
        return self._jobs.by_id[name]

    def later(self, seconds: float, work: Callable[[], None]) -> None:
        """Call `work` so many seconds from now, if the loop still runs then."""
        self._engine.loop.call_at(self._engine.loop.now() + seconds, work)

    def end_sooner(self, seconds: float) -> None:
        """Kill commands that a signal did not end so many seconds sooner than usual: the run around us waits no longer for us
        than we do for them.
        """
        self._commands.sooner_seconds = seconds

    def on_look(self, look: Callable[[Mapping[int, int]], None]) -> None:
        """See Engine."""
        self._engine.on_look(look)

    def show(self, make_view: MakeView) -> None:
        """Have the run shown from the moment on at which jobs run side by side: the view is made then."""
        self._neighbours.on_groups = partial(self._open_view, make_view)

    def _open_view(self, make_view: MakeView) -> None:
        from paratask.execution.view import Backstage

        engine, neighbours = self._engine, self._neighbours
        look, later = self.make_lookout(), self.later
        view = make_view(Backstage(look=look, sink=engine.sink, terminal=engine.terminal, now=engine.loop.now, later=later))
        engine.interrupts.before_exit.append(view.close)
        neighbours.view = view
        neighbours.on_groups = lambda: view.groups(len(neighbours.groups))
        neighbours.on_groups()

    def on_second_signal(self, keep: Callable[[], None]) -> None:
        """Until the run is over: when a second signal has ended all that ran, call `keep` before we end as well."""
        self._at_last.append(keep)
        self._engine.interrupts.last.append(keep)

    def stop_at_once(self, calls: Sequence[ReadyCall], started_at: float) -> Outcome:
        """The outcome of a run whose commands a second signal has killed. Jobs that have not ended are cancelled."""
        self._jobs.cancel_rest(f"the run was {self.stopped(calls).cause.message}")
        return self.outcome(self.stopped(calls), started_at)

    def close(self) -> None:
        """The run is over."""
        for keep in self._at_last:
            self._engine.interrupts.last.remove(keep)
        self._at_last.clear()
        if self._neighbours.view is not None:
            self._neighbours.view.close()
        self._commands.close()

    def release(self) -> None:
        """What it came to is kept: signals may end us again."""
        self._engine.close()

    def first_stale(self, calls: Sequence[ReadyCall]) -> str:
        """The first task that is not up to date, or an empty text; runs their `status` commands. Raises ParataskError."""

        async def look() -> str:
            with self._engine.scope:
                for call in calls:
                    if stale := await self._interpreter.stale_name(call, self._sink):
                        return stale
                return ""
            raise self.stopped(calls)

        try:
            return self._engine.loop.run(look())
        finally:
            self.close()  # before the loop's poller goes: a process that was left behind may still be listened to
            self._engine.close()

    async def _main(self, calls: Sequence[ReadyCall]) -> None:
        with self._engine.scope:
            self._engine.loop.raise_if_cancelled()  # by a signal that came before anything began
            await self.carry_out(calls)

    async def carry_out(self, calls: Sequence[ReadyCall]) -> None:
        """Carry the calls out inside a loop that runs. Raises ParataskError and Cancelled."""
        self._began = self._engine.loop.now()
        self._quiet.enter()
        if self._options.interactive:
            await self._interpreter.requirements.ask_upfront(calls)
        try:
            await self._calls(calls, Stand(strand=Strand(), sink=self._sink))
        except ClosedOutputError:
            self._jobs.cancel_rest("its output is lost" if self._sink.lost else "nobody reads its output any more")
            raise self._unwritten() from None

    async def _calls(self, calls: Sequence[ReadyCall], stand: Stand) -> None:
        together = self._options.calls_together
        why = "--parallel" if self._options.plain is None else "--exec"
        arrangement = self._planner.together(calls, why) if together else self._planner.arrange(calls)
        members = [self._member(call, reason) for call, reason in zip(calls, arrangement.reasons, strict=True)]
        kind = Kind.COMMAND_LINE if together else Kind.SET
        arrange = None if together else lambda start, end: self._planner.arrange(calls[start:end])
        failfast = self._options.failfast
        await self._interpreter.run_set(members, arrangement, kind=kind, stand=stand, failfast=failfast, arrange=arrange)

    def _unwritten(self) -> ParataskError:
        return ParataskError("some output is lost" if self._sink.lost else "whoever read the output went away")

    def _member(self, call: ReadyCall, reason: str) -> Member:
        name = self._planner.job_name(call.task or "")
        job = self._jobs.make(name, parent="", reason=reason, variables=call.variables)
        request = Request(task=call.task or "", variables=call.variables, direct=True, position=None)
        interpreter = self._interpreter
        member = Member(job, lambda stand: interpreter.call(request, job, stand), interpreter.steps.priority(job), call)
        member.again = partial(self._member, call, reason)
        return member

    def stopped(self, calls: Sequence[ReadyCall]) -> TaskRunError:
        """What a run that did not come to its end failed of: the signal, or whoever stopped it as a signal would."""
        number = self._engine.interrupts.number or SIGINT
        cause = InterruptedRunError(NAMES.get(number, str(number)), exit_status=128 + number)
        stopped = (job.task for job in self._jobs.all if not job.parent and job.state is State.CANCELLED and job.started_at)
        return TaskRunError(task=next(stopped, self._planner.job_name(calls[0].task or "")), job="", cause=cause)


def _most_begun(budget: Budget, *, are_plain: bool) -> int:
    """How many members of a group may have begun, and not ended, at the same time; 0 for any number.

    Where one command runs at a time, a call comes to its end before the next begins, as in `task --concurrency 1`. Of plain
    commands, of which there may be very many, those begin that may run, and the next few.
    """
    if budget.jobs == 1:
        return 1
    return int(budget.jobs or budget.cpus * MOST_A_CORE) + NEXT if are_plain else 0


def _interpreter_class(options: RunOptions) -> Callable[..., Interpreter]:
    """The class of the run's interpreter: another one where jobs' output is held back or gets frames around it."""
    if options.frames is None and options.output.style != "errors-only":
        return Interpreter
    from paratask.execution.shown_output import interpreter_for

    return interpreter_for(options)
