"""`run: once` and `run: when_changed`: which calls are one and the same, and the outcome that they share. go-task: GetHash."""

from __future__ import annotations

from paratask.errors import ParataskError, TaskWaitsForItselfError
from paratask.execution.jobs import ENDED, State, line_of
from paratask.execution.strands import OUR_CHOICE, Strand, comes_before, parted_by
from paratask.execution.turns import NEVER_BEGUN
from paratask.frozen import replace
from paratask.kernel.cancel import Cancelled, StoppedClocks
from paratask.kernel.loop import Event
from paratask.processes.segments import Segment
from paratask.variables.ready import ReadyCall, ReadyCommand

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Coroutine

    from paratask.execution.jobs import Job, Jobs
    from paratask.execution.messages import Messages
    from paratask.execution.strands import Quiet
    from paratask.execution.turns import Turn
    from paratask.kernel.cancel import CancelScope
    from paratask.kernel.loop import Loop
    from paratask.processes.streams import Sink
    from paratask.variables.ready import ReadyStep, ReadyTask


TOP = Strand()


class Execution:
    """One execution that later calls of the same task join. `error` is its outcome.

    `lasts` is whether it counts for later runs of a watch too: it went well, and no sources decide about the task. `waits_for` are
    others that calls below this one wait for, and how many of them do. `stopped_by` is what ended it, where a call had no more time, and
    `was_early` whether it would not have begun by then, one at a time. `job` is that of the call that began it, and `strand` where that stands; `joined` are those
    of the calls that wait for its end.
    """

    def __init__(self, loop: Loop, job: Job | None = None, strand: Strand = TOP) -> None:
        self.job = job
        self.strand = strand
        self.stopped_by: CancelScope | None = None
        self.was_early = False
        self.done = Event(loop)
        self.error: ParataskError | None = None
        self.lasts = False
        self.output: Output | None = None
        self.waits_for: dict[Execution, int] = {}
        self.joined: dict[str, Job] = {}

    def ends_after(self, others: Collection[Execution]) -> bool:
        """Whether it can end only when one of these has ended, or is one of them."""
        seen: set[Execution] = set()
        found = [self] if others else []
        while found:
            one = found.pop()
            if one in others:
                return True
            if one not in seen:
                seen.add(one)
                found += one.waits_for
        return False

    async def join(self, around: Collection[Execution]) -> None:
        """Wait for its end, in a call that is below those `around`. Raises Cancelled."""
        for one in around:
            one.waits_for[self] = one.waits_for.get(self, 0) + 1
        try:
            await self.done.wait()
        finally:
            for one in around:
                one.waits_for[self] -= 1
                if not one.waits_for[self]:
                    del one.waits_for[self]


class Output:
    """What an execution writes, which stands where the first of its calls in written order is: there it would be, one at a time; or where
    output is shown as members end, with the first one that does. Each call is a place for it, and that place counts whose turn comes first:
    what is around the others may not be shown at all.
    """

    def __init__(self, sink: Segment) -> None:
        self.segment = Segment()
        sink.place(self.segment)

    def place(self, sink: Sink) -> None:
        """There is a call of it here, too."""
        if isinstance(sink, Segment) and not self.segment.is_open:
            sink.place(self.segment)


class OnlyOnce:
    """Carries out calls of tasks that run once; `executions` are those of the run, by their keys."""

    def __init__(self, *, loop: Loop, jobs: Jobs, quiet: Quiet, messages: Messages, executions: dict[str, Execution]) -> None:
        self._loop = loop
        self._jobs = jobs
        self._quiet = quiet
        self._messages = messages
        self._executions = executions
        self._going_on: dict[str, Execution] = {}
        """By their jobs."""

    async def carry_out(
        self, turn: Turn, execute: Callable[[Turn], Coroutine[object, object, tuple[State, str]]]
    ) -> tuple[State, str]:
        """The first call executes, later ones wait for it and share its outcome. Raises ParataskError and Cancelled."""
        key = execution_key(turn.ready)
        while (known := self._executions.get(key)) is not None and not self._is_for_us(known, turn):
            self._messages.verbose_error(f"task: skipping execution of task: {key}", turn.stand.sink)
            turn.job.shared = True
            if known.output is not None:
                known.output.place(turn.stand.sink)
            await self._join(known, turn)
            if known.error is None:
                return State.SKIPPED, f"run: {turn.ready.run}, and it ran before"
            if not self._is_for_us(known, turn):
                raise known.error
        turn.job.shared = False
        if turn.stand.door is not None:
            turn.stand.door.begin()  # others wait for it from now on
        if known is not None and known.stopped_by is not None and known.output is not None:
            known.output.segment.discard()
        return await self._begin(key, turn, execute)

    def _is_for_us(self, known: Execution, turn: Turn) -> bool:
        """Whether it is to be done all the same. Who is alone cannot wait for one that waits for it to end. And where it was stopped for want of
        time, and the call that had too little has another go, or would have come later, one at a time, that finds what this one does; as it is
        where that call's time would have gone by before it began this. A call that was stopped since something above it failed never counts.
        """
        if not known.done.is_set:
            return self._quiet.is_alone
        stopped_by = known.stopped_by
        return stopped_by is not None and (
            not stopped_by.cancelled
            or stopped_by.reason in NEVER_BEGUN
            or known.was_early
            or self._is_first(turn.stand.strand, known.strand)
        )

    async def _begin(
        self, key: str, turn: Turn, execute: Callable[[Turn], Coroutine[object, object, tuple[State, str]]]
    ) -> tuple[State, str]:
        stand = turn.stand
        execution = self._executions[key] = self._going_on[turn.job.id] = Execution(self._loop, turn.job, stand.strand)
        if isinstance(stand.sink, Segment):
            execution.output = Output(stand.sink)
            turn = replace(turn, stand=replace(stand, sink=execution.output.segment))
        try:
            outcome = await execute(turn)
            execution.lasts = not (turn.ready.sources or turn.ready.task.watch)
            return outcome
        except ParataskError as error:
            execution.error = error
            raise
        except Cancelled as stopped:
            execution.error = ParataskError("the execution that this call waited for was stopped")
            execution.stopped_by = stopped.scope
            execution.was_early = stopped.scope.reason == "deadline" and self._is_early(turn.job)
            raise
        finally:
            del self._going_on[turn.job.id]
            execution.done.set()

    async def _join(self, execution: Execution, turn: Turn) -> None:
        """Wait for its end. Raises ParataskError where it would never come."""
        if not execution.done.is_set:
            around = self._around(turn.job)
            if execution.ends_after(around):
                raise TaskWaitsForItselfError(task=turn.ready.name, run=turn.ready.run, position=turn.ready.task.position)
            self._quiet.leave()  # not where there is nothing to wait for: who is alone could not go on until nobody is
            execution.joined[turn.job.id] = turn.job
            try:
                if self._is_first(execution.strand, turn.stand.strand):
                    with StoppedClocks(self._loop):  # one at a time it would be done by now
                        await execution.join(around)
                else:
                    await execution.join(around)
            finally:
                del execution.joined[turn.job.id]
                await self._quiet.resume()

    @staticmethod
    def _is_first(one: Strand, other: Strand) -> bool:
        """Whether one would come to its end before the other begins, if they did not run side by side by our choice."""
        return parted_by(one, other) in OUR_CHOICE and comes_before(one, other)

    def _is_early(self, job: Job) -> bool:
        """Whether something has not come to its end that stands before it, in what calls it."""
        begun, chain = job.started_at, {job.parent: job}
        while job.parent:
            job = self._jobs.by_id[job.parent]
            chain[job.parent] = job
        for other in self._jobs.all:
            own = chain.get(other.parent)
            if own is other:
                del chain[other.parent]
            elif own is not None and (other.state not in ENDED or (other.state is State.CANCELLED and other.ended_at >= begun)):
                return True
        return False

    def _around(self, job: Job) -> list[Execution]:
        """Those that go on and have this job below them."""
        if not self._going_on:
            return []
        return [self._going_on[above.id] for above in line_of(job, self._jobs.by_id) if above.id in self._going_on]


def forget_failures(executions: dict[str, Execution]) -> None:
    """So that what failed runs again when it is called again."""
    for key, execution in list(executions.items()):
        if execution.done.is_set and execution.error is not None:
            del executions[key]


def forget_stopped(executions: dict[str, Execution], jobs: Collection[Job]) -> None:
    """So that what was stopped with the jobs that began it runs again when it is called again."""
    for key, execution in list(executions.items()):
        if execution.stopped_by is not None and execution.job in jobs:
            del executions[key]


def execution_key(ready: ReadyTask) -> str:
    """go-task: GetHash. Empty for `run: always`."""
    local = ready.full_name.removeprefix(ready.task.namespace).removeprefix(":")
    base = f"{ready.task.position.file}:{local}"
    if ready.run == "once":
        return base
    if ready.run == "when_changed":
        return f"{base}:{_what_runs(ready)!r}"
    if ready.run == "always":
        return ""
    message = f'"{ready.run}" is no way to run: one of always, once, when_changed'
    raise ParataskError(message, position=ready.task.position)


def _what_runs(ready: ReadyTask) -> object:
    """What makes a call another one to `run: when_changed`. go-task hashes the compiled task, whose variables do not count."""
    steps = [_what_is_done(step) for step in ready.steps]
    calls = [call.task for call in ready.dependencies if isinstance(call, ReadyCall)]
    checks = [(p.command, p.message) for p in ready.preconditions]
    texts = (
        ready.label,
        ready.desc,
        ready.summary,
        ready.prompts,
        ready.dir,
        ready.method,
        ready.condition,
        ready.task.aliases,
    )
    return steps, calls, checks, ready.status, ready.sources, ready.generates, ready.dotenv, ready.allowed, texts


def _what_is_done(step: ReadyStep) -> object:
    """A deferred step is not filled in yet when a call is told from others; and what a task is called with never counts."""
    if isinstance(step, ReadyCommand):
        return step.text, step.condition
    if isinstance(step, ReadyCall):
        return step.task, step.condition
    return getattr(step.source, "text", "") or getattr(step.source, "task", "")
