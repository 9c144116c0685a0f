"""Who runs beside whom, and how to be alone. See "When something fails" in docs/design.md.

A strand is one member of a group of neighbours (a set's calls, dependencies, calls on the command line), with everything it
calls in turn. While a parent waits for its members it is not active; they are. A strand that wants to run a job again alone
asks for quiet: from then on no member that has not started starts, and when every other strand has ended, asks for quiet itself,
or waits for members that may not start, its turn has come. Knows nothing of why anything failed.
"""

from __future__ import annotations

import enum

from paratask.kernel.cancel import CancelScope
from paratask.kernel.loop import Event

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from paratask.kernel.loop import Loop


class Kind(enum.Enum):
    """Who said that the members of a group may overlap."""

    SET = "set"
    BACKGROUND = "background"
    DEPENDENCIES = "dependencies"
    COMMAND_LINE = "command line"


OUR_CHOICE = frozenset((Kind.SET, Kind.BACKGROUND))


class Strand:
    """Where a job stands in the tree of groups: one (group number, member, kind) a level, outermost first."""

    __slots__ = ("path",)

    def __init__(self, path: tuple[tuple[int, int, Kind], ...] = ()) -> None:
        self.path = path

    def member(self, group: int, index: int, kind: Kind) -> Strand:
        return Strand((*self.path, (group, index, kind)))

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


class Quiet:
    """Counts active strands and hands out solitude, one strand at a time, in written order."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._active = 0
        self._asking: list[tuple[tuple[int, ...], Event]] = []
        self._alone = False
        self._over = Event(loop)
        self._listeners: list[Callable[[], None]] = []

    @property
    def may_start(self) -> bool:
        """Whether members that have not started may do so."""
        return not self._asking and not self._alone

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

    async def ask(self, strand: Strand) -> None:
        """Wait until nothing else is active. End it with `done`. Raises Cancelled."""
        request = (tuple(index for _, index, _ in strand.path), Event(self._loop))
        self._asking.append(request)
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
        if self._active or self._alone or not self._asking:
            return
        self._asking.sort(key=lambda request: request[0])
        _, event = self._asking.pop(0)
        self._alone = True
        self._over = Event(self._loop)
        self._active += 1
        event.set()
