"""Jobs: one call each, being carried out. `Jobs.move` alone changes a job's state. See "Words" in docs/design.md.

    waiting    exists; what comes before it has not ended
    ready      its turn has come
    running    its rules are being carried out (dependencies included)
    succeeded  all its steps ended well, or their errors were to be ignored
    failed     an error ended it
    cancelled  it was stopped, or never started because the run ended
    skipped    not for this platform, its `if` did not hold, or another call did its work
    fresh      up to date

Knows nothing of processes, and of output only that each job has a log.
"""

from __future__ import annotations

import enum

from paratask.events import JobChanged, JobMade
from paratask.names import JobNames

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Protocol

    from paratask.events import EventBus
    from paratask.processes.capture import Log
    from paratask.taskfile.model import Variables

    class LogStore(Protocol):
        """Keeps one log a job; records/logs.py has the files."""

        def of(self, job: str) -> Log:
            """The log of the job of that id, made when it is first asked for."""

        def attempt_path(self, job: str, attempt: int) -> str:
            """Where what the job's attempt of that number logged is kept, once another follows."""

        def set_aside(self, job: str, attempt: int) -> str:
            """Keep what the job's attempt of that number logged under another name, and start anew; the path of what was kept."""


class State(enum.Enum):
    """See the module."""

    WAITING = "waiting"
    READY = "ready"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"
    FRESH = "fresh"

    __hash__ = object.__hash__  # members are one of a kind; Enum's own runs Python at each look-up


ENDED = frozenset((State.SUCCEEDED, State.FAILED, State.CANCELLED, State.SKIPPED, State.FRESH))
_NEXT = {
    State.WAITING: frozenset((State.READY, State.CANCELLED)),
    State.READY: frozenset((State.RUNNING, State.CANCELLED, State.SKIPPED, State.FRESH, State.FAILED)),
    State.RUNNING: ENDED,
}


class Job:
    """One call of this run. Only `Jobs.move` changes `state`.

    reason            why it runs when it does
    state_reason      why it came to its state
    variables         those of the call
    label             what task prints for its task, where that has a label; filled in when its turn has come
    started_at, ended_at    seconds since the epoch, 0 where it has not
    seconds           how long it ran, by a clock that nobody sets and that stands still while we are stopped (Ctrl-Z)
    exit_status       that of its last command, None where none has run
    signal            the signal that ended that command, 0 where none did
    attempts          how often its steps were begun; all times below are those of all attempts
    queued_again      how often a command was ended, and begun again, because memory ran out: that is no attempt
    own_seconds       what its commands took, by the clock; `failed_seconds` of it went into an attempt that was made again
    recovery_seconds  how long the further attempts took
    cpu_seconds, queued_seconds, taken_seconds, read_bytes, written_bytes    sums over its commands, see process.Ended
    peak_bytes        the most memory that one of its commands had
    has_run           a command of it was started
    passed_over       a step failed, and its task ignores that
    passed_on         it failed since one that it called did, and by nothing of its own
    forgiven          it failed, and its caller ignores that
    done_before       an earlier run finished it, and this run took it as done
    shared            another call of its task does its work, or did (`run: once`), and it comes to what that came to
    begun_anew        it was stopped so that another could run alone, or would have been called by one that was, and a later job takes its place
    beside            the tasks that it overlapped because we let it
    neighbours        the ids of all jobs that it overlapped
    """

    __slots__ = (
        "attempts", "began", "begun_anew", "beside", "cpu_seconds", "done_before", "ended_at", "exit_status", "failed_seconds", "forgiven", "has_run", "id", "label", "neighbours", "own_seconds", "parent",
        "passed_on", "passed_over", "peak_bytes", "queued_again", "queued_seconds", "read_bytes", "reason", "recovery_seconds", "seconds", "shared", "signal", "started_at", "state", "state_reason", "taken_seconds", "task",
        "variables", "written_bytes",
    )  # fmt: skip

    def __init__(self, *, id: str, task: str, parent: str, reason: str, variables: Variables | None = None) -> None:  # noqa: A002
        self.id = id
        self.task = task
        self.parent = parent
        self.reason = reason
        self.state_reason = ""
        self.label = ""
        self.state = State.WAITING
        self.started_at = 0.0
        self.ended_at = 0.0
        self.began = 0.0
        self.seconds = 0.0
        self.exit_status: int | None = None
        self.signal = 0
        self.own_seconds = 0.0
        self.cpu_seconds = 0.0
        self.queued_seconds = 0.0
        self.taken_seconds = 0.0
        self.queued_again = 0
        self.peak_bytes = 0
        self.read_bytes = 0
        self.written_bytes = 0
        self.recovery_seconds = 0.0
        self.failed_seconds = 0.0
        self.attempts = 1
        self.passed_on = False
        self.passed_over = False
        self.forgiven = False
        self.has_run = False
        self.done_before = False
        self.shared = False
        self.begun_anew = False
        self.beside: dict[str, None] = {}
        self.neighbours: set[str] = set()
        self.variables: Variables = variables or {}


def line_of(job: Job, jobs: Mapping[str, Job]) -> Iterator[Job]:
    """A job, and those that led to it, from the inside out. `jobs` are all of the run by their ids."""
    found: Job | None = job
    while found is not None:
        yield found
        found = jobs.get(found.parent)


class Jobs:
    """All jobs of a run, in the order in which they were made. `now` gives the time, and `clock` measures how long they run."""

    def __init__(self, events: EventBus, now: Callable[[], float], clock: Callable[[], float] | None = None) -> None:
        self._events = events
        self._now = now
        self._clock = clock
        self._names = JobNames()
        self.all: list[Job] = []
        self.by_id: dict[str, Job] = {}

    def make(self, task: str, *, parent: str, reason: str, variables: Variables | None = None) -> Job:
        """A waiting job."""
        job = Job(id=self._names.take(task), task=task, parent=parent, reason=reason, variables=variables)
        self.all.append(job)
        self.by_id[job.id] = job
        self._events.announce(JobMade(job=job.id, task=task, parent=parent, reason=reason))
        return job

    def below(self, job: Job) -> list[Job]:
        """Those that it called, and that they called, and so on."""
        ids, found = {job.id}, []
        for other in self.all:  # whoever calls was made before
            if other.parent in ids:
                ids.add(other.id)
                found.append(other)
        return found

    def cancel_rest(self, reason: str) -> None:
        """The run ends, and with it what has not ended by itself."""
        for job in self.all:
            if job.state not in ENDED:
                self.move(job, State.CANCELLED, reason)

    def move(self, job: Job, state: State, reason: str = "", definition: str = "") -> None:
        """The one place where a job's state changes."""
        if state not in _NEXT.get(job.state, ()):
            raise AssertionError(f"job {job.id} cannot go from {job.state.value} to {state.value}")
        job.state = state
        now = self._now()
        if state is State.RUNNING or (state is State.FRESH and not job.started_at):
            job.started_at = now
            job.began = self._clock() if self._clock is not None else now
        if state in ENDED:
            job.ended_at = now
            job.seconds = (self._clock() if self._clock is not None else now) - job.began if job.started_at else 0.0
        if reason:
            job.state_reason = reason
        self._events.announce(
            JobChanged(
                job=job.id,
                task=job.task,
                state=state._value_,
                at=now,
                reason=reason,
                definition=definition,
                is_shared=job.shared,
            )
        )
