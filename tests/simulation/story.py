"""A random run, as a value: groups of members, what they take, when they fail. And what is believed of every such run.

`play` carries a story out with the real loop, groups, strands and leases, on simulated time and with members that do what
execution/steps.py does: commands under leases, nested groups, another attempt alone after a failure, deferred commands.
Every rule that is broken is an AssertionError at the moment it is broken.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from paratask.errors import ParataskError
from paratask.execution.leases import Leases
from paratask.execution.neighbours import Neighbours
from paratask.execution.strands import OUR_CHOICE, Kind, Pace, Quiet, Strand
from paratask.execution.turns import Member, Stand
from paratask.frozen import replace
from paratask.kernel.cancel import CancelScope
from paratask.kernel.loop import Loop
from paratask.scheduling.budget import Budget, Cost, Reading
from simulation.clock import ShuffledLoop, SimulatedPoller

KINDS = (Kind.SET, Kind.SET, Kind.SET, Kind.BACKGROUND, Kind.DEPENDENCIES, Kind.COMMAND_LINE)


@dataclass
class Work:
    """One command."""

    cpu: float


@dataclass
class GroupStory:
    kind: Kind
    after: list[frozenset[int]]
    members: list[MemberStory]
    failfast: bool = False


@dataclass
class MemberStory:
    """`fails` is never, always, or beside: when another command runs at the same time."""

    name: str
    parts: list[Work | GroupStory]
    fails: str = "never"
    deferred: bool = False
    timeout_seconds: float = 0.0

    def below(self) -> list[MemberStory]:
        found = [self]
        for part in self.parts:
            if isinstance(part, GroupStory):
                found.extend(deeper for member in part.members for deeper in member.below())
        return found


@dataclass
class Story:
    top: GroupStory
    cpus: float
    on_failure: str = "sequential"
    cancel_at: float = 0.0
    one_at_a_time: bool = False

    def members(self) -> list[MemberStory]:
        return [deeper for member in self.top.members for deeper in member.below()]


@dataclass
class Ending:
    """What came of it. `ended` are members that ended well, `started` all that started."""

    error: str
    started: set[str]
    ended: set[str]
    trace: list[str] = field(default_factory=list)
    output: bytes = b""


def make_story(seed: int) -> Story:
    chance = random.Random(f"story {seed}")
    names = iter(f"m{number}" for number in range(1000))
    failing = chance.choice(("never", "never always", "never beside", "never always beside"))
    odd = chance.random() < 0.4
    story = Story(
        top=_make_group(chance, names, 0, failing.split(), odd=odd),
        cpus=chance.choice((1.0, 2.0, 3.0, 8.0)),
        on_failure=chance.choice(("sequential", "sequential", "sequential", "stop", "continue")),
        one_at_a_time=chance.random() < 0.1,
    )
    if odd and chance.random() < 0.5:
        story.cancel_at = chance.uniform(0.1, 8.0)
    return story


def _make_group(chance, names, depth, failing, *, odd) -> GroupStory:
    count = chance.choice((1, 2, 2, 3, 4, 6))
    density = chance.choice((0.0, 0.15, 0.5))
    return GroupStory(
        kind=chance.choice(KINDS),
        after=[frozenset(i for i in range(index) if chance.random() < density) for index in range(count)],
        members=[_make_member(chance, names, depth, failing, odd=odd) for _ in range(count)],
        failfast=odd and chance.random() < 0.2,
    )


def _make_member(chance, names, depth, failing, *, odd) -> MemberStory:
    member = MemberStory(name=next(names), parts=[])
    for _ in range(chance.choice((1, 1, 2, 3))):
        if depth < 3 and chance.random() < 0.35:
            member.parts.append(_make_group(chance, names, depth + 1, failing, odd=odd))
        else:
            member.parts.append(Work(cpu=chance.choice((0.5, 1.0, 1.0, 2.0, 20.0))))
    member.fails = chance.choice(("never", "never", *failing))
    member.deferred = odd and chance.random() < 0.3
    if odd and chance.random() < 0.15:
        member.timeout_seconds = chance.uniform(0.1, 3.0)
    return member


class Player:
    """Carries one story out. `timing` seeds how long each command takes, and in which order fibers go on that can."""

    def __init__(self, story: Story, timing: object) -> None:
        self.story = story
        self.chance = random.Random(f"timing {timing}")
        shuffled = self.chance.random() < 0.5
        self.loop = ShuffledLoop(SimulatedPoller(), self.chance) if shuffled else Loop(SimulatedPoller())
        self.leases = Leases(self.loop, Budget(cpus=story.cpus), Reading)
        self.quiet = Quiet(self.loop)
        self.quiet.on_shut = self.leases.look_at_doors
        self.pace = Pace(one_at_a_time=story.one_at_a_time)
        self.neighbours = Neighbours(
            loop=self.loop, quiet=self.quiet, pace=self.pace, on_failure=story.on_failure, in_written_order=True
        )
        self.commands: list[list[float]] = []
        self.alone: Strand | None = None
        self.begun: set[tuple[int, int]] = set()
        self.failed_at: dict[int, int] = {}  # for each group, the first member in written order that failed
        self.ending = Ending(error="", started=set(), ended=set())
        self.written: list[bytes] = []

    def write(self, stream: int, data: bytes) -> None:
        self.written.append(data)

    def play(self) -> Ending:
        self.loop.run(self._main())
        assert not self.commands, "a command runs on after the end"
        assert self.leases._admission.running == 0, "a lease was not returned"
        assert not self.leases._admission._lanes, "somebody still waits for a lease"
        assert not self.leases._granted
        assert self.quiet._active == 0, "the strands are miscounted"
        assert self.quiet.may_start
        assert not self.quiet._listeners
        self.ending.output = b"".join(self.written)
        return self.ending

    async def _main(self) -> None:
        self.quiet.enter()
        deadline = self.story.cancel_at or None
        with CancelScope(self.loop, deadline=deadline):
            try:
                await self._group(self.story.top, Stand(strand=Strand(), sink=self))
            except ParataskError as error:
                self.ending.error = error.message
        self.quiet.leave()

    def tell(self, what: str) -> None:
        self.ending.trace.append(f"{self.loop.now():.3f} {what}")

    def is_active(self, strand: Strand) -> None:
        """Called wherever a strand does anything: while one is alone, no other may."""
        if self.alone is not None:
            own = self.alone.path
            assert strand.path[: len(own)] == own, f"{strand.path} went on while {own} was alone"

    async def _group(self, group: GroupStory, stand: Stand) -> None:
        failed: set[int] = set()
        ended: set[int] = set()

        def member(index):
            async def run(below: Stand) -> None:
                self._check_start(group, index, failed, ended)
                try:
                    await self._member(group.members[index], below)
                    ended.add(index)
                except ParataskError:
                    failed.add(index)
                    for number, place, _ in below.strand.path[len(stand.strand.path) :]:
                        self.failed_at[number] = min(place, self.failed_at.get(number, place))
                    raise

            return Member(None, run)

        members = [member(index) for index in range(len(group.members))]
        try:
            await self.neighbours.run(members, group.after, kind=group.kind, stand=stand, failfast=group.failfast)
        finally:
            self.is_active(stand.strand)
        assert ended == set(range(len(group.members))), "the group ended well, and not all of its members did"

    def _check_start(self, group: GroupStory, index: int, failed: set[int], ended: set[int]) -> None:
        if group.kind is Kind.DEPENDENCIES:
            assert group.after[index] <= ended | failed, "an edge was violated"
            return
        assert group.after[index] <= ended, "an edge was violated"
        if self.story.on_failure != "continue" and failed:
            above = group.kind in OUR_CHOICE and self.story.on_failure == "sequential" and not group.failfast
            assert above, "a member started after a failure"
            assert index < min(failed), "a member started after a failure above it"

    async def _member(self, member: MemberStory, stand: Stand) -> None:
        if not member.timeout_seconds:
            await self._attempts(member, stand)
            return
        with CancelScope(self.loop, deadline=self.loop.now() + member.timeout_seconds) as scope:
            await self._attempts(member, stand)
        if scope.cancelled:
            raise ParataskError(f"{member.name} took too long")

    async def _attempts(self, member: MemberStory, stand: Stand) -> None:
        self.ending.started.add(member.name)
        stand.sink.write(1, f"<{member.name}".encode())
        beside: list[float] = []
        failure = await self._all(member, stand, beside)
        if failure and beside and self.story.on_failure == "sequential" and not self.neighbours.failed_before(stand.strand):
            self.tell(f"{member.name} asks")
            await self.quiet.ask(stand.strand)
            assert not self.commands, "alone, and a command runs"
            assert self.alone is None, "two are alone"
            if self.neighbours.failed_before(stand.strand):
                self.quiet.done()
                raise ParataskError(member.name)
            self.alone = stand.strand
            try:
                failure = await self._all(member, stand, [])
                if not failure:
                    self.pace.one_at_a_time = True
                    self.leases.one_at_a_time()
            finally:
                self.alone = None
                self.quiet.done()
        if failure:
            raise ParataskError(member.name)
        stand.sink.write(1, f"{member.name}>".encode())
        self.ending.ended.add(member.name)

    async def _all(self, member: MemberStory, stand: Stand, beside: list[float]) -> bool:
        """Whether the member itself failed. What fails inside it is raised."""
        try:
            for part in member.parts:
                self.is_active(stand.strand)
                if isinstance(part, GroupStory):
                    await self._group(part, stand)
                else:
                    await self._work(part, stand, member.name, beside)
        finally:
            if member.deferred and not (stand.door is not None and stand.door.never_opened):
                with CancelScope(self.loop, shield=True):
                    await self._work(Work(cpu=1.0), replace(stand, door=None), f"{member.name} deferred", [])
        self.is_active(stand.strand)
        return member.fails == "always" or (member.fails == "beside" and bool(beside))

    def _check_first(self, stand: Stand) -> None:
        """A command begins: where it is the first one of a member of a group of ours, none may wait to be alone, and nobody above it have failed."""
        own = [(number, index) for number, index, kind in stand.strand.path if kind in OUR_CHOICE]
        first = [place for place in own if place not in self.begun]
        self.begun.update(own)
        if not first or self.alone is not None:
            return
        assert self.quiet.may_start, f"{first} begins while somebody is to be alone"
        if self.story.on_failure != "continue":
            failed = [place for place in first if place[1] > self.failed_at.get(place[0], place[1])]
            assert not failed, f"{failed} begins after a failure"

    async def _work(self, work: Work, stand: Stand, name: str, beside: list[float]) -> None:
        strand = stand.strand
        self.is_active(strand)
        lease = await self.leases.take(Cost(cpu=work.cpu), priority=float(self.chance.randrange(3)), door=stand.door)
        self.is_active(strand)
        if stand.door is not None:
            self._check_first(stand)
        taken = sum(other[0] for other in self.commands)
        assert not taken or taken + work.cpu <= self.story.cpus, "more leases than the budget has"
        ours = [min(work.cpu, self.story.cpus), 0.0]
        for other in self.commands:
            other[1] = ours[1] = 1.0
        self.commands.append(ours)
        self.tell(f"{name} begins")
        try:
            await self.loop.sleep(self.chance.choice((0.0, 0.5, 1.0, self.chance.uniform(0.0, 4.0))))
        finally:
            self.commands.remove(ours)
            if ours[1]:
                beside.append(1.0)
            self.leases.give_back(lease)
            self.tell(f"{name} ends")


def play(story: Story, timing: object) -> Ending:
    return Player(story, timing).play()
