"""Sinks and segments."""

from __future__ import annotations

import os
import random
import resource
import threading
from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from paratask.processes.segments import MEMORY_BYTES, Segment, Sequencer
from paratask.processes.spilled import BLOCK_BYTES
from paratask.processes.streams import ClosedOutputError, ConsoleSink, PlainStyle, Unheard


class Kept:
    def __init__(self) -> None:
        self.chunks: list[tuple[int, bytes]] = []

    def write(self, stream: int, data: bytes) -> None:
        self.chunks.append((stream, data))

    @property
    def text(self) -> str:
        return b"".join(data for _, data in self.chunks).decode()


@pytest.fixture
def sink() -> Kept:
    return Kept()


def joined(chunks):
    """Neighbouring chunks of one stream as one."""
    found: list[list] = []
    for stream, data in chunks:
        if found and found[-1][0] == stream:
            found[-1][1] += data
        else:
            found.append([stream, data])
    return [(stream, bytes(data)) for stream, data in found]


def test_a_segment_keeps_order_and_is_empty_after_it_was_poured(sink):
    segment = Segment()
    segment.write(1, b"a")
    segment.write(2, b"b")
    segment.write(1, b"c")
    segment.pour_into(sink)
    segment.pour_into(sink)
    assert sink.chunks == [(1, b"a"), (2, b"b"), (1, b"c")]


@pytest.mark.parametrize("size", [1, MEMORY_BYTES + 1])
def test_an_empty_segment_takes_over_what_is_poured_into_it_and_a_full_one_appends_it(sink, size):
    inner, outer = Segment(), Segment()
    inner.write(1, b"a" * size)
    first = inner._items[0]
    inner.pour_into(outer)
    assert inner.is_empty
    assert outer._items[0] is first
    inner.write(2, b"b" * size)
    inner.pour_into(outer)
    outer.write(1, b"c")
    inner.write(1, b"never seen")
    outer.pour_into(sink)
    assert joined(sink.chunks) == [(1, b"a" * size), (2, b"b" * size), (1, b"c")]
    assert outer.is_empty


def test_a_segment_above_its_memory_is_on_disk_and_the_same(sink):
    chance = random.Random(1)
    segment = Segment()
    written = [(chance.choice((1, 2)), chance.randbytes(chance.randrange(1, 70_000))) for _ in range(100)]
    for stream, data in written:
        segment.write(stream, data)
        assert sum(len(item[1]) for item in segment._items if isinstance(item, tuple)) <= MEMORY_BYTES
    assert segment._spool is not None
    segment.write(2, b"more")
    segment.pour_into(sink)
    assert joined(sink.chunks) == joined([*written, (2, b"more")])
    assert all(len(data) <= max(BLOCK_BYTES, MEMORY_BYTES) for _, data in sink.chunks)
    assert segment._spool is None


def test_a_discarded_segment_starts_anew(sink):
    segment = Segment()
    segment.write(1, b"x" * (MEMORY_BYTES + 1))
    segment.discard()
    segment.write(1, b"y")
    segment.pour_into(sink)
    assert sink.text == "y"


def sequencer(sink, *, in_written_order):
    found = Sequencer(sink, 3, in_written_order=in_written_order)
    for index, segment in enumerate(found.segments):
        segment.write(1, str(index).encode())
    return found


def test_in_written_order(sink):
    outputs = sequencer(sink, in_written_order=True)
    outputs.end(2)
    assert sink.text == "0"
    outputs.end(0)
    assert sink.text == "01"
    outputs.end(1)
    assert sink.text == "012"


def test_as_they_end(sink):
    outputs = sequencer(sink, in_written_order=False)
    for index in (2, 0, 1):
        outputs.end(index)
    assert sink.text == "201"


@pytest.mark.parametrize("in_written_order", [True, False])
def test_flush_hands_on_what_never_ended(sink, in_written_order):
    outputs = sequencer(sink, in_written_order=in_written_order)
    outputs.end(1)
    outputs.flush()
    assert sorted(sink.text) == ["0", "1", "2"]


def test_the_console_writes_all_of_a_large_block():
    ours, theirs = os.pipe()
    os.set_blocking(theirs, False)
    data = b"x" * 1_000_000
    read = bytearray()

    def reader():
        while len(read) < len(data):
            read.extend(os.read(ours, 1 << 16))

    thread = threading.Thread(target=reader)
    thread.start()
    ConsoleSink(out=theirs).write(1, data)
    thread.join()
    os.close(ours)
    os.close(theirs)
    assert bytes(read) == data


def test_the_console_tells_the_streams_apart():
    pipes = [os.pipe(), os.pipe()]
    sink = ConsoleSink(out=pipes[0][1], err=pipes[1][1])
    sink.write(1, b"out")
    sink.write(2, b"err")
    assert [os.read(ours, 10) for ours, _ in pipes] == [b"out", b"err"]
    for fd in (*pipes[0], *pipes[1]):
        os.close(fd)


def test_a_console_whose_reader_went_away():
    ours, theirs = os.pipe()
    os.close(ours)
    with pytest.raises(ClosedOutputError):
        ConsoleSink(out=theirs).write(1, b"x")
    os.close(theirs)


def test_the_first_that_has_not_ended_is_handed_on_as_it_comes(sink, tmp_path):
    outputs = Sequencer(sink, 3, in_written_order=True)
    first, second, third = outputs.segments
    third.write(1, b"3")
    second.write(1, b"2")
    first.write(1, b"1")
    assert sink.text == "1"
    outputs.end(1)
    first.write(2, b"!")
    assert sink.text == "1!"
    outputs.end(0)
    assert sink.text == "1!23"
    log_some(PlainLog(tmp_path / "log"), third, 1, size=3)
    assert len(sink.text) == 7
    assert [segment.is_empty for segment in outputs.segments] == [True] * 3


def test_groups_in_groups_are_handed_on_when_all_around_them_have_their_turn(sink, tmp_path):
    outer = Sequencer(sink, 2, in_written_order=True)
    inner = Sequencer(outer.segments[1], 2, in_written_order=True)
    inner.segments[0].write(1, b"a")
    inner.segments[1].write(1, b"b")
    inner.segments[0].write_logged(1, b"A", PlainLog(tmp_path / "log"))
    assert sink.text == ""
    outer.end(0)
    assert sink.text == "aA"
    inner.end(0)
    assert sink.text == "aAb"


def test_very_deep_groups_are_handed_on(sink):
    outputs = [Sequencer(sink, 1, in_written_order=True)]
    for _ in range(5_000):
        outputs.append(Sequencer(outputs[-1].segments[0], 1, in_written_order=True))
    outputs[-1].segments[0].write(1, b"deep")
    assert sink.text == "deep"


def test_plain_style_passes_on(sink):
    style = PlainStyle(sink)
    style.write(2, b"x")
    style.close(failed=True)
    assert sink.chunks == [(2, b"x")]


def test_a_full_disk_costs_memory_and_no_output(monkeypatch, sink):
    """Where the temporary folder took no more, the run ended with a traceback."""
    monkeypatch.setattr("paratask.processes.segments.MEMORY_BYTES", 10)
    segment = Segment()
    written = [(1 + number % 2, bytes([97 + number]) * 7) for number in range(8)]
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (25, limits[1]))
    try:
        for stream, data in written:
            segment.write(stream, data)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert isinstance(segment._items[-1], tuple)
    assert not isinstance(segment._items[0], tuple)
    segment.pour_into(sink)
    assert joined(sink.chunks) == written


class PlainLog:
    """A log in a file, as a run's are."""

    def __init__(self, path) -> None:
        self.path = path
        self.is_broken = False

    def write(self, data: bytes) -> None:
        with self.path.open("ab") as file:
            file.write(data)

    def place(self, count: int):
        return None if self.is_broken else (str(self.path), self.path.stat().st_size - count)


def log_some(log, segment, count: int, size: int = 20_000) -> list[tuple[int, bytes]]:
    """Blocks that differ, on both streams, in the log and the segment."""
    written = [(1 + number % 3 % 2, bytes([number % 256]) * (size + number)) for number in range(count)]
    for stream, data in written:
        log.write(data)
        segment.write_logged(stream, data, log)
    return written


def test_what_is_in_a_log_is_not_written_again(sink, tmp_path):
    segment, log = Segment(), PlainLog(tmp_path / "log")
    segment.write(1, b"echo\n")
    written = log_some(log, segment, 40)
    assert segment._spool is None
    assert sum(len(item[1]) for item in segment._items if isinstance(item, tuple)) <= MEMORY_BYTES
    segment.write(2, b"said between\n")
    log.is_broken = True
    more = log_some(log, segment, 40)
    log.path.unlink()
    segment.pour_into(sink)
    assert joined(sink.chunks) == joined([(1, b"echo\n"), *written, (2, b"said between\n"), *more])


def test_a_log_that_cannot_be_read_costs_no_output(sink, tmp_path):
    segment, log = Segment(), PlainLog(tmp_path / "log")
    written = log_some(log, segment, 10)
    log.write = lambda data: None
    log.place = lambda count: (str(tmp_path / "gone"), 0)
    written += log_some(log, segment, 30)
    segment.pour_into(sink)
    assert joined(sink.chunks) == joined(written)


def test_descriptors_are_few_so_a_log_is_open_only_to_be_read(monkeypatch, sink, tmp_path):
    monkeypatch.setattr("paratask.processes.spilled.os.sysconf", lambda _: 2)
    before = set(os.listdir("/dev/fd"))
    segment, log = Segment(), PlainLog(tmp_path / "log")
    written = log_some(log, segment, 40)
    assert len(set(os.listdir("/dev/fd")) - before) <= 1, "that of the listing itself"
    segment.pour_into(sink)
    assert joined(sink.chunks) == joined(written)


def test_what_a_job_wrote_in_its_first_attempt_was_read_from_the_log_of_its_second(monkeypatch, sink, tmp_path):
    monkeypatch.setattr("paratask.processes.spilled.os.sysconf", lambda _: 2)
    segment, log = Segment(), PlainLog(tmp_path / "log")
    written = log_some(log, segment, 40)
    log.path.rename(tmp_path / "first.log")
    written += log_some(log, segment, 40, size=30_000)
    segment.pour_into(sink)
    assert joined(sink.chunks) == joined(written)


def test_where_folders_list_files_by_other_numbers_output_was_said_to_be_lost(monkeypatch, sink, tmp_path):
    """Some file systems do, those of other machines for one."""
    monkeypatch.setattr("paratask.processes.spilled.os.sysconf", lambda _: 2)
    monkeypatch.setattr("paratask.processes.spilled.os.scandir", lambda _: nullcontext([SimpleNamespace(inode=lambda: 1)]))
    segment, log = Segment(), PlainLog(tmp_path / "log")
    written = log_some(log, segment, 40)
    segment.pour_into(sink)
    assert joined(sink.chunks) == joined(written)


def test_output_that_somebody_removed_is_said_to_be_lost(monkeypatch, sink, tmp_path):
    monkeypatch.setattr("paratask.processes.spilled.os.sysconf", lambda _: 2)
    segment, log = Segment(), PlainLog(tmp_path / "log")
    log_some(log, segment, 40)
    log.path.unlink()
    segment.pour_into(sink)
    assert sink.chunks[-1] == (2, b"paratask: output that waited on disk is lost: No such file or directory\n")


def test_many_changes_of_the_stream_cost_eight_bytes_each(sink, tmp_path):
    segment, log = Segment(), PlainLog(tmp_path / "log")
    segment.write(1, b"x" * MEMORY_BYTES)
    log.write(b"ab" * 50_000)
    for number in range(100_000):
        log.place = lambda _, number=number: (str(log.path), number)
        segment.write_logged(1 + number % 2, b"ab"[number % 2 :][:1], log)
    stretch = segment._items[-1]
    assert len(stretch._runs) == 100_000
    assert stretch._runs.itemsize == 8
    segment.pour_into(sink)
    assert b"".join(data for stream, data in sink.chunks if stream == 2) == b"b" * 50_000


@pytest.mark.parametrize("kind", ["pipe", "appended file"])
def test_the_console_takes_a_stretch_whatever_it_is(tmp_path, kind):
    """sendfile refuses a file that is only appended to."""
    segment, log = Segment(), PlainLog(tmp_path / "log")
    segment.write(1, b"x" * MEMORY_BYTES)
    written = log_some(log, segment, 2, 10_000)
    ours, theirs = os.pipe() if kind == "pipe" else (-1, os.open(tmp_path / "out", os.O_WRONLY | os.O_CREAT | os.O_APPEND))
    segment._items.popleft()
    segment.pour_into(ConsoleSink(theirs, theirs))
    os.close(theirs)
    expected = b"".join(data for _, data in written)
    if kind == "pipe":
        with os.fdopen(ours, "rb") as file:
            assert file.read() == expected
    else:
        assert (tmp_path / "out").read_bytes() == expected


def test_the_console_takes_a_stretch_where_there_is_no_sendfile(tmp_path, monkeypatch):
    """OpenBSD, NetBSD."""
    monkeypatch.delattr(os, "sendfile")
    (tmp_path / "log").write_bytes(b"0123456789")
    with open(tmp_path / "log", "rb") as log, open(tmp_path / "out", "wb") as out:
        ConsoleSink(out.fileno(), out.fileno()).send(log.fileno(), 1, 2, 5)
    assert (tmp_path / "out").read_bytes() == b"23456"


def test_a_console_that_is_full_is_not_one_that_nobody_reads(capfd):
    with open("/dev/full", "wb", buffering=0) as full, pytest.raises(ClosedOutputError):
        ConsoleSink(full.fileno(), 2).write(1, b"data")
    assert capfd.readouterr().err == "paratask: cannot write to stdout: No space left on device\n"


class Drawn:
    """What is drawn below the output, and what it was told."""

    def __init__(self) -> None:
        self.told: list[object] = []

    def lift(self) -> None:
        self.told.append("lift")

    def wrote(self, *, ends_line: bool) -> None:
        self.told.append(ends_line)


def test_what_is_drawn_makes_way_for_all_that_is_written(tmp_path):
    ours, theirs = os.pipe()
    sink = ConsoleSink(theirs, theirs)
    drawn = sink.cover = Drawn()
    for data in (b"a\n", b"b", b"c\n\x1b[0m", b""):
        sink.write(2, data)
    assert drawn.told == ["lift", True, "lift", False, "lift", True, "lift"]
    path = tmp_path / "spilled"
    path.write_bytes(b"one\ntwo")
    drawn.told.clear()
    with path.open("rb") as file:
        sink.send(file.fileno(), 1, 0, 4)
        sink.send(file.fileno(), 1, 4, 3)
    assert drawn.told == ["lift", True, "lift", False]
    sink.put(1, b"!")
    assert drawn.told == ["lift", True, "lift", False]
    os.close(theirs)
    assert os.read(ours, 100) == b"a\nbc\n\x1b[0mone\ntwo!"
    os.close(ours)


class Screen:
    """Takes what is written, as a console."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, stream, data):
        self.text += data.decode()


def test_a_segment_stands_where_it_was_placed_and_gets_more_as_it_comes():
    kept, outer, inner, late = Screen(), Segment(), Segment(), Segment()
    outer.write(1, b"a")
    outer.place(inner)
    outer.write(1, b"c")
    inner.write(1, b"b")
    assert not inner.is_open
    outer.open(kept)
    assert (kept.text, inner.is_open) == ("abc", True)
    inner.write(1, b"d")
    assert kept.text == "abcd"
    outer.place(late)
    late.write(1, b"e")
    assert (kept.text, late.is_open) == ("abcde", True)


@pytest.mark.parametrize("size", [3, MEMORY_BYTES + 3])
@pytest.mark.parametrize(("dropped", "expected"), [(False, "123"), (True, "2")])
def test_a_segment_with_several_places_stands_at_the_first_that_is_shown(size, dropped, expected):
    kept, first, outer, inner, second = Screen(), Segment(), Segment(), Segment(), Segment()
    outer.write(1, b"1" * size)
    outer.place(inner)
    outer.write(1, b"3" * size)
    inner.write(1, b"2" * size)
    outer.pour_into(first)
    assert outer.is_empty
    second.place(inner)
    if dropped:
        first.discard()
    first.pour_into(kept)
    second.pour_into(kept)
    assert kept.text == "".join(digit * size for digit in expected)


def test_what_had_a_place_in_a_dropped_segment_was_shown_nowhere():
    kept, dropped, held, shown, inner, late = Screen(), Segment(), Segment(), Segment(), Segment(), Segment()
    inner.write(1, b"inner ")
    held.place(inner)
    shown.place(inner)
    dropped.drop()
    dropped.place(late)
    shown.place(late)
    late.write(1, b"late")
    held.pour_into(dropped)
    dropped.pour_into(kept)
    assert (kept.text, held.is_empty) == ("", True)
    shown.pour_into(kept)
    assert kept.text == "inner late"


def test_segments_in_segments_are_handed_on_however_many_there_are():
    kept, outer = Screen(), Segment()
    inner = outer
    for number in range(5000):
        inner.write(1, b"%d " % number)
        below = Segment()
        inner.place(below)
        inner = below
    outer.pour_into(kept)
    assert kept.text == "".join(f"{number} " for number in range(5000))
    inner.write(1, b"end")
    assert kept.text.endswith("end")


class Closed:
    """Nobody reads it."""

    def write(self, stream: int, data: bytes) -> None:
        raise ClosedOutputError("nobody reads")


def test_what_is_poured_into_an_unheard_segment_keeps_its_places(sink):
    """What a deferred call shares with one above it stands where that is, though it has no name for the segment that it writes into."""
    shared, above, inner = Segment(), Segment(), Segment()
    shared.write(1, b"shared ")
    above.place(shared)
    above.write(1, b"between ")
    inner.write(1, b"deferred ")
    inner.place(shared)
    inner.pour_into(Unheard(above))
    above.pour_into(sink)
    assert sink.text == "shared between deferred "


def test_what_has_to_be_done_goes_on_where_nobody_reads():
    segment = Segment()
    segment.write(1, b"a")
    segment.pour_into(Unheard(Closed()))
    segment.open(Unheard(Closed()))
    segment.write(1, b"b")
