"""Which members of a group may be stopped half way, since one above them failed. Loaded then.

Knows what runs now; of whose commands nothing is missed claims/readers.py says.
"""

from __future__ import annotations

from paratask.execution.jobs import line_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from paratask.execution.jobs import Job
    from paratask.execution.turns import Member
    from paratask.taskfile.model import Variables
    from paratask.variables.ready import ReadyCall

    MayBeStopped = Callable[[ReadyCall, Sequence[tuple[str, Variables]], Collection[str]], bool]


class Stoppable:
    """Of one run. `jobs` are all of it by their ids, `running` those whose commands run now; `may_be_stopped` is told a call, the tasks
    of it whose commands run, and which tasks have begun for that.
    """

    def __init__(self, *, jobs: Mapping[str, Job], running: Iterable[Job], may_be_stopped: MayBeStopped) -> None:
        self._jobs = jobs
        self._running = running
        self._may_be_stopped = may_be_stopped
        self._known: dict[tuple[str, ...], bool] = {}
        """By the ids of the member's job and of those that run below it: a job may be asked for as often as another one ends."""

    def __call__(self, member: Member) -> bool:
        """Whether a member that runs may be, and can begin anew."""
        if member.call is None or member.again is None:
            return False
        lines = [list(line_of(job, self._jobs)) for job in self._running]
        lines = [line[: line.index(member.job) + 1] for line in lines if member.job in line]
        key = (member.job.id, *(line[0].id for line in lines))
        if key not in self._known:
            doing = [(line[0].task, line[0].variables) for line in lines]
            self._known[key] = self._may_be_stopped(member.call, doing, {job.task for line in lines for job in line})
        return self._known[key]
