"""A process beside the run, which is no job: it is told bytes, answers with bytes, and cannot keep the run waiting.

It leads a process group of its own, so that Ctrl-C at a terminal is not for it, and what it starts ends with it. It is told through a
pipe that does not block: what that does not take waits here, and whoever tells it says how much that may be. When its pipe closes,
the run is over or was killed. Knows nothing of what the bytes mean.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from collections import deque

from paratask.processes.process import RESET_SIGNALS, send_to_group

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PIECE_BYTES = 1 << 16
MOST_BYTES = 1 << 20
"""So much is read at once at most: no less than a pipe holds, so that all is read of one that has ended."""

LOOK_SECONDS = 0.05
SOON_SECONDS = 0.002
"""How soon to look again for the end of one that has closed its answers: the kernel tells of no end that nobody waits for."""

REAP_SECONDS = 0.2
NULL = "/dev/null"


class Companion:
    """Start one; `tell` it, and `push` now and then, until `end_all` of those that there are. Raises OSError where it cannot start.

    `argv` gets more words: the descriptors that it is to read from, and to answer at, and those that it is `given`. `keeps_output`: what
    it prints comes to `printed`, by stream, in place of our own stdout and stderr.
    """

    def __init__(
        self, argv: Sequence[str], environment: Mapping[str, str], *, given: Sequence[int] = (), keeps_output: bool = False
    ) -> None:
        self._waiting: deque[bytes] = deque()
        self._is_closing = False
        self.answers = bytearray()
        self.printed: dict[int, bytearray] = {1: bytearray(), 2: bytearray()} if keeps_output else {}
        self.exit_status: int | None = None
        """Once it has ended: its exit code, or minus the signal that ended it."""

        self.was_killed = False
        """It did not end by itself in the time that it had."""

        source, self._to = os.pipe()
        theirs = [source]
        self._sources: dict[int, bytearray] = {}
        try:
            for kept in (self.answers, *self.printed.values()):
                ours, their = os.pipe()
                self._sources[ours] = kept
                theirs.append(their)
            _, out, *outputs = theirs
            self.pid = _start(argv, environment, (source, out, *given), dict(zip(self.printed, outputs, strict=True)))
        except OSError:
            self._close_all()
            raise
        finally:
            for fd in theirs:
                os.close(fd)
        for fd in (self._to, *self._sources):
            os.set_blocking(fd, False)

    @property
    def has_more(self) -> bool:
        """Something waits here, and is to be pushed."""
        return bool(self._waiting)

    def tell(self, data: bytes) -> None:
        """Sent with the next `push`."""
        if self._to >= 0:
            self._waiting.append(data)

    def push(self) -> None:
        """As much as it takes now."""
        try:
            while self._waiting:
                data = self._waiting[0]
                sent = os.write(self._to, data)
                if sent == len(data):
                    self._waiting.popleft()
                else:
                    self._waiting[0] = data[sent:]
        except BlockingIOError:
            return
        except OSError:  # it has ended, or reads no more
            self._close()
        if self._is_closing:
            self._close()

    def take(self) -> None:
        """What it has answered and printed by now; the rest another time where it writes as fast as we read."""
        for fd, kept in list(self._sources.items()):
            left = MOST_BYTES
            try:
                while left > 0 and (data := os.read(fd, PIECE_BYTES)):
                    kept.extend(data)
                    left -= len(data)
                if left <= 0:
                    continue
            except BlockingIOError:
                continue
            except OSError:
                pass
            os.close(fd)
            del self._sources[fd]

    def close(self) -> None:
        """Nothing more is told; what waits still is."""
        self._is_closing = True
        self.push()

    def has_ended(self) -> bool:
        """Looks; what it has left in its group is ended then."""
        if self.exit_status is None:
            try:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
            except ChildProcessError:
                pid, status = self.pid, 0
            if pid:
                self.exit_status = os.waitstatus_to_exitcode(status)
                send_to_group(self.pid, signal.SIGKILL)
                self._close()
        return self.exit_status is not None

    def kill(self) -> None:
        """It, and what it started."""
        if not self.has_ended():
            self.was_killed = True
            send_to_group(self.pid, signal.SIGKILL)
            until = time.monotonic() + REAP_SECONDS
            while not self.has_ended() and time.monotonic() < until:
                time.sleep(SOON_SECONDS)
        self.take()
        self._close_all()

    def interests(self) -> dict[int, int]:
        """What to wait for, by descriptor."""
        found = dict.fromkeys(self._sources, select.POLLIN)
        if self._waiting:
            found[self._to] = select.POLLOUT
        return found

    @property
    def answers_no_more(self) -> bool:
        return not self._sources

    def _close(self) -> None:
        self._waiting.clear()
        if self._to >= 0:
            os.close(self._to)
            self._to = -1

    def _close_all(self) -> None:
        self._close()
        for fd in self._sources:
            os.close(fd)
        self._sources.clear()


def end_all(companions: Sequence[Companion], seconds: float) -> None:
    """Let them come to their end, all together, for so long; who has not by then is killed. Ctrl-C is enough of waiting."""
    until = time.monotonic() + seconds
    try:
        for companion in companions:
            companion.close()
        while (left := until - time.monotonic()) > 0:
            for companion in companions:
                companion.push()
                companion.take()
            running = [companion for companion in companions if not companion.has_ended()]
            if not running:
                break
            _wait(running, left)
    except KeyboardInterrupt:
        pass
    finally:
        for companion in companions:
            companion.kill()


def _wait(companions: Sequence[Companion], seconds: float) -> None:
    poll = select.poll()
    for companion in companions:
        for fd, events in companion.interests().items():
            poll.register(fd, events)
    is_soon = any(companion.answers_no_more for companion in companions)
    poll.poll(1000 * min(seconds, SOON_SECONDS if is_soon else LOOK_SECONDS))


def _start(argv: Sequence[str], environment: Mapping[str, str], given: Sequence[int], outputs: Mapping[int, int]) -> int:
    """The id of the process. It reads nothing from the terminal."""
    for fd in given:
        os.set_inheritable(fd, True)
    return os.posix_spawn(
        argv[0],
        [*argv, *map(str, given)],
        environment,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, NULL, os.O_RDONLY, 0),
            *((os.POSIX_SPAWN_DUP2, fd, stream) for stream, fd in outputs.items()),
        ],
        setpgroup=0,
        setsigdef=RESET_SIGNALS,
    )


def python_argv(code: str, *words: str) -> list[str]:
    """What starts this interpreter with `code` and the places that we import from; `site` is for the code to run, when it is time."""
    flags = ["-E"] if sys.flags.ignore_environment else []
    path = f"import sys; sys.path[:] = sys.argv.pop(1).split(chr(10)); {code}"
    return [sys.executable, "-S", *flags, "-c", path, "\n".join(sys.path), *words]
