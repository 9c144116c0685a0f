"""Processes: started, watched to their end, and ended. See "Processes" in docs/design.md.

Started with posix_spawn, each in a process group of its own; reaped on SIGCHLD with wait4, so that no descriptor is spent on
waiting and the kernel's account of cpu time and peak memory is had. Knows nothing of output and jobs.
"""

from __future__ import annotations

import os
import signal
import sys

from paratask.frozen import dataclass
from paratask.kernel.loop import Event

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from paratask.kernel.loop import Loop
    from paratask.kernel.poller import SystemPoller

RESET_SIGNALS = tuple(s for s in (signal.SIGPIPE, getattr(signal, "SIGXFSZ", None)) if s is not None)
NOT_FOUND, NOT_EXECUTABLE = 127, 126
LOOK_SECONDS = 1.0
BLOCK_BYTES = 512  # of ru_inblock and ru_oublock
MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a process ended: its exit status (128 + n for signal n), and what it and the children it waited for took.

    `seconds` is wall time from its start to when its end was noticed. `peak_bytes` is the memory of the largest single one of
    them, or what all of them had together when somebody looked (memory.py), whichever is more. `read_bytes` and `written_bytes`
    went to and from disks, as the kernel counts; what a cache answers is none of it.
    """

    exit_status: int
    signal: int
    cpu_seconds: float = 0.0
    peak_bytes: int = 0
    seconds: float = 0.0
    read_bytes: int = 0
    written_bytes: int = 0


class Process:
    """A running process, leader of its group. `tree_bytes` is the most memory that it was seen to have with what it started."""

    __slots__ = ("ended", "exited", "on_stop", "pid", "started_at", "tree_bytes")

    def __init__(self, loop: Loop, pid: int) -> None:
        self.pid = pid
        self.started_at = loop.now()
        self.exited = Event(loop)
        self.ended: Ended | None = None
        self.on_stop: Callable[[], None] | None = None
        self.tree_bytes = 0

    def send(self, number: int) -> None:
        """A signal to the whole group; nothing when it is gone."""
        send_to_group(self.pid, number)


def send_to_group(pgid: int, number: int) -> None:
    """A signal to a process group; nothing when it is gone."""
    try:
        os.killpg(pgid, number)
    except (ProcessLookupError, PermissionError):
        pass


class Processes:
    """All processes of a run."""

    def __init__(self, loop: Loop, poller: SystemPoller) -> None:
        self._loop = loop
        self.running: dict[int, Process] = {}
        self._looks = False
        self.being_stopped: set[int] = set()
        """Groups that were sent a signal, and get SIGKILL when their leader has ended: it may leave children behind."""

        poller.on_signal(signal.SIGCHLD, self._reap)

    def start(self, argv: Sequence[str], *, folder: str, environment: Mapping[str, str], fds: Sequence[int]) -> Process:
        """Start `argv[0]` with arguments `argv[1:]` (the program's name among them), fds 0, 1 and 2 as given. Raises OSError.

        Inheritable descriptors of ours are the child's too.
        """
        # The child inherits our working directory: posix_spawn cannot set one. There is one thread, so nobody sees it change.
        home = os.open(".", os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.chdir(folder)
            pid = os.posix_spawn(
                argv[0],
                list(argv[1:]),
                environment,
                file_actions=[(os.POSIX_SPAWN_DUP2, fd, target) for target, fd in enumerate(fds)],
                setpgroup=0,
                setsigdef=RESET_SIGNALS,
            )
        finally:
            os.fchdir(home)
            os.close(home)
        process = Process(self._loop, pid)
        self.running[pid] = process
        self._look_later()
        self._loop.expect(1)
        return process

    def _look_later(self) -> None:
        """At the memory of what runs by then: once a second, so that short commands cost nothing."""
        if not self._looks:
            self._looks = True
            self._loop.call_at(self._loop.now() + LOOK_SECONDS, self._look)

    def _look(self) -> None:
        self._looks = False
        if self.running:
            from paratask.execution.memory import tree_bytes

            started_before = self._loop.now() - LOOK_SECONDS / 2
            old_enough = [pid for pid, process in self.running.items() if process.started_at <= started_before]
            for pid, size in tree_bytes(old_enough).items():
                self.running[pid].tree_bytes = max(self.running[pid].tree_bytes, size)
            self._look_later()

    def kill_all(self) -> None:
        """End everything at once, and wait until it has ended. The loop must not run on."""
        for group in {*self.running, *self.being_stopped}:
            send_to_group(group, signal.SIGKILL)
        for process in self.running.values():
            try:
                os.waitpid(process.pid, 0)
            except ChildProcessError:
                pass

    def _reap(self) -> None:
        for process in list(self.running.values()):
            try:
                pid, status, usage = os.wait4(process.pid, os.WNOHANG | os.WUNTRACED)
            except ChildProcessError:
                self._end(process, Ended(exit_status=1, signal=0, cpu_seconds=0.0, peak_bytes=0))
                continue
            if pid == 0:
                continue
            if os.WIFSTOPPED(status):
                if process.on_stop is not None:
                    process.on_stop()
                continue
            number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
            ended = Ended(
                exit_status=128 + number if number else os.WEXITSTATUS(status),
                signal=number,
                cpu_seconds=usage.ru_utime + usage.ru_stime,
                peak_bytes=max(usage.ru_maxrss * MAXRSS_UNIT, process.tree_bytes),
                seconds=self._loop.now() - process.started_at,
                read_bytes=usage.ru_inblock * BLOCK_BYTES,
                written_bytes=usage.ru_oublock * BLOCK_BYTES,
            )
            self._end(process, ended)

    def _end(self, process: Process, ended: Ended) -> None:
        del self.running[process.pid]
        self._loop.expect(-1)
        process.ended = ended
        process.exited.set()
