"""Output that is held until its turn comes: segments, and who hands them on.

Jobs of a set write into segments, which `Sequencer` hands on whole: in written order where nobody watches, as they end at a terminal.
See "Steps and sets" in docs/design.md. Loaded where output is held; knows nothing of jobs.
"""

from __future__ import annotations

import sys
from collections import deque

from paratask.processes.streams import Unheard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol, TypeAlias

    from paratask.processes.spilled import Spool, Stretch
    from paratask.processes.streams import Sink

    Item: TypeAlias = "tuple[int, bytes] | Stretch | Placed"

    class PlacedLog(Protocol):
        """A log that knows where it keeps what."""

        def place(self, count: int) -> tuple[str, int] | None:
            """The file and the offset of the last `count` bytes that it took; None where they are not there."""


MEMORY_BYTES = 1 << 18


class Placed:
    """A place in the output of others where a segment may stand: it does where the first of its places has its turn, as `dressed`, if
    that is set, makes it.
    """

    __slots__ = ("dressed", "segment")

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self.dressed: Callable[[Segment], Segment] | None = None

    def opened(self, sink: Sink) -> deque[Item]:
        """Its turn has come: what there is by now, if it has not been shown elsewhere. What comes later goes to the sink."""
        segment = self.segment
        if segment.is_open:
            return deque()
        if self.dressed is None or segment.is_empty:
            return segment.give_way_to(sink)
        found = self.dressed(segment).give_way_to(sink)
        segment.open(sink)
        return found


class _Nowhere:
    """A sink that nobody sees."""

    def write(self, stream: int, data: bytes) -> None:
        pass


NOWHERE = _Nowhere()


class Segment:
    """Holds output until somebody wants it. What is over `MEMORY_BYTES` waits on disk: in the job's log, where it is there, or else in a
    file of its own. `is_marked` says that there is something in it of which whoever takes it over has to know.
    """

    is_marked = False

    def __init__(self) -> None:
        self._items: deque[Item] = deque()
        self._held = 0
        self._spool: Spool | None = None
        self._through: Sink | None = None

    def open(self, sink: Sink) -> None:
        """The segment's turn has come: write what it holds to `sink`, and from here on write through. One that was dropped has none."""
        if self._through is NOWHERE:
            return
        self.pour_into(sink)
        self._through = sink

    def give_way_to(self, sink: Sink) -> deque[Item]:
        """As `open`, for who hands on by himself what there is."""
        items, self._items = self._items, deque()
        self.discard()
        self._through = sink
        return items

    def place(self, other: Segment) -> None:
        """Have what another one has and is going to get stand here, behind what was written, and before what will be; unless another such place
        has its turn before.
        """
        end = _end_of(self)
        if isinstance(end, Segment):
            end._items.append(Placed(other))  # noqa: SLF001 - its own class
        elif end is not NOWHERE:
            other.open(end)

    def write(self, stream: int, data: bytes) -> None:
        if self._through is not None:
            _end_of(self).write(stream, data)
            return
        self._items.append((stream, data))
        self._held += len(data)
        if self._held > MEMORY_BYTES:
            self._to_disk()

    def write_logged(self, stream: int, data: bytes, log: PlacedLog) -> None:
        """As `write`, of data that `log` has just taken unchanged. What is more than the segment may hold in memory is not
        held: it remembers where in the log it stands.
        """
        if self._through is not None:
            end = _end_of(self)
            if isinstance(end, Segment):
                end.write_logged(stream, data, log)
            else:
                end.write(stream, data)
            return
        if self._held + len(data) <= MEMORY_BYTES:
            self.write(stream, data)
            return
        place = log.place(len(data))
        if place is None or not self._refer(stream, len(data), *place):
            self.write(stream, data)

    def _refer(self, stream: int, count: int, path: str, offset: int) -> bool:
        """Remember a place in a log instead of the data. Returns whether the log could be opened."""
        last = self._items[-1] if self._items else None
        if isinstance(last, (tuple, Placed)) or last is None or not last.source.is_log(path) or last.end != offset:
            from paratask.processes.spilled import Stretch, open_log

            try:
                last = Stretch(open_log(path), offset)
            except OSError:
                return False
            self._items.append(last)
        last.extend(stream, count)
        return True

    def _to_disk(self) -> None:
        """Move what is held in memory to a file of the segment's own. Where the disk takes no more, the rest stays in memory:
        losing output would be worse.
        """
        items, self._items = self._items, deque()
        try:
            while items:
                item = items.popleft()
                if isinstance(item, tuple):
                    items.extendleft(self._spool_some(*item))
                else:
                    self._items.append(item)
            self._held = 0
        except OSError:
            self._items.append(item)
            self._items.extend(items)
            self._held = -sys.maxsize

    def _spool_some(self, stream: int, data: bytes) -> list[tuple[int, bytes]]:
        """Write data to that file. Returns what there was no room for."""
        from paratask.processes.spilled import Spool, Stretch

        if self._spool is None:
            self._spool = Spool()
        start = self._spool.size
        written = self._spool.write(data)
        last = self._items[-1] if self._items else None
        if isinstance(last, (tuple, Placed)) or last is None or last.source is not self._spool.source or last.end != start:
            last = Stretch(self._spool.source, start)
            self._items.append(last)
        last.extend(stream, written)
        return [(stream, data[written:])] if written < len(data) else []

    def pour_into(self, sink: Sink) -> None:
        """Write everything to `sink`, and hold nothing any more. Another segment takes over what is on disk where it lies,
        without copying it.
        """
        sink = _end_of(sink)
        if isinstance(sink, Segment):
            sink.take_over(self)
            return
        if sink is NOWHERE:
            self.discard()  # what has a place in it may be seen at another
            return
        while self._items:
            item = self._items.popleft()
            if isinstance(item, tuple):
                sink.write(*item)
                continue
            if isinstance(item, Placed):
                self._items.extendleft(
                    reversed(item.opened(sink))
                )  # no recursion: they may be nested deeper than Python's stack is
                continue
            try:
                item.pour_into(sink)
            except OSError as error:
                sink.write(2, f"paratask: output that waited on disk is lost: {error.strerror}\n".encode())
        self.discard()

    def take_over(self, other: Segment) -> None:
        """Append all that the other segment holds, which is empty afterwards."""
        self._items.extend(other._items)
        other._items.clear()
        self._held += other._held
        self.is_marked = self.is_marked or other.is_marked
        other.discard()
        if self._held > MEMORY_BYTES:
            self._to_disk()

    @property
    def is_open(self) -> bool:
        """Whether its turn has come."""
        return self._through is not None

    @property
    def is_empty(self) -> bool:
        return not self._items

    def drop(self) -> None:
        """Forget everything, and what is to come as well."""
        self.discard()
        self._through = NOWHERE

    def discard(self) -> None:
        """Forget everything."""
        self._items.clear()
        self._held = 0
        self._spool = None
        self.is_marked = False


def _end_of(sink: Sink) -> Sink:
    """The sink that gets what is written to `sink` in the end, past all segments whose turn has come. Without recursion: groups
    may be nested deeper than Python's stack is.
    """
    unheard: Unheard | None = None
    while True:
        if isinstance(sink, Segment) and sink._through is not None:  # noqa: SLF001 - its own class
            sink = sink._through  # noqa: SLF001
        elif isinstance(sink, Unheard):
            unheard, sink = unheard or sink, sink.sink
        else:
            return sink if unheard is None or isinstance(sink, Segment) else unheard


class Sequencer:
    """One segment for each of several neighbours, handed on to `sink`: in written order, where the first one that has not ended
    writes through; or else each as a whole, when it ends.
    """

    def __init__(self, sink: Sink, count: int, *, in_written_order: bool) -> None:
        self._sink = sink
        self.segments = [Segment() for _ in range(count)]
        self._ended = [False] * count
        self._next = 0
        self._in_written_order = in_written_order
        if in_written_order and count:
            self.segments[0].open(sink)

    def end(self, index: int) -> None:
        """The member's output is complete."""
        self._ended[index] = True
        if not self._in_written_order:
            self.segments[index].pour_into(self._sink)
            return
        before = self._next
        while self._next < len(self._ended) and self._ended[self._next]:
            self.segments[self._next].pour_into(self._sink)
            self._next += 1
        if before < self._next < len(self._ended):
            self.segments[self._next].open(self._sink)

    def flush(self) -> None:
        """Hand on whatever there is: nothing more will come."""
        for segment in self.segments:
            segment.pour_into(self._sink)
