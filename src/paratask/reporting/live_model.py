"""What a live view knows of a run: events go in, and with a look at the run as it is now a scene comes out, which is drawn elsewhere.

Pure, without a clock of its own: times come with events and looks, and the run's clock with a look, which tells how long the run was
stopped (Ctrl-Z). Knows nothing of terminals.
"""

from __future__ import annotations

from collections import Counter
from itertools import chain, islice

from paratask.events import ENDED_STATES, AttemptBegan, CommandEnded, JobChanged, JobMade, Retried, RunBegan, SetArranged
from paratask.frozen import dataclass
from paratask.names import labelled, shown_name
from paratask.reporting.live_reasons import PLAIN, after_text, listed, reason_text
from paratask.reporting.live_texts import whole_time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Protocol

    from paratask.events import Event
    from paratask.execution.view import Look

    class Expectations(Protocol):
        """What earlier runs teach about the jobs of this one, by their ids."""

        def seconds(self, job: str) -> float | None:
            """How long its own commands take; None where nobody knows."""

        def after(self, job: str) -> float:
            """From its end to the end of the run, at least; 0 where nobody knows."""

        def whole(self) -> tuple[float, float] | None:
            """How long the run takes, and all its commands one after another; None where nobody knows."""


OPEN = frozenset(("ready", "running"))
NEARLY_SECONDS = 1.0
"""Less than that is left of what was foreseen: then that is all that can be said, and only where nothing else is to come."""

IDLE_SECONDS = 0.5
"""Between two commands of a job something has to be looked at; that is worth a line only when it takes so long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A job with a command that runs, for so many seconds with those before it; `expected` is what they take, None where nobody knows."""

    name: str
    seconds: float
    expected: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A job that waits, and what for; `others` is how many more there are of which the same can be said."""

    name: str
    why: str
    others: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What there is to show. `waiting` are the first of `waiting_count`; `left_seconds` is None where nobody knows. Sizes are bytes.

    `cores`, `load` and `own_memory` are what is in use and the limit (0: none), `memory` what is available and what stays so.
    """

    running: tuple[Running, ...]
    waiting: tuple[Waiting, ...]
    waiting_count: int
    ended: int
    known: int
    failed: tuple[str, ...]
    seconds: float
    left_seconds: float | None
    cores: tuple[float, float]
    load: tuple[int, float]
    memory: tuple[int, int]
    own_memory: tuple[int, int]


MOST_LOOKED_AT = 200
MOST_AHEAD = 10
"""Those that wait come in the order in which they are to start: the longest way leads from one of the first."""


class _Job:
    """One job as far as events tell."""

    __slots__ = (
        "after",
        "attempt",
        "changed_at",
        "children",
        "depends_on",
        "done_seconds",
        "failed_with",
        "id",
        "name",
        "parent",
        "reason",
        "retry_in",
        "state",
    )

    def __init__(self, event: JobMade) -> None:
        self.id = event.job
        self.name = shown_name(event.job, event.task)
        self.parent = event.parent
        self.reason = event.reason
        self.state = "waiting"
        self.after: tuple[str, ...] = ()
        self.children: dict[str, None] = {}
        """Those that it called and that have not ended."""

        self.depends_on = True
        """Whether its parent called it as a dependency: of calls that are steps an event says so."""

        self.done_seconds = 0.0
        self.changed_at = 0.0
        self.failed_with = 0
        self.attempt = 1
        self.retry_in = 0.0


class LiveModel:
    """Hears events, and makes scenes. `ahead` is by how much the time of day was ahead of the run's clock when it began, if that is known;
    `last_line` gives the last line of what a job wrote.
    """

    def __init__(
        self, expectations: Expectations, ahead: float | None = None, last_line: Callable[[str], str] = lambda _: ""
    ) -> None:
        self._last_line = last_line
        self._expectations = expectations
        self._ahead = self._ahead_at_begin = ahead
        self._jobs: dict[str, _Job] = {}
        self._waiting: dict[str, None] = {}
        self._open: dict[str, None] = {}
        self._failed: list[str] = []
        self._ended = 0
        self._began_at = 0.0
        self._done_work = 0.0

    def hear(self, events: Iterable[Event]) -> None:
        """What was announced since."""
        for event in events:
            if isinstance(event, JobChanged):
                self._change(event)
            elif isinstance(event, CommandEnded):
                job = self._jobs[event.job]
                job.done_seconds += event.seconds
                job.changed_at = event.at
                job.failed_with = event.exit_status
            elif isinstance(event, JobMade):
                self._make(event)
            elif isinstance(event, SetArranged):
                for member, after in zip(event.members, event.after, strict=True):
                    self._jobs[member].after = after
                    self._jobs[member].depends_on = False
            elif isinstance(event, Retried):
                job = self._jobs[event.job]
                job.attempt, job.retry_in = event.attempt, event.wait_seconds
            elif isinstance(event, AttemptBegan):
                job = self._jobs[event.job]
                job.done_seconds, job.failed_with, job.attempt = 0.0, 0, event.attempt
            elif isinstance(event, RunBegan):
                self._began_at = event.at

    def _make(self, event: JobMade) -> None:
        self._jobs[event.job] = _Job(event)
        self._waiting[event.job] = None
        if event.parent in self._jobs:
            self._jobs[event.parent].children[event.job] = None

    def _change(self, event: JobChanged) -> None:
        job = self._jobs[event.job]
        job.state, job.changed_at = event.state, event.at
        self._waiting.pop(event.job, None)
        if event.state in OPEN:
            self._open[event.job] = None
            return
        self._open.pop(event.job, None)
        if job.parent in self._jobs:
            above = self._jobs[job.parent]
            above.children.pop(event.job, None)
            above.changed_at = event.at
        self._ended += 1
        expected = 0.0 if event.is_shared else self._expectations.seconds(event.job)
        self._done_work += job.done_seconds if expected is None else expected
        if event.state == "failed" and not job.children and job.done_seconds:
            self._failed.append(job.name)

    def scene(self, look: Look, *, most: int, clock: float | None = None) -> Scene:
        """At most so many jobs that wait are named; those of which the same can be said stand behind the first of them. `clock` is the
        run's own, which stands still while the run is stopped.
        """
        stopped = self._stopped_seconds(look.at, clock)
        running = [self._jobs[job] for job in look.commands if job in self._jobs]
        held = [self._jobs[job] for job in look.holds if job in self._open]
        idle, between, parents = self._sorted_out(look)
        shown = [
            Running(
                name=labelled(j.name, look.labels.get(j.id, "")),
                seconds=look.commands[j.id] + j.done_seconds,
                expected=self._expected(j),
            )
            for j in running
        ]
        shown += [Running(name=j.name, seconds=look.at - j.changed_at, expected=None) for j in idle]
        waits = chain(self._held(held, look), self._between(between, look), self._not_started(look), self._dependents(parents))
        return Scene(
            running=tuple(shown),
            waiting=_alike(islice(waits, MOST_LOOKED_AT))[:most],
            waiting_count=len(held) + len(between) + len(self._waiting) + len(parents),
            ended=self._ended,
            known=len(self._jobs),
            failed=tuple(self._failed),
            seconds=look.at - self._began_at - stopped,
            left_seconds=self._left(look, running, held),
            cores=(look.cpu, look.budget.cpus),
            load=(look.reading.running_processes, look.budget.load),
            memory=(look.reading.available_bytes, look.budget.memory_bytes),
            own_memory=(look.peak_bytes, look.budget.own_memory_bytes),
        )

    def _stopped_seconds(self, at: float, clock: float | None) -> float:
        """How long the run was stopped so far. To what has not ended it is as if all before had happened so much later."""
        if clock is None:
            return 0.0
        ahead = at - clock
        if self._ahead is None or self._ahead_at_begin is None:
            self._ahead = self._ahead_at_begin = ahead
        stopped, self._ahead = ahead - self._ahead, ahead
        for name in self._open if abs(stopped) > IDLE_SECONDS else ():
            job = self._jobs[name]
            job.changed_at = min(at, job.changed_at + stopped)
        return ahead - self._ahead_at_begin

    def _expected(self, job: _Job) -> float | None:
        return self._expectations.seconds(job.id) or None

    def _sorted_out(self, look: Look) -> tuple[list[_Job], list[_Job], list[_Job]]:
        """Those that have begun and neither run nor are held: that look at something, that wait for an attempt, theirs or another's, or
        for dependencies. What is part of one that is held waits with it.
        """
        idle: list[_Job] = []
        between: list[_Job] = []
        parents: list[_Job] = []
        below_held: dict[str, bool] = dict.fromkeys(look.holds, True)
        for name in sorted(self._open.keys() - look.commands.keys() - look.holds.keys()):
            job = self._jobs[name]
            if job.retry_in and look.at < job.changed_at + job.retry_in:
                between.append(job)
            elif job.children:
                if job.parent and self._waits_for_dependencies(job) and not self._is_below(job, below_held):
                    parents.append(job)
            elif look.at - job.changed_at > IDLE_SECONDS and not self._is_below(job, below_held):
                waits = job.failed_with or (look.is_quiet and job.attempt == 1)
                (between if waits else idle).append(job)
        return idle, between, parents

    def _is_below(self, job: _Job, known: dict[str, bool]) -> bool:
        """Whether one that called it is held, directly or not; `known` says so of some, and then of more."""
        way = []
        while job.parent in self._jobs and job.parent not in known:
            way.append(job.parent)
            job = self._jobs[job.parent]
        found = known.get(job.parent, False)
        known.update(dict.fromkeys(way, found))
        return found

    def _waits_for_dependencies(self, job: _Job) -> bool:
        return self._jobs[next(iter(job.children))].depends_on

    def _held(self, held: Iterable[_Job], look: Look) -> Iterator[Waiting]:
        """Mostly there are many, of which the same can be said."""
        holds = [look.holds[job.id] for job in held]
        alike = Counter(hold.kind for hold in holds if hold.is_alike)
        for job, hold in zip(held, holds, strict=True):
            count = alike.pop(hold.kind, 0) if hold.is_alike else 1
            if count:
                yield Waiting(name=job.name, why=reason_text(hold, self._name, job.reason, look.budget), others=count - 1)

    def _between(self, jobs: Iterable[_Job], look: Look) -> Iterator[Waiting]:
        """Attempts."""
        for job in jobs:
            left = job.changed_at + job.retry_in - look.at
            if left > 0 and job.retry_in:
                why = f"attempt {job.attempt} in {whole_time(left)}"
            else:
                why = self._why_failed(job) if job.failed_with else PLAIN["quiet"]
            yield Waiting(name=job.name, why=why)

    def _why_failed(self, job: _Job) -> str:
        """With what it said last: whoever reads it need not wait for the outcome."""
        said = self._last_line(job.id)
        text = f"failed (exit code {job.failed_with}), waits to run again alone"
        return f"{text}: {said}" if said else text

    def _not_started(self, look: Look) -> Iterator[Waiting]:
        for name in self._waiting:
            job = self._jobs[name]
            if name in look.holds:
                why = reason_text(look.holds[name], self._name, job.reason, look.budget)
            else:
                before = [self._jobs[other].name for other in job.after if self._jobs[other].state not in ENDED_STATES]
                why = after_text(before, job.reason) if before else "waits for its turn"
            yield Waiting(name=job.name, why=why)

    def _dependents(self, parents: Iterable[_Job]) -> Iterator[Waiting]:
        for job in parents:
            yield Waiting(
                name=job.name, why=f"waits for its dependencies: {listed([self._name(child) for child in job.children])}"
            )

    def _name(self, job: str) -> str:
        return self._jobs[job].name if job in self._jobs else job

    def _left(self, look: Look, running: Iterable[_Job], held: Iterable[_Job]) -> float | None:
        """By the work that is left and by the longest way from here, whichever is more."""
        whole = self._expectations.whole()
        if whole is None:
            return None
        predicted, work = whole
        done = self._done_work
        longest = 0.0
        for job in running:
            expected = self._expectations.seconds(job.id) or 0.0
            spent = min(look.commands[job.id] + job.done_seconds, expected)
            done += spent
            longest = max(longest, expected - spent + self._expectations.after(job.id))
        for job in islice(held, MOST_AHEAD):
            expected = self._expectations.seconds(job.id) or 0.0
            longest = max(longest, expected - job.done_seconds + self._expectations.after(job.id))
        by_work = predicted * max(0.0, 1 - done / work) if work else 0.0
        left = max(by_work, longest)
        return None if left < NEARLY_SECONDS and (self._waiting or not self._all_expected(running)) else left

    def _all_expected(self, running: Iterable[_Job]) -> bool:
        """Whether something is known of each of them."""
        return all(self._expected(job) is not None for job in running)


def _alike(waits: Iterable[Waiting]) -> tuple[Waiting, ...]:
    """One for each reason."""
    first: dict[str, str] = {}
    others: dict[str, int] = {}
    for wait in waits:
        if wait.why in first:
            others[wait.why] += 1 + wait.others
        else:
            first[wait.why], others[wait.why] = wait.name, wait.others
    return tuple(Waiting(name=name, why=why, others=others[why]) for why, name in first.items())
