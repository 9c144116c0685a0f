"""Copies trees so that writing to the copy can never reach the original. See "Proof" in docs/design.md.

A file shares its blocks with the original where the file system can do that (a reflink: whoever writes gets blocks of their own);
elsewhere its bytes are copied, and holes stay holes. Never a hard link: who appends to one, or changes its mode, changes both.
Symbolic links stay what they are; those that name a copied folder by an absolute path name the copy. Modes and times are kept.
Knows nothing of git and tasks.
"""

from __future__ import annotations

import errno
import os
import stat

from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

FICLONE = 0x40049409
CHUNK = 1 << 26
NOTED = frozenset((".git", "pyvenv.cfg"))
CANNOT = frozenset((errno.EOPNOTSUPP, errno.EXDEV, errno.EINVAL, errno.ENOTTY, errno.ENOSYS, errno.EPERM, errno.ETXTBSY))


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A folder, and the place of its copy; both absolute, real paths."""

    source: str
    target: str


def moved(path: str, moves: Sequence[Move]) -> str:
    """`path` as it is called in the copies; unchanged where it is in none of the folders."""
    for move in moves:
        if path == move.source or path.startswith(move.source.rstrip("/") + "/"):
            return move.target + path[len(move.source.rstrip("/")) :]
    return path


class Copier:
    """Copies folders. `left_out` are absolute paths that are not copied; `warn` hears of what cannot be.

    `links` are the moves by which absolute symbolic links are changed.
    """

    def __init__(self, *, links: Sequence[Move], left_out: frozenset[str], warn: Callable[[str], None]) -> None:
        self._links = links
        self._left_out = left_out
        self._warn = warn
        self._device_clones: dict[int, bool] = {}
        self.noted: list[str] = []
        """Copies of files whose content may name the folder: git's pointers, virtual environments."""

    def copy(self, move: Move) -> None:
        """Copy a folder with all below it; its parents are made. Raises OSError where the target cannot be written."""
        os.makedirs(os.path.dirname(move.target), exist_ok=True)
        self._folder(move.source, move.target)

    def _folder(self, source: str, target: str) -> None:
        """Deep trees must not exhaust the stack: a list of what is open takes the place of recursion."""
        made: list[tuple[str, os.stat_result]] = []
        waiting = [(source, target)]
        while waiting:
            folder, copy = waiting.pop()
            os.mkdir(copy, 0o700)
            made.append((copy, os.stat(folder)))
            try:
                entries = list(os.scandir(folder))
            except OSError as error:
                self._warn(f"not copied: {folder}: {error.strerror}")
                continue
            for entry in entries:
                if entry.path in self._left_out:
                    continue
                beside = os.path.join(copy, entry.name)
                if entry.name in NOTED:
                    self.noted.append(beside)
                if entry.is_dir(follow_symlinks=False):
                    waiting.append((entry.path, beside))
                else:
                    self._leaf(entry.path, beside)
        for copy, was in reversed(made):
            self._keep_owner(copy, was)
            os.chmod(copy, stat.S_IMODE(was.st_mode))
            os.utime(copy, ns=(was.st_atime_ns, was.st_mtime_ns))

    def _leaf(self, source: str, target: str) -> None:
        try:
            was = os.lstat(source)
            if stat.S_ISLNK(was.st_mode):
                self._link(source, target, was)
            elif stat.S_ISREG(was.st_mode):
                self._file(source, target)
            else:
                self._warn(f"not copied: {source} is a {_kind(was.st_mode)}")
        except FileNotFoundError:
            return  # gone since it was listed
        except PermissionError as error:
            self._warn(f"not copied: {source}: {error.strerror}")

    def _link(self, source: str, target: str, was: os.stat_result) -> None:
        leads = os.readlink(source)
        os.symlink(moved(leads, self._links) if leads.startswith("/") else leads, target)
        self._keep_owner(target, was)
        os.utime(target, ns=(was.st_atime_ns, was.st_mtime_ns), follow_symlinks=False)

    def _file(self, source: str, target: str) -> None:
        old = os.open(source, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            was = os.fstat(old)
            new = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            try:
                if was.st_size and not self._clone(old, new, was.st_dev):
                    copy_bytes(old, new, was)
                self._keep_owner(target, was)
                os.fchmod(new, stat.S_IMODE(was.st_mode))
                os.utime(new, ns=(was.st_atime_ns, was.st_mtime_ns))
            finally:
                os.close(new)
        finally:
            os.close(old)

    def _keep_owner(self, target: str, was: os.stat_result) -> None:
        """Where we may give files away; elsewhere all are ours."""
        if os.geteuid() == 0 and (was.st_uid, was.st_gid) != (0, 0):
            try:
                os.lchown(target, was.st_uid, was.st_gid)
            except OSError:
                pass

    def _clone(self, old: int, new: int, device: int) -> bool:
        """Share blocks, where the file system can; once it could not, it is not asked again for files of that device."""
        if not self._device_clones.get(device, True):
            return False
        try:
            clone(old, new)
            return True
        except OSError as error:
            if error.errno not in CANNOT:
                raise
            self._device_clones[device] = False
            return False


def clone(old: int, new: int) -> None:
    """Make `new` share the blocks of `old`. Raises OSError. Linux: ioctl_ficlone(2)."""
    try:
        import fcntl
    except ImportError:
        raise OSError(errno.ENOSYS, "no reflinks here") from None
    fcntl.ioctl(new, FICLONE, old)


def copy_bytes(old: int, new: int, was: os.stat_result) -> None:
    """All data of one file to another; where it has holes, only what is between them."""
    if was.st_blocks * 512 >= was.st_size:
        _copy_range(old, new, 0, was.st_size)
        return
    for start, end in _data_ranges(old, was.st_size):
        _copy_range(old, new, start, end)
    os.ftruncate(new, was.st_size)


def _data_ranges(descriptor: int, size: int) -> Iterator[tuple[int, int]]:
    position = 0
    while position < size:
        try:
            start = os.lseek(descriptor, position, os.SEEK_DATA)
        except OSError as error:
            if error.errno == errno.ENXIO:  # a hole to the end
                return
            yield position, size
            return
        position = os.lseek(descriptor, start, os.SEEK_HOLE)
        yield start, position


def _copy_range(old: int, new: int, start: int, end: int) -> None:
    try:
        while start < end:
            count = os.copy_file_range(old, new, min(CHUNK, end - start), start, start)
            if not count:
                break
            start += count
    except AttributeError:
        pass
    except OSError as error:
        if error.errno not in CANNOT:
            raise
    while start < end:
        data = os.pread(old, min(1 << 20, end - start), start)
        if not data:
            return
        start += os.pwrite(new, data, start)


def _kind(mode: int) -> str:
    names = ((stat.S_ISFIFO, "named pipe"), (stat.S_ISSOCK, "socket"), (stat.S_ISBLK, "device"), (stat.S_ISCHR, "device"))
    return next((name for test, name in names if test(mode)), "file of an unknown kind")
