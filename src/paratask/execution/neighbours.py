"""Runs members of a group side by side, in the order that was arranged. See "Steps and sets" in docs/design.md.

A member that fails raises ParataskError. Knows which members may start, and what to do after a failure; knows nothing of tasks and
processes.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush

from paratask.errors import ParataskError
from paratask.execution.strands import OUR_CHOICE, Door, Kind
from paratask.execution.turns import BEFORE, Stand
from paratask.frozen import replace
from paratask.kernel.groups import TaskGroup
from paratask.kernel.loop import Event
from paratask.processes.streams import Sequencer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator, Sequence

    from paratask.execution.jobs import Job
    from paratask.execution.strands import Pace, Quiet, Strand
    from paratask.execution.turns import Member
    from paratask.execution.view import View
    from paratask.kernel.cancel import CancelScope
    from paratask.kernel.loop import Loop
    from paratask.planning.arrangement import Arrangement
    from paratask.processes.streams import Sink


class Neighbours:
    """Runs groups. `on_failure` is the setting: sequential, stop or continue; `seed` the start order's (start_order.py).

    Without `holds_back`, members of a group write through to where the group writes. `most_begun` members of a group
    at most have begun and not ended (0: any number).
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
    ) -> None:
        self.holds_back = holds_back
        self._most_begun = most_begun
        self.loop = loop
        self.quiet = quiet
        self.pace = pace
        self.in_written_order = in_written_order
        self._on_failure = on_failure
        self._seed = seed
        self._groups = 0
        self.groups: dict[_Group, None] = {}
        """Those that run now."""

        self.on_groups: Callable[[], None] = _nobody
        """Is told when there is one more of them, or one less."""

        self.view: View | None = None
        """Where what jobs of groups write goes, if anywhere else than where their group writes."""

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
        if len(members) == 1 or self.pace.one_at_a_time or self.quiet.is_alone:
            await self._one_by_one(members, after, kind=kind, stand=stand, failfast=failfast)
            return
        self._groups += 1
        stop = failfast or self._stops(kind, stand)
        group = _Group(self, members, after, kind=kind, stand=stand, number=self._groups, stop=stop)
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
    ) -> None:
        """Run all members as arranged, block after block: what nothing can run beside runs in the open, not in a group."""
        for start, end in arrangement.blocks:
            after = [frozenset(i - start for i in a if i >= start) for a in arrangement.after[start:end]]
            await self.run(members[start:end], after, kind=kind, stand=stand, failfast=failfast)

    def carry_out(self, member: Member, stand: Stand) -> Coroutine[object, object, None]:
        """Run one member. While a view is shown, it gets the output of jobs in groups."""
        view = self.view
        return member.run(stand) if view is None or stand.strand.is_lone else self._in_view(view, member, stand)

    async def _in_view(self, view: View, member: Member, stand: Stand) -> None:
        sink = view.begin(member.job)
        try:
            await member.run(replace(stand, sink=sink))
        finally:
            view.end(member.job)

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
        """The job of a member before this strand in written order, whose failure settles what a group of our choice comes to."""
        places = {number: index for number, index, _ in strand.path}
        found = (group.failed_before(places[group.number]) for group in self.groups if group.number in places)
        return next(filter(None, found), None)

    def room(self, begun: int) -> int | None:
        """How many more members may begin beside so many; None for all."""
        return max(0, self._most_begun - begun) if self._most_begun else None

    def goes_on(self, kind: Kind, stand: Stand) -> bool:
        """Whether members that do not depend on a failed one still start. go-task waits for all dependencies."""
        return kind is Kind.DEPENDENCIES or (stand.on_failure or self._on_failure) == "continue"


class _Group:
    """One group being run."""

    def __init__(
        self,
        neighbours: Neighbours,
        members: Sequence[Member],
        after: Sequence[frozenset[int]],
        *,
        kind: Kind,
        stand: Stand,
        number: int,
        stop: bool,
    ) -> None:
        self._is_ranked = any(member.priority for member in members)
        self._start_ranks = neighbours.start_ranks(len(members), stand.strand)
        self._neighbours = neighbours
        self._members = members
        self._after = after
        self._kind = kind
        self._stand = stand
        self.number = number
        self._stop = stop
        self._changed = Event(neighbours.loop)
        self._waiting = dict.fromkeys(range(len(members)))  # in order; any one can be taken out at once
        self._lacks = [len(before) for before in after]  # how many each still waits for
        self._free = [index for index, count in enumerate(self._lacks) if not count]  # a heap of those that wait for nobody
        self._followers: dict[int, list[int]] = {}
        for index, before in enumerate(after):
            for other in before:
                self._followers.setdefault(other, []).append(index)
        self._running: set[int] = set()
        self._doors: dict[int, Door] = {}  # of those that have started
        self._parked: dict[int, Door] = {}  # those that wait at theirs: they are taken for such as have not started
        self._succeeded: set[int] = set()
        self._failed: set[int] = set()
        self._is_over = False
        self._error: tuple[int, ParataskError] | None = None  # only the first: each holds all frames that it came through
        self._scope: CancelScope | None = None
        self._outputs = Sequencer(stand.sink, len(members), in_written_order=neighbours.in_written_order)

    async def run(self) -> None:
        neighbours = self._neighbours
        neighbours.quiet.listen(self._notify)
        neighbours.quiet.leave()
        try:
            async with TaskGroup(neighbours.loop) as group:
                self._scope = group.scope
                await self._start_members(group)
        finally:
            if not self._is_over:
                await neighbours.quiet.resume()
            neighbours.quiet.unlisten(self._notify)
            self._outputs.flush()
        if self._error is not None:
            raise self._error[1]

    def reasons(self) -> Iterator[tuple[Job, str, list[Job]]]:
        """Of the members that have not started: what keeps each from it, and those that it waits for, as far as it is that.

        "failed": it will not start; "quiet": somebody runs again alone; "turn": all goes one at a time.
        """
        ended, behind = self._ended(), self._behind_failures()
        for index in self._waiting:
            before = [self._members[other].job for other in sorted(self._after[index] - ended)]
            if index in behind or not self._goes_on():
                kind, before = "failed", [self._members[other].job for other in sorted(self._failed)]
            elif not self._neighbours.quiet.may_start:
                kind = "quiet"
            else:
                kind = "turn" if self._neighbours.pace.one_at_a_time and not before else "order"
            yield self._members[index].job, kind, before

    def _notify(self) -> None:
        self._changed.set()

    async def _start_members(self, group: TaskGroup) -> None:
        while self._waiting or self._running:
            self._changed = Event(self._neighbours.loop)
            if self._failed and self._stop:
                group.scope.cancel("failfast")
                return
            startable = self._startable()
            for index in startable:
                del self._waiting[index]
                self._running.add(index)
                self._neighbours.quiet.enter()
            if self._is_ranked:
                for index in reversed(startable):
                    self._start(group.start_next, index)
            else:
                for index in startable:
                    self._start(group.start, index)
            if self._has_no_more():
                for door in self._parked.values():
                    door.is_over = True
                if self._parked:
                    group.scope.cancel(BEFORE)
                return
            await self._changed.wait()

    def _start(self, start: Callable[..., None], index: int) -> None:
        door = self._parked.pop(index, None)
        if door is None:
            start(self._member, index)
        else:
            door.open()

    def is_shut(self, index: int) -> bool:
        """Whether a member that has started, and begun no command, may begin none now."""
        if index in self._parked or not (self._goes_on() and self._neighbours.quiet.may_start):
            return True
        others = self._running - {index} if self._neighbours.pace.one_at_a_time else ()
        return any(self._doors[other].has_begun for other in others if other in self._doors)

    def park(self, index: int, door: Door) -> bool:
        """Take it for one that has not started. Whether who called the group goes on in its place, as nobody else does."""
        if index in self._parked:
            return False
        self._parked[index] = door
        self._running.discard(index)
        self._waiting[index] = None
        heappush(self._free, index)
        self._changed.set()
        return self._hands_on()

    def unpark(self, index: int) -> None:
        """Take it for one that runs. Where the whole group is cancelled, nobody starts any more."""
        del self._parked[index], self._waiting[index]
        if self._scope is not None and self._scope.cancelled_by() is None:
            self._free.remove(index)
            heapify(self._free)
        self._running.add(index)

    def _hands_on(self) -> bool:
        """Whether the last one that was active ended, or parked: who called the group goes on in its place, so that nobody is alone in between."""
        if self._is_over or not self._has_no_more():
            return False
        self._is_over = True
        return True

    def failed_before(self, index: int) -> Job | None:
        """The job of a member before this one that has failed, where the group is of our choice and does not go on."""
        if self._error is None or self._kind not in OUR_CHOICE or self._goes_on():
            return None
        return self._members[self._error[0]].job if self._error[0] < index else None

    def _has_no_more(self) -> bool:
        """Whether nobody runs and nobody is going to: else one may start later, once quiet is over."""
        return not (self._running or (self._free and self._goes_on()))

    def _goes_on(self) -> bool:
        return not self._failed or self._neighbours.goes_on(self._kind, self._stand)

    def _behind_failures(self) -> set[int]:
        """Members that wait, at any distance, for one that failed, and so never start."""
        behind: set[int] = set()
        found = list(self._failed) if self._kind is not Kind.DEPENDENCIES else []
        while found:
            more = [index for index in self._followers.get(found.pop(), ()) if index not in behind]
            behind.update(more)
            found += more
        return behind

    def _startable(self) -> list[int]:
        """Takes them from those that are free."""
        if not (self._free and self._neighbours.quiet.may_start and self._goes_on()):
            return []
        room = self._neighbours.room(len(self._running))
        count = len(self._free) if room is None else min(room, len(self._free))
        if self._neighbours.pace.one_at_a_time:
            count = 0 if self._running else min(1, count)
        ready = [heappop(self._free) for _ in range(count)]
        if self._is_ranked:
            ready.sort(key=lambda index: -self._members[index].priority)
        return sorted(ready, key=self._start_ranks.__getitem__) if self._start_ranks else ready

    def _let_follow(self, index: int) -> None:
        """Nobody waits for it any more."""
        for follower in self._followers.get(index, ()):
            self._lacks[follower] -= 1
            if not self._lacks[follower]:
                heappush(self._free, follower)

    def _ended(self) -> set[int]:
        """Those that nobody waits for any more."""
        return self._succeeded | self._failed if self._kind is Kind.DEPENDENCIES else self._succeeded

    async def _member(self, index: int) -> None:
        strand = self._stand.strand.member(self.number, index, self._kind)
        try:
            self._neighbours.loop.raise_if_cancelled()
            if not self._goes_on():  # another failed after this was started, and before its turn came
                self._waiting[index] = None
                return
            here = self._stand
            sink: Sink = self._outputs.segments[index] if self._neighbours.holds_back else here.sink
            door = here.door
            if self._kind in OUR_CHOICE:
                door = self._doors[index] = Door(self._neighbours.loop, self._neighbours.quiet, self, index, door)
            stand = Stand(strand=strand, sink=sink, depth=here.depth, on_failure=here.on_failure, door=door)
            await self._neighbours.carry_out(self._members[index], stand)
            self._succeeded.add(index)
            self._let_follow(index)
        except ParataskError as error:
            self._failed.add(index)
            if self._kind is Kind.DEPENDENCIES:
                self._let_follow(index)
            if self._error is None or (self._kind in OUR_CHOICE and index < self._error[0]):
                self._error = (index, error)
            if self._stop and self._scope is not None:
                self._scope.cancel("failfast")  # at once: what it gave back has been granted to the next, who has not begun
        finally:
            self._running.discard(index)
            if index in self._doors and self._doors[index].is_over and self._neighbours.holds_back:
                self._outputs.segments[index].discard()
            if not self._hands_on():
                self._neighbours.quiet.leave()
            self._outputs.end(index)
            self._changed.set()


def _nobody() -> None:
    """Nobody is to be told."""
