"""What is shown of jobs where it is not simply all of it: only what failed (`--output errors-only`), or each job of a set folded, as a CI
service does it. See "Steps and sets" in docs/design.md.

Interpreters that hold a job's output until it has ended. Logs are not touched. Knows no CI service: `Frames` says what goes around.
"""

from __future__ import annotations

from functools import partial

from paratask.execution.interpreter import Interpreter
from paratask.frozen import replace
from paratask.kernel.cancel import Cancelled
from paratask.processes.segments import Placed, Segment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from paratask.execution.jobs import Job
    from paratask.execution.options import RunOptions
    from paratask.execution.strands import Strand
    from paratask.execution.turns import Request, Stand
    from paratask.execution.view import Frames
    from paratask.processes.streams import Sink


def interpreter_for(options: RunOptions) -> Callable[..., Interpreter]:
    """What makes the run's interpreter, from an interpreter's arguments."""
    if options.dry:
        return Interpreter
    if options.output.style == "errors-only":
        return FailuresOnly
    if options.frames is None or options.plain is not None:
        return Interpreter
    frames = options.frames
    return lambda **arguments: Framing(frames, **arguments)


class FailuresOnly(Interpreter):
    """Shows nothing of a call that went well with all that it calls, and the rest when it ends."""

    async def call(self, request: Request, job: Job, stand: Stand) -> None:
        output = Withheld(stand.sink)
        try:
            await super().call(request, job, replace(stand, sink=output))
        except Cancelled as stopped:
            output.end(went_well=stopped.scope.reason == "failfast")  # a failure elsewhere is to be seen, not all it stopped
            raise
        except BaseException:
            output.end(went_well=False)
            raise
        output.end(went_well=True)


class Withheld(Segment):
    """What one call wrote, with what is shown of those inside it. When one of these failed, all there is so far is shown at once."""

    def __init__(self, sink: Sink) -> None:
        super().__init__()
        self.outer = sink

    def take_over(self, other: Segment) -> None:
        super().take_over(other)
        if self.is_marked:
            self._show()

    def end(self, *, went_well: bool) -> None:
        """Nothing more will come."""
        if went_well or self.is_empty:
            self.discard()
            return
        self.is_marked = True
        self._show()

    def _show(self) -> None:
        """Hand it on, and what is held around it. No recursion: calls may be nested deeper than Python's stack is."""
        held = self
        while isinstance(held.outer, Withheld):
            Segment.take_over(held.outer, held)
            held = held.outer
        held.pour_into(held.outer)


class Framing(Interpreter):
    """Puts a frame around what each member of a group of neighbours wrote; where members have groups inside, around those."""

    def __init__(self, frames: Frames, **arguments: object) -> None:
        super().__init__(**arguments)  # type: ignore[arg-type]
        self._frames = frames
        self._inside: set[Strand] = set()

    async def call(self, request: Request, job: Job, stand: Stand) -> None:
        strand = stand.strand
        if strand.is_lone or strand in self._inside:
            await super().call(request, job, stand)
            return
        output = Framed()
        self._inside.add(strand)
        try:
            await super().call(request, job, replace(stand, sink=output))
        finally:
            self._inside.discard(strand)
            output.close(self._frames, job)
            output.pour_into(stand.sink)


class Framed(Segment):
    """What one member wrote. It is marked when it has a frame, or frames inside: services know no frames in frames."""

    def close(self, frames: Frames, job: Job) -> None:
        """Put the frame around; nothing around nothing."""
        if self.is_empty:
            return
        self.end_line(joins=frames.joins)
        if self.is_marked or self._holds(frames.marker):
            return
        if all(isinstance(item, Placed) for item in self._items):
            self._have_framed(frames, job)
            return
        before, after = frames.around(job)
        self._put_first(before)
        if after:
            self.write(1, after)
        self.is_marked = True

    def end_line(self, *, joins: bool) -> None:
        """What comes next begins a line. What may be shown elsewhere (`run: once`) does so where it is shown here."""
        if joins:
            self._join_streams()
        for item in self._items:
            if isinstance(item, Placed):
                item.dressed = partial(_whole_lines, joins=joins)
        if not isinstance(self._items[-1], Placed) and self._last_byte() != b"\n":
            self.write(1, b"\n")

    def _join_streams(self) -> None:
        for index, item in enumerate(self._items):
            if isinstance(item, tuple):
                self._items[index] = (1, item[1])
            elif not isinstance(item, Placed):
                item.join_streams()

    def _have_framed(self, frames: Frames, job: Job) -> None:
        """Nothing was written but what may be shown elsewhere (`run: once`): there is a frame around that where it is shown here."""

        def framed(segment: Segment) -> Segment:
            output = Framed()
            output.take_over(segment)
            output.close(frames, job)
            return output

        for item in self._items:
            if isinstance(item, Placed):
                item.dressed = framed
        self.is_marked = True

    def _holds(self, text: bytes) -> bool:
        """Whether it is in what is held in memory, or in frames already."""
        return any(
            item.segment.is_marked if isinstance(item, Placed) else isinstance(item, tuple) and text in item[1]
            for item in self._items
        )

    def _last_byte(self) -> bytes:
        """Empty where it cannot be read."""
        last = self._items[-1]
        if isinstance(last, Placed):
            return b""
        return last[1][-1:] if isinstance(last, tuple) else last.last_byte()

    def _put_first(self, data: bytes) -> None:
        if data:
            self._items.appendleft((1, data))
            self._held += len(data)


def _whole_lines(segment: Segment, *, joins: bool) -> Segment:
    """All that was written; as if it had been to stdout, if it `joins`."""
    output = Framed()
    output.take_over(segment)
    output.end_line(joins=joins)
    return output
