"""What a run has running, kept in a file beside its logs, for whoever comes after it was killed. See "Processes" in docs/design.md.

`.paratask/running/<name>` is there while a run has processes. Its paratask holds a lock on it, which the kernel gives up when that
ends, however it ends. A line is one process group, or one temporary folder; lines are written over, so the file grows with what runs
at once and not with what has run. A line is begun before the process, since a kill may fall in between. No write is waited for
(no fsync): what SIGKILL leaves is what was written. Where nothing can be written, nothing is kept. execution/leftovers.py reads it.
"""

from __future__ import annotations

import os
import stat
import sys
import time

from paratask.state_files import HELD_BYTES, hold, is_locked, open_plain, take_lock

RUNNING_FOLDER = "running"
LINE_BYTES = 256
NO_LINE = b" " * (LINE_BYTES - 1) + b"\n"
FIRST_PTY, LAST_PTY = 136, 143  # Linux: the device numbers of Unix98 ptys
ATTEMPTS = 3
LASTS_SECONDS = 0.05
FORKED_SECONDS = 1.0
LOOK_AGAIN_SECONDS = 0.002
START_CLOCK: int = time.CLOCK_BOOTTIME if sys.platform == "linux" else time.CLOCK_REALTIME  # FreeBSD and OpenBSD have both, too


class RunningRecord:
    """Record of one run; its file, in `folder`, is made when the first process starts. One process starts at a time."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._path = ""
        self._fd = -1
        self._is_open = False
        self._lasts = False
        self._lines: dict[int | str, int] = {}
        self._free: list[int] = []
        self._count = 1  # the first line is about us
        self._beginning = 0
        self._begun_at = 0.0
        self._output = ""

    @property
    def state(self) -> str:
        """The path of `.paratask`."""
        return os.path.dirname(self._folder)

    def starting(self, out: int) -> None:
        """A process is about to start, which writes to `out`."""
        if not self._is_open:
            self._open()
        if self._fd >= 0:
            self._beginning = self._new_line()
            self._begun_at = start_clock()
            self._output = output_identity(out) if out > 2 else ""
            self._write(self._beginning, f"group 0 {self._begun_at:.2f} 0 {self._output}")

    def started(self, pid: int) -> None:
        """It runs, and leads a group; 0 where it could not be started."""
        if self._fd >= 0:
            self._lines[pid] = self._beginning
            if pid:
                self._write(self._beginning, f"group {pid} {self._begun_at:.2f} {start_clock():.2f} {self._output}")
            else:
                self.drop(pid)

    def add_folder(self, path: str) -> None:
        """A temporary folder that we shall remove."""
        if not self._is_open:
            self._open()
        if self._fd >= 0:
            self._lines[path] = self._new_line()
            self._write(self._lines[path], f"folder {path}")

    def drop(self, what: int | str) -> None:
        """A group has ended, so far as it concerns us, or a folder was removed."""
        line = self._lines.pop(what, 0)
        if line:
            self._free.append(line)
            self._put(line, NO_LINE)

    def hold(self) -> None:
        """The run lasts: keep the file locked whatever else in this process opens and closes it."""
        self._lasts = True
        if self._fd >= 0:
            hold(self._fd)

    def close(self) -> None:
        """Nothing of ours runs any more, or no more can be written. The file goes first: without our lock it would say that we died."""
        if self._fd >= 0:
            try:
                os.unlink(self._path)
            except OSError:
                pass
            fd, self._fd = self._fd, -1
            os.close(fd)

    def _new_line(self) -> int:
        if self._free:
            return self._free.pop()
        self._count += 1
        return self._count - 1

    def _write(self, line: int, text: str) -> None:
        data = text.encode(errors="surrogateescape")
        fits = len(data) < LINE_BYTES and b"\n" not in data
        self._put(line, data.ljust(LINE_BYTES - 1) + b"\n" if fits else NO_LINE)  # a hole would swallow the next line

    def _put(self, line: int, data: bytes) -> None:
        if self._fd < 0:
            return
        try:
            os.pwrite(self._fd, data, line * LINE_BYTES)
        except OSError:
            self.close()

    def _open(self) -> None:
        self._is_open = True
        try:
            os.makedirs(self._folder, exist_ok=True)
            for _ in range(ATTEMPTS):
                if self._try_open():
                    if self._lasts:
                        self.hold()
                    self._write(0, f"run {os.getpid()} {os.getpgrp()} {start_clock():.2f} {machine_identity()}")
                    return
        except OSError:
            pass

    def _try_open(self) -> bool:
        """Whether we have a file, locked, and nobody who took it for a dead run's removed it before we had the lock."""
        self._path = os.path.join(self._folder, f"{time.time_ns():x}-{os.getpid()}")
        fd = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            os.lseek(fd, HELD_BYTES, os.SEEK_SET)
            if take_lock(fd) and os.fstat(fd).st_nlink:
                self._fd = fd
                return True
        except OSError:  # a file system without locks
            os.unlink(self._path)
        os.close(fd)
        return False


def is_in_use(state: str) -> bool:
    """Whether there are records at all. `state` is the path of `.paratask`."""
    try:
        return bool(os.listdir(os.path.join(state, RUNNING_FOLDER)))
    except OSError:
        return False


def stale_records(state: str) -> list[str]:
    """Paths of records that nobody holds, but who made them did not remove. `state` is the path of `.paratask`."""
    folder = os.path.join(state, RUNNING_FOLDER)
    try:
        names = os.listdir(folder)
    except OSError:
        return []
    return [path for path in (os.path.join(folder, name) for name in sorted(names)) if _is_stale(path)]


def _is_stale(path: str) -> bool:
    try:
        fd = open_plain(path, writable=True)
    except OSError:
        return False
    waits_until = time.monotonic() + FORKED_SECONDS
    try:
        while is_locked(fd):
            if not _was_killed(fd) or time.monotonic() > waits_until:
                return False
            time.sleep(LOOK_AGAIN_SECONDS)
        return True
    except OSError:
        return False
    finally:
        os.close(fd)


def _was_killed(fd: int) -> bool:
    """Whether who made the record is gone. What it was about to start when it was killed has all of its files, and so this lock, until that
    runs its program: on a busy machine for longer than the next run takes to look. Who is elsewhere may be alive.
    """
    kind, pid, *_, machine = [*os.pread(fd, LINE_BYTES, 0).decode(errors="surrogateescape").split(), "", "", ""][:5]
    if kind != "run" or not pid.isdecimal() or machine != machine_identity():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        pass
    return False


def start_clock() -> float:
    """Seconds on the clock that the kernel dates processes by."""
    return time.clock_gettime(START_CLOCK)


def output_identity(fd: int | str) -> str:
    """What no other pipe or pty is called while this machine is up; empty for other files. `fd` may be a path in /proc."""
    try:
        found = os.stat(fd)
    except OSError:
        return ""
    if stat.S_ISFIFO(found.st_mode):
        return f"pipe:{found.st_dev}:{found.st_ino}"
    if stat.S_ISCHR(found.st_mode) and FIRST_PTY <= os.major(found.st_rdev) <= LAST_PTY:
        return f"pty:{found.st_rdev}:{found.st_ctime_ns}"
    return ""


def machine_identity() -> str:
    """Where process ids mean what they mean to us: this boot of this kernel, and our namespace of process ids."""
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            return f"{file.read().strip()}/{os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return os.uname().nodename
