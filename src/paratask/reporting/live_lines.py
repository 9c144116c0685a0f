"""A scene of the live view as lines of text: never wider than the terminal, nor more than there is room for.

Pure. What is most worth knowing stays where there is little room: progress before lists, what runs before what waits, names before bars.
"""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size

from paratask.amounts import shown_bytes
from paratask.frozen import dataclass
from paratask.reporting.live_texts import clean, shown_time, whole_time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TypeAlias

    from paratask.reporting.live_model import Running, Scene, Waiting
    from paratask.reporting.live_texts import Marks

    Piece: TypeAlias = tuple[str, str]
    """A colour of the palette, or none, and a text."""

    Line: TypeAlias = tuple[Piece, ...]

MOST_ROWS = 24
MOST_WAITING = 8
SHARE = 0.5
"""Of the terminal's lines, at most: what has ended is above, and is to be read."""

LEAST_BAR, MOST_BAR = 8, 40
BAR_FROM = 60
"""From so many columns on there are bars."""

PAIR_FROM = 30
"""And from so many on what a job is expected to take."""

QUIET_SECONDS = 10.0
"""After so long who waits for the output of a job that never ran before wants to know when it comes: it may be a server, which never ends."""
AS_THEY_END = "output comes as jobs end (-o prefixed: at once)"

NAME_SHARE = 0.4
LEAST_NAME = 4
GAP = "  "
BESIDE_TIME = 3 + len(GAP)
"""Of a line with a name and a time: the mark with its spaces, and what keeps the two apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Columns that may be written to, and lines."""

    columns: int
    lines: int


def rows_for(lines: int) -> int:
    """How many lines there may be in a terminal of so many, the last of which says how far the run is."""
    return max(0, min(MOST_ROWS, lines - 1, max(2, int(lines * SHARE))))


def scene_lines(scene: Scene, room: Room, marks: Marks) -> list[Line]:
    """At most as many as `rows_for` says, each of at most `columns` cells."""
    rows = rows_for(room.lines)
    if not rows or room.columns < 1:
        return []
    names = [clean(job.name) for job in scene.running]
    times = _times(scene.running, room.columns)
    wide = _name_columns([*names, *(clean(wait.name) for wait in scene.waiting)], room.columns)
    wide = min(wide, max(LEAST_NAME, room.columns - BESIDE_TIME - max(map(len, times), default=0)))
    left = rows - 1
    running = list(_running_lines(scene.running, times, room.columns, wide, marks))
    if len(running) > left:
        running[max(0, left - 1) :] = [_more(len(running) - max(0, left - 1), "run", marks)][:left]
    left -= len(running)
    most = min(left, MOST_WAITING)
    waiting = _waiting_lines(scene, most, wide, marks)
    lines = [*running, *waiting, _status_line(scene, room.columns, marks)]
    return [fitted(line, room.columns, marks.cut) for line in lines]


def fitted(line: Line, columns: int, mark: str) -> Line:
    """The line, cut where it would be wider."""
    left = columns
    if sum(cell_len(text) for _, text in line) <= columns:
        return line
    kept: list[Piece] = []
    left -= cell_len(mark)
    for color, text in line:
        width = cell_len(text)
        if width > left:
            kept.append((color, set_cell_size(text, max(0, left)).rstrip()))
            break
        kept.append((color, text))
        left -= width
    return (*kept, ("", mark)) if columns >= cell_len(mark) else ()


def _name_columns(names: Sequence[str], columns: int) -> int:
    widest = max(map(cell_len, names), default=0)
    return min(widest, max(8, int(columns * NAME_SHARE)))


def _named(name: str, columns: int, mark: str) -> str:
    name = clean(name)
    if cell_len(name) > columns:
        name = set_cell_size(name, max(0, columns - cell_len(mark))).rstrip() + mark
    return set_cell_size(name, columns)


def _times(jobs: Sequence[Running], columns: int) -> list[str]:
    """What stands beside their names: with what is expected, where names have room beside that."""
    times = [_time(job, columns) for job in jobs]
    if max(map(len, times), default=0) + BESIDE_TIME + LEAST_NAME <= columns:
        return times
    return [shown_time(job.seconds) for job in jobs]


def _running_lines(jobs: Sequence[Running], times: Sequence[str], columns: int, wide: int, marks: Marks) -> Iterator[Line]:
    time_columns = max(map(len, times), default=0)
    bar = min(MOST_BAR, columns - wide - time_columns - 2 * len(GAP) - 3)
    has_bars = columns >= BAR_FROM and bar >= LEAST_BAR and any(job.expected for job in jobs)
    for job, time in zip(jobs, times, strict=True):
        name = (("green", f" {marks.running} "), ("", _named(job.name, wide, marks.cut) + GAP))
        is_late = job.expected is not None and job.seconds > job.expected
        drawn = _bar(job, bar, marks) if has_bars else ()
        yield (*name, *drawn, ("yellow" if is_late else "", time.rjust(time_columns) if has_bars else time))


def _bar(job: Running, columns: int, marks: Marks) -> Line:
    if not job.expected:
        return (("", " " * columns + GAP),)
    done = int(columns * min(1.0, job.seconds / job.expected))
    return (("cyan", marks.done * done), ("", marks.rest * (columns - done) + GAP))


def _time(job: Running, columns: int) -> str:
    if job.expected is None or columns < PAIR_FROM:
        return shown_time(job.seconds)
    short = columns < BAR_FROM
    between = "/" if short else " of ~"
    return f"{shown_time(job.seconds)}{between}{shown_time(job.expected)}"


def _waiting_lines(scene: Scene, room: int, wide: int, marks: Marks) -> list[Line]:
    """One for each reason, as far as there is room, and one for how many are not named."""
    shown = scene.waiting[:room]
    unnamed = scene.waiting_count - sum(1 + wait.others for wait in shown)
    if unnamed > 0 and len(shown) == room:
        shown = shown[: max(0, room - 1)]
        unnamed = scene.waiting_count - sum(1 + wait.others for wait in shown)
    lines = [_waiting_line(wait, wide, marks) for wait in shown]
    return [*lines, _more(unnamed, "wait", marks)] if unnamed > 0 and room else lines


def _waiting_line(wait: Waiting, wide: int, marks: Marks) -> Line:
    others = f" (and {wait.others} more)" if wait.others else ""
    return (("yellow", f" {marks.waiting} "), ("", f"{_named(wait.name, wide, marks.cut)}{GAP}{clean(wait.why)}{others}"))


def _more(count: int, what: str, marks: Marks) -> Line:
    return (("", f" {marks.more} and {count} more {what}"),)


def _status_line(scene: Scene, columns: int, marks: Marks) -> Line:
    """As much of it as fits; what comes first is what matters most."""
    line: list[Piece] = []
    width = 0
    for piece in _status(scene, columns):
        before = f" {marks.between} " if line else " "
        if line and width + len(before) + cell_len(piece[1]) > columns:
            break
        line += [("", before), piece]
        width += len(before) + cell_len(piece[1])
    return tuple(line)


def _status(scene: Scene, columns: int) -> Iterator[Piece]:
    of = f"{scene.ended}/{scene.known}"
    yield "", of if columns < BAR_FROM else f"{of} jobs in {shown_time(scene.seconds)}"
    if scene.failed:
        names = f" ({clean(scene.failed[-1])})" if columns >= BAR_FROM and len(scene.failed) == 1 else ""
        yield "red", f"{len(scene.failed)} failed{names}"
    if scene.left_seconds is not None:
        yield "", f"~{whole_time(scene.left_seconds)} left" if scene.left_seconds >= 1 else "nearly done"
    if columns < BAR_FROM:
        yield "", shown_time(scene.seconds)
    if columns >= BAR_FROM and any(job.expected is None and job.seconds >= QUIET_SECONDS for job in scene.running):
        yield "", AS_THEY_END
    cpu, cpus = scene.cores
    yield "", f"cores {round(cpu, 1):g}/{cpus:g}"
    running, most = scene.load
    yield "", f"load {running}/{most:g}" if most else f"load {running}"
    available, kept = scene.memory
    yield "", f"memory {shown_bytes(available)} free"
    own, limit = scene.own_memory
    if limit:
        yield "", f"ours {shown_bytes(own)}/{shown_bytes(limit)}"
    if kept > 1:
        yield "", f"{shown_bytes(kept)} reserved"
