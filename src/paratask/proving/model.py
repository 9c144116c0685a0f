"""What a proof is made of: runs, and what was found where they differ. Plain values; knows nothing of how they come about."""

from __future__ import annotations

import enum

from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from paratask.proving.snapshot import Entry


class Verdict(enum.Enum):
    """What came of it. `UNSTABLE`: the runs one at a time do not even end alike, so there is nothing to compare with."""

    EQUAL = "equal"
    FAILS_ALIKE = "fails alike"
    DIFFERENT = "different"
    UNSTABLE = "unstable"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRecord:
    """A job as its run's summary.json tells."""

    id: str
    task: str
    parent: str
    state: str
    exit_code: int | None
    started_at: float
    ended_at: float
    command_seconds: float
    attempts: int
    beside: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """One run. `seed` is empty for those one at a time; `left_behind` processes outlived it and were ended; `log` is its output.

    `tree` holds what its copy held afterwards.
    """

    name: str
    seed: str
    exit_code: int
    seconds: float
    peak_bytes: int
    left_behind: int
    log: str
    jobs: tuple[JobRecord, ...]
    tree: Mapping[str, Entry]

    @property
    def is_parallel(self) -> bool:
        return bool(self.seed)

    @property
    def overlapped(self) -> int:
        """How many jobs ran commands in the time of another's."""
        own = [job for job in self.jobs if job.command_seconds and job.ended_at]
        return sum(1 for job in own if job.beside or any(self._overlap(job, other) for other in own))

    def _overlap(self, left: JobRecord, right: JobRecord) -> bool:
        """Whether the times of two jobs meet, where neither was called by the other: a job's time spans what it calls."""
        if left.id in self._callers(right) or right.id in self._callers(left):
            return False
        return left.started_at < right.ended_at and right.started_at < left.ended_at

    def _callers(self, job: JobRecord) -> list[str]:
        parents = {other.id: other.parent for other in self.jobs}
        found = [job.id]
        while parents.get(found[-1]):
            found.append(parents[found[-1]])
        return found

    def running_at(self, moment: float) -> tuple[str, ...]:
        """The tasks whose own commands may have been running then."""
        own = [job for job in self.jobs if job.command_seconds and job.started_at <= moment <= job.ended_at]
        return tuple(dict.fromkeys(job.task for job in own))


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that was not the same: `kind` is exit code, job, retry or file; `subject` a task or a path.

    `tasks` are those that may have written a file; `difference` shows the first lines that differ, where they are text.
    """

    kind: str
    run: str
    seed: str
    subject: str
    message: str
    tasks: tuple[str, ...] = ()
    difference: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """All of it. `not_reproducible` are paths that differ between runs one at a time already, each with how.

    `notes` are remarks for the reader.
    """

    tasks: tuple[str, ...]
    verdict: Verdict
    exit_code: int
    runs: tuple[RunRecord, ...]
    findings: tuple[Finding, ...]
    not_reproducible: Mapping[str, str]
    compared: int
    notes: tuple[str, ...]
