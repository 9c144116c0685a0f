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
from paratask.scheduling.budget import SHORT_SECONDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping, Sequence

    from paratask.kernel.loop import Loop
    from paratask.kernel.poller import SystemPoller
    from paratask.processes.room import Room
    from paratask.processes.running import RunningRecord

RESET_SIGNALS = tuple(
    getattr(signal, f"SIG{name}")
    for name in ("HUP", "INT", "QUIT", "PIPE", "TERM", "USR1", "USR2", "XFSZ")
    if signal.getsignal(getattr(signal, f"SIG{name}")) is signal.SIG_IGN
)
"""Those that Python ignores, and those that whoever started us had us ignore: SIGINT behind `&` in a script, SIGHUP below nohup. To commands
of `task` they mean what they always mean; and one that ignores SIGINT could only be killed when its time is over.
"""
NOT_FOUND, NOT_EXECUTABLE = 127, 126
TO_COME_BACK = os.O_DIRECTORY | (os.O_PATH if sys.platform == "linux" else os.O_RDONLY)
"""How a folder is opened that we only return to: we may be in one that we may enter, and not read."""

WISHES = (signal.SIGTTIN, signal.SIGTTOU)
LOOK_SECONDS = 1.0
BLOCK_BYTES = 512 if sys.platform == "linux" else 0  # of ru_inblock and ru_oublock, which count operations elsewhere
MANY_STARTS = 16
"""After so many, more are likely to come, and it is worth 3 ms to have a core sooner for each."""

STARTING_TURNS = 4
"""So often a process loses its core while it starts, and has it again at once."""

TURN_SECONDS = 0.004
"""How long a core is with others once it was taken away: 4 ms beside one other process, 10 beside three (measured, Linux 6.18)."""

MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a process ended, and what it took together with the children that it waited for.

    exit_status    its own, 128 + n where signal n ended it
    signal         that signal, or 0
    seconds        wall time, from its start to the moment when its end was noticed
    cpu_seconds    time on cores, in user and in system mode
    peak_bytes     the memory of the largest single process, or of all together where somebody looked (memory.py), whichever is more
    read_bytes, written_bytes    what went from and to disks, as the kernel counts; what a cache answers is none of it
    queued_seconds about how long it waited for a core. The kernel counts how often a core was taken away; another process then has it a while
    taken_seconds  about how long others, its own threads among them, had those cores, added up over its threads: it may exceed `seconds`
    """

    exit_status: int
    signal: int
    cpu_seconds: float = 0.0
    peak_bytes: int = 0
    seconds: float = 0.0
    read_bytes: int = 0
    written_bytes: int = 0
    queued_seconds: float = 0.0
    taken_seconds: float = 0.0

    @property
    def cores(self) -> float | None:
        """How many it kept busy, what waited for one included; None where it was too short to tell."""
        return (self.cpu_seconds + self.queued_seconds) / self.seconds if self.seconds >= SHORT_SECONDS else None


def queued_seconds(taken_away: int, cpu_seconds: float, seconds: float) -> float:
    """About how long a command waited for a core, from which it was taken away so often: no longer than it did not compute.

    Threads of one program (Go's) take cores from each other, hundreds of times a second, and nobody has to wait for them. What kept
    more than one core busy is seen by what it computed, in a run where it got them.
    """
    return max(0.0, min(taken_seconds(taken_away), seconds - cpu_seconds))


def taken_seconds(taken_away: int) -> float:
    """See Ended."""
    return max(0, taken_away - STARTING_TURNS) * TURN_SECONDS


class Process:
    """A running process, leader of its group. `tree_bytes` is the most memory that it was seen to have with what it started. `on_wish` is
    called, in place of `on_stop`, where it was stopped because it uses a terminal whose keyboard it does not have.
    """

    __slots__ = ("busy", "ended", "exited", "on_cores", "on_size", "on_stop", "on_wish", "pid", "started_at", "tree_bytes")

    def __init__(self, loop: Loop, pid: int) -> None:
        self.pid = pid
        self.started_at = loop.now()
        self.exited = Event(loop)
        self.ended: Ended | None = None
        self.on_stop: Callable[[], None] | None = None
        self.on_wish: Callable[[], None] | None = None
        self.on_size: Callable[[int], None] | None = None
        self.on_cores: Callable[[float], None] | None = None
        self.busy = (0.0, self.started_at)
        self.tree_bytes = 0

    def note_size(self, size: int) -> None:
        """Somebody looked how many bytes it has, with what it started."""
        if size > self.tree_bytes:
            self.tree_bytes = size
            if self.on_size is not None:
                self.on_size(size)

    def note_busy(self, seconds: float, now: float) -> None:
        """Somebody looked how many seconds it has kept cores busy; see process_table.busy_seconds."""
        (before, then), self.busy = self.busy, (seconds, now)
        if now > then and self.on_cores is not None:
            self.on_cores((seconds - before) / (now - then))

    def send(self, number: int) -> None:
        """A signal to the whole group; nothing when it is gone."""
        send_to_group(self.pid, number)


def send_to_group(pgid: int, number: int) -> None:
    """A signal to a process group; nothing when it is gone."""
    try:
        os.killpg(pgid, number)
    except (ProcessLookupError, PermissionError):
        pass


def _peak_bytes(process: Process, counted: int) -> int:
    """The kernel begins to count with what we had when it was started: posix_spawn lends our memory until the program is loaded.

    A count that is no more than that says only that it had no more, and what somebody saw is nearer to the truth.
    """
    if process.tree_bytes and counted > process.tree_bytes:
        import resource

        if counted <= resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * MAXRSS_UNIT:
            return process.tree_bytes
    return max(counted, process.tree_bytes)


class Processes:
    """All processes of a run; `record` is for whoever comes after it was killed."""

    def __init__(self, loop: Loop, poller: SystemPoller, record: RunningRecord | None = None) -> None:
        self._loop = loop
        self._record = record
        self.running: dict[int, Process] = {}
        self._starts = 0
        self._looks = False
        self.on_look: Callable[[Mapping[int, int]], None] | None = None
        """Who else wants to know how many bytes each process has, with what it started."""

        self.being_stopped: set[int] = set()
        """Groups that were sent a signal, and get SIGKILL when their leader has ended: it may leave children behind."""

        self.goes_on_until = 0.0
        """Who stops itself before that time of the loop's clock, of its own accord, goes on at once: it was told to stop before."""

        self._room: Room | None = None
        self._calm = os.sysconf("SC_OPEN_MAX") // 2
        poller.on_signal(signal.SIGCHLD, self._reap)

    @property
    def room(self) -> Room:
        """Knows whether there is room for one more process. Made when somebody asks, which most runs never do."""
        if self._room is None:
            from paratask.processes.room import Room

            self._room = Room(self._loop, self.running)
        return self._room

    def check_room(self, descriptor: int) -> None:
        """Raise OSError where a process whose highest descriptor this is would be one too many."""
        if self._room is not None or not 0 <= descriptor < self._calm:
            self.room.check(descriptor)

    def start(self, argv: Sequence[str], *, folder: str, environment: Mapping[str, str], fds: Sequence[int]) -> Process:
        """Start `argv[0]` with arguments `argv[1:]` (the program's name among them), fds 0, 1 and 2 as given. Raises OSError.

        Inheritable descriptors of ours are the child's too.
        """
        # The child inherits our working directory: posix_spawn cannot set one. No other thread goes by ours.
        raised = self._room.raised_limit if self._room is not None else None
        home = os.open(".", TO_COME_BACK)
        if self._record is not None:
            self._record.starting(fds[1])
        pid = 0
        try:
            os.chdir(folder)
            if raised is not None:
                fds = raised.lower(fds)
            pid = os.posix_spawn(
                argv[0],
                list(argv[1:]),
                environment,
                file_actions=[(os.POSIX_SPAWN_DUP2, fd, target) for target, fd in enumerate(fds)],
                setpgroup=0,
                setsigdef=RESET_SIGNALS,
            )
        finally:
            if raised is not None:
                raised.restore()
            if self._record is not None:
                self._record.started(pid)
            os.fchdir(home)
            os.close(home)
        process = Process(self._loop, pid)
        self.running[pid] = process
        self._starts += 1
        if self._starts == MANY_STARTS and sys.platform == "linux":
            from paratask.processes.short_turns import ask_for_short_turns

            ask_for_short_turns()
        self._look_later()
        self._loop.expect(1)
        return process

    def _look_later(self) -> None:
        """Look at the memory of running commands a second from now. Short ones have ended by then, so that this costs them
        nothing.
        """
        if not self._looks:
            self._looks = True
            self._loop.call_at(self._loop.now() + LOOK_SECONDS, self._look)

    def _look(self) -> None:
        self._looks = False
        if self.running:
            from paratask.processes.memory import tree_bytes
            from paratask.processes.process_table import busy_seconds

            started_before = self._loop.now() - LOOK_SECONDS / 2
            old_enough = [pid for pid, process in self.running.items() if process.started_at <= started_before]
            sizes = tree_bytes(old_enough)
            for pid, size in sizes.items():
                self.running[pid].note_size(size)
            if self.on_look is not None:
                self.on_look(sizes)
            for pid, seconds in busy_seconds(old_enough).items():
                self.running[pid].note_busy(seconds, self._loop.now())
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
                stopped = process.on_wish if os.WSTOPSIG(status) in WISHES and process.on_wish else process.on_stop
                if stopped is not None:
                    stopped()
                elif self._loop.now() < self.goes_on_until:
                    process.send(signal.SIGCONT)
                continue
            number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
            seconds, cpu_seconds = self._loop.now() - process.started_at, usage.ru_utime + usage.ru_stime
            ended = Ended(
                exit_status=128 + number if number else os.WEXITSTATUS(status),
                signal=number,
                cpu_seconds=cpu_seconds,
                peak_bytes=_peak_bytes(process, usage.ru_maxrss * MAXRSS_UNIT),
                seconds=seconds,
                read_bytes=usage.ru_inblock * BLOCK_BYTES,
                written_bytes=usage.ru_oublock * BLOCK_BYTES,
                queued_seconds=queued_seconds(usage.ru_nivcsw, cpu_seconds, seconds),
                taken_seconds=taken_seconds(usage.ru_nivcsw),
            )
            self._end(process, ended)

    def inner_runs(self, groups: Container[int], *, above: int) -> dict[str, int]:
        """Paratasks that still run something: see enclosing.inner_records."""
        if self._record is None:
            return {}
        from paratask.processes.enclosing import inner_records

        return inner_records(self._record.state, groups, above=above)

    def stopped(self, group: int) -> None:
        """A group that was being stopped was sent SIGKILL."""
        self.being_stopped.discard(group)
        if self._record is not None and group not in self.running:
            self._record.drop(group)

    def _end(self, process: Process, ended: Ended) -> None:
        del self.running[process.pid]
        if self._record is not None and process.pid not in self.being_stopped:
            self._record.drop(process.pid)
        self._loop.expect(-1)
        process.ended = ended
        process.exited.set()
        if self._room is not None:
            self._room.wake()
