"""Runs members of a group side by side, in the order that was arranged. See "Steps and sets" in docs/design.md.

Members are coroutines that raise ParataskError when they fail. Knows which may start, and what to do after a failure; nothing of
tasks and processes.
"""

from __future__ import annotations

from paratask.errors import ParataskError
from paratask.execution.strands import Kind
from paratask.execution.streams import Sequencer
from paratask.frozen import dataclass
from paratask.kernel.groups import TaskGroup
from paratask.kernel.loop import Event

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from paratask.execution.strands import Quiet, Strand
    from paratask.execution.streams import Sink
    from paratask.kernel.loop import Loop
    from paratask.planning.arrangement import Arrangement

    Member = Callable[["Stand"], Coroutine[object, object, None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Where a job runs: its strand, where its output goes, and how many calls lead to it."""

    strand: Strand
    sink: Sink
    depth: int = 0


class Pace:
    """Whether the run goes one at a time, from the start or since a fallback."""

    def __init__(self, *, one_at_a_time: bool) -> None:
        self.one_at_a_time = one_at_a_time


class Neighbours:
    """Runs groups. `on_failure` is the setting: sequential, stop or continue; `seed` the start order's (start_order.py)."""

    def __init__(
        self, *, loop: Loop, quiet: Quiet, pace: Pace, on_failure: str, in_written_order: bool, seed: str = ""
    ) -> None:
        self.loop = loop
        self.quiet = quiet
        self.pace = pace
        self.in_written_order = in_written_order
        self._on_failure = on_failure
        self._seed = seed
        self._groups = 0

    async def run(
        self,
        members: Sequence[Member],
        after: Sequence[frozenset[int]],
        *,
        kind: Kind,
        stand: Stand,
        failfast: bool = False,
        priorities: Sequence[float] = (),
    ) -> None:
        """Run all; `after[i]` are the members that i waits for. Raises the error of the first failed member in written order.

        Of those that may start at the same moment, those of higher priority start first.
        """
        if len(members) == 1 or self.pace.one_at_a_time or self.quiet.is_alone:
            await self._one_by_one(members, after, kind=kind, stand=stand, failfast=failfast)
            return
        self._groups += 1
        group = _Group(
            self, members, after, kind=kind, stand=stand, number=self._groups, stop=failfast or self._stops(kind),
            priorities=priorities,
        )  # fmt: skip
        await group.run()

    async def run_arranged(
        self,
        members: Sequence[Member],
        arrangement: Arrangement,
        *,
        kind: Kind,
        stand: Stand,
        failfast: bool = False,
        priorities: Sequence[float] = (),
    ) -> None:
        """Run all as arranged, block after block: what nothing can run beside runs in the open, not in a group."""
        for start, end in arrangement.blocks:
            after = [frozenset(i - start for i in a if i >= start) for a in arrangement.after[start:end]]
            inside = priorities[start:end]
            await self.run(members[start:end], after, kind=kind, stand=stand, failfast=failfast, priorities=inside)

    def in_start_order(self, members: list[int], count: int, strand: Strand) -> list[int]:
        """`members` of a group of `count`, in the order in which they start."""
        if not self._seed or len(members) < 2:
            return members
        from paratask.execution.start_order import start_order

        ranks = start_order(self._seed, [index for _, index, _ in strand.path], count)
        return sorted(members, key=ranks.index)

    def _stops(self, kind: Kind) -> bool:
        return kind is not Kind.DEPENDENCIES and self._on_failure == "stop"

    async def _one_by_one(
        self, members: Sequence[Member], after: Sequence[frozenset[int]], *, kind: Kind, stand: Stand, failfast: bool
    ) -> None:
        first: ParataskError | None = None
        behind: set[int] = set()
        for index, member in enumerate(members):
            if after[index] & behind and kind is not Kind.DEPENDENCIES:
                behind.add(index)
                continue
            try:
                await member(stand)
            except ParataskError as error:
                first = first or error
                behind.add(index)
                if failfast or not self.goes_on(kind):
                    break
        if first is not None:
            raise first

    def goes_on(self, kind: Kind) -> bool:
        """Whether members that do not depend on a failed one still start. go-task waits for all dependencies."""
        return kind is Kind.DEPENDENCIES or self._on_failure == "continue"


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
        priorities: Sequence[float],
    ) -> None:
        self._priorities = priorities
        self._neighbours = neighbours
        self._members = members
        self._after = after
        self._kind = kind
        self._stand = stand
        self._number = number
        self._stop = stop
        self._changed = Event(neighbours.loop)
        self._waiting = dict.fromkeys(range(len(members)))  # in order; any one can be taken out at once
        self._running: set[int] = set()
        self._succeeded: set[int] = set()
        self._errors: dict[int, ParataskError] = {}
        self._outputs = Sequencer(stand.sink, len(members), in_written_order=neighbours.in_written_order)

    async def run(self) -> None:
        neighbours = self._neighbours
        neighbours.quiet.listen(self._notify)
        neighbours.quiet.leave()
        try:
            async with TaskGroup(neighbours.loop) as group:
                await self._start_members(group)
        finally:
            await neighbours.quiet.resume()
            neighbours.quiet.unlisten(self._notify)
            self._outputs.flush()
        if self._errors:
            raise self._errors[min(self._errors)]

    def _notify(self) -> None:
        self._changed.set()

    async def _start_members(self, group: TaskGroup) -> None:
        while self._waiting or self._running:
            self._changed = Event(self._neighbours.loop)
            if self._errors and self._stop:
                group.scope.cancel("failfast")
                return
            for index in self._startable():
                del self._waiting[index]
                self._running.add(index)
                self._neighbours.quiet.enter()
                group.start(self._member, index)
            if not self._running and not self._still_possible():
                return
            await self._changed.wait()

    def _still_possible(self) -> bool:
        """Whether a waiting member may start later, once quiet is over."""
        return any(self._may_follow(index) for index in self._waiting)

    def _may_follow(self, index: int) -> bool:
        if not self._errors:
            return True
        if not self._neighbours.goes_on(self._kind):
            return False
        return self._kind is Kind.DEPENDENCIES or index not in self._behind_failures()

    def _behind_failures(self) -> set[int]:
        """Members that wait, at any distance, for one that failed. Edges lead from lower to higher indexes."""
        behind = set(self._errors)
        for index, after in enumerate(self._after):
            if after & behind:
                behind.add(index)
        return behind

    def _startable(self) -> list[int]:
        if not self._waiting or not self._neighbours.quiet.may_start:
            return []
        ended = self._succeeded | (self._errors.keys() if self._kind is Kind.DEPENDENCIES else set())
        ready = [index for index in self._waiting if self._may_follow(index) and self._after[index] <= ended]
        if self._neighbours.pace.one_at_a_time:
            return [] if self._running else ready[:1]
        if any(self._priorities):
            ready.sort(key=lambda index: -self._priorities[index])
        return self._neighbours.in_start_order(ready, len(self._members), self._stand.strand)

    async def _member(self, index: int) -> None:
        strand = self._stand.strand.member(self._number, index, self._kind)
        try:
            self._neighbours.loop.raise_if_cancelled()
            if not self._may_follow(index):  # another failed after this was started, and before its turn came
                self._waiting[index] = None
                return
            await self._members[index](Stand(strand=strand, sink=self._outputs.segments[index], depth=self._stand.depth))
            self._succeeded.add(index)
        except ParataskError as error:
            self._errors[index] = error
        finally:
            self._running.discard(index)
            self._neighbours.quiet.leave()
            self._outputs.end(index)
            self._changed.set()
