"""go-task's rules, carried out: what happens to a call from its name to its end. go-task: Executor.RunTask.

The order there, kept here: platforms, requires, variables, `if`, the number of calls, run-once, dependencies, preconditions and
freshness, prompts, the folder, the steps. Steps that are neighbouring calls go through `arrange`, which is planning's. Knows no processes and no output.
"""

from __future__ import annotations

import os
import sys

from paratask.errors import ParataskError, PreconditionError, TaskCallLimitError, TaskCancelledError, TaskRunError
from paratask.execution.jobs import State
from paratask.execution.messages import go_quoted
from paratask.execution.strands import Kind, Strand
from paratask.execution.turns import (
    ALWAYS,
    BEFORE,
    UP_TO_DATE,
    Earlier,
    Member,
    Request,
    Stand,
    Turn,
    done_definition,
    set_arranged,
    why_failed,
    why_stopped,
)  # fmt: skip
from paratask.frozen import replace
from paratask.kernel.cancel import Cancelled
from paratask.taskfile.model import suits
from paratask.variables.ready import ReadyCall
from paratask.variables.scopes import Mode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from paratask.events import EventBus
    from paratask.execution.jobs import Job, Jobs
    from paratask.execution.messages import Messages
    from paratask.execution.neighbours import Neighbours
    from paratask.execution.once import Execution, OnlyOnce
    from paratask.execution.options import RunOptions
    from paratask.execution.requirements import Ask, Requirements
    from paratask.execution.staleness import Staleness
    from paratask.execution.steps import Steps
    from paratask.execution.strands import Quiet
    from paratask.execution.tracing import Strace
    from paratask.execution.workbench import Workbench
    from paratask.freshness.check import Freshness
    from paratask.kernel.loop import Loop
    from paratask.planning.arrangement import Arrangement
    from paratask.processes.streams import Sink
    from paratask.taskfile.lookup import Match
    from paratask.taskfile.model import Platform, Variable
    from paratask.variables.ready import ReadyTask

    Finished = Callable[[Job, ReadyTask], Coroutine[object, object, tuple[Earlier, str]]]
    """What became of a job in an earlier run, and why it need not run, or has to."""
    ArrangeDependencies = Callable[[Sequence[ReadyCall], str], tuple[list[ReadyCall], Arrangement]]

MAX_CALLS = 1000
LEVELS_A_FIBER = 20


class Interpreter:
    """Carries out calls; one for a run. `steps` runs a ready task's steps. `ask` and `answers`: see Requirements."""

    def __init__(
        self,
        *,
        loop: Loop,
        bench: Workbench,
        jobs: Jobs,
        events: EventBus,
        neighbours: Neighbours,
        quiet: Quiet,
        options: RunOptions,
        messages: Messages,
        arrange_dependencies: ArrangeDependencies,
        executions: dict[str, Execution],
        answers: dict[str, Variable],
        ask: Ask | None = None,
        tracer: Strace | None = None,
        finished: Finished | None = None,
    ) -> None:
        self._finished = finished
        self._tracer = tracer
        self._answers = answers
        self._ask = ask
        self._requirements: Requirements | None = None
        self._staleness: Staleness | None = None
        self._loop = loop
        self._bench = bench
        self._index = bench.index
        self._preparation = bench.preparation
        self._jobs = jobs
        self._events = events
        self._neighbours = neighbours
        self._quiet = quiet
        self._options = options
        self._messages = messages
        self._arrange_dependencies = arrange_dependencies
        self._calls: dict[str, int] = {}
        self._executions = executions
        self._only_once: OnlyOnce | None = None
        self.steps: Steps

    async def call(self, request: Request, job: Job, stand: Stand) -> None:
        """Carry out one call. Raises TaskError (TaskRunError where something inside failed) and Cancelled."""
        if stand.door is not None:
            await stand.door.stand_open()  # also before `sh:` variables: they may take long, and change things
        self._jobs.move(job, State.READY)
        if self._answers:
            request = replace(request, variables={**self._answers, **request.variables})
        try:
            match = self._index.find(request.task, request.position)
            ready = await self._compile(match, request)
        except (ParataskError, Cancelled) as error:
            self._end(job, error)
            raise
        if ready is None:
            self._jobs.move(job, State.SKIPPED, "not for this platform")
            self._messages.verbose(f"task: {go_quoted(request.task)} not for current platform - ignored", stand.sink, end="\\n")
            return
        await self._carry_out(Turn(request=request, ready=ready, job=job, stand=stand))

    async def _compile(self, match: Match, request: Request) -> ReadyTask | None:
        """The task with its variables; None when it is not for this platform."""
        if not self.on_this_platform(match.task.platforms):
            return None
        if request.ready is not None:
            return request.ready
        if match.task.requires:
            return await self.requirements.prepare(match, request)
        return await self._preparation.prepare(match, request.task, request.variables, Mode.RUN)

    @property
    def requirements(self) -> Requirements:
        """What checks the variables that tasks require, and asks for them; loaded for the first task that requires some."""
        if self._requirements is None:
            from paratask.execution.requirements import Requirements

            self._requirements = Requirements(
                loop=self._loop, index=self._index, preparation=self._preparation, ask=self._ask, answers=self._answers
            )
        return self._requirements

    def on_this_platform(self, platforms: Sequence[Platform]) -> bool:
        """Whether any of `platforms` is this one; an empty list is all of them."""
        return suits(platforms, self._bench.platform)

    async def _carry_out(self, turn: Turn) -> None:
        request, ready, job, stand = turn.request, turn.ready, turn.job, turn.stand
        try:
            if not await self.steps.condition_holds(ready.condition, ready, stand.door):
                self._jobs.move(job, State.SKIPPED, "its `if` does not hold")
                self._messages.verbose(f"task: if condition not met - skipped: {go_quoted(request.task)}", stand.sink)
                return
            if ready.task.requires:
                turn = await self.requirements.met_by(turn)
                ready = turn.ready
            job.label = ready.task.label and self._bench.secrets.mask(ready.label)
            if stand.door is not None:
                await stand.door.stand_open()
            self._count(ready)
        except (ParataskError, Cancelled) as error:
            self._end(job, error)
            raise
        if self._finished is None:
            self._jobs.move(job, State.RUNNING)
        if self._tracer is not None:
            self._tracer.begins(job.id, ready)
        try:
            work = self._execute if ready.run == "always" else self._shared
            state, reason = await (work(turn) if request.limit is None else self.steps.in_time(turn, request.limit, work))
        except (ParataskError, Cancelled) as error:
            if stand.door is not None and stand.door.never_opened:
                job.started_at = 0.0  # it began nothing
            self._end(job, error)
            if isinstance(error, Cancelled):
                raise
            raise TaskRunError(task=ready.name, job=job.id, called=job.task, cause=error) from error
        self._jobs.move(job, state, reason, done_definition(turn, state, self._preparation.without_place))

    def _end(self, job: Job, error: ParataskError | Cancelled) -> None:
        if isinstance(error, Cancelled):
            self._jobs.move(job, State.CANCELLED, why_stopped(error.scope))
        else:
            job.passed_on = isinstance(error, TaskRunError) or error.unbegun is not None
            if job.parent and not job.started_at:
                error.unbegun = (job.id, job.task)
            self._jobs.move(job, State.FAILED, why_failed(error, job.task, self._preparation.mask))

    def _count(self, ready: ReadyTask) -> None:
        name = ready.task.name
        self._calls[name] = self._calls.get(name, 0) + 1
        if self._calls[name] >= MAX_CALLS:
            raise TaskCallLimitError(task=name, calls=MAX_CALLS, position=ready.task.position)

    def _shared(self, turn: Turn) -> Coroutine[object, object, tuple[State, str]]:
        """`run: once` and `run: when_changed`: the first call executes, later ones wait for it and share its outcome."""
        if self._only_once is None:
            from paratask.execution.once import OnlyOnce

            self._only_once = OnlyOnce(
                loop=self._loop, jobs=self._jobs, quiet=self._quiet, messages=self._messages, executions=self._executions
            )
        return self._only_once.carry_out(turn, self._execute)

    async def _execute(self, turn: Turn) -> tuple[State, str]:
        request, ready, stand = turn.request, turn.ready, turn.stand
        earlier, why_again = Earlier.OPEN, ""
        if self._finished is not None and turn.job.attempts == 1:
            earlier, why_again = await self._finished(turn.job, ready)
            turn.job.done_before = earlier is Earlier.DONE
            if turn.job.done_before:
                return State.FRESH, why_again
            self._jobs.move(turn.job, State.RUNNING)  # not before: killed while it looked, it is as finished as it was
        self._messages.started(request.task, stand.sink)
        await self._run_dependencies(turn)
        freshness, reason = None, "forced"
        if not (self._options.force or (self._options.force_called and request.direct)):
            await self._check_preconditions(ready, stand)
            freshness, reason = await self._freshness_of(ready, stand)
            reason = why_again if earlier is Earlier.HALF_DONE else reason
            if not reason:
                self._keep(ready, freshness, stand)
                self._say_fresh(turn)
                return State.FRESH, UP_TO_DATE
        await self._prompt(ready, stand)
        self._make_folder(ready, stand)
        if (ready.sources or ready.status) and not self._options.dry:
            self.staleness.begins(turn, freshness)
        try:
            await self.steps.attempt(turn)
        except (ParataskError, Cancelled) as error:
            if ready.sources and not self._options.dry:
                self.staleness.broke_off(ready, error, stand)
            raise
        self._keep(ready, freshness, stand)
        if turn.job.passed_over and ready.sources:
            self.staleness.forget(ready)
        return State.SUCCEEDED, why_again if why_again and reason == ALWAYS else reason

    async def _run_dependencies(self, turn: Turn) -> None:
        ready = turn.ready
        calls = [call for call in ready.dependencies if isinstance(call, ReadyCall)]
        if not calls:
            return
        calls, arrangement = self._arrange_dependencies(calls, ready.task.name)
        reason = f"a dependency of `{ready.name}`"
        members = [self.member(call, turn.job, reason) for call in calls]
        failfast = ready.task.failfast or self._options.failfast
        try:
            await self._neighbours.run(members, arrangement.after, kind=Kind.DEPENDENCIES, stand=turn.stand, failfast=failfast)
        finally:
            self._cancel_waiting(members)

    async def run_set(
        self,
        members: Sequence[Member],
        arrangement: Arrangement,
        *,
        kind: Kind,
        stand: Stand,
        failfast: bool = False,
        arrange: Callable[[int, int], Arrangement] | None = None,
    ) -> None:
        """Run neighbouring calls, of steps or of the command line, as arranged. `arrange` looks anew at those from one to another."""
        self._announce_set(members, arrangement)

        def anew(start: int, end: int) -> Arrangement:
            assert arrange is not None
            found = arrange(start, end)
            self._announce_set(members[start:end], found)
            return found

        try:
            run_arranged = self._neighbours.run_arranged
            await run_arranged(members, arrangement, kind=kind, stand=stand, failfast=failfast, arrange=arrange and anew)
        finally:
            self._cancel_waiting(members)

    def _announce_set(self, members: Sequence[Member], arrangement: Arrangement) -> None:
        self._events.announce(set_arranged(members, arrangement, one_at_a_time=self._neighbours.is_one_at_a_time))

    def _cancel_waiting(self, members: Sequence[Member]) -> None:
        """Cancel the jobs that never started: they will not any more."""
        for member in members:
            if member.job.state is State.WAITING:
                stopped = self._loop.current.scope.cancelled_by()
                self._jobs.move(member.job, State.CANCELLED, why_stopped(stopped) if stopped else BEFORE)

    def pass_over(self, job: Job) -> None:
        """The `if` of its call does not hold."""
        self._jobs.move(job, State.READY)
        self._jobs.move(job, State.SKIPPED, "the `if` of its call does not hold")

    def member(
        self, call: ReadyCall, parent: Job, reason: str, *, silent: bool = False, ready: ReadyTask | None = None
    ) -> Member:
        """A call as a member of a group, with a new job. `silent`: its caller is; `ready`: its task, where it is a part of its caller's."""
        name = self._preparation.mask(self._index.own_name(call.task or ""))  # it names a file as well
        job = self._jobs.make(name, parent=parent.id, reason=reason, variables=call.variables)
        request = Request(
            task=call.task or "", variables=call.variables, silent=silent or call.source.silent, position=call.source.position,
            ready=ready,
        )  # fmt: skip

        async def run(stand: Stand) -> None:
            below = Stand(
                strand=stand.strand, sink=stand.sink, depth=stand.depth + 1, on_failure=stand.on_failure, door=stand.door,
                is_forgiven=stand.is_forgiven,
            )  # fmt: skip
            if call.source.timeout_seconds:
                from paratask.execution.limits import time_of, within

                time = time_of(call.source, self._index.own_name(call.task or ""))
                await within(self._loop, time, lambda limit: self._nested(replace(request, limit=limit), job, below))
            else:
                await self._nested(request, job, below)

        return Member(job, run, self.steps.priority(job), call)

    def _nested(self, request: Request, job: Job, stand: Stand) -> Coroutine[object, object, None]:
        """A call inside a call. One in every so many levels gets a fiber of its own, so that calls in a circle meet our limit, not Python's."""
        return self.call(request, job, stand) if stand.depth % LEVELS_A_FIBER else self._in_own_fiber(request, job, stand)

    async def _in_own_fiber(self, request: Request, job: Job, stand: Stand) -> None:
        from paratask.kernel.groups import TaskGroup

        async with TaskGroup(self._loop) as group:
            group.start_next(self.call, request, job, stand)

    async def _check_preconditions(self, ready: ReadyTask, stand: Stand) -> None:
        for precondition in ready.preconditions:
            if await self.steps.exit_status(precondition.command or "", ready, stand.door):
                self._messages.say(f"task: {precondition.message}", stand.sink, "magenta")
                raise PreconditionError(self._preparation.mask(precondition.message), position=ready.task.position)

    async def _freshness_of(self, ready: ReadyTask, stand: Stand) -> tuple[Freshness | None, str]:
        """See Staleness.look; most tasks have nothing that could be looked at."""
        if not (ready.status or ready.sources or ready.method != "checksum"):
            return None, ALWAYS
        return await self.staleness.look(ready, stand)

    @property
    def staleness(self) -> Staleness:
        """Loaded for the first task that has sources or `status`."""
        if self._staleness is None:
            from paratask.execution.staleness import Staleness

            self._staleness = Staleness(
                bench=self._bench, exit_status=self.steps.exit_status, messages=self._messages, events=self._events
            )
        return self._staleness

    async def stale_name(self, call: ReadyCall, sink: Sink) -> str:
        """The task's name where it is not up to date, else an empty text; for --status. Raises ParataskError."""
        ready = await self._preparation.prepare(self._index.find(call.task or ""), call.task or "", call.variables, Mode.RUN)
        _, reason = await self._freshness_of(ready, Stand(strand=Strand(), sink=sink))
        return ready.name if reason else ""

    def _say_fresh(self, turn: Turn) -> None:
        if self._messages.echoes(turn.request.silent, turn.ready):
            name = turn.ready.prefix if self._options.output.style == "prefixed" else turn.ready.name
            self._messages.say(f"task: Task {go_quoted(name)} is up to date", turn.stand.sink, "magenta")

    def _keep(self, ready: ReadyTask, freshness: Freshness | None, stand: Stand) -> None:
        if ready.sources and not self._options.dry:
            self.staleness.keep(ready, freshness, stand)

    async def _prompt(self, ready: ReadyTask, stand: Stand) -> None:
        for prompt in ready.prompts:
            if not prompt or self._options.dry:
                continue
            if self._options.assume_yes:
                self._messages.assumed(prompt, stand.sink)
                continue
            if not (sys.stdin.isatty() and sys.stdout.isatty()):
                message = f"task `{ready.name}` has a prompt, and there is no terminal to ask at"
                raise TaskCancelledError(message, task=ready.name, help="--yes answers all prompts")
            answer = await self._messages.answer(f"{prompt} [y/N]: ")
            if answer.strip().lower() not in ("y", "yes"):
                raise TaskCancelledError(f"task `{ready.name}` cancelled by user", task=ready.name)

    def _make_folder(self, ready: ReadyTask, stand: Stand) -> None:
        if not ready.dir or self._options.dry or os.path.isdir(ready.dir):
            return
        try:
            os.makedirs(ready.dir, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            pass  # as in task: the first command will say so
        except OSError as error:
            why = f"mkdir {error.filename}: {(error.strerror or '').lower()}"
            self._messages.say(f"task: cannot make directory {go_quoted(ready.dir)}: {why}", stand.sink, "red")
