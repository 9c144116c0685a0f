"""One call being carried out, as the parts of execution hand it on: what was asked for, the task, its job, and where it runs."""

from __future__ import annotations

import enum

from paratask.errors import CommandFailedError, ParataskError, PreconditionError, TaskRunError, TaskTimeoutError
from paratask.events import SetArranged
from paratask.execution.jobs import State
from paratask.frozen import dataclass
from paratask.names import cut, shown_limit
from paratask.processes.interrupts import NAMES

TYPE_CHECKING = False
ALWAYS = "always runs"
BEGUN_ANEW = "what it is a part of begins anew"
UP_TO_DATE = "up to date"
MOST_SHOWN = 200
BESIDE = "something beside it failed"
BEFORE = "something before it failed"
ALONE = "something before it failed, and ran again alone"
NEVER_BEGUN = frozenset((BEFORE, ALONE))
"""Why something was stopped that would not have begun, one at a time."""

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from typing import Protocol

    from paratask.errors import Position
    from paratask.execution.jobs import Job
    from paratask.execution.strands import Door, Strand
    from paratask.kernel.cancel import CancelScope
    from paratask.planning.arrangement import Arrangement
    from paratask.processes.streams import Sink
    from paratask.taskfile.model import Variables
    from paratask.variables.ready import ReadyCall, ReadyTask

    class Arrange(Protocol):
        """`Planner.arrange`."""

        def __call__(self, calls: Sequence[ReadyCall], caller: ReadyTask, *, is_forgiven: bool) -> Arrangement: ...


class Earlier(enum.Enum):
    """What became of a job in the run that this one goes on with.

    done        it was finished, and need not run
    open        it was not, or nobody knows: its own rules decide
    half_done   its steps began, and did not come to a good end: it has to run, up to date or not
    """

    DONE = "done"
    OPEN = "open"
    HALF_DONE = "half_done"


class Limit:
    """A call's time: what ends it, and the `error` that it comes to then."""

    __slots__ = ("error", "scope")

    def __init__(self, scope: CancelScope, error: TaskTimeoutError) -> None:
        self.scope = scope
        self.error = error


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A call to carry out. `direct` is one from the command line. `ready` is its task, where that is known already: a part is as its whole was.
    `limit` is the time that its caller gives it.
    """

    task: str
    variables: Variables
    silent: bool = False
    direct: bool = False
    position: Position | None = None
    ready: ReadyTask | None = None
    limit: Limit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Where a job runs: its strand, where its output goes, how many calls lead to it, what is done when one that it calls fails
    (empty: the setting says that), and the door before its first command, where it runs in a group of our choice. `is_forgiven` is whether the
    run goes on should it fail: then nothing may have run that stands below what failed.
    """

    strand: Strand
    sink: Sink
    depth: int = 0
    on_failure: str = ""
    door: Door | None = None
    is_forgiven: bool = False


class Member:
    """One member of a group: its job, `run`, which carries the job out where it is told to, and its priority. Of members that may start at
    the same moment, those with a higher priority start first. `call` is what it carries out, and `again` makes it once more, with a new
    job, where it may have to begin anew.
    """

    __slots__ = ("again", "call", "job", "priority", "run")

    def __init__(
        self,
        job: Job,
        run: Callable[[Stand], Coroutine[object, object, None]],
        priority: float = 0.0,
        call: ReadyCall | None = None,
    ) -> None:
        self.job = job
        self.run = run
        self.priority = priority
        self.call = call
        self.again: Callable[[], Member] | None = None

    def begin_anew(self) -> None:
        """Its job was stopped; another one takes its place."""
        assert self.again is not None
        anew = self.again()
        self.job, self.run = anew.job, anew.run


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A call whose task is ready, with the job that it is and the place where it runs."""

    request: Request
    ready: ReadyTask
    job: Job
    stand: Stand


def set_arranged(members: Sequence[Member], arrangement: Arrangement, *, one_at_a_time: bool) -> SetArranged:
    """What is announced of neighbours that were arranged; `one_at_a_time` is whether the run goes so whatever may run together."""
    jobs = [member.job for member in members]
    return SetArranged(
        parent=jobs[0].parent,
        members=tuple(job.id for job in jobs),
        after=tuple(tuple(jobs[i].id for i in sorted(after)) for after in arrangement.after),
        is_parallel=arrangement.is_parallel and not one_at_a_time,
        evidence=arrangement.evidence,
    )


def done_definition(turn: Turn, state: State, mask: Callable[[str], str]) -> str:
    """What has to be the same for a later run to take the job as done; empty where it has to look anyway. See "Going on" in docs/design.md."""
    is_done = not turn.job.passed_over if state is State.SUCCEEDED else turn.job.done_before
    return turn.ready.definition(mask) if is_done else ""


def why_failed(error: ParataskError, task: str, mask: Callable[[str], str]) -> str:
    """Why a job of `task` failed, in a few words. Commands are left out: they may be long, and the error that is shown has them."""
    match error:
        case CommandFailedError():
            text = f"exited with {error.exit_status}"
        case TaskTimeoutError():
            text = f"{'' if error.task == task else f'`{error.task}` '}timed out after {shown_limit(error.seconds)}"
        case PreconditionError():
            text = f"precondition: {error.why}"
        case TaskRunError():
            text = f"`{error.called}` failed"
        case _:
            text = error.message
    if why_not := error.not_again or error.beside_below:
        text = f"{text}; not run again alone: {why_not}"
    if error.by_itself:
        text = f"{text}, by itself: what ran beside it only reads"
    return cut(" ".join(mask(text).split()), MOST_SHOWN)


def why_stopped(scope: CancelScope) -> str:
    """Why a job inside a cancelled scope was stopped, or will not begin any more, in a few words."""
    reason = scope.reason
    if isinstance(reason, int):
        return f"the run was stopped by a signal ({NAMES.get(reason, reason)})"
    words = {"deadline": "its caller's time ran out", "failfast": BESIDE}.get(str(reason), reason)
    return words if isinstance(words, str) else BESIDE


def exit_status_of(error: ParataskError) -> int:
    """Of the command that failed, innermost; 124 where its time ran out, 0 where it is no failure of a command."""
    while isinstance(error, TaskRunError):
        error = error.cause
    if isinstance(error, CommandFailedError):
        return error.exit_status
    return 124 if isinstance(error, TaskTimeoutError) else 0


def is_command_failure(error: ParataskError) -> bool:
    """Whether a command failed on its own terms, which `ignore_error` forgives; anything else it does not."""
    while isinstance(error, TaskRunError):
        error = error.cause
    return isinstance(error, (CommandFailedError, TaskTimeoutError))
