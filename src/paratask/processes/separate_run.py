"""A program run to its end in a session of its own, with its output in a file, and what it took: for paratask that runs paratask.

Memory is sampled (memory.py) ten times a second at most, less often where looking takes long, and is never less than the largest
single process as the kernel accounts it; a short peak may be missed. Knows nothing of tasks.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time

from paratask.frozen import dataclass
from paratask.processes import private_mounts
from paratask.processes.adoption import Adoption
from paratask.processes.memory import tree_bytes
from paratask.processes.process import MAXRSS_UNIT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from resource import struct_rusage
    from types import FrameType
    from typing import IO

    from paratask.processes.running import RunningRecord

LAUNCHER = (sys.executable, "-I", "-X", "utf8", private_mounts.__file__)
SAMPLE_SECONDS = 0.1
SHARE_OF_TIME = 20
"""A sample that took t is followed by a pause of at least so many times t."""
GRACE_SECONDS = 5.0
LOOK_SECONDS = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What to start, and where. `mounts`: see private_mounts; without any it is started as it is."""

    argv: Sequence[str]
    folder: str
    environment: Mapping[str, str]
    log: str
    mounts: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """How it ended (128 + n for signal n), and what it took. `left_behind` processes had to be ended after it."""

    exit_code: int
    seconds: float
    peak_bytes: int
    left_behind: int


def allows_private_mounts(folder: str) -> bool:
    """Whether this machine lets us mount for ourselves; tried in `folder`, which must be there."""
    spec = json.dumps({"mounts": [(folder, folder)], "folder": folder, "argv": [sys.executable, "-I", "-c", ""]})
    done = subprocess.run([*LAUNCHER, spec], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return done.returncode == 0


def run_separately(start: Start, record: RunningRecord) -> Took:
    """Run it, and keep in `record` that it runs. An exception that comes meanwhile (a signal's) is passed on as SIGINT, and raised when the
    program has ended.
    """
    argv = list(start.argv)
    if start.mounts:
        argv = [*LAUNCHER, json.dumps({"mounts": list(start.mounts), "folder": start.folder, "argv": argv})]
    began = time.monotonic()
    with open(start.log, "wb") as log, Adoption() as adoption:
        held = _HeldSignals()  # none is to come between its start and the `try`
        record.starting(log.fileno())
        try:
            process = _started(argv, start, log)
        except BaseException:
            record.started(0)
            held.let_go()
            raise
        record.started(process.pid)
        watch = _Watch(process.pid)
        try:
            held.let_go()
            status, peak = watch.until_ended()
        except BaseException:
            watch.stop()
            process.returncode = 1
            adoption.end(process.pid)
            record.drop(process.pid)
            raise
        seconds = time.monotonic() - began
        process.returncode = code = os.waitstatus_to_exitcode(status)
        left_behind = adoption.end(process.pid)
        record.drop(process.pid)
    return Took(exit_code=128 - code if code < 0 else code, seconds=seconds, peak_bytes=peak, left_behind=left_behind)


def _started(argv: Sequence[str], start: Start, log: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        argv,
        cwd=start.folder,
        env=start.environment,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )


class _HeldSignals:
    """Signals that somebody handles wait until they are let go. (Masking them would hold for one thread, and for the child.)"""

    def __init__(self) -> None:
        self._came: list[tuple[int, FrameType | None]] = []
        self._handlers: dict[int, Callable[[int, FrameType | None], object]] = {
            number: handler for number in signal.valid_signals() if callable(handler := signal.getsignal(number))
        }
        for number in self._handlers:
            signal.signal(number, lambda came, frame: self._came.append((came, frame)))

    def let_go(self) -> None:
        """Raises what the handlers of those that came raise."""
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        for came, frame in self._came:
            self._handlers[came](came, frame)


class _Watch:
    """Looks after one child, which leads its session."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._ended = False

    def until_ended(self) -> tuple[int, int]:
        """Its wait status, and the most memory that it was seen to take."""
        peak = 0
        descriptor = os.pidfd_open(self._pid) if hasattr(os, "pidfd_open") else -1
        try:
            pause = 0.01
            while (end := self._end_within(descriptor, pause)) is None:
                before = time.monotonic()
                peak = max(peak, tree_bytes([self._pid]).get(self._pid, 0))
                pause = max(SAMPLE_SECONDS, SHARE_OF_TIME * (time.monotonic() - before))
        finally:
            if descriptor >= 0:
                os.close(descriptor)
        status, usage = end
        return status, max(peak, usage.ru_maxrss * MAXRSS_UNIT)

    def _end_within(self, descriptor: int, seconds: float) -> tuple[int, struct_rusage] | None:
        """Its wait status and what the kernel counted, where it ends in about that time."""
        if descriptor >= 0:
            poll = select.poll()
            poll.register(descriptor, select.POLLIN)
            poll.poll(seconds * 1000)
            return self._end()
        until = time.monotonic() + seconds
        while (end := self._end()) is None and time.monotonic() < until:
            time.sleep(LOOK_SECONDS)  # only where a process has no descriptor to wait on
        return end

    def _end(self) -> tuple[int, struct_rusage] | None:
        pid, status, usage = os.wait4(self._pid, os.WNOHANG)
        self._ended = pid != 0
        return (status, usage) if pid else None

    def stop(self) -> None:
        """End it as Ctrl-C would, and at once when that takes too long."""
        if self._ended:
            return
        _send(self._pid, signal.SIGINT)
        deadline = time.monotonic() + GRACE_SECONDS
        while os.waitpid(self._pid, os.WNOHANG) == (0, 0):
            if time.monotonic() > deadline:
                _send(self._pid, signal.SIGKILL)
                os.waitpid(self._pid, 0)
                break
            time.sleep(LOOK_SECONDS)  # waitpid knows no deadline


def _send(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass
