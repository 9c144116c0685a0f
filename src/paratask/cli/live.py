"""The live view: has a run drawn at the bottom of the terminal, while what jobs wrote scrolls away above it when they end.

Drives it from the run's own loop: draws a few times a second, makes way for whatever else is written, and comes back. What is drawn is
reporting's (live_model.py, live_lines.py, live_region.py). Loaded when jobs run side by side at a terminal. See "A live view" in docs/design.md.
"""

from __future__ import annotations

import os
import select
import sys
from functools import partial

from paratask.cli.setup import warn
from paratask.events import JobChanged
from paratask.processes.segments import Segment
from paratask.processes.streams import ClosedOutputError
from paratask.records.logs import end_of
from paratask.reporting.live_model import LiveModel
from paratask.reporting.live_region import ERASE, region_bytes
from paratask.reporting.live_texts import has_heading, heading, marks_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import TextIO

    from paratask.cli.forecast import RunForecast
    from paratask.events import Event
    from paratask.execution.jobs import Job
    from paratask.execution.view import Backstage
    from paratask.processes.streams import ConsoleSink, Sink
    from paratask.reporting.colors import Paint

OUT = 1
FIRST_SECONDS = 0.5
"""What is over by then needs no view, and does not pay for one."""

EACH_SECONDS = 0.2
PAUSE_SECONDS = 0.05
"""After output the region is put back at once, but not more often."""

MOST_HELD = 1 << 16
MOST_BYTES = 1 << 11
"""So far back is looked for a job's last line."""


def make_view(
    backstage: Backstage,
    *,
    heard: list[Event],
    forecast: Callable[[], RunForecast | None],
    job_of: Callable[[str], Job],
    paint: Paint,
    environ: Mapping[str, str],
    logs: str,
) -> LiveView:
    """A view of a run. `heard` is what was announced so far, to which more is added; `logs` is the folder of its logs."""
    model = LiveModel(Learned(forecast, job_of), _ahead_at_begin(heard, job_of), partial(_last_line, logs))
    return LiveView(backstage, model=model, heard=heard, paint=paint, environ=environ)


def _last_line(logs: str, job: str) -> str:
    """Of what a job wrote."""
    lines = end_of(os.path.join(logs, f"{job}.log"), MOST_BYTES).split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


def _ahead_at_begin(heard: Iterable[Event], job_of: Callable[[str], Job]) -> float | None:
    """By how much the time of day was ahead of the run's clock when the first job began."""
    first = next((job_of(event.job) for event in heard if isinstance(event, JobChanged) and event.state == "running"), None)
    return first.started_at - first.began if first is not None else None


class Learned:
    """What earlier runs teach about this one's jobs. See reporting.live_model.Expectations."""

    def __init__(self, forecast: Callable[[], RunForecast | None], job_of: Callable[[str], Job]) -> None:
        self._forecast = forecast
        self._job_of = job_of
        self._seconds: dict[str, float | None] = {}

    def seconds(self, job: str) -> float | None:
        if job not in self._seconds:
            self._seconds[job] = self._look_up(self._job_of(job))
        return self._seconds[job]

    def _look_up(self, job: Job) -> float | None:
        forecast = self._forecast()
        if forecast is None or forecast.estimates is None:
            return None
        from paratask.planning.estimates import variables_digest

        estimate = forecast.estimates.of(job.task, variables_digest(job.variables))
        return estimate.command_seconds if estimate is not None else None

    def after(self, job: str) -> float:
        forecast, found = self._forecast(), self._job_of(job)
        return forecast.after(found.task, found.variables) if forecast is not None else 0.0

    def whole(self) -> tuple[float, float] | None:
        forecast = self._forecast()
        bounds = forecast.bounds if forecast is not None else None
        return (bounds.predicted, bounds.total) if bounds is not None else None


class LiveView:
    """See execution.view.View, and processes.streams.Cover, which it is as well."""

    def __init__(
        self, backstage: Backstage, *, model: LiveModel, heard: list[Event], paint: Paint, environ: Mapping[str, str]
    ) -> None:
        self._backstage = backstage
        self._sink = backstage.sink
        self._terminal = backstage.terminal
        self._model = model
        self._heard = heard
        self._paint = paint
        self._marks = marks_for(environ)
        self._blocks: dict[str, Block] = {}
        self._frame = b""
        self._size: tuple[int, int] | None = None
        self._groups = self._away = 0
        self._is_up = self._is_pouring = self._is_closed = False
        self._ticks = self._comes_back = False
        self._drawn_at = float("-inf")
        self._ends_line = True
        self._was_long: bool | None = None
        self._streams = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = (MakingWay(stream, self) for stream in self._streams)
        self._sink.cover = self

    def groups(self, count: int) -> None:
        """Between groups the terminal is whoever's turn it is."""
        if count and not self._groups and not self._ticks:
            self._ticks = True
            self._backstage.later(EACH_SECONDS if self._frame else FIRST_SECONDS, self._tick)
        self._groups = count
        if not count:
            self.lift()

    def begin(self, job: Job) -> Sink:
        block = self._blocks[job.id] = Block()
        return block

    def end(self, job: Job, *, is_dropped: bool) -> None:
        """What it wrote, below a line that says how it ended. One that was stopped before it began has nothing to say."""
        block = self._blocks.pop(job.id)
        if is_dropped:
            block.discard()
        together = Gathered(self._sink)
        self._is_pouring = True
        try:
            if self._is_up:
                self._is_up = False
                together.write(OUT, ERASE)
            if has_heading(job, has_output=not block.is_empty):
                together.write(OUT, self._heading(job, is_long=block.is_long))
            if job.has_run or job.state.value != "cancelled":
                block.pour_into(together)
            block.after = self._sink
            together.flush()
            together.is_over = True
            if not self._ends_line:
                self._sink.write(OUT, b"\n")
        finally:
            self._is_pouring = False
        self._put_back()

    def _heading(self, job: Job, *, is_long: bool) -> bytes:
        """An empty line keeps those apart that are more than one."""
        gap = "\n" if self._was_long or (is_long and self._was_long is not None) else ""
        self._was_long = is_long
        return f"{gap}{heading(job, self._marks, self._paint)}\n".encode(errors="surrogateescape")

    def lift(self) -> None:
        """See Cover."""
        if self._is_up:
            self._is_up = False
            self._sink.put(OUT, ERASE)

    def wrote(self, *, ends_line: bool) -> None:
        """See Cover."""
        self._ends_line = ends_line
        if not self._is_pouring:
            self._put_back()

    def stay_away(self, *, away: bool) -> None:
        """See Cover."""
        self._away += 1 if away else -1
        self.lift()
        self._ends_line = True

    def close(self) -> None:
        if self._is_closed:
            return
        self._is_closed = True
        sys.stdout, sys.stderr = self._streams
        self._sink.cover = None
        try:
            self.lift()
        except ClosedOutputError:
            pass

    def _put_back(self) -> None:
        """What was drawn last, soon after it had to make way."""
        if self._is_up or not self._frame or self._comes_back:
            return
        left = self._drawn_at + PAUSE_SECONDS - self._backstage.now()
        if left > 0:
            self._comes_back = True
            self._backstage.later(left, self._come_back)
        else:
            self._come_back()

    def _come_back(self) -> None:
        self._comes_back = False
        size = self._terminal.size()
        if self._is_closed or self._is_up or not self._groups or size is None:
            return
        self._remake(size)
        self._draw()

    def _tick(self) -> None:
        if self._is_closed or not self._groups:
            self._ticks = False
            return
        self._backstage.later(EACH_SECONDS, self._tick)
        size = self._terminal.size()
        if size is None:
            return
        before = self._frame, self._size
        self._remake(size)
        if before != (self._frame, self._size) or not self._is_up:
            self._draw()

    def _remake(self, size: tuple[int, int]) -> None:
        """A defect here ends the view, and not the run."""
        try:
            self._frame, self._size = self._make_frame(size), size
        except Exception as error:  # noqa: BLE001 - whatever it is
            self.close()
            warn(f"the live view is over, as it failed: {error!r}")

    def _make_frame(self, size: tuple[int, int]) -> bytes:
        from paratask.reporting.live_lines import MOST_WAITING, Room, scene_lines

        heard, self._heard[:] = self._heard[:], []
        self._model.hear(heard)
        scene = self._model.scene(self._backstage.look(), most=MOST_WAITING, clock=self._backstage.now())
        columns, lines = size
        shown = scene_lines(scene, Room(columns=columns - 1, lines=lines), self._marks)
        return region_bytes(["".join(self._painted(*piece) for piece in line) for line in shown])

    def _painted(self, color: str, text: str) -> str:
        return self._paint(color, text) if color else text

    def _draw(self) -> None:
        """Not where it cannot be seen, or somebody would have to be waited for: a terminal that was stopped by Ctrl-S, say."""
        if self._is_closed or self._away or not self._groups or not self._terminal.is_ours or not _takes_more(OUT):
            return
        self._drawn_at = self._backstage.now()
        try:
            self._sink.put(OUT, (b"" if self._ends_line else b"\r\n") + self._frame)
        except ClosedOutputError:
            self._groups = 0
            return
        self._ends_line = True
        self._is_up = bool(self._frame)


class Block(Segment):
    """What a job wrote. Once it has ended, what it left running writes to `after`."""

    after: Sink | None = None

    def write(self, stream: int, data: bytes) -> None:
        if self.after is None:
            super().write(stream, data)
        else:
            self.after.write(stream, data)

    @property
    def is_long(self) -> bool:
        """Whether it is more than a line."""
        lines = 0
        for item in self._items:
            lines += item[1].count(b"\n") if isinstance(item, tuple) else 2
            if lines > 1:
                return True
        return False


class Gathered:
    """A sink for what goes to one terminal, whichever stream it is of: written in one piece, as long as it is little. `is_over`: what still
    comes is written at once.
    """

    is_over = False

    def __init__(self, sink: ConsoleSink) -> None:
        self._sink = sink
        self._parts: list[bytes] = []
        self._held = 0

    def write(self, stream: int, data: bytes) -> None:
        del stream
        self._parts.append(data)
        self._held += len(data)
        if self._held > MOST_HELD or self.is_over:
            self.flush()

    def send(self, fd: int, stream: int, offset: int, count: int) -> None:
        """See ConsoleSink."""
        self.flush()
        self._sink.send(fd, stream, offset, count)

    def flush(self) -> None:
        data = b"".join(self._parts)
        self._parts.clear()
        self._held = 0
        if data:
            self._sink.write(OUT, data)


class MakingWay:
    """Stands before stdout or stderr, for whatever else is written there while the view is open: warnings, questions of a Taskfile."""

    def __init__(self, stream: TextIO, view: LiveView) -> None:
        self._stream = stream
        self._view = view

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """A question, which ends no line, stays until it was answered: nothing is drawn before we are asked again."""
        self._view.lift()
        count = self._stream.write(text)
        self._stream.flush()
        if text.endswith("\n"):
            self._view.wrote(ends_line=True)
        return count


def _takes_more(fd: int) -> bool:
    return bool(select.select([], [fd], [], 0)[1])
