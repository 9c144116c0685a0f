"""About how much of their time jobs lost to each other. Pure; knows what was measured of jobs, and nothing of commands and machines.

Side by side, commands that keep several cores busy take them from each other: each is slower than it would be alone, and their times added
up come to more than one at a time takes. What is known of that: how long others had the cores that were taken away from a command
(`Job.taken_seconds`), how much its neighbours computed meanwhile, and whether the machine had a core left. Where all of them say so,
a job is taken to have been slowed by the smaller of the first two. A command that shares job slots waits for these instead, and of how
long nobody knows (`taken_seconds` is infinite): there the other two say it.

Where other programs computed as well, they would have had a part of what a neighbour leaves. How large a part is decided by the kernel's groups: none
where ours is one and has its share whatever runs in it, as much as any of ours where all are equals. It is taken to be halfway
between. See "It says why" in docs/design.md.
"""

from __future__ import annotations

from math import isinf

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from paratask.execution.jobs import Job

LEAST_SECONDS = 1.0
"""Of shorter ones the first tells nothing: while a command starts, cores are taken from it more often than it loses by."""

SATURATED_SHARE = 0.85
"""Of all cores, where no command could have had another one."""


def lost_seconds(jobs: Iterable[Job], by_id: Mapping[str, Job], cores: float, busy_elsewhere: float) -> float:
    """Of the commands of these jobs, which had neighbours (`by_id` has all that ran), on so many cores, of which other programs kept some
    busy.
    """
    told = (job for job in jobs if job.cpu_seconds and (job.own_seconds >= LEAST_SECONDS or isinf(job.taken_seconds)))
    return sum(_lost(job, by_id, cores, busy_elsewhere) for job in told)


def _lost(job: Job, by_id: Mapping[str, Job], cores: float, busy_elsewhere: float) -> float:
    """How much of its commands' time a job lost to its neighbours; never so much that it computed more than all cores can."""
    computed = job.cpu_seconds
    beside = sum(_computed_meanwhile(by_id[other], job) for other in job.neighbours if other in by_id)
    elsewhere = busy_elsewhere * job.own_seconds
    if computed + beside + elsewhere < SATURATED_SHARE * cores * job.own_seconds:
        return 0.0
    own_seconds = job.own_seconds - job.failed_seconds
    most = 1 - computed / (computed + min(job.taken_seconds, beside))
    as_equals = beside / (computed + beside + elsewhere)
    lost = own_seconds * min(most, (most + as_equals) / 2)
    return max(0.0, min(lost, own_seconds - computed / cores))


def _computed_meanwhile(other: Job, job: Job) -> float:
    """Cpu seconds of another's commands while those of a job ran, both taken to have run at the end of their time."""
    if not other.own_seconds:
        return 0.0
    begin = max(job.ended_at - job.own_seconds, other.ended_at - other.own_seconds)
    together = max(0.0, min(job.ended_at, other.ended_at) - begin)
    return other.cpu_seconds * min(1.0, together / other.own_seconds)
