"""Which jobs a run brought to an end, by their places in it: for whoever goes on with it. Knows journals, and nothing of tasks.

A job's place is the way of calls to it: for each, the task, and its number among the calls of that task which the same attempt of
its caller made. Ids of jobs would not do: they are given as jobs are made, in the whole run.
"""

from __future__ import annotations

import os

from paratask.events import ENDED_STATES
from paratask.frozen import dataclass
from paratask.records.runs import read_run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import TypeAlias

    from paratask.records.journal import Line
    from paratask.records.runs import KeptRun

    Key: TypeAlias = tuple[tuple[str, int], ...]

MAX_CHAIN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A job that came to its end, or was found done, at that moment: a digest of what ran, and where in the run. `root` is the folder
    that the Taskfile was in then, empty where that is not known.

    Without a digest it is not done: it was up to date, or failed; but for whoever called it, it is over.
    """

    definition: str
    ended_at: float
    place: Key
    root: str = ""


class JobKeys:
    """The places of jobs, told of in the order in which they are made."""

    def __init__(self) -> None:
        self._keys: dict[str, Key] = {"": ()}
        self._counts: dict[str, dict[str, int]] = {}
        self._last = ("", "")

    def add(self, job: str, task: str, parent: str) -> None:
        self._last = parent, task
        counts = self._counts.setdefault(parent, {})
        counts[task] = counts.get(task, 0) + 1
        self._keys[job] = (*self._keys.get(parent, ()), (task, counts[task]))

    def take_over(self, job: str, instead_of: str) -> None:
        """The one that was added last stands where that one stood."""
        if instead_of in self._keys:
            parent, task = self._last
            self._counts[parent][task] -= 1
            self._keys[job] = self._keys[instead_of]

    def begin_again(self, job: str) -> None:
        """It makes the calls of its steps once more."""
        self._counts.pop(job, None)

    def of(self, job: str) -> Key:
        return self._keys.get(job, ())


class FinishedJobs:
    """The jobs that a run finished, and those that the runs before it had finished which it went on with, as far as these are
    kept. `own_name` says what a job is named now that may have been named by an alias of its task then.
    """

    def __init__(self, kept: KeptRun, *, own_name: Callable[[str], str]) -> None:
        self._own_name = own_name
        self._at: dict[Key, Finished] = {}
        self.worked: dict[Key, float] = {}  # when the last command there ended
        self._ran: dict[Key, list[tuple[float, float | None]]] = {}
        self._before: dict[Key, Finished | None] = {}
        self.killed_at: list[float] = []  # the last that is known of each run that did not come to its end
        self.asked_for: list[tuple[str, float, float | None]] = []  # what paratask wrote, and when its run began and ended
        self._half_done: dict[Key, tuple[str, float]] = {}  # which fingerprint is that of steps which began, and when
        self.succeeded: list[tuple[float, float]] = []  # when the last command of a job ended, and the job
        chain = _chain(kept)
        self.runs = tuple(run.run for run in chain)
        for run in reversed(chain):
            lines = run.lines()
            began = next((line for line in lines if line["event"] == "RunBegan"), {})
            self._root = str(began.get("root", ""))
            self._take_in(lines)
            ended_at = next((float(line["at"]) for line in lines if line["event"] == "RunEnded"), None)
            self.asked_for += [(str(path), float(began["at"]), ended_at) for path in began.get("writes", ())]
            if ended_at is None:
                self.killed_at.append(max((float(line.get("at") or 0) for line in lines), default=0.0))
        self._executions = {
            (job.place[-1][0], job.definition): job for job in self._at.values() if job.definition and job.place
        }

    def at(self, place: Key) -> Finished | None:
        """What ended there."""
        return self._at.get(place)

    @property
    def oldest(self) -> float:
        """When the first of them ended."""
        return min((job.ended_at for job in self._at.values()), default=0.0)

    def ran(self, place: Key) -> Sequence[tuple[float, float | None]]:
        """From when until when the job there ran, each time that it did; there is no end where it was killed, and did not run again."""
        return self._ran.get(place, ())

    def half_done_since(self, place: Key, fingerprint: str) -> float | None:
        """When the steps of the job there began, of a task with sources or `status`, which have not come to a good end since. Where nothing ended
        there, another place may be meant, which had that fingerprint: the plan may be another one now, and what runs once be called elsewhere
        first.
        """
        if place in self._half_done or place in self._at:
            return self._half_done.get(place, (fingerprint, None))[1]
        return max((began for name, began in self._half_done.values() if name == fingerprint), default=None)

    def execution(self, task: str, definition: str) -> Finished | None:
        """What was done under that name with that digest, wherever it was called: for tasks that run once."""
        return self._executions.get((task, definition))

    def _take_in(self, lines: Iterable[Line]) -> None:
        keys = JobKeys()
        now = 0.0
        for line in lines:
            now = float(line.get("at", now))
            job = str(line.get("job"))
            if line["event"] == "JobMade":
                keys.add(job, self._own_name(str(line.get("task"))), str(line.get("parent")))
            elif line["event"] == "AttemptBegan":
                keys.begin_again(job)
            elif line["event"] == "BegunAnew":
                keys.take_over(job, str(line["instead_of"]))
            elif line["event"] == "StepsBegan":
                self._half_done[keys.of(job)] = str(line["name"]), now
            elif line["event"] == "CommandEnded":
                self.worked[keys.of(job)] = float(line["at"])
            elif line["event"] == "JobChanged":
                self._move(keys.of(job), line)

    def _move(self, place: Key, line: Line) -> None:
        state, at = line.get("state"), float(line["at"])
        if state == "running":
            self._before[place] = self._at.pop(place, None)
            self._end(place, at)  # what a killed run left behind was ended before
            self._ran.setdefault(place, []).append((at, None))
            return
        finished = self._before.pop(place, None)
        if state == "skipped" and finished is not None:  # it runs once, and had done so at this place
            self._at[place] = finished
        elif state in ("succeeded", "failed", "fresh"):
            self._at[place] = Finished(definition=line.get("definition") or "", ended_at=at, place=place, root=self._root)
        if state in ("succeeded", "fresh", "skipped"):
            self._half_done.pop(place, None)
        if state == "succeeded":
            self.succeeded.append((self.worked.get(place, at), at))
        if state in ENDED_STATES:
            self._end(place, at)
        if state in ("fresh", "skipped") and len(self._ran.get(place, ())) > 1:
            self._ran[place].pop()  # it did nothing that time

    def _end(self, place: Key, at: float) -> None:
        """What runs there does so no more."""
        times = self._ran.get(place)
        if times and times[-1][1] is None:
            times[-1] = times[-1][0], at


def _chain(kept: KeptRun) -> list[KeptRun]:
    """The run, the one that it went on with, and so on."""
    chain: list[KeptRun] = []
    current: KeptRun | None = kept
    while current is not None and len(chain) < MAX_CHAIN:
        chain.append(current)
        before = next((str(line.get("resumes", "")) for line in current.lines() if line["event"] == "RunBegan"), "")
        current = read_run(os.path.join(os.path.dirname(current.folder), before)) if before else None
    return chain
