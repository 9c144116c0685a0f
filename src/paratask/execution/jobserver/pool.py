"""GNU make's jobserver on named and unnamed pipes: taking tokens, giving them back, counting them.

The protocol, whole (GNU make manual, "POSIX Jobserver"). The pipe holds a byte for each free slot. Who takes part has one slot
without asking, reads one byte for each further one, and writes the same byte back when it is done, whatever happened in between.
A named pipe is opened by its path (`fifo:PATH`); an unnamed one is inherited as two descriptors (`R,W`).

Non-blocking mode belongs to an open file description, not to a descriptor, and make counts on blocking reads (or, up to 4.3, sets the
mode itself and so takes it from its neighbours). So nobody shares one with us or with each other: a named pipe is opened anew for
ourselves and for each command that gets descriptors of it, and an inherited pipe is opened anew through /proc/self/fd. Where that is
not to be had, we take no tokens and make do with our own slot.

Knows nothing of commands and leases.
"""

from __future__ import annotations

import fcntl
import os
import stat
import sys

from paratask.execution.leases import SLOTS_VARIABLE
from paratask.scheduling.makeflags import parse_makeflags

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from paratask.kernel.loop import Loop
    from paratask.scheduling.makeflags import MakeFlags

TOKEN = b"+"
FIFO_NAME = "slots"
LOWEST_FD = 64  # what a command's own redirections use stays free


class Pool:
    """A jobserver's pipe, and the tokens that we hold of it. `jobs` is how many slots it is said to have; `fifo` its path, if any."""

    def __init__(
        self, loop: Loop, *, read_fd: int, write_fd: int, jobs: int, fifo: str = "", fds: tuple[int, int] | None = None
    ) -> None:
        self._loop = loop
        self._read_fd = read_fd
        self._write_fd = write_fd
        self.jobs = jobs
        self.fifo = fifo
        self.fds = fds
        """The inherited descriptors, which commands inherit in turn."""

        self._tokens: list[bytes] = []
        self._listens = False

    @property
    def held(self) -> int:
        return len(self._tokens)

    def take(self) -> bool:
        """Take one token if one is free."""
        if self._read_fd < 0:
            return False
        try:
            token = os.read(self._read_fd, 1)
        except BlockingIOError:
            return False
        if not token:  # nobody has it open for writing any more: the server has gone
            self.unlisten()
            os.close(self._read_fd)
            self._read_fd = -1
            return False
        self._tokens.append(token)
        return True

    def give_back(self, count: int) -> None:
        """Give back so many of the tokens that we hold."""
        for _ in range(count):
            self._write(self._tokens.pop())

    def _write(self, token: bytes) -> None:
        try:
            os.write(self._write_fd, token)
        except (BrokenPipeError, BlockingIOError):
            pass  # the server has gone, or its pipe was filled by somebody else

    def listen(self, callback: Callable[[], object]) -> None:
        """Call back whenever a token may be free, until `unlisten`."""
        if not self._listens and self._read_fd >= 0:
            self._listens = True
            self._loop.watch(self._read_fd, callback)

    def unlisten(self) -> None:
        if self._listens:
            self._listens = False
            self._loop.unwatch(self._read_fd)

    def close(self) -> None:
        """Give back what we hold; the pool must not be used any more."""
        self.unlisten()
        self.give_back(self.held)
        for fd in (self._read_fd, self._write_fd):
            if fd >= 0:
                os.close(fd)
        self._read_fd = self._write_fd = -1


class OwnPool(Pool):
    """A pool of our own, a named pipe in a folder that only we may read. We begin with `held` tokens in hand. Raises OSError."""

    def __init__(self, loop: Loop, *, jobs: int, held: int) -> None:
        import tempfile

        self.folder = tempfile.mkdtemp(prefix="paratask-jobserver-")  # mode 0700
        fifo = os.path.join(self.folder, FIFO_NAME)
        super().__init__(loop, read_fd=-1, write_fd=-1, jobs=jobs, fifo=fifo)
        try:
            os.mkfifo(fifo, 0o600)
            self._read_fd = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
            self._write_fd = os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            self.close()
            raise
        self._tokens = [TOKEN] * held

    @property
    def free(self) -> int:
        """How many tokens are in the pipe, which stay there."""
        import termios

        return int.from_bytes(fcntl.ioctl(self._read_fd, termios.FIONREAD, bytes(4)), "little")

    def add(self, count: int) -> None:
        """Put so many new tokens in; below zero, take that many out."""
        for _ in range(count):
            self._write(TOKEN)
        for _ in range(-count):
            if self.take():
                self._tokens.pop()

    def close(self) -> None:
        super().close()
        remove_folder(self.folder)


def remove_folder(folder: str) -> None:
    """The folder of a pool, with its pipe; nothing where it is gone, or holds something else."""
    for remove, path in ((os.unlink, os.path.join(folder, FIFO_NAME)), (os.rmdir, folder)):
        try:
            remove(path)
        except OSError:
            pass


def descriptors(fifo: str) -> tuple[int, int]:
    """New descriptors of a named pipe for one command: blocking, inherited by what is started now, to be closed then. Raises OSError."""
    reading = _for_a_command(os.open(fifo, os.O_RDONLY | os.O_NONBLOCK))
    try:
        writing = _for_a_command(os.open(fifo, os.O_WRONLY))
    except OSError:
        os.close(reading)
        raise
    os.set_blocking(reading, True)
    return reading, writing


def _for_a_command(fd: int) -> int:
    """The same under a number that may be inherited, and is free in commands. Raises OSError."""
    try:
        return fcntl.fcntl(fd, fcntl.F_DUPFD, LOWEST_FD)
    finally:
        os.close(fd)


def find_above(loop: Loop, environ: Mapping[str, str]) -> tuple[Pool | None, str]:
    """The pool of the make or paratask above us, the nearest one; None where it cannot be had, with what to tell the user."""
    flags = parse_makeflags(environ.get("MAKEFLAGS", ""))
    for said in (flags, parse_makeflags(environ.get(SLOTS_VARIABLE, ""))):
        pool = _open_fifo(loop, said) if said.fifo else _open_inherited(loop, said)
        if pool is not None:
            return pool, ""
    if not flags.auth:
        return None, ""
    return None, "the jobserver of the make above is closed to us, and not used: write `+` before the command in its rule"


def _open_fifo(loop: Loop, flags: MakeFlags) -> Pool | None:
    try:
        read_fd = os.open(flags.fifo, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        if not stat.S_ISFIFO(os.fstat(read_fd).st_mode):
            raise OSError
        write_fd = os.open(flags.fifo, os.O_WRONLY | os.O_NONBLOCK)
    except OSError:
        os.close(read_fd)
        return None
    return Pool(loop, read_fd=read_fd, write_fd=write_fd, jobs=flags.jobs or 1, fifo=flags.fifo)


def _open_inherited(loop: Loop, flags: MakeFlags) -> Pool | None:
    if flags.fds is None or not _are_ends_of_an_inherited_pipe(*flags.fds):
        return None
    reading, writing = flags.fds
    try:
        read_fd = os.open(f"/proc/self/fd/{reading}", os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        read_fd = -1
    write_fd = fcntl.fcntl(writing, fcntl.F_DUPFD_CLOEXEC, 0)
    return Pool(loop, read_fd=read_fd, write_fd=write_fd, jobs=flags.jobs or 1, fds=flags.fds)


def _are_ends_of_an_inherited_pipe(reading: int, writing: int) -> bool:
    """Whether they are what make handed down: what we opened since then may have got the same numbers, and is not inheritable."""
    try:
        same = sys.platform != "linux" or os.path.sameopenfile(reading, writing)  # elsewhere each end has a number of its own
        pipes = all(stat.S_ISFIFO(os.fstat(fd).st_mode) for fd in (reading, writing))
        modes = [fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_ACCMODE for fd in (reading, writing)]
        inherited = os.get_inheritable(reading) and os.get_inheritable(writing)
    except (OSError, ValueError, OverflowError):
        return False
    return same and pipes and inherited and modes[0] != os.O_WRONLY and modes[1] != os.O_RDONLY
