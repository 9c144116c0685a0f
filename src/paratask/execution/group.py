"""One group of neighbours while it runs: which of its members may start, and what becomes of the others after a failure.

Loaded for the first group of at least two members. Knows nothing of other groups, of tasks and of processes.
See "Steps and sets" in docs/design.md.
"""

from __future__ import annotations

from paratask.errors import ParataskError
from paratask.execution.roster import Roster, Standing
from paratask.execution.strands import OUR_CHOICE, Door, Kind
from paratask.execution.turns import ALONE, BEFORE, Stand
from paratask.kernel.cancel import CancelScope
from paratask.kernel.groups import TaskGroup
from paratask.kernel.loop import Event
from paratask.processes.segments import Sequencer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from paratask.execution.jobs import Job
    from paratask.execution.neighbours import Neighbours
    from paratask.execution.turns import Member
    from paratask.processes.streams import Sink


class Group:
    """One group being run: `after[i]` are those that member i waits for. With `stop`, the first failure cancels all."""

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
        self._neighbours = neighbours
        self._members = members
        self._kind = kind
        self._stand = stand
        self.number = number
        self._stop = stop
        self._is_ranked = any(member.priority for member in members)
        self._start_ranks = neighbours.start_ranks(len(members), stand.strand)
        self._changed = Event(neighbours.loop)
        self._roster = Roster(after, failed_are_over=kind is Kind.DEPENDENCIES)  # of dependencies the others go on, as in task
        self._scopes: dict[int, CancelScope] = {}  # of those that run because we let them
        self._doors: dict[int, Door] = {}  # of those that have started
        self._is_over = False  # who called the group has gone on in its place
        self._error: tuple[int, ParataskError] | None = None  # only one: each holds all frames that it came through
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
        """For each member that has not started: its job, what keeps it from starting, and the jobs that it waits for, where it
        is those.

        What keeps it is "order" (others come first), "failed" (one of them failed, so that it will not start), "quiet" (a job
        runs again alone) or "turn" (the run goes one at a time). One that was stopped, and begins anew, has no job by then.
        """
        roster = self._roster
        behind = roster.behind_failed()
        for index in roster.standing(Standing.WAITING, Standing.AT_DOOR):
            before = [self._members[other].job for other in roster.awaited(index)]
            if index in behind or not self._may_run(index):
                kind, before = "failed", [self._members[other].job for other in sorted(roster.failed)]
            elif not self._neighbours.quiet.may_start:
                kind = "quiet"
            else:
                kind = "turn" if self._neighbours.pace.one_at_a_time and not before else "order"
            yield self._members[index].job, kind, before

    def _notify(self) -> None:
        self._changed.set()

    async def _start_members(self, group: TaskGroup) -> None:
        roster = self._roster
        while not roster.is_over:
            self._changed = Event(self._neighbours.loop)
            if roster.failed and self._stop:
                group.scope.cancel("failfast")
                return
            started = [(index, roster.move(index, Standing.RUNNING)) for index in self._startable()]
            for _ in started:
                self._neighbours.quiet.enter()
            start = group.start_next if self._is_ranked else group.start
            for index, was in reversed(started) if self._is_ranked else started:
                if was is Standing.AT_DOOR:
                    self._doors[index].open()
                else:
                    start(self._member, index, was is Standing.STOPPED)
            if self._has_no_more():
                at_doors = list(roster.standing(Standing.AT_DOOR))
                for index in at_doors:
                    self._doors[index].is_over = True
                if at_doors:
                    group.scope.cancel(BEFORE)
                return
            await self._changed.wait()

    def is_shut(self, index: int) -> bool:
        """Whether a member that has started, but begun no command, has to wait at its door."""
        if self._roster[index] is Standing.AT_DOOR or not (self._may_run(index) and self._neighbours.quiet.may_start):
            return True
        others = self._roster.running - {index} if self._neighbours.pace.one_at_a_time else ()
        return any(self._doors[other].has_begun for other in others if other in self._doors)

    def park(self, index: int) -> bool:
        """A member waits at its door: from here on it counts as one that has not started.

        Returns whether it was the last active one, so that whoever called the group counts as active in its place (see
        `_hands_on`).
        """
        if self._roster[index] is Standing.AT_DOOR:
            return False
        self._roster.move(index, Standing.AT_DOOR)
        self._changed.set()
        return self._hands_on()

    def unpark(self, index: int) -> None:
        """A parked member goes on: it counts as running again. Where the whole group is cancelled nobody is taken from the heap
        of free members any more, so that it need not be tidied up for each.
        """
        self._roster.move(index, Standing.RUNNING)
        if self._scope is not None and self._scope.cancelled_by() is None:
            self._roster.not_free(index)

    def _hands_on(self) -> bool:
        """Whether nobody of the group is active any more, or will be; said once. Whoever called the group counts as active in
        its place from that moment on, so that no other strand takes itself for alone in between.
        """
        if self._is_over or not self._has_no_more():
            return False
        self._is_over = True
        return True

    def all_but(self, index: int) -> Iterator[Member]:
        """The other members."""
        return (member for other, member in enumerate(self._members) if other != index)

    def failed_before(self, index: int) -> Job | None:
        """The job of an earlier member that failed, where that settles what becomes of the group: it is of our choice, and does
        not go on. Else None.
        """
        if self._error is None or self._kind not in OUR_CHOICE or self._goes_on():
            return None
        return self._members[self._error[0]].job if self._error[0] < index else None

    def _has_no_more(self) -> bool:
        """Whether nobody runs, and nobody will start. Members that may start once somebody else has run alone still count."""
        roster = self._roster
        return not (roster.running or (roster.free and self._may_run(roster.free[0])))

    def _goes_on(self) -> bool:
        return not self._roster.failed or self._neighbours.goes_on(self._kind, self._stand)

    def _may_run(self, index: int) -> bool:
        """Whether what has become of the others lets a member start. After a failure those that stand above it still do: one at a time
        they would have come first, and one of them may be what fails.
        """
        if self._error is None or self._goes_on():
            return True
        return self._kind in OUR_CHOICE and not self._stop and index < self._error[0]

    def _startable(self) -> list[int]:
        """Take from the free members those that may start now, in the order in which they are to start."""
        free, running = self._roster.free, self._roster.running
        if not (free and self._neighbours.quiet.may_start and self._may_run(free[0])):
            return []
        room = self._neighbours.room(len(running))
        count = len(free) if self._goes_on() else sum(map(self._may_run, free))
        count = count if room is None else min(room, count)
        if self._neighbours.pace.one_at_a_time:
            count = 0 if running else min(1, count)
        ready = self._roster.take_free(count)
        if self._is_ranked:
            ready.sort(key=lambda index: -self._members[index].priority)
        return sorted(ready, key=self._start_ranks.__getitem__) if self._start_ranks else ready

    async def _carry_out(self, index: int, stand: Stand, *, begins_anew: bool) -> bool:
        """Carry a member out; whether it came to its end. Raises ParataskError and Cancelled."""
        if self._kind not in OUR_CHOICE:
            await self._neighbours.carry_out(self._members[index], stand)
            return True
        if begins_anew:
            self._neighbours.begin_anew(self._members[index], stand.strand)
        is_done = False
        with CancelScope(self._neighbours.loop) as scope:
            self._scopes[index] = scope
            try:
                await self._neighbours.carry_out(self._members[index], stand)
                is_done = True
            finally:
                del self._scopes[index]
        return is_done

    def _stop_below(self, failed: int) -> None:
        """Stop those that run below one that failed, where nothing is missed by that: one at a time none of them would have begun. Who has
        begun no command comes to its door, and need not be asked.
        """
        if self._kind not in OUR_CHOICE or not self._neighbours.quiet.may_start:
            return
        for index in [index for index in self._scopes if index > failed and self._doors[index].has_begun]:
            if self._neighbours.may_be_stopped(self._members[index]):
                if self._neighbours.holds_back:
                    self._outputs.segments[index].drop()
                self._stop_member(index, BEFORE)

    def _stop_member(self, index: int, reason: str) -> None:
        self._doors[index].is_over = True
        self._scopes[index].cancel(reason)

    def beside(self, index: int, others: Collection[int]) -> list[int] | None:
        """The members that run beside this one, and have to be stopped for it to be alone; None where one of them may not be. `others` want
        to be alone as well, and wait for that.
        """
        found = []
        for other in self._roster.running.difference(others, (index,)):
            if other in self._doors and not self._doors[other].has_begun:
                continue  # it comes to its door
            if self._kind not in OUR_CHOICE or other < index or self._neighbours.goes_on(self._kind, self._stand):
                return None
            if self._roster[other] is not Standing.STOPPING:
                if other not in self._scopes or not self._neighbours.may_be_stopped(self._members[other]):
                    return None
                found.append(other)
        return found

    def stop_for_now(self, index: int) -> None:
        """A member that runs begins anew, if the group goes on."""
        self._roster.move(index, Standing.STOPPING)
        self._stop_member(index, ALONE)

    def _has_come_to_an_end(self, index: int, standing: Standing) -> None:
        """A member has by itself; where it was told to stop, for now, that came too late."""
        if self._roster.move(index, standing) is Standing.STOPPING:
            self._doors[index].is_over = False

    def _has_stopped(self, index: int) -> None:
        """A member has, for now."""
        self._roster.move(index, Standing.STOPPED)
        if self._neighbours.holds_back:
            self._outputs.segments[index].discard()

    def _has_failed(self, index: int, error: ParataskError) -> None:
        """A member has, for good."""
        self._has_come_to_an_end(index, Standing.FAILED)
        goes_on = self._goes_on()
        in_order = self._kind in OUR_CHOICE or (self._kind is Kind.COMMAND_LINE and goes_on)  # else as in task, by time
        if self._error is None or (in_order and index < self._error[0]):
            self._error = (index, error)
        if not goes_on:
            self._neighbours.quiet.tell_shut()
            self._stop_below(index)
        if self._stop and self._scope is not None:
            self._scope.cancel("failfast")  # at once: what it gave back has been granted to the next, who has not begun

    async def _member(self, index: int, begins_anew: bool) -> None:
        strand = self._stand.strand.member(self.number, index, self._kind)
        try:
            self._neighbours.loop.raise_if_cancelled()
            if not self._may_run(index):  # another failed after this was started, and before its turn came
                self._roster.move(index, Standing.STOPPED if begins_anew else Standing.WAITING)
                return
            here = self._stand
            sink: Sink = self._outputs.segments[index] if self._neighbours.holds_back else here.sink
            door = here.door
            if self._kind in OUR_CHOICE:
                door = self._doors[index] = Door(self._neighbours.loop, self._neighbours.quiet, self, index, door)
            stand = Stand(
                strand=strand, sink=sink, depth=here.depth, on_failure=here.on_failure, door=door, is_forgiven=here.is_forgiven
            )
            if await self._carry_out(index, stand, begins_anew=begins_anew):
                self._has_come_to_an_end(index, Standing.SUCCEEDED)
        except ParataskError as error:
            self._has_failed(index, error)
        finally:
            if is_for_now := self._roster[index] is Standing.STOPPING:
                self._has_stopped(index)
            elif self._roster[index] is Standing.RUNNING:
                self._roster.move(index, Standing.CANCELLED)
            if not is_for_now and index in self._doors and self._doors[index].is_over and self._neighbours.holds_back:
                self._outputs.segments[index].discard()
            if not self._hands_on():
                self._neighbours.quiet.leave()
            if not is_for_now:
                self._outputs.end(index)
            self._changed.set()
