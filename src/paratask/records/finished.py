"""Which jobs a run finished, by their places in it: for whoever goes on with it. Knows journals, and nothing of tasks.

A job's place is the way of calls to it: for each, the task, and its number among the same caller's calls of that task. Ids of jobs
would not do: they are given as jobs are made, in the whole run.
"""

from __future__ import annotations

import os

from paratask.frozen import dataclass
from paratask.records.runs import read_run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from paratask.records.runs import KeptRun

    Key: TypeAlias = tuple[tuple[str, int], ...]

MAX_CHAIN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A job that succeeded: a digest of what ran, and when that ended."""

    definition: str
    ended_at: float


class JobKeys:
    """The places of jobs, told of in the order in which they are made."""

    def __init__(self) -> None:
        self._keys: dict[str, Key] = {"": ()}
        self._counts: dict[tuple[Key, str], int] = {}

    def add(self, job: str, task: str, parent: str) -> None:
        above = self._keys.get(parent, ())
        number = self._counts[above, task] = self._counts.get((above, task), 0) + 1
        self._keys[job] = (*above, (task, number))

    def of(self, job: str) -> Key:
        return self._keys.get(job, ())


def finished_of(kept: KeptRun) -> dict[Key, Finished]:
    """Of a run, and of those that it went on with, as far as they are kept."""
    chain: list[KeptRun] = []
    current: KeptRun | None = kept
    while current is not None and len(chain) < MAX_CHAIN:
        chain.append(current)
        before = next((str(line.get("resumes", "")) for line in current.lines() if line["event"] == "RunBegan"), "")
        current = read_run(os.path.join(os.path.dirname(current.folder), before)) if before else None
    found: dict[Key, Finished] = {}
    for run in reversed(chain):
        _take_in(run, found)
    return found


def _take_in(kept: KeptRun, found: dict[Key, Finished]) -> None:
    keys = JobKeys()
    for line in kept.lines():
        if line["event"] == "JobMade":
            keys.add(str(line.get("job")), str(line.get("task")), str(line.get("parent")))
        elif line["event"] == "JobChanged":
            key = keys.of(str(line.get("job")))
            if line.get("definition"):
                found[key] = Finished(definition=str(line["definition"]), ended_at=float(line["at"]))
            elif line.get("state") == "running":
                found.pop(key, None)
