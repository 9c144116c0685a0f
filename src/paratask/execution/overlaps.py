"""Which commands run beside which, as they begin and end; and those that are ended because memory runs out, and begin again.

Tells jobs who their neighbours were. The guard, who looks at memory, is loaded when two commands have run side by side for a while
(memory_guard.py). Knows nothing of how commands are run.
"""

from __future__ import annotations

import signal

from paratask.events import HeldBack, QueuedAgain
from paratask.execution.strands import OUR_CHOICE, parted_by
from paratask.kernel.cancel import CancelScope
from paratask.scheduling.budget import EVERYTHING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Mapping

    from paratask.events import EventBus
    from paratask.execution.jobs import Job
    from paratask.execution.memory_guard import Guarded, MemoryGuard
    from paratask.execution.strands import Strand
    from paratask.execution.turns import Turn
    from paratask.kernel.loop import Loop
    from paratask.processes.process import Ended, Process
    from paratask.scheduling.budget import Budget

KILLED = 128 + signal.SIGKILL
FIRST_LOOK_SECONDS = 0.03
MAX_AGAIN = 3
HELD_SECONDS = 0.01
"""A command that was held back for less began at once."""

TURN_SECONDS = 1.0
"""To wait so long for one's turn alone is worth an event: of a thousand short commands each waits, and each would have one."""


class Course:
    """What becomes of one command: whoever runs it says so here. `process` is None until it has started."""

    __slots__ = ("_job", "_overlaps", "_strand", "process")

    def __init__(self, overlaps: Overlaps, job: Job, strand: Strand) -> None:
        self._overlaps = overlaps
        self._job = job
        self._strand = strand
        self.process: Process | None = None

    def waited(self, by: str, names: tuple[str, ...], seconds: float) -> None:
        """It may start now, after so long. `by` is what kept it, other than that as many ran as may; `names` are the resources it uses."""
        self._overlaps.waited(self._job, by, names, seconds)

    def started(self, process: Process) -> None:
        """It runs."""
        self.process = process
        self._overlaps.begin(self._job, self._strand, process)

    def ended(self) -> None:
        """It runs no more. What was never started does not end."""
        self._overlaps.end(self._job)


class Company:
    """The tasks whose commands run while something goes on in a strand, because we let them: also where it only waits for them. Those count
    too for whose end somebody inside has waited, to run again alone: one at a time nobody would have.
    """

    __slots__ = ("_all", "_running", "_strand", "_tasks")

    def __init__(self, companies: list[Company], strand: Strand, running: Mapping[Job, Strand]) -> None:
        self._all = companies
        self._strand = strand
        self._running = running
        self._tasks: dict[str, None] = {}

    def __enter__(self) -> Company:  # noqa: PYI034 - nobody subclasses it
        self._all.append(self)
        for job, strand in self._running.items():
            self.note(job, strand)
        return self

    def __exit__(self, *_: object) -> None:
        self._all.remove(self)

    def note(self, job: Job, strand: Strand) -> None:
        """A command of the job runs."""
        if parted_by(self._strand, strand) in OUR_CHOICE:
            self._tasks[job.task] = None

    def note_waiting(self, strand: Strand, tasks: Iterable[str]) -> None:
        """A job there waits to run again alone, as it failed beside these tasks."""
        if strand.is_in(self._strand):
            self._tasks.update(dict.fromkeys(tasks))

    @property
    def tasks(self) -> tuple[str, ...]:
        return tuple(self._tasks)


class Overlaps:
    """Of one run. `is_repeatable` says whether what a turn runs may run twice, `to_come` how many bytes what runs is going to take.

    `now` is the time since the epoch.
    """

    def __init__(
        self,
        *,
        loop: Loop,
        budget: Budget,
        events: EventBus,
        is_repeatable: Callable[[Turn], bool],
        to_come: Callable[[], float],
        make_guard: Callable[[Guarded], MemoryGuard],
        now: Callable[[], float],
    ) -> None:
        self._now = now
        self._to_come = to_come
        self._make_guard = make_guard
        self._loop = loop
        self._budget = budget
        self._events = events
        self._is_repeatable = is_repeatable
        self._strands: dict[Job, Strand] = {}
        self._companies: list[Company] = []
        self._running: dict[Job, Process] = {}
        self._endable: dict[Job, tuple[Turn, CancelScope]] = {}
        self._guard: MemoryGuard | None = None
        self._has_guard = bool(budget.memory_bytes or budget.own_memory_bytes)
        self._looks = False
        self._largest = 0

    @property
    def running(self) -> Mapping[Job, Process]:
        """The commands that run."""
        return self._running

    def company(self, strand: Strand) -> Company:
        """`with` it: who keeps this strand company."""
        return Company(self._companies, strand, self._strands)

    def waits_to_be_alone(self, strand: Strand, tasks: Iterable[str]) -> None:
        """A job does that failed beside these tasks."""
        for company in self._companies:
            company.note_waiting(strand, tasks)

    def course(self, job: Job, strand: Strand) -> Course:
        """Of a command of the job, which is about to be run."""
        return Course(self, job, strand)

    def waited(self, job: Job, by: str, names: tuple[str, ...], seconds: float) -> None:
        """A command of the job may start; see Course."""
        if seconds >= (HELD_SECONDS if by else TURN_SECONDS):
            by = "memory" if by == "peak" else by or "turn"
            self._events.announce(HeldBack(job=job.id, task=job.task, by=by, names=names, seconds=seconds, at=self._now()))

    def begin(self, job: Job, strand: Strand, process: Process) -> None:
        """A command of the job runs."""
        job.has_run = True
        for other, where in self._strands.items():
            if other is job:
                continue
            job.neighbours.add(other.id)
            other.neighbours.add(job.id)
            if parted_by(strand, where) in OUR_CHOICE:
                job.beside[other.task] = None
                other.beside[job.task] = None
        for company in self._companies:
            company.note(job, strand)
        self._strands[job] = strand
        self._running[job] = process
        if self._has_guard and not self._looks and len(self._running) > 1:
            self._look_after(FIRST_LOOK_SECONDS)

    def end(self, job: Job) -> None:
        """A command of the job, which has begun, runs no more."""
        self._largest = max(self._largest, self._running[job].tree_bytes, job.peak_bytes)
        del self._strands[job], self._running[job]

    def _look_after(self, seconds: float) -> None:
        self._looks = True
        self._loop.call_at(self._loop.now() + seconds, self._look)

    def _look(self) -> None:
        self._looks = False
        if len(self._running) < 2:
            return
        if self._guard is None:
            from paratask.execution.memory_guard import Guarded

            guarded = Guarded(
                budget=self._budget, running=self._running, endable=self._endable,
                is_repeatable=self._is_repeatable, to_come=self._to_come,
            )  # fmt: skip
            self._guard = self._make_guard(guarded)
        self._look_after(self._guard.look())

    async def carry_out(self, turn: Turn, command: Callable[[bool], Coroutine[object, object, Ended]]) -> Ended:
        """A command of the turn's; again, when there is room for it, where memory ran out meanwhile. Raises Cancelled.

        Only that command: those before it have done what they do. `command` is told whether it is another time.
        """
        if turn.stand.strand.is_lone or not self._has_guard:
            return await command(False)
        is_again = False
        while True:
            ended: Ended | None = None
            with CancelScope(self._loop) as scope:
                self._endable[turn.job] = (turn, scope)
                try:
                    ended = await command(is_again)
                finally:
                    del self._endable[turn.job]
            if ended is not None and not self._was_killed(ended, turn):
                return ended
            self._again(turn.job, by_kernel=ended is not None)
            is_again = True

    def _was_killed(self, ended: Ended, turn: Turn) -> bool:
        """By the kernel, for want of memory, and it may run once more."""
        job = turn.job
        if self._guard is None or ended.exit_status != KILLED or not job.neighbours or job.queued_again >= MAX_AGAIN:
            return False
        job.peak_bytes = max(job.peak_bytes, ended.peak_bytes)
        return self._guard.was_killed() and self._is_repeatable(turn)

    def needed_bytes(self, job: Job) -> int:
        """What a job needs that was ended because memory ran out, at least: as much as the largest had; another time, all there is."""
        if not job.queued_again:
            return 0
        return EVERYTHING if job.queued_again > 1 else max(self._largest, 2 * job.peak_bytes)

    def _again(self, job: Job, *, by_kernel: bool) -> None:
        job.queued_again += 1
        self._events.announce(QueuedAgain(job=job.id, task=job.task, peak_bytes=job.peak_bytes, by_kernel=by_kernel))
