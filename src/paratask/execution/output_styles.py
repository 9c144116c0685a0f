"""Output styles that somebody has to ask for: a command's output in a group, or each of its lines with a prefix. go-task: internal/output."""

from __future__ import annotations

from paratask.processes.segments import Segment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from paratask.processes.segments import PlacedLog
    from paratask.processes.streams import Sink


class GroupStyle:
    """`output: group`: a command's output at its end, between two lines. stderr joins stdout. go-task: output.Group."""

    joins = True

    def __init__(self, sink: Sink, *, begin: str, end: str, error_only: bool) -> None:
        self._sink = sink
        self._begin = begin
        self._end = end
        self._error_only = error_only
        self._segment = Segment()
        self._empty = True

    def write(self, stream: int, data: bytes) -> None:
        del stream
        self._empty = False
        self._segment.write(1, data)

    def write_logged(self, stream: int, data: bytes, log: PlacedLog) -> None:
        """See Segment."""
        del stream
        self._empty = False
        self._segment.write_logged(1, data, log)

    def close(self, *, failed: bool) -> None:
        if self._empty or (self._error_only and not failed):
            self._segment.discard()
            return
        for text, pour in ((self._begin, True), (self._end, False)):
            if text:
                self._sink.write(1, f"{text}\n".encode())
            if pour:
                self._segment.pour_into(self._sink)


class PrefixStyle:
    """`output: prefixed`: each line with the task's prefix. stderr joins stdout. go-task: output.Prefixed."""

    joins = True

    def __init__(self, sink: Sink, *, prefix: str, paint: Callable[[str], str]) -> None:
        self._sink = sink
        self._name = prefix
        self._paint = paint
        self._begun: list[bytes] = []
        """Pieces of the line that has not ended: very long ones are not put together anew with each of them."""

    def write(self, stream: int, data: bytes) -> None:
        del stream
        first, *others = data.split(b"\n")
        self._begun.append(first)
        for piece in others:
            self._write_line(b"".join(self._begun))
            self._begun = [piece]

    def close(self, *, failed: bool) -> None:
        del failed
        rest = b"".join(self._begun)
        if rest:
            self._write_line(rest)
            self._begun.clear()

    def _write_line(self, line: bytes) -> None:
        prefix = f"[{self._paint(self._name)}] ".encode(errors="surrogateescape")
        self._sink.write(1, prefix + line + b"\n")
