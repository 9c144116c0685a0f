"""A reporter's own process, which reporters.py starts: it steps back behind the run, and makes events again of what it is told.

It reads lines of journals, and before those of another run one that begins with `#`. It counts the events that were heard in memory that the run
has as well, and answers at last with an object of JSON: that it is done, or what it failed of. When it crashes, Python's words about that stand there.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time

from paratask.processes.meters import cpu_count
from paratask.processes.shared_count import counter

NICENESS = 5
SHARE = 0.01
MOST_SHARE = 0.05
"""Of the time of all cores, and of one core's: a reporter has no more of it while the run goes on."""

SHORTEST_WORK_SECONDS = 0.001
MOST_BUSY_SECONDS = 1.0
MOST_LOADING_SECONDS = 5.0
"""Processor time that a reporter may take for one event, but for the last, and before the first."""

MOST_KEEPING_SECONDS = 60.0
LOOK_SECONDS = 20.0
"""How long a reporter may keep the interpreter from other threads, and how often one of those looks."""

LAST_SECONDS = 2.0
"""What is left to do when the run is over, or was killed: the run itself does not wait so long."""

RUN = b"#"
PIECE_BYTES = 1 << 16

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from paratask.events import Event, RunBegan
    from paratask.plugins.listening import Failure
    from paratask.plugins.reporters import RunInfo


def main() -> None:
    """The words are where the reporter is (`module:attribute`), the root's folder, that of our state, and three descriptors."""
    where, root, state, *descriptors = sys.argv[1:]
    source, answers, count = map(int, descriptors)
    del sys.argv[1:]
    heard = counter(count)
    os.close(count)
    _step_back()
    _see_to_the_end(source)
    _prepare(source, answers)
    from functools import partial

    from paratask.plugins.installed import load
    from paratask.plugins.listening import Listening

    listening = Listening(
        load=partial(load, where),  # type: ignore[arg-type] # whatever it is
        info_of=_informer(root, state),
        heard=heard,
    )
    signal.setitimer(signal.ITIMER_PROF, MOST_LOADING_SECONDS)
    _tell(answers, listening.listen(_events(source)))


def _step_back() -> None:
    """The run and its commands go first, with the processors and with memory; but at the end it has to get somewhere on a busy machine."""
    try:
        os.nice(NICENESS)
        if hasattr(os, "SCHED_BATCH"):
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
        with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
            file.write("1000")
    except OSError:
        pass


def _see_to_the_end(source: int) -> None:
    """Whatever the reporter does then: nothing of it outlives the run for long. Where it lets no other thread see to that, the kernel does."""
    import _thread

    def watch() -> None:
        poll = select.poll()
        poll.register(source, 0)
        while not poll.poll(1000 * LOOK_SECONDS):
            signal.setitimer(signal.ITIMER_REAL, MOST_KEEPING_SECONDS)
        time.sleep(LAST_SECONDS)
        if os.getpgrp() == os.getpid():
            os.killpg(0, signal.SIGKILL)
        os._exit(1)

    signal.setitimer(signal.ITIMER_REAL, MOST_KEEPING_SECONDS)  # the thread may never come to its turn
    _thread.start_new_thread(watch, ())


def _prepare(source: int, answers: int) -> None:
    """What the interpreter was not given the time for when it started, and what reporters may rely on."""
    import atexit
    import faulthandler
    import site

    atexit.register(_leave)  # the first, which is called last
    path = list(sys.path)
    site.main()
    sys.path[:] = path
    for fd in (source, answers):
        os.set_inheritable(fd, False)
    signal.signal(
        signal.SIGTTOU, signal.SIG_IGN
    )  # else a terminal that wants nothing from the background stops who prints there
    faulthandler.enable(file=answers)
    for number in (signal.SIGPROF, signal.SIGALRM):
        faulthandler.register(number, file=answers, chain=True)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.reconfigure(line_buffering=True)  # type: ignore[union-attr] # nobody has put another in its place yet


def _informer(root: str, state: str) -> Callable[[RunBegan], RunInfo]:
    from paratask.events import EVENTS_SCHEMA
    from paratask.plugins.reporters import RunInfo

    def info_of(event: RunBegan) -> RunInfo:
        folder = os.path.join(state, "runs", event.run)
        return RunInfo(events_schema=EVENTS_SCHEMA, run=event.run, root=root, folder=folder)

    return info_of


def _events(source: int) -> Iterator[tuple[object, Event]]:
    """Each with what stands for its run, until the run is over."""
    from paratask.records.announced import parse_events

    pace = _Pace(source, cpu_count())
    pace.end()
    run = rest = b""
    while data := os.read(source, PIECE_BYTES):
        *lines, rest = (rest + data).split(b"\n")
        events = parse_events(lines)
        pace.leave_out()
        for line, event in zip(lines, events, strict=True):
            if line.startswith(RUN):
                run = line
            elif event is not None:
                pace.begin()
                yield run, event
                pace.rest()
        pace.end()


class _Pace:
    """How much a reporter computes while the run goes on: also on a core that nobody else has, that slows short commands down."""

    def __init__(self, source: int, cores: float) -> None:
        self._share = min(MOST_SHARE, SHARE * cores)
        self._over = select.poll()
        self._over.register(source, 0)  # that nobody writes to it any more is told in any case
        self._is_over = False
        self._is_timed = True
        self._worked_at = time.thread_time()
        self._worked = 0.0
        self._look_at = 0.0

    def leave_out(self) -> None:
        """What was computed since it heard an event is ours."""
        self._worked_at = time.thread_time()

    def begin(self) -> None:
        """It gets an event. Who computes too long on it is ended by the kernel, whatever language that is in."""
        if not (self._is_timed or self._is_over):
            self._is_timed = True
            signal.setitimer(signal.ITIMER_PROF, MOST_BUSY_SECONDS)

    def end(self) -> None:
        """It waits for the next ones, or has taken some time for one: the next has the whole again."""
        self._is_timed = False
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        self._count()

    def rest(self) -> None:
        """It has heard an event. So long that it keeps to its share, but not when the run is over."""
        now = time.perf_counter()  # which takes a tenth of the time that it takes to ask for the processor's
        if now < self._look_at:
            return
        self._count()
        if self._worked > SHORTEST_WORK_SECONDS and not self._is_over:
            self.end()
            self._is_over = bool(self._over.poll(1000 * (self._worked / self._share - self._worked)))
            self._worked = 0.0
            self._worked_at = time.thread_time()
        self._look_at = now + SHORTEST_WORK_SECONDS

    def _count(self) -> None:
        before, self._worked_at = self._worked_at, time.thread_time()
        self._worked += self._worked_at - before


def _answer(answers: int, data: bytes) -> None:
    try:
        while data:
            data = data[os.write(answers, data) :]
    except OSError:  # the run was killed, or the reporter has closed what it did not open
        pass


def _tell(answers: int, failure: Failure | None) -> None:
    import json

    document = (
        {"done": True} if failure is None else {"doing": failure.doing, "error": failure.error, "traceback": failure.traceback}
    )
    _answer(answers, json.dumps(document).encode())


def _leave() -> None:
    """The last function of `atexit`: threads and all others are done, and nothing of what the interpreter tidies up is ours to wait for."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):  # nobody reads it, or it was closed
            pass
    os._exit(0)
