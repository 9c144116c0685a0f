"""Everything a run can announce. Subscribers (console, records) get each event in order, in the loop's thread.

Events are values: nobody may change one. Times are seconds since the epoch. Their names and fields are kept in journals, so
`EVENTS_SCHEMA` grows when one changes its meaning or goes; one more does not count. See "Events" in docs/design.md.
"""

from __future__ import annotations

from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

EVENTS_SCHEMA = 1
ENDED_STATES = frozenset(("succeeded", "failed", "cancelled", "skipped", "fresh"))
"""States of a JobChanged that no other follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunBegan:
    """A run of these calls begins. `parallel` is the level in force, `seed` that of the start order.

    `given` are the names of the variables that the command line gave, and `resumes` is the run that it goes on with. `taskfile` is
    the root Taskfile's address, or its path as seen from its project's root. `within` is the run one of whose commands called us.
    `writes` are the files that paratask itself writes for whoever asked, as seen from that `root`, a path: reports, a job log.
    `forced` says which tasks run even if they are up to date: `all`, those that were `called` on the command line, or none.
    """

    schema: int
    run: str
    calls: tuple[str, ...]
    at: float
    parallel: str
    seed: str
    given: tuple[str, ...] = ()
    resumes: str = ""
    taskfile: str = ""
    within: str = ""
    writes: tuple[str, ...] = ()
    root: str = ""
    forced: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnded:
    """All jobs have ended. `exit_code` is paratask's own; the others are what summary.json has, under the same names.

    Of the jobs, an earlier run had finished `done_before`, and `shared` were calls whose work another call did. `stopped_by` is the signal that ended the run, or `change`: a watch did.
    """

    run: str
    exit_code: int
    started_at: float
    at: float
    job_count: int
    predicted_seconds: float | None
    sequential_seconds: float | None
    saved_seconds: float | None
    recovery_seconds: float
    done_before: int = 0
    shared: int = 0
    stopped_by: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class JobMade:
    """There is a job, and it waits. `parent` is the id of the one that called it, `reason` why it is going to run when it does."""

    job: str
    task: str
    parent: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StageMade:
    """A job is a stage of a pipeline, of that `number`; `gate` is the task that has to pass at its end, empty where none has."""

    job: str
    pipeline: str
    stage: str
    number: int
    of: int
    gate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobChanged:
    """A job came to a new state; `reason` says why it did, where there is something to say.

    `definition` is a digest of what ran, where it succeeded, now or in the run that this one goes on with. `is_shared`: another call of its task
    does its work, or did.
    """

    job: str
    task: str
    state: str
    at: float
    reason: str = ""
    definition: str = ""
    is_shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StepsBegan:
    """The steps of a job begin whose task has sources or `status`, and is not up to date: what they make is half done from here on, until
    the job has succeeded. `name` is what the task's fingerprint is kept under.
    """

    job: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandEnded:
    """A process ended. `cpu_seconds` and `peak_bytes` are the kernel's account of it and the children it waited for."""

    job: str
    command: str
    exit_status: int
    at: float
    seconds: float
    cpu_seconds: float
    peak_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SetArranged:
    """Neighbouring calls were arranged: `after[i]` are the members that member i waits for.

    `is_parallel` is whether any two of them may run at the same time, `evidence` what lets others run beside each: declared, observed,
    inferred, author or none; empty where nobody may, and where nothing was looked at.
    """

    parent: str
    members: tuple[str, ...]
    after: tuple[tuple[str, ...], ...]
    is_parallel: bool
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptBegan:
    """A job failed, and all its steps are carried out again, as attempt of that number; what they called is called again."""

    job: str
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FellBack:
    """A job failed beside others and was run again alone. `passed` says how that ended; `beside` are the tasks it overlapped."""

    job: str
    task: str
    beside: tuple[str, ...]
    exit_status: int
    passed: bool
    first_log: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Retried:
    """A job failed and is to get another attempt, of that number, as declared, after so many seconds; `log_before` is where the log of
    the one before is kept from then on. `AttemptBegan` follows, unless the run ends first, or that attempt would not matter any more.
    """

    job: str
    task: str
    attempt: int
    exit_status: int
    wait_seconds: float
    log_before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BegunAnew:
    """A job, just made, does what `instead_of` was to do, which was stopped so that a third one could run again alone."""

    job: str
    instead_of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedAgain:
    """Memory ran out: a job that had `peak_bytes` of it was ended, by us or by the kernel, and waits until there is room for it."""

    job: str
    task: str
    peak_bytes: int
    by_kernel: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBack:
    """A command of a job begins after it had to wait `seconds`: for `memory`, for the `load` to go down, for a named `resource` or a `rate`,
    or only for its `turn`, a second or longer, since as many ran as may. `names` are the resources that it uses.
    """

    job: str
    task: str
    by: str
    names: tuple[str, ...]
    seconds: float
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something the user should read once."""

    text: str


if TYPE_CHECKING:
    Event = (
        RunBegan
        | RunEnded
        | JobMade
        | StageMade
        | JobChanged
        | StepsBegan
        | CommandEnded
        | SetArranged
        | AttemptBegan
        | FellBack
        | Retried
        | BegunAnew
        | QueuedAgain
        | HeldBack
        | Notice
    )
    Subscriber = Callable[[Event], None]
    Trouble = Callable[[Subscriber, Exception], None]


class EventBus:
    """Hands each event to every subscriber, in order of subscription.

    One that raises hears nothing more, and `trouble` is told once; where nobody is to be told, it raises.
    """

    def __init__(self, trouble: Trouble | None = None) -> None:
        self._subscribers: tuple[Subscriber, ...] = ()
        self._trouble = trouble

    def subscribe(self, subscriber: Subscriber) -> None:
        self._subscribers = (*self._subscribers, subscriber)

    def announce(self, event: Event) -> None:
        for subscriber in self._subscribers:
            try:
                subscriber(event)
            except Exception as error:
                if self._trouble is None:
                    raise
                self._subscribers = tuple(other for other in self._subscribers if other is not subscriber)
                self._trouble(subscriber, error)
