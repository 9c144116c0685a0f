"""A job's further attempts, after its steps have failed, as long as there is reason for one. See "When something fails" in docs/design.md.

The reasons, in this order: it failed beside others, and gets one attempt alone; and its task declares `retry`, which gives it so many
more, where others may run beside it again. Each attempt is all steps, without the dependencies, and has a log of its own. Knows
nothing of what steps are. Loaded when something has failed.
"""

from __future__ import annotations

from itertools import islice

from paratask.errors import CommandFailedError, ParataskError, TaskRunError, TaskTimeoutError
from paratask.events import AttemptBegan, FellBack, Retried
from paratask.execution.turns import exit_status_of, is_command_failure
from paratask.frozen import dataclass
from paratask.kernel.cancel import Cancelled, StoppedClocks
from paratask.names import shown_limit
from paratask.variables.ready import ReadyCall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Coroutine
    from typing import TypeVar

    from paratask.events import EventBus
    from paratask.execution.jobs import Job, LogStore
    from paratask.execution.leases import Leases
    from paratask.execution.messages import Messages
    from paratask.execution.options import RunOptions
    from paratask.execution.strands import Pace, Quiet, Strand
    from paratask.execution.turns import Limit, Turn
    from paratask.kernel.cancel import Deadlines
    from paratask.kernel.loop import Loop
    from paratask.processes.segments import Segment
    from paratask.taskfile.settings import Retry, TaskClaims
    from paratask.variables.ready import ReadyTask

    T = TypeVar("T")
    Work = Callable[[Turn], Coroutine[object, object, T]]
    Steps = Work[None]

MOST_NAMED = 2
MOST_OWN_STATUS = 128
"""An exit status above it is that of a signal, by a shell's custom."""
TIMED_OUT = 124
"""What `timeout` exits with when the time is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeating:
    """Whether a task may run again.

    `declared` gives what paratask.toml says of a task, by its name. `why_once` says why the task may not run again unless its author asked
    for that, `why_not` why it may not even then: its effects may reach beyond the checkout. Both are empty where nothing speaks against
    it. `would_fail_alone` says whether nobody who ran beside a job can be the reason why it failed, and `is_in_vain` whether it would fail in the
    same way, since the program that it could not start is still missing.
    """

    declared: Callable[[str], TaskClaims | None]
    why_once: Callable[[ReadyTask], str]
    why_not: Callable[[ReadyTask], str]
    would_fail_alone: Callable[[Turn], bool]
    is_in_vain: Callable[[ParataskError, ReadyTask], bool]


class Attempts:
    """Makes further attempts for any job of a run. `forget_failures` lets tasks of `run: once` that failed run again. `failed_before` gives
    the job of a member whose failure settles what the run comes to, whatever another attempt of this strand would do. `below` gives the
    jobs that one has called; `forget_stopped` lets those of `run: once` run again that were stopped there. `waits_to_be_alone` is told who
    does, and beside which tasks it failed.
    """

    def __init__(
        self,
        *,
        loop: Loop,
        quiet: Quiet,
        pace: Pace,
        leases: Leases,
        logs: LogStore,
        events: EventBus,
        messages: Messages,
        options: RunOptions,
        repeating: Repeating,
        failed_before: Callable[[Strand], Job | None],
        forget_failures: Callable[[], None],
        forget_stopped: Callable[[Collection[Job]], None],
        below: Callable[[Job], list[Job]],
        waits_to_be_alone: Callable[[Strand, Collection[str]], None],
    ) -> None:
        self._waits_to_be_alone = waits_to_be_alone
        self._loop = loop
        self._quiet = quiet
        self._pace = pace
        self._leases = leases
        self._logs = logs
        self._events = events
        self._messages = messages
        self._options = options
        self._repeating = repeating
        self._failed_before = failed_before
        self._forget_failures = forget_failures
        self._forget_stopped = forget_stopped
        self._below = below

    async def after(
        self,
        failure: ParataskError,
        turn: Turn,
        steps: Steps,
        held: Segment | None = None,
        deadlines: Deadlines | None = None,
    ) -> None:
        """Make the attempts for which there is reason, after the first one ended in `failure`.

        `held` is the output of the first attempt, where it can still be dropped. `deadlines` know how much time was left when that began;
        an attempt alone gets as much again, since in a run one at a time there would have been no attempt before it. Raises the
        ParataskError of the last attempt.
        """
        if held is not None:
            if await self._is_worth_being_alone(failure, turn):
                held.discard()
                if deadlines is not None:
                    deadlines.put_back()
                try:
                    await self._again_alone(turn, steps, failure)
                except ParataskError as error:
                    failure = error
                else:
                    return
            else:
                held.pour_into(turn.stand.sink)
        if turn.job.attempts == 1 and not failure.not_again:
            failure.beside_below = self._beside_what_it_called(failure, turn)
        retry = self._retry_after(failure, turn)
        if retry is None:
            try:
                raise failure
            finally:
                del failure  # it has this frame, which has it: with all that they hold, ten thousand of them are 100 MB
        await self._once_more(turn, steps, retry, failure)

    def _may_be_others_fault(self, failure: ParataskError, turn: Turn) -> bool:
        """Whether one of its own commands failed, or it had too little time, beside jobs that we let run beside it, and it may run twice.
        Notes in the failure why not.
        """
        if turn.job.attempts > 1 or not self._beside(failure, turn.job):
            return False
        failure.not_again = self._repeating.why_once(turn.ready)
        return not (failure.not_again or self._stands(failure, turn))

    def _stands(self, failure: ParataskError, turn: Turn) -> bool:
        """Whether it would fail alone as well. What a signal ended, or ran out of time, had too little of something that neighbours may have had."""
        status = failure.exit_status if isinstance(failure, CommandFailedError) else TIMED_OUT
        if status == TIMED_OUT or status > MOST_OWN_STATUS:
            return False
        failure.by_itself = self._repeating.would_fail_alone(turn)
        return failure.by_itself

    def _beside(self, failure: ParataskError, job: Job) -> tuple[str, ...]:
        """The tasks that may be the reason. What a job calls fails by itself, and is made again by itself; but its time is the job's as well."""
        if isinstance(failure, TaskTimeoutError):
            return () if failure.was_alone else tuple(dict.fromkeys((*job.beside, *failure.beside)))
        return tuple(job.beside) if isinstance(failure, CommandFailedError) else ()

    def _beside_what_it_called(self, failure: ParataskError, turn: Turn) -> str:
        """What may be the reason, too, though no command of its own had a neighbour: what it called had one, passed, and is not made again."""
        if turn.job.beside or not isinstance(failure, CommandFailedError) or not _calls_others(turn.ready):
            return ""
        for job in self._below(turn.job):
            if job.beside:
                others = " and ".join(f"`{task}`" for task in islice(job.beside, MOST_NAMED))
                more = f" and {len(job.beside) - MOST_NAMED} more" if len(job.beside) > MOST_NAMED else ""
                return f"nothing ran beside its own commands, but `{job.task}`, which it called, ran beside {others}{more}"
        return ""

    async def after_limit(self, limit: Limit, turn: Turn, work: Work[T], held: Segment, deadlines: Deadlines) -> T:
        """The time of a call ran out, and all that it did has ended. Do its work once more, alone, with all of its time, where there is reason
        for that. Raises ParataskError, and Cancelled where it has ended for good.
        """
        if not self._may_be_others_fault(limit.error, turn) or not limit.scope.take_back():
            raise Cancelled(limit.scope)
        await self._loop.give_way()  # who waited for what was stopped now does that itself
        if not await self._is_worth_being_alone(limit.error, turn):
            limit.scope.cancel("deadline")
            raise Cancelled(limit.scope)
        held.discard()
        deadlines.put_back()
        return await self._again_alone(turn, work, limit.error)

    async def _is_worth_being_alone(self, failure: ParataskError, turn: Turn) -> bool:
        """Whether another attempt may end differently, and matters; where it may, waits until nothing else runs. Raises Cancelled."""
        if not self._may_be_others_fault(failure, turn) or self._is_settled(failure, turn):
            return False
        if turn.stand.door is not None:
            turn.stand.door.begin()  # all its time may have gone by before its first command, and nobody opens a door for who is alone
        self._waits_to_be_alone(turn.stand.strand, self._beside(failure, turn.job))
        with StoppedClocks(self._loop):
            await self._quiet.ask(turn.stand.strand, stops_others=not turn.stand.is_forgiven)
        if not (self._is_settled(failure, turn) or self._repeating.is_in_vain(failure, turn.ready)):
            return True
        self._quiet.done()
        return False

    def _is_settled(self, failure: ParataskError, turn: Turn) -> bool:
        """Whether one at a time would not have come so far, as one before it has failed. Notes that in the failure."""
        before = self._failed_before(turn.stand.strand)
        if before is not None:
            failure.not_again = f"`{before.task}` had failed already"
        return before is not None

    async def _again_alone(self, turn: Turn, work: Work[T], failure: ParataskError) -> T:
        """Make an attempt while nothing else runs. One that somebody stops has come to nothing, and is not told of."""
        job = turn.job
        began = self._loop.now()
        passed = was_stopped = False
        beside = self._beside(failure, job)
        if isinstance(failure, TaskTimeoutError):
            failure.was_alone = True
            self._forget_stopped([job, *self._below(job)])
        job.failed_seconds = job.own_seconds
        first_log = self._begin_another(job)
        try:
            outcome = await work(turn)
            passed = True
            self._pace.one_at_a_time = True
            self._leases.one_at_a_time()
            return outcome
        except Cancelled as stopped:
            limit = turn.request.limit
            was_stopped = limit is None or stopped.scope is not limit.scope
            raise
        finally:
            self._quiet.done()
            job.recovery_seconds += self._loop.now() - began
            if not was_stopped:
                status = exit_status_of(failure)
                self._events.announce(
                    FellBack(job=job.id, task=job.task, beside=beside, exit_status=status, passed=passed, first_log=first_log)
                )

    def _begin_another(self, job: Job) -> str:
        """Count an attempt, and keep the log of the one before. Returns that log's path."""
        kept = self._logs.set_aside(job.id, job.attempts)
        job.attempts += 1
        job.passed_over = False
        self._events.announce(AttemptBegan(job=job.id, attempt=job.attempts))
        return kept

    def _retry_after(self, error: ParataskError, turn: Turn) -> Retry | None:
        """The declared retry, where the failure is one of a command, and the task may run again."""
        declared = self._repeating.declared(turn.ready.task.name)
        if declared is None or declared.retry is None or not is_command_failure(error) or self._is_stopped():
            return None
        outside = self._repeating.why_not(turn.ready)
        if outside:
            text = f"paratask: `{turn.job.task}` is not run again: its effects may not stay in this checkout ({outside})"
            self._messages.say(f"{text}; `local = true` in its table says that they do", turn.stand.sink, "yellow")
            return None
        return declared.retry if declared.retry.count else None

    async def _once_more(self, turn: Turn, steps: Steps, retry: Retry, failure: ParataskError) -> None:
        """Make the declared attempts until one passes or none is left. Raises the error of the last."""
        job = turn.job
        began = self._loop.now()
        try:
            for number in range(1, retry.count + 1):
                if self._is_stopped() or self._failed_before(turn.stand.strand):
                    break
                self._tell(turn, failure, wait_seconds=retry.wait_before(number), last=job.attempts + 1 + retry.count - number)
                if not await self._waited(retry.wait_before(number), turn):
                    break
                self._begin_another(job)
                self._forget_failures()
                try:
                    await steps(turn)
                except ParataskError as error:
                    if not is_command_failure(error):
                        raise
                    failure = error
                else:
                    return
        finally:
            job.recovery_seconds += self._loop.now() - began
        raise failure

    def _tell(self, turn: Turn, failure: ParataskError, *, wait_seconds: float, last: int) -> None:
        job = turn.job
        attempt = job.attempts + 1
        if not self._options.silent:
            wait = f", in {shown_limit(wait_seconds)}" if wait_seconds else ""
            text = f"paratask: {_what_failed(job.task, failure)}; attempt {attempt} of {last}{wait}"
            self._messages.say(text, turn.stand.sink, "yellow")
        self._events.announce(
            Retried(
                job=job.id, task=job.task, attempt=attempt, exit_status=exit_status_of(failure), wait_seconds=wait_seconds,
                log_before=self._logs.attempt_path(job.id, job.attempts),
            )
        )  # fmt: skip

    async def _waited(self, seconds: float, turn: Turn) -> bool:
        """Wait before the next attempt; whether that still matters. Others may run alone meanwhile, unless this job itself is alone.
        Raises Cancelled.
        """

        def matters() -> bool:
            return self._failed_before(turn.stand.strand) is None

        if seconds and self._quiet.is_alone:
            await self._loop.sleep(seconds)
        elif seconds:
            await self._quiet.pause(seconds, matters)
        return matters()

    def _is_stopped(self) -> bool:
        """Whether the run was: a command that had the keyboard may have failed of the same Ctrl-C."""
        try:
            self._loop.raise_if_cancelled()
        except Cancelled:
            return True
        return False


def _calls_others(ready: ReadyTask) -> bool:
    return bool(ready.dependencies) or any(isinstance(step, ReadyCall) for step in ready.steps)


def _what_failed(task: str, failure: ParataskError) -> str:
    name, cause = task, failure
    if isinstance(failure, TaskRunError):
        innermost = failure.innermost()
        name, cause = innermost.called, innermost.cause
    if isinstance(cause, TaskTimeoutError):
        what = f"`{cause.task}` took longer than {shown_limit(cause.seconds)}"
        name = cause.task
    else:
        what = f"`{name}` exited with {exit_status_of(cause)}"
    return what if name == task else f"`{task}` failed, as {what}"
