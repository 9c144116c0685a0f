"""Who runs beside whom, and how to be alone. See "When something fails" in docs/design.md.

A strand is one member of a group of neighbours (a set's calls, dependencies, calls on the command line), with everything it
calls in turn. While a parent waits for its members it is not active; they are. A strand that wants to run a job again alone
asks for quiet: from then on no member starts that has begun no command, and when every other strand has ended, asks for quiet itself,
or waits for members that may not start, its turn has come. Knows nothing of why anything failed.
"""

from __future__ import annotations

import enum

from paratask.kernel.cancel import CancelScope, StoppedClocks
from paratask.kernel.loop import Event

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    from paratask.kernel.loop import Loop

    class Keeper(Protocol):
        """A group whose members have doors."""

        def is_shut(self, index: int) -> bool:
            """Whether a member that has begun no command may begin none now."""

        def park(self, index: int) -> bool:
            """Take it for one that has not started. Whether who called the group goes on in its place, as nobody else does."""

        def unpark(self, index: int) -> None:
            """Take it for one that runs: it is cancelled where it waits, or has begun elsewhere."""


class Kind(enum.Enum):
    """Who said that the members of a group may overlap."""

    SET = "set"
    BACKGROUND = "background"
    DEPENDENCIES = "dependencies"
    COMMAND_LINE = "command line"

    __hash__ = object.__hash__  # members are one of a kind; Enum's own runs Python at each look-up


OUR_CHOICE = frozenset((Kind.SET, Kind.BACKGROUND))
IN_VAIN = "what comes next does not matter any more"


class Strand:
    """Where a job stands in the tree of groups: one (group number, member, kind) a level, outermost first."""

    __slots__ = ("path",)

    def __init__(self, path: tuple[tuple[int, int, Kind], ...] = ()) -> None:
        self.path = path

    def member(self, group: int, index: int, kind: Kind) -> Strand:
        return Strand((*self.path, (group, index, kind)))

    def is_in(self, other: Strand) -> bool:
        """Whether it is the other one, or a part of it."""
        return self.path[: len(other.path)] == other.path

    @property
    def is_lone(self) -> bool:
        """Whether nothing else can run at the same time."""
        return not self.path

    @property
    def is_our_choice(self) -> bool:
        """Whether something may run at the same time because we let it."""
        return any(kind in OUR_CHOICE for *_, kind in self.path)


def parted_by(left: Strand, right: Strand) -> Kind | None:
    """The kind of the group in which two strands part; None for one and the same."""
    for mine, theirs in zip(left.path, right.path, strict=False):
        if mine != theirs:
            return mine[2]
    return None


def comes_before(left: Strand, right: Strand) -> bool:
    """Whether one comes to its end before the other begins, one at a time."""
    for mine, theirs in zip(left.path, right.path, strict=False):
        if mine != theirs:
            return mine[:2] < theirs[:2]
    return False


class Pace:
    """Whether the run goes one at a time, from the start or since a fallback."""

    def __init__(self, *, one_at_a_time: bool) -> None:
        self.one_at_a_time = one_at_a_time


class Quiet:
    """Counts active strands and hands out solitude, one strand at a time, in written order."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._active = 0
        self._asking: list[tuple[tuple[int, ...], Event, Strand | None]] = []
        self._alone = False
        self._over = Event(loop)
        self._listeners: list[Callable[[], None]] = []
        self.on_shut: Callable[[], None] = _nobody
        """Is told when doors may have been shut: members that have begun no command may begin none now, or never will."""
        self._pauses: list[Callable[[], None]] = []
        self.on_wait: Callable[[], None] = _nobody
        """Is told when who asks to be alone has to wait for others that run."""

    @property
    def may_start(self) -> bool:
        """Whether members that have not started may do so."""
        return not self._asking and not self._alone

    @property
    def asking(self) -> list[Strand | None]:
        """Who asks to be alone, in the order in which they will be; None for one for which nobody is to be stopped."""
        return [strand for _, _, strand in self._asking]

    @property
    def is_alone(self) -> bool:
        """Whether a strand has solitude; whoever runs now is that strand."""
        return self._alone

    def listen(self, callback: Callable[[], None]) -> None:
        """Call back when members may start again."""
        self._listeners.append(callback)

    def unlisten(self, callback: Callable[[], None]) -> None:
        self._listeners.remove(callback)

    def enter(self) -> None:
        """A strand starts."""
        self._active += 1

    async def resume(self) -> None:
        """A strand that waited goes on, once nobody is alone; a cancelled one as well."""
        with CancelScope(self._loop, shield=True):
            while self._alone:
                await self._over.wait()
        self.enter()

    def leave(self) -> None:
        """A strand ended, or waits for others."""
        self._active -= 1
        self._hand_out()

    async def ask(self, strand: Strand, *, stops_others: bool = False) -> None:
        """Wait until nothing else is active. End it with `done`. `stops_others` is whether those may be stopped for it that would not have
        begun, one at a time. Raises Cancelled.
        """
        request = (tuple(index for _, index, _ in strand.path), Event(self._loop), strand if stops_others else None)
        self._asking.append(request)
        self._asking.sort(key=lambda request: request[0])
        self.tell_shut()
        self.leave()
        try:
            await request[1].wait()
        except BaseException:
            if request in self._asking:
                self._asking.remove(request)
                self._tell_listeners()
                await self.resume()
            else:
                self.done()
            raise

    async def pause(self, seconds: float, matters: Callable[[], bool]) -> None:
        """Wait so long as one that is not active, but only while what comes then `matters`. Raises Cancelled."""
        self.leave()
        try:
            with CancelScope(self._loop) as scope:

                def look() -> None:
                    if not matters():
                        scope.cancel(IN_VAIN)

                self._pauses.append(look)
                try:
                    await self._loop.sleep(seconds)
                finally:
                    self._pauses.remove(look)
        finally:
            await self.resume()

    def tell_shut(self) -> None:
        """Doors may have been shut."""
        self.on_shut()
        for look in list(self._pauses):
            look()

    def done(self) -> None:
        """Solitude is over."""
        self._alone = False
        self._over.set()
        self._hand_out()
        self._tell_listeners()

    def _tell_listeners(self) -> None:
        if self.may_start:
            for callback in list(self._listeners):
                callback()

    def _hand_out(self) -> None:
        if self._alone or not self._asking:
            return
        if self._active:
            self.on_wait()
            return
        _, event, _ = self._asking.pop(0)
        self._alone = True
        self._over = Event(self._loop)
        self._active += 1
        event.set()


class Door:
    """Stands before the first command of a member of a group of our choice. Who comes to it while members may not start waits as if the
    member had not started. `above` is the door of the group around, if that is of our choice. `is_over`: it will not open any more, or who
    went through it was stopped, as something above failed.
    """

    __slots__ = ("_group", "_index", "_loop", "_opened", "_quiet", "_waiting", "above", "has_begun", "is_over")

    def __init__(self, loop: Loop, quiet: Quiet, group: Keeper, index: int, above: Door | None) -> None:
        self._loop = loop
        self._quiet = quiet
        self._group = group
        self._index = index
        self._waiting = 0
        self._opened = Event(loop)
        self.above = above
        self.has_begun = False
        self.is_over = False

    @property
    def never_opened(self) -> bool:
        """Whether the run came to its end before this door was open."""
        return self.is_shut_for_good and not self.has_begun

    @property
    def is_shut_for_good(self) -> bool:
        """Whether this door, or one above, is over: nothing of the member counts."""
        return self.is_over or (self.above is not None and self.above.is_shut_for_good)

    def shut(self) -> Door | None:
        """The outermost door at which this strand has to wait, if any."""
        if self.has_begun:
            return None
        shut = self.above.shut() if self.above is not None else None
        return shut or (self if self._group.is_shut(self._index) else None)

    def begin(self) -> None:
        """The strand begins a command, or what others may wait for. From here on nothing of it waits here."""
        if self.has_begun or self.is_shut_for_good:
            return
        self.has_begun = True
        if self._waiting:  # others of the same member, who need not any more
            self._group.unpark(self._index)
            self._quiet.enter()
            self.open()
        if self.above is not None:
            self.above.begin()

    async def pass_through(self) -> None:
        """Begin as soon as members may start. Raises Cancelled."""
        await self.stand_open()
        self.begin()

    async def stand_open(self) -> None:
        """Wait as long as members may not start. Nothing begins by that. Raises Cancelled."""
        while (shut := self.shut()) is not None:
            await shut.wait()

    async def wait(self) -> None:
        """Wait until members may start again, and it is this one's turn. Raises Cancelled."""
        if not self._waiting:
            self._opened = Event(self._loop)
        opened = self._opened
        self._waiting += 1
        if not self._group.park(self._index):
            self._quiet.leave()
        try:
            with StoppedClocks(self._loop):
                await opened.wait()
        except BaseException:
            if not opened.is_set:
                self._waiting -= 1
                if not self._waiting:
                    self._group.unpark(self._index)
                await self._quiet.resume()
            raise

    def open(self) -> None:
        """Let those that wait go on. Whoever calls this has counted one of them as active."""
        for _ in range(self._waiting - 1):
            self._quiet.enter()
        self._waiting = 0
        self._opened.set()


def _nobody() -> None:
    """Nobody is to be told."""
