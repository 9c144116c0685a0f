"""The longest way through a run that has ended: the jobs that waited on each other up to its end, and what each of them took. Pure.

It is found from the end backwards: what ended last before a job began is what that job waited for. Where an arrangement says whom a
job waits for, it is the last of these. So the seconds of the way add up to those of the run. Waiting for a core is part of a job's time;
time in which the run was stopped (Ctrl-Z) is not.
"""

from __future__ import annotations

from paratask.frozen import dataclass, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Protocol

    class Ran(Protocol):
        """A job. Times are seconds since the epoch, 0 where it never began or ended; `seconds` is how long it took, which may be less."""

        @property
        def id(self) -> str: ...
        @property
        def parent(self) -> str: ...
        @property
        def started_at(self) -> float: ...
        @property
        def ended_at(self) -> float: ...
        @property
        def seconds(self) -> float: ...


SAME_MOMENT_SECONDS = 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """A job on the way, by its id, and how long the way was in it and in none that it called."""

    job: str
    seconds: float


def longest_way(jobs: Iterable[Ran], after: Mapping[str, Sequence[str]]) -> tuple[Leg, ...]:
    """In the order of time, callers before those that they call. `after` has the ids of those that a job was arranged to wait for."""
    ran = {job.id: job for job in jobs if job.started_at and job.ended_at}
    if not ran:
        return ()
    inside = _by_parent(ran)
    legs: list[Leg] = []
    way = [_Stretch("", min(job.started_at for job in ran.values()), max(job.ended_at for job in ran.values()), inside)]
    while way:
        here = way[-1]
        before = here.last_before(after)
        if before is not None:
            here.seconds += max(0.0, here.until - before.ended_at)
            way.append(_Stretch(before.id, before.started_at, min(here.until, before.ended_at), inside))
            continue
        way.pop()
        legs.append(Leg(job=here.job, seconds=here.seconds + max(0.0, here.until - here.begin)))
        if way:
            way[-1].until, way[-1].follower = min(way[-1].until, here.begin), here.job
    return _without_stops([leg for leg in reversed(legs) if leg.job], ran)


def _without_stops(legs: Sequence[Leg], ran: Mapping[str, Ran]) -> tuple[Leg, ...]:
    """Less the time in which a job was stopped, but for those in which one was that it called."""
    stopped = {leg.job: max(0.0, ran[leg.job].ended_at - ran[leg.job].started_at - ran[leg.job].seconds) for leg in legs}
    inside: dict[str, float] = {}
    for leg in legs:
        inside[ran[leg.job].parent] = inside.get(ran[leg.job].parent, 0.0) + stopped[leg.job]
    own = {job: max(0.0, seconds - inside.get(job, 0.0)) for job, seconds in stopped.items()}
    return tuple(replace(leg, seconds=max(0.0, leg.seconds - own[leg.job])) if own[leg.job] else leg for leg in legs)


def _by_parent(ran: Mapping[str, Ran]) -> dict[str, list[Ran]]:
    """Those that each called, the last to end at the end. Who was called by nobody that ran was called by nobody."""
    found: dict[str, list[Ran]] = {}
    for job in sorted(ran.values(), key=lambda job: job.ended_at):
        found.setdefault(job.parent if job.parent in ran else "", []).append(job)
    return found


class _Stretch:
    """A job of which the way is known from its end back to `until`; `follower` is who came after that."""

    def __init__(self, job: str, begin: float, until: float, inside: Mapping[str, list[Ran]]) -> None:
        self.job = job
        self.begin = begin
        self.until = until
        self.seconds = 0.0
        self.follower = ""
        self._called = {called.id: called for called in inside.get(job, ())}

    def last_before(self, after: Mapping[str, Sequence[str]]) -> Ran | None:
        """Of those it called and that are not on the way yet, the one that was waited for."""
        called = self._called
        while called and next(reversed(called.values())).ended_at > self.until + SAME_MOMENT_SECONDS:
            called.popitem()
        waited_for = [called[name] for name in after.get(self.follower, ()) if name in called]
        if waited_for:
            return called.pop(max(waited_for, key=lambda job: job.ended_at).id)
        return called.popitem()[1] if called else None
