"""A reporter in a thread of its own: what it is told waits in a queue with a limit, and nothing that it does reaches the run.

The run's thread notes events and goes on; the reporter takes them a twentieth of a second later, many at a time, so that the two
threads seldom meet. See "Reporters" in docs/design.md. Knows nothing of plugins, files or messages.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections import deque

from paratask.events import RunBegan, RunEnded
from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from paratask.events import Event
    from paratask.plugins.reporters import MakeReporter, Reporter, RunInfo

MOST_EVENTS = 10_000
"""How many wait for a reporter at most."""

BATCH_SECONDS = 0.05
SHARE = 0.02
"""Of a core's time: a reporter has no more of it while the run goes on, since it takes from the run's thread what it computes."""

EVENTS_BETWEEN_RESTS = 4
SHORTEST_WORK_SECONDS = 0.001
LOOK_SECONDS = 0.25
MOST_BUSY_SECONDS = 1.0
"""Processor time that a reporter may take for one event: while it computes, the run's thread gets half of the interpreter."""

MOST_SHOWN = 300
"""Characters of an error that are shown; all of it is in the traceback."""

CLONE_FS = 0x200


class TooBusyError(BaseException):
    """Raised inside a reporter that computes for too long; no `except Exception` of its own gets it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What a reporter was doing when it failed, with what, and the traceback."""

    doing: str
    error: str
    traceback: str


class Listener(threading.Thread):
    """One reporter. `tell` it events from one thread, then `end` it, and wait until it has `ended` for as long as you like.

    `load` gives its factory, `info_of` what that is to know. Events of several runs may come in turn: `run` stands for each of them.
    `home` is the folder that relative paths in the reporter begin at.
    """

    def __init__(
        self, name: str, *, load: Callable[[], MakeReporter], info_of: Callable[[RunBegan], RunInfo], home: str
    ) -> None:
        super().__init__(name=f"reporter {name}", daemon=True)
        self.reporter = name
        self.failure: Failure | None = None
        self.told = self.dropped = 0
        self._load = load
        self._info_of = info_of
        self._home = home
        self._items: deque[tuple[object, Event]] = deque()
        self._reporters: dict[object, Reporter] = {}
        self._is_idle = False
        self._wake = threading.Event()
        self._ending = threading.Event()
        self.ended = threading.Event()
        """Set when it does nothing more. Not `join`, which takes a thread for ended where Ctrl-C came meanwhile (CPython, bpo-45274)."""

        self._doing = "could not be loaded"
        self._event: Event | None = None
        self._steps = 0
        self._clock = 0
        self._looked_at = self._rested_at = 0.0
        self._seen = (-1, 0.0)

    @property
    def unheard(self) -> int:
        """Events that wait."""
        return len(self._items)

    def tell(self, run: object, event: Event) -> None:
        """Never waits. What is too much is dropped, and counted; how a run begins and ends is not."""
        if self.failure is not None:
            return
        self.told += 1
        if len(self._items) >= MOST_EVENTS and not isinstance(event, (RunBegan, RunEnded)):
            self.dropped += 1
        else:
            self._items.append((run, event))
            if self._is_idle:
                self._is_idle = False
                self._wake.set()
        now = time.monotonic()
        if now - self._looked_at > LOOK_SECONDS:
            self._looked_at = now
            self._look()

    def end(self) -> None:
        """Nothing more is told."""
        self._ending.set()
        self._wake.set()

    def _look(self) -> None:
        """Stop a reporter that has computed for too long on one event."""
        try:
            seconds = time.clock_gettime(self._clock) if self._clock else 0.0
        except OSError:  # it has ended
            return
        if self._seen[0] != self._steps:
            self._seen = (self._steps, seconds)
        elif seconds - self._seen[1] > MOST_BUSY_SECONDS and self.ident is not None:
            import ctypes

            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self.ident), ctypes.py_object(TooBusyError))
            self._seen = (-1, 0.0)

    def run(self) -> None:
        """In the reporter's own thread."""
        process = os.getpid()
        try:
            _leave_folder(self._home)
            if hasattr(time, "pthread_getcpuclockid"):
                self._clock = time.pthread_getcpuclockid(threading.get_ident())
            self._listen(self._load())
        except BaseException as error:  # noqa: BLE001 - whatever a reporter does, also `sys.exit`
            self.failure = _failure(self._doing or f"failed on {type(self._event).__name__}, and heard nothing after it", error)
            self._items.clear()
        finally:
            if os.getpid() != process:  # it has forked, and this is not the run
                os._exit(0)
            self.ended.set()

    def _listen(self, make: MakeReporter) -> None:
        items = self._items
        process = os.getpid()
        while True:
            self._await_events()
            if not items:
                break
            for _ in range(min(len(items), EVENTS_BETWEEN_RESTS)):
                self._hear(make, *items.popleft())
                if os.getpid() != process:
                    return
            self._rest()
        for reporter in list(self._reporters.values()):
            self._finish(reporter)

    def _rest(self) -> None:
        """Leave the interpreter to the run for as long as our share asks; not when the run is over."""
        worked = time.thread_time() - self._rested_at
        if worked > SHORTEST_WORK_SECONDS:
            self._steps += 1
            _wait(self._ending, worked / SHARE - worked)
            self._rested_at = time.thread_time()  # waiting is no work, else each rest would ask for a longer one

    def _await_events(self) -> None:
        """Returns with events, or without when there will be none."""
        if self._items:
            return
        self._steps += 1
        self._wake.clear()
        self._is_idle = True
        before = time.thread_time()
        if not self._items and not self._ending.is_set():
            _wait(self._wake)
        self._is_idle = False
        _wait(self._ending, BATCH_SECONDS)
        self._rested_at += time.thread_time() - before

    def _hear(self, make: MakeReporter, run: object, event: Event) -> None:
        self._steps += 1
        if isinstance(event, RunBegan):
            self._doing = "could not begin"
            self._reporters[run] = make(self._info_of(event))
        reporter = self._reporters.get(run)
        if reporter is None:
            return
        self._doing, self._event = "", event
        reporter.hear(event)
        if isinstance(event, RunEnded):
            del self._reporters[run]
            self._finish(reporter)

    def _finish(self, reporter: Reporter) -> None:
        self._steps += 1
        self._doing = "failed at the run's end"
        finish = getattr(reporter, "finish", None)
        if finish is not None:
            finish()


def _wait(event: threading.Event, seconds: float | None = None) -> None:
    """Not woken by each command of the run that ends: the system tells that to any thread. What a reporter starts gets its own signals."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGCHLD,))
    try:
        event.wait(seconds)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _leave_folder(home: str) -> None:
    """Have a current folder of our own, where the system can: that of the process is another one while a command is started."""
    try:
        if hasattr(os, "unshare"):
            os.unshare(CLONE_FS)
        elif sys.platform != "linux" or not _unshare():
            return
        os.chdir(home)
    except OSError:
        pass


def _unshare() -> bool:
    import ctypes

    return not ctypes.CDLL(None).unshare(CLONE_FS)


def _failure(doing: str, error: BaseException) -> Failure:
    """In words; those of the error may fail as well."""
    import traceback

    if isinstance(error, TooBusyError):
        return Failure(doing=doing, error=f"it took more than {MOST_BUSY_SECONDS:g} s of processor time for it", traceback="")
    try:
        text = f"{type(error).__name__}: {error}".rstrip(": ").partition("\n")[0][:MOST_SHOWN]
        return Failure(doing=doing, error=text, traceback="".join(traceback.format_exception(error)))
    except BaseException:  # noqa: BLE001 - whatever its `__str__` does
        return Failure(doing=doing, error=type(error).__name__, traceback="")
