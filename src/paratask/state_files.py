"""Files of our own state (below `.paratask` and `.task`): how they are opened, read, locked and replaced.

A checkout can bring a state folder of its own, and other programs write there too. So only a plain file counts, and anything else is as
good as missing: a symbolic link leads to a file that is not ours, a named pipe keeps its reader waiting, and a device may have no end.

A run shows that it is alive by locks, which the kernel gives up with the process, however that ends. There are two kinds. POSIX's
(`os.lockf`) belongs to the process, so no child keeps it; but it is lost when the process closes any descriptor of the file, be it one
that a library or a reporter opened to read it. A lock of the open file, which Linux and macOS have, is kept until that very file is
closed; but it needs a module that not every Python has, and that takes as long to load as a process takes to start. So a run takes
POSIX's at once, and the other one beside it once it has lasted a while. Knows nothing of what is in the files.
"""

from __future__ import annotations

import errno
import json
import os
import stat
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

MOST_BYTES = 1 << 29
SAFE = os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
NOT_PLAIN = (errno.ELOOP, errno.ENXIO, errno.EMLINK, errno.ENAMETOOLONG)
"""What systems say of links, pipes and sockets that are opened so; and of names that are too long to be ours."""

LEFT_ALONE = {".prettierrc": '{"rangeEnd": 0}\n', ".gitignore": "*\n"}
"""What says of our state that it is none of the project's. Prettier reads no .gitignore but that of the folder it is started in; so it is
to format the first 0 characters of each file, and `prettier --check .` passes after a run as before it.
"""

HELD_BYTES = 1
"""The first byte of a file is for the lock of the open file, the rest for POSIX's: the two exclude each other even within one process."""


def open_plain(path: str, *, writable: bool = False) -> int:
    """A descriptor of a plain file, at its beginning. Raises FileNotFoundError where there is none, and other OSErrors."""
    try:
        fd = os.open(path, SAFE | (os.O_RDWR if writable else os.O_RDONLY))
    except OSError as error:
        if error.errno in NOT_PLAIN:
            raise _not_there(path) from None
        raise
    if stat.S_ISREG(os.fstat(fd).st_mode):
        return fd
    os.close(fd)
    raise _not_there(path)


def open_kept(path: str) -> BinaryIO:
    """A plain file, to be read from its beginning. Raises as open_plain does."""
    return open(open_plain(path), "rb")


def read_kept(path: str) -> bytes:
    """All of a plain file. Raises OSError, also for a file larger than any that we write."""
    with open_kept(path) as file:
        if os.fstat(file.fileno()).st_size > MOST_BYTES:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), path)
        return file.read(MOST_BYTES)


def parse_kept(text: str | bytes) -> object:
    """A JSON document. Bytes that are not UTF-8 are kept (surrogateescape). Raises ValueError where it is not JSON, or nested too deep."""
    try:
        return json.loads(text.decode(errors="surrogateescape") if isinstance(text, bytes) else text)
    except RecursionError:
        raise ValueError("nested too deep") from None


def replace_file(path: str, data: bytes) -> None:
    """Write a whole file in one step: readers see the old content or the new. Raises OSError, and then leaves the old content."""
    temporary = f"{path}.{os.getpid()}.tmp"
    remove_file(temporary)
    try:
        with open(temporary, "xb") as file:  # never through a link of that name, which a checkout may bring
            file.write(data)
        os.replace(temporary, path)
    except OSError as error:
        remove_file(temporary)
        error.filename, error.filename2 = path, None  # nobody knows of the other
        raise


def remove_file(path: str) -> None:
    """Remove a file if it is there and we may."""
    try:
        os.unlink(path)
    except OSError:
        pass


def make_state_folder(state: str, *names: str) -> None:
    """Make a folder inside `state`, the path of `.paratask`, which git and Prettier are told to leave alone. Raises OSError."""
    os.makedirs(os.path.join(state, *names), exist_ok=True)
    if not os.path.lexists(os.path.join(state, ".gitignore")):
        for name, text in LEFT_ALONE.items():
            try:
                with open(os.path.join(state, name), "x", encoding="ascii") as file:
                    file.write(text)
            except FileExistsError:  # another paratask was faster
                pass


def take_lock(fd: int) -> bool:
    """Take POSIX's lock, from where the descriptor stands to the end, unless another process has it. Whether we have it now.

    Raises OSError where files cannot be locked.
    """
    return _lock(fd, os.F_TLOCK)


def is_locked(fd: int) -> bool:
    """Whether another process has such a lock, or any has the file's first byte. Raises OSError where files cannot be locked."""
    return not _lock(fd, os.F_TEST)


def hold(fd: int) -> None:
    """Take the lock of the open file on its first byte, where the system has such locks and nobody else holds it."""
    import fcntl
    import struct

    try:
        how = fcntl.F_OFD_SETLK
    except AttributeError:
        return
    if sys.platform == "darwin":
        request = struct.pack("qqihh", 0, HELD_BYTES, 0, fcntl.F_WRLCK, os.SEEK_SET)
    else:
        request = struct.pack("hhqqi", fcntl.F_WRLCK, os.SEEK_SET, 0, HELD_BYTES, 0)
    try:
        fcntl.fcntl(fd, how, request)
    except OSError:  # a file system without locks
        pass


def _lock(fd: int, how: int) -> bool:
    try:
        os.lockf(fd, how, 0)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _not_there(path: str) -> OSError:
    return FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
