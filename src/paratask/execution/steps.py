"""A task's steps, one after another, and sets of them side by side; deferred ones at the end.

go-task: Executor.runCommand and runDeferred; the sets are ours ("Steps and sets" in docs/design.md). Knows nothing of dependencies
and freshness, which are interpreter.py's, and of why steps run again, which is attempts.py's.
"""

from __future__ import annotations

import os
from functools import partial

from paratask.errors import CommandFailedError, ParataskError, TaskTimeoutError
from paratask.events import CommandEnded
from paratask.execution.messages import error_text
from paratask.execution.starting import Order
from paratask.execution.strands import Kind
from paratask.execution.turns import Stand, Turn, exit_status_of, is_command_failure
from paratask.frozen import replace
from paratask.kernel.cancel import Cancelled, CancelScope, Deadlines
from paratask.processes.process import NOT_EXECUTABLE, NOT_FOUND
from paratask.processes.streams import Unheard
from paratask.variables.ready import ReadyCall, ReadyCommand, ReadyDefer, grouped, ready_part
from paratask.variables.scopes import exported

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping
    from typing import Protocol

    from paratask.events import EventBus
    from paratask.execution.attempts import Attempts
    from paratask.execution.commands import Commands
    from paratask.execution.interpreter import Interpreter
    from paratask.execution.jobs import Job, LogStore, State
    from paratask.execution.messages import Messages
    from paratask.execution.missing_programs import Called
    from paratask.execution.options import RunOptions
    from paratask.execution.overlaps import Overlaps
    from paratask.execution.strands import Door
    from paratask.execution.turns import Arrange, Limit, Member
    from paratask.execution.workbench import Workbench
    from paratask.kernel.loop import Loop
    from paratask.planning.arrangement import Arrangement
    from paratask.processes.process import Ended
    from paratask.processes.streams import Sink
    from paratask.scheduling.budget import Cost
    from paratask.taskfile.model import Command, Variables
    from paratask.taskfile.settings import TaskClaims
    from paratask.variables.ready import ReadyStep, ReadyTask

    Outcome = tuple[State, str]

    class Foresight(Protocol):
        """What is expected of commands before they run."""

        def cost(self, task: str, job_task: str, variables: Variables) -> Cost:
            """What each command of a task takes, by the task's name, its job's, and the variables of the call."""

        def priority(self, task: str, variables: Variables) -> float:
            """How early a call's commands should start, of those that wait for a lease: higher is earlier."""

        def leads(self, priority: float) -> bool:
            """Whether one of that priority goes before all that are about to ask, and so need not wait for them."""


class Steps:
    """Runs steps for the interpreter. `make_attempts` is called when steps have failed; `now` is the time since the epoch."""

    def __init__(
        self,
        *,
        loop: Loop,
        bench: Workbench,
        interpreter: Interpreter,
        commands: Commands,
        make_attempts: Callable[[], Attempts],
        logs: LogStore,
        events: EventBus,
        messages: Messages,
        options: RunOptions,
        overlaps: Overlaps,
        arrange: Arrange,
        now: Callable[[], float],
        foresight: Foresight,
        called: Called,
    ) -> None:
        self._foresight, self._called = foresight, called
        self._loop = loop
        self._taskfile = bench.taskfile
        self._preparation = bench.preparation
        self._environ = bench.environ
        self._declared = bench.project.settings.claims_of
        self._interpreter = interpreter
        self._commands = commands
        self._make_attempts = make_attempts
        self._logs = logs
        self._events = events
        self._messages = messages
        self._options = options
        self._arrange, self._now = arrange, now
        self._overlaps = overlaps

    def in_time(
        self, turn: Turn, limit: Limit, work: Callable[[Turn], Coroutine[object, object, Outcome]]
    ) -> Coroutine[object, object, Outcome]:
        """`work`, of a call that has so much time; see limits.py. Raises Cancelled."""
        if not self._goes_back(turn.stand):
            return work(turn)
        from paratask.execution.limits import in_time

        company = self._overlaps.company(turn.stand.strand)
        holds = turn.stand.strand.is_our_choice and not self._options.output.writes_through
        return in_time(self._loop, turn, limit, work, self._make_attempts, company, holds=holds)

    def _goes_back(self, stand: Stand) -> bool:
        """Whether what fails there beside others runs again alone."""
        return (stand.on_failure or self._options.on_failure) == "sequential"

    async def attempt(self, turn: Turn) -> None:
        """All steps; where they fail, those further attempts for which there is reason. Raises ParataskError."""
        stand = turn.stand
        held = deadlines = None
        first = turn
        if stand.strand.is_our_choice and self._goes_back(stand):
            from paratask.processes.segments import Segment

            held, deadlines = Segment(), Deadlines(self._loop)
            apart = stand if self._options.output.writes_through else replace(stand, sink=held)
            first = Turn(request=turn.request, ready=turn.ready, job=turn.job, stand=apart)
        try:
            await self._all(first)
        except ParataskError as failure:
            await self._make_attempts().after(failure, turn, self._all, held, deadlines)
        finally:
            if held is not None:
                if stand.door is not None and stand.door.never_opened:
                    held.discard()
                held.pour_into(stand.sink)

    async def _all(self, turn: Turn) -> None:
        deferred: list[ReadyDefer] = []
        exit_code = 0
        declared = self._declared(turn.ready.task.name)
        try:
            if declared is not None and declared.timeout_seconds:
                await self._forgiving(self._in_its_time(declared, turn, deferred), turn)
            else:
                await self._in_order(turn, deferred)
            self._messages.finished(turn.request.task, turn.stand.sink)
        except ParataskError as error:
            exit_code = exit_status_of(error)
            self._messages.failed(turn.request.task, error, turn.stand.sink)
            raise
        finally:
            await self._deferred(deferred, exit_code, turn)

    async def _in_its_time(self, declared: TaskClaims, turn: Turn, deferred: list[ReadyDefer]) -> None:
        with self._overlaps.company(turn.stand.strand) as company:
            try:
                await self._within(declared, turn.ready.name, lambda: self._in_order(turn, deferred))
            except TaskTimeoutError as error:
                error.beside = company.tasks
                raise

    async def _in_order(self, turn: Turn, deferred: list[ReadyDefer]) -> None:
        """One part after the other; those for the end are put into `deferred`."""
        for part in grouped(turn.ready.steps):
            if isinstance(part, ReadyDefer):
                deferred.append(part)
            else:
                await self._forgiving(self._part(part, turn), turn)

    async def _forgiving(self, work: Coroutine[object, object, None], turn: Turn) -> None:
        """Do it; where the task ignores errors, a command that fails does not matter."""
        try:
            await work
        except ParataskError as error:
            if not (turn.ready.task.ignore_error and is_command_failure(error)):
                raise
            turn.job.passed_over = True
            self._messages.passed_over("", "task", error, turn.stand.sink)

    async def _part(self, part: ReadyStep | list[ReadyCall], turn: Turn) -> None:
        if isinstance(part, list):
            await self._calls(part, turn)
        elif isinstance(part, ReadyCommand) and part.source.joins:
            self._echo(part, turn, turn.stand.sink)
        elif isinstance(part, ReadyCommand):
            try:
                if part.source.timeout_seconds:
                    await self._within(part.source, turn.ready.name, lambda: self._command(part, turn))
                else:
                    await self._command(part, turn)
            except (CommandFailedError, TaskTimeoutError) as error:
                if not part.source.ignore_error:
                    raise
                self._messages.passed_over(turn.ready.name, "command", error, turn.stand.sink)

    async def _calls(self, calls: list[ReadyCall], turn: Turn) -> None:
        """Neighbouring calls, as arranged; what nothing can run beside runs in the open."""

        def arrange(start: int = 0, end: int | None = None) -> Arrangement:
            return self._arrange(calls[start:end], turn.ready, is_forgiven=turn.stand.is_forgiven)

        arrangement = arrange()
        if not arrangement.is_parallel and all(call.inline for call in calls):
            for command in (step for call in calls for step in call.inline if isinstance(step, ReadyCommand)):
                await self._part(command, turn)
            return
        members = [self._member(call, turn, reason) for call, reason in zip(calls, arrangement.reasons, strict=True)]
        kind = Kind.BACKGROUND if any(call.source.background for call in calls) else Kind.SET
        own = "" if self._options.on_failure_is_given else turn.ready.task.on_failure
        stand = replace(turn.stand, on_failure=own) if own else turn.stand
        await self._interpreter.run_set(members, arrangement, kind=kind, stand=stand, arrange=arrange)

    def _member(self, call: ReadyCall, turn: Turn, reason: str) -> Member:
        """A call with what its step says of it: `if`, `ignore_error`, `defer`."""
        ready = turn.ready
        if call.source.part is None:
            member = self._interpreter.member(call, turn.job, reason)
        else:
            part = ready_part(ready, self._taskfile.tasks[call.task or ""], call)
            member = self._interpreter.member(call, turn.job, reason, silent=turn.request.silent, ready=part)
        job, plain = member.job, member.run
        goes_on = call.is_forgiven(ready.task)

        async def run(stand: Stand) -> None:
            if not await self.condition_holds(call.condition, ready, stand.door):
                self._messages.verbose(f"task: [{ready.name}] if condition not met - skipped", stand.sink)
                self._interpreter.pass_over(job)
                return
            if call.shown:
                self._echo(call, turn, stand.sink)
                if self._options.dry:
                    return
            try:
                await plain(replace(stand, is_forgiven=True) if goes_on else stand)
            except ParataskError as error:
                forgives = (call.source.ignore_error or ready.task.ignore_error) and is_command_failure(error)
                job.forgiven = forgives or call.source.deferred
                if not forgives:
                    raise
                turn.job.passed_over |= not call.source.ignore_error and not call.source.deferred
                self._messages.passed_over(ready.name if call.source.ignore_error else "", "task", error, stand.sink)

        member.run, member.again = run, partial(self._member, call, turn, reason)
        return member

    async def _command(self, step: ReadyCommand, turn: Turn) -> None:
        source, ready, sink = step.source, turn.ready, turn.stand.sink
        if not await self.condition_holds(step.condition, ready, turn.stand.door):
            self._messages.verbose(f"task: [{ready.name}] if condition not met - skipped", sink)
            return
        if not self._interpreter.on_this_platform(source.platforms):
            self._messages.verbose(f"task: [{ready.name}] {step.shown} not for current platform - ignored", sink)
            return
        if not step.text:
            return
        self._echo(step, turn, sink)
        if self._options.dry:
            return
        ended = await self._overlaps.carry_out(turn, partial(self._process, step, turn))
        self._account(step, turn.job, ended)
        if ended.exit_status != 0:
            raise CommandFailedError(
                command=step.shown.strip(), exit_status=ended.exit_status, seconds=ended.seconds, position=source.position,
                help=self._help(step, ready) if ended.exit_status in (NOT_FOUND, NOT_EXECUTABLE) else "",
            )  # fmt: skip

    def _help(self, step: ReadyCommand, ready: ReadyTask) -> str:
        from paratask.execution.missing_programs import help_for_missing

        return help_for_missing(step.shown, self._environment(ready).get("PATH", ""), ready.dir or os.getcwd(), self._called)

    def _echo(self, step: ReadyCommand | ReadyCall, turn: Turn, sink: Sink) -> None:
        if self._messages.echoes(turn.request.silent or step.source.silent, turn.ready):
            self._messages.echo(turn.ready.name, step.shown, sink)

    async def _process(self, step: ReadyCommand, turn: Turn, is_again: bool) -> Ended:
        ready, job, stand = turn.ready, turn.job, turn.stand
        if is_again and not self._options.silent:
            self._messages.say(f"paratask: `{job.task}` begins its command again: memory had run out", stand.sink, "yellow")
        priority = self.priority(job)
        if ready.task.interactive and stand.door is not None:
            await stand.door.pass_through()  # who waits there has to have no terminal that somebody else wants
        interactive = ready.task.interactive and stand.strand.is_lone
        style = self._messages.style(stand.sink, ready)
        order = Order(
            text=step.text or "",
            folder=ready.dir or "",
            environment=self._environment(ready),
            set_options=_unique(self._taskfile.set_options, ready.task.set_options, step.source.set_options),
            shopt_options=_unique(self._taskfile.shopt_options, ready.task.shopt_options, step.source.shopt_options),
            lone=stand.strand.is_lone,
            read_stdin=self._options.plain is None
            and not stand.strand.is_our_choice,  # which may run twice, and find nothing then
            direct=interactive,
            wants_terminal=ready.task.interactive,
            one_stream=style.joins,
            priority=priority,
            leads=self._foresight.leads(priority),
            cost=self._cost_of(turn),
            owner=ready,
            job=job.id,
            door=stand.door,
        )
        ended: Ended | None = None
        course = self._overlaps.course(job, stand.strand)
        try:
            ended = await self._commands.run(order, log=self._logs.of(job.id), sink=style, course=course)
        except Cancelled as cancelled:
            process = course.process
            if cancelled.scope.reason == "deadline" and process is not None and process.ended is not None:
                _take(process.ended, job)  # it may run again, or others go on without it
            raise
        finally:
            style.close(failed=ended is None or ended.exit_status != 0)
        return ended

    def _cost_of(self, turn: Turn) -> Cost:
        job = turn.job
        cost = self._foresight.cost(turn.ready.task.part_of or turn.ready.task.name, job.task, job.variables)
        needed = self._overlaps.needed_bytes(job)
        return replace(cost, memory_bytes=max(cost.memory_bytes, needed)) if needed else cost

    def priority(self, job: Job) -> float:
        """How early the job, and each of its commands, should start: higher is earlier."""
        return self._foresight.priority(job.task, job.variables)

    def _account(self, step: ReadyCommand, job: Job, ended: Ended) -> None:
        if not step.source.deferred:
            job.exit_status, job.signal = ended.exit_status, ended.signal
        _take(ended, job)
        self._events.announce(
            CommandEnded(
                job=job.id,
                command=step.shown,
                exit_status=ended.exit_status,
                at=self._now(),
                seconds=ended.seconds,
                cpu_seconds=ended.cpu_seconds,
                peak_bytes=ended.peak_bytes,
            )
        )

    def _environment(self, ready: ReadyTask) -> Mapping[str, str]:
        """The environment of a task's processes."""
        if not ready.environment:
            return self._environ
        return exported(ready.environment, self._environ, own_first=self._options.own_environment_first)

    async def condition_holds(self, condition: str | None, ready: ReadyTask, door: Door | None) -> bool:
        """Whether an `if` holds: an empty one does."""
        return not (condition or "").strip() or await self.exit_status(condition or "", ready, door) == 0

    async def exit_status(self, command: str, ready: ReadyTask, door: Door | None) -> int:
        """Of a command that is only a question: a precondition, a `status`."""
        priority = self._foresight.priority(ready.full_name, ready.called_with)
        environment = self._environment(ready)
        return await self._commands.status(command, ready.dir or "", environment, owner=ready, priority=priority, door=door)

    def _within(
        self, limit: TaskClaims | Command, task: str, run: Callable[[], Coroutine[object, object, None]]
    ) -> Coroutine[object, object, None]:
        """`run()`, ended after the seconds that `limit` names. Raises TaskTimeoutError."""
        from paratask.execution.limits import within

        error = TaskTimeoutError(task=task, seconds=limit.timeout_seconds, position=limit.position)
        return within(self._loop, error, lambda _: run())

    async def _deferred(self, deferred: list[ReadyDefer], exit_code: int, turn: Turn) -> None:
        """Last in, first out; their errors are ignored; a cancelled run does not keep them from running."""
        if deferred and turn.stand.door is not None and turn.stand.door.never_opened:
            return
        for defer in reversed(deferred):
            with CancelScope(self._loop, shield=True):
                last = replace(turn, stand=replace(turn.stand, sink=Unheard(turn.stand.sink), door=None))
                try:
                    step = await self._preparation.deferred(defer.source, turn.ready, exit_code)
                    await self._part([step] if isinstance(step, ReadyCall) else step, last)
                except ParataskError as error:
                    self._messages.verbose_error(
                        f"task: ignored error in deferred cmd: {error_text(error)}", last.stand.sink, "yellow"
                    )


def _take(ended: Ended, job: Job) -> None:
    """What a command took, its job did."""
    job.own_seconds += ended.seconds
    job.cpu_seconds += ended.cpu_seconds
    job.queued_seconds += ended.queued_seconds
    job.taken_seconds += ended.taken_seconds
    job.peak_bytes = max(job.peak_bytes, ended.peak_bytes)
    job.read_bytes += ended.read_bytes
    job.written_bytes += ended.written_bytes


def _unique(*groups: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(option for group in groups for option in group)) if any(groups) else ()
