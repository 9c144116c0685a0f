"""How much a reporter computes while the run goes on. No process, and no clock but one that is told the time."""

from __future__ import annotations

import os
import signal

import pytest

from paratask.cli.reporters import process as reporter_process
from paratask.cli.reporters.process import MOST_BUSY_SECONDS, _events, _Pace
from paratask.events import Notice


class Over:
    """In place of what tells that the run is over: how long was waited for it, in milliseconds."""

    def __init__(self):
        self.waited = []
        self.is_over = False

    def poll(self, milliseconds):
        self.waited.append(milliseconds)
        return [1] if self.is_over else []


@pytest.fixture
def worked(monkeypatch):
    """A list with one number: the seconds of processor time so far."""
    seconds = [100.0]
    monkeypatch.setattr(reporter_process.time, "thread_time", lambda: seconds[0])
    monkeypatch.setattr(reporter_process.time, "perf_counter", lambda: seconds[0])
    return seconds


@pytest.fixture
def timers(monkeypatch):
    """What the timer of processor time was set to."""
    found = []
    monkeypatch.setattr(signal, "setitimer", lambda which, seconds: found.append((which, seconds)))
    return found


@pytest.fixture
def pace(worked, timers):
    source, out = os.pipe()
    found = _Pace(source, cores=8)
    found._over = Over()
    found.end()
    timers.clear()
    yield found
    os.close(source)
    os.close(out)


def test_it_rests_so_long_that_it_keeps_to_its_share(pace, worked):
    worked[0] += 0.01
    pace.rest()
    assert pace._over.waited == [pytest.approx(190)], "10 ms of 200"
    pace.rest()
    assert len(pace._over.waited) == 1, "a rest is no work"


@pytest.mark.parametrize(("cores", "milliseconds"), [(1, 990), (2, 490), (5, 190), (64, 190)])
def test_where_there_are_few_cores_its_share_is_smaller(worked, timers, cores, milliseconds):
    source, out = os.pipe()
    found = _Pace(source, cores)
    found._over = Over()
    worked[0] += 0.01
    found.rest()
    assert found._over.waited == [pytest.approx(milliseconds)]
    os.close(source)
    os.close(out)


def test_it_does_not_rest_for_little(pace, worked):
    for _ in range(3):  # the second is heard before it looks again
        worked[0] += 0.0009
        pace.rest()
    assert pace._over.waited == [pytest.approx(51.3)]


def test_what_is_computed_to_make_events_is_not_its_work(pace, worked):
    worked[0] += 10
    pace.leave_out()
    worked[0] += 0.0009
    pace.rest()
    pace.end()
    worked[0] += 10
    pace.leave_out()
    worked[0] += 0.0011
    pace.rest()
    assert pace._over.waited == [pytest.approx(38)]


def test_when_the_run_is_over_it_rests_no_more_and_nobody_counts_its_time(pace, worked, timers):
    pace._over.is_over = True
    worked[0] += 1
    pace.rest()
    worked[0] += 1
    pace.rest()
    pace.begin()
    assert len(pace._over.waited) == 1
    assert timers == [(signal.ITIMER_PROF, 0.0)]


def test_its_time_for_an_event_is_counted_anew_after_each_rest(pace, worked, timers):
    pace.begin()
    pace.begin()
    worked[0] += 0.5
    pace.rest()
    pace.begin()
    pace.end()
    on, off = (signal.ITIMER_PROF, MOST_BUSY_SECONDS), (signal.ITIMER_PROF, 0.0)
    assert timers == [on, off, on, off]


def test_lines_become_events_of_their_runs_also_where_they_come_in_pieces(timers, monkeypatch):
    monkeypatch.setattr(reporter_process, "PIECE_BYTES", 7)
    source, out = os.pipe()
    line = b'{"event":"Notice","text":"%d"}\n'
    os.write(out, b"#1\n" + line % 1 + b"#2\n" + b"no event\n" + line % 2 + line % 3 + b'{"event":"Notice","text":"cut')
    os.close(out)
    assert list(_events(source)) == [(b"#1", Notice(text="1")), (b"#2", Notice(text="2")), (b"#2", Notice(text="3"))]
    os.close(source)
