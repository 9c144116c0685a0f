"""Which failures the Taskfile ignores: of the jobs of a run that has just ended, and of those in a summary."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from typing import Protocol

    class AnyJob(Protocol):
        """What is asked of a job."""

        @property
        def id(self) -> str: ...
        @property
        def task(self) -> str: ...
        @property
        def parent(self) -> str: ...
        @property
        def shared(self) -> bool: ...


def ignored_among(jobs: Sequence[AnyJob], states: Mapping[str, str], *, forgiven: Collection[str] = ()) -> frozenset[str]:
    """The ids of those that failed, with whoever they failed inside of, in one that has `forgiven` it or went well with it. `states` are by
    id; callers come before the called.

    What is ignored in one call, and shared by another in which it is not, is not ignored.
    """
    failed = [job for job in jobs if states[job.id] == "failed"]
    found: set[str] = set()
    for job in failed:
        if job.id in forgiven or job.parent in found or states.get(job.parent) == "succeeded":
            found.add(job.id)
    held_against = {job.task for job in failed if job.shared and job.id not in found}
    return frozenset(job.id for job in failed if job.id in found and job.task not in held_against)
