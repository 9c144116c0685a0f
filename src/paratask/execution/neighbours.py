"""Runs the members of groups, in the order that was arranged: side by side (group.py), or one at a time where only that is left.

A member that fails raises ParataskError. Knows what holds for all groups of a run; knows nothing of tasks and processes.
See "Steps and sets" in docs/design.md.
"""

from __future__ import annotations

from paratask.errors import ParataskError
from paratask.execution.strands import OUR_CHOICE, Kind
from paratask.frozen import replace
from paratask.kernel.cancel import Cancelled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from paratask.execution.group import Group
    from paratask.execution.jobs import Job
    from paratask.execution.strands import Pace, Quiet, Strand
    from paratask.execution.turns import Member, Stand
    from paratask.execution.view import View
    from paratask.kernel.loop import Loop
    from paratask.planning.arrangement import Arrangement


def _never(_: Member) -> bool:
    """Nobody may be stopped."""
    return False


class Neighbours:
    """Runs groups. `on_failure` is the setting: sequential, stop or continue; `seed` the start order's (start_order.py).

    Without `holds_back`, members of a group write through to where the group writes. `most_begun` members of a group
    at most have begun and not ended (0: any number). `may_be_stopped` says whether nothing is missed where a member that runs is, and
    whether it can begin anew; `on_anew` is told of the job that was stopped, the one that takes its place, and where.
    """

    def __init__(
        self,
        *,
        loop: Loop,
        quiet: Quiet,
        pace: Pace,
        on_failure: str,
        in_written_order: bool,
        seed: str = "",
        holds_back: bool = True,
        most_begun: int = 0,
        may_be_stopped: Callable[[Member], bool] = _never,
        on_anew: Callable[[Job, Job, Strand], None] = lambda _stopped, _job, _strand: None,
    ) -> None:
        self._on_anew = on_anew
        self.may_be_stopped = may_be_stopped
        quiet.on_wait = self._make_way
        self.holds_back = holds_back
        self._most_begun = most_begun
        self.loop = loop
        self.quiet = quiet
        self.pace = pace
        self.in_written_order = in_written_order
        self._on_failure = on_failure
        self._seed = seed
        self._groups = 0
        self.groups: dict[Group, None] = {}
        """Those that run now."""

        self.on_groups: Callable[[], None] = _nobody
        """Is told when there is one more of them, or one less."""

        self.view: View | None = None
        """Where what jobs of groups write goes, if anywhere else than where their group writes."""

    @property
    def is_one_at_a_time(self) -> bool:
        """Whether members run so now, whatever was arranged: the whole run does, or a job that failed beside others runs again alone."""
        return self.pace.one_at_a_time or self.quiet.is_alone

    async def run(
        self,
        members: Sequence[Member],
        after: Sequence[frozenset[int]],
        *,
        kind: Kind,
        stand: Stand,
        failfast: bool = False,
    ) -> None:
        """Run all members; `after[i]` are those that member i waits for.

        Raises the error of the first that failed: first in written order where the overlap was our choice, so that the error is the one
        of a run one at a time; first in time where it was not, as in task.
        """
        if len(members) == 1 or self.is_one_at_a_time:
            await self._one_by_one(members, after, kind=kind, stand=stand, failfast=failfast)
            return
        from paratask.execution.group import Group

        self._groups += 1
        stop = failfast or self._stops(kind, stand)
        group = Group(self, members, after, kind=kind, stand=stand, number=self._groups, stop=stop)
        self.groups[group] = None
        self.on_groups()
        try:
            await group.run()
        finally:
            del self.groups[group]
            self.on_groups()

    async def run_arranged(
        self,
        members: Sequence[Member],
        arrangement: Arrangement,
        *,
        kind: Kind,
        stand: Stand,
        failfast: bool = False,
        arrange: Callable[[int, int], Arrangement] | None = None,
    ) -> None:
        """Run all members as arranged, block after block. A member that nothing can run beside is a block by itself, and runs
        without a group around it: its output is not held back. What was arranged before other blocks ran is arranged anew (`arrange`): they
        may have changed what that was read from, as a Makefile.
        """
        for start, end in arrangement.blocks:
            block = members[start:end]
            if arrange is not None and start > 0 and len(block) > 1 and not self.is_one_at_a_time:
                anew = arrange(start, end)
                for member, reason in zip(block, anew.reasons, strict=True):
                    member.job.reason = reason
                await self.run_arranged(block, anew, kind=kind, stand=stand, failfast=failfast)
                continue
            after = [frozenset(i - start for i in a if i >= start) for a in arrangement.after[start:end]]
            await self.run(block, after, kind=kind, stand=stand, failfast=failfast)

    def carry_out(self, member: Member, stand: Stand) -> Coroutine[object, object, None]:
        """Run one member. While a view is shown, it gets the output of jobs in groups."""
        view = self.view
        return member.run(stand) if view is None or stand.strand.is_lone else self._in_view(view, member, stand)

    async def _in_view(self, view: View, member: Member, stand: Stand) -> None:
        sink = view.begin(member.job)
        is_dropped = False
        try:
            await member.run(replace(stand, sink=sink))
        except Cancelled:
            is_dropped = stand.door is not None and stand.door.is_shut_for_good
            raise
        finally:
            view.end(member.job, is_dropped=is_dropped)

    def start_ranks(self, count: int, strand: Strand) -> dict[int, int]:
        """The place of each member of a group of `count` in the order in which they start; empty where that is the written one."""
        if not self._seed:
            return {}
        from paratask.execution.start_order import start_order

        order = start_order(self._seed, [index for _, index, _ in strand.path], count)
        return {index: rank for rank, index in enumerate(order)}

    def _stops(self, kind: Kind, stand: Stand) -> bool:
        return kind is not Kind.DEPENDENCIES and (stand.on_failure or self._on_failure) == "stop"

    async def _one_by_one(
        self,
        members: Sequence[Member],
        after: Sequence[frozenset[int]],
        *,
        kind: Kind,
        stand: Stand,
        failfast: bool,
    ) -> None:
        first: ParataskError | None = None
        behind: set[int] = set()
        for index, member in enumerate(members):
            if after[index] & behind and kind is not Kind.DEPENDENCIES:
                behind.add(index)
                continue
            try:
                await self.carry_out(member, stand)
            except ParataskError as error:
                first = first or error
                behind.add(index)
                if failfast or not self.goes_on(kind, stand):
                    break
        if first is not None:
            raise first

    def failed_before(self, strand: Strand) -> Job | None:
        """The job of a member that stands before this strand in one of the groups around it, and whose failure settles what
        becomes of that group; None where there is none.
        """
        places = {number: index for number, index, _ in strand.path}
        found = (group.failed_before(places[group.number]) for group in self.groups if group.number in places)
        return next(filter(None, found), None)

    def others(self, strand: Strand) -> dict[str, Member]:
        """By the ids of their jobs, those that may run beside a strand because we let them: the other members of the groups around it."""
        places = {number: index for number, index, kind in strand.path if kind in OUR_CHOICE}
        around = (group for group in self.groups if group.number in places)
        return {member.job.id: member for group in around for member in group.all_but(places[group.number])}

    def _make_way(self) -> None:
        """Somebody wants to be alone, and others still run. Where all of those stand below it, and may be stopped, they are, and begin anew
        if the run goes on: one at a time they would not have begun, and nothing is missed but their time.
        """
        first, *others = self.quiet.asking
        if first is None:
            return
        groups = {group.number: group for group in self.groups}
        places = {number: index for number, index, _ in first.path}
        also = {place[:2] for strand in filter(None, others) for place in strand.path}
        stopped = []
        for number, index in places.items():
            beside = groups[number].beside(index, {i for n, i in also if n == number}) if number in groups else ()
            if beside is None:
                return
            stopped.append((number, beside))
        for number, beside in stopped:
            for index in beside:
                groups[number].stop_for_now(index)

    def begin_anew(self, member: Member, strand: Strand) -> None:
        """A member there that was stopped has another job from here on."""
        stopped = member.job
        member.begin_anew()
        self._on_anew(stopped, member.job, strand)

    def room(self, begun: int) -> int | None:
        """How many more members may begin beside so many; None for all."""
        return max(0, self._most_begun - begun) if self._most_begun else None

    def goes_on(self, kind: Kind, stand: Stand) -> bool:
        """Whether members that do not depend on a failed one still start. go-task waits for all dependencies."""
        return kind is Kind.DEPENDENCIES or (stand.on_failure or self._on_failure) == "continue"


def _nobody() -> None:
    """Stands in while nobody wants to be told."""
