"""Where copies lie: a folder for one proof, made where there is room, and removed whatever the runs did to it.

Knows nothing of what is copied.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from contextlib import suppress

from paratask.amounts import shown_bytes
from paratask.errors import VerificationError
from paratask.proving.copying import clone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

COPIES = 3
"""How many there are at once: the original as it was, that of the first run, and the one that runs."""
RESERVE_BYTES = 16 << 20
HOLDER_PREFIX = "paratask-verify-"


def measure(folders: Sequence[str], left_out: frozenset[str]) -> tuple[int, int, str]:
    """How much `folders` take on disk, in how many files; and a file of them that is not empty, or an empty text."""
    total = count = 0
    sample = ""
    for folder in folders:
        for above, names, files in os.walk(folder):
            names[:] = [name for name in names if os.path.join(above, name) not in left_out]
            for path in (os.path.join(above, name) for name in files):
                try:
                    found = os.lstat(path)
                except OSError:
                    continue
                total += found.st_blocks * 512
                count += 1
                if not sample and stat.S_ISREG(found.st_mode) and found.st_size and os.access(path, os.R_OK):
                    sample = path
    return total, count, sample


def _places(environ: Mapping[str, str]) -> list[str]:
    asked = environ.get("TMPDIR", "")
    if asked:
        return [asked]
    try:
        usual = tempfile.gettempdir()
    except FileNotFoundError:  # nobody may write into any
        return ["/tmp"]  # noqa: S108 - making one there says why
    return [place for place in (usual, "/var/tmp") if os.path.isdir(place)]  # noqa: S108


def holders(environ: Mapping[str, str]) -> Iterator[str]:
    """Our folders for copies that are there: of proofs that go on, or were killed."""
    for place in map(os.path.realpath, _places(environ)):
        try:
            entries = list(os.scandir(place))
        except OSError:
            continue
        yield from (entry.path for entry in entries if entry.name.startswith(HOLDER_PREFIX) and _is_our_folder(entry))


def _is_our_folder(entry: os.DirEntry[str]) -> bool:
    return entry.is_dir(follow_symlinks=False) and entry.stat(follow_symlinks=False).st_uid == os.geteuid()


def make_holder(environ: Mapping[str, str], checkout: str, needed_bytes: int, sample: str) -> str:
    """A new folder for the copies: below TMPDIR, else in the usual places, the checkout's file system first.

    Raises VerificationError where it does not fit.
    """
    places = _places(environ)
    places.sort(key=lambda place: _device(place) != _device(checkout))
    for place in map(os.path.realpath, places):
        if place == checkout or place.startswith(checkout + "/"):
            message = f"the folder for copies, {place}, lies in the checkout"
            raise VerificationError(message, help="TMPDIR=/another/folder paratask --verify …")
        try:
            holder = tempfile.mkdtemp(prefix=HOLDER_PREFIX, dir=place)
        except OSError as error:
            raise VerificationError(f"cannot make copies in {place}: {(error.strerror or '').lower()}") from None
        if _fits(holder, needed_bytes) or _clones(sample, holder):
            return holder
        os.rmdir(holder)
    room = shown_bytes(_free_bytes(places[-1]), none="nothing")
    need = f"the copies need {shown_bytes(needed_bytes + RESERVE_BYTES)}, and {places[-1]} has {room} left"
    raise VerificationError(need, help="TMPDIR=/folder/with/room paratask --verify …")


def _device(path: str) -> int:
    try:
        return os.stat(path).st_dev
    except OSError:
        return -1


def _fits(folder: str, needed_bytes: int) -> bool:
    return _free_bytes(folder) >= needed_bytes + RESERVE_BYTES


def _free_bytes(folder: str) -> int:
    return shutil.disk_usage(folder).free


def _clones(sample: str, folder: str) -> bool:
    """Whether files of the checkout can share blocks with copies in `folder`, so that copies take no room."""
    if not sample or _device(sample) != _device(folder):
        return False
    target = os.path.join(folder, "probe")
    try:
        with open(sample, "rb") as old, open(target, "wb") as new:
            clone(old.fileno(), new.fileno())
        return True
    except OSError:
        return False
    finally:
        os.unlink(target)


def remove_holder(holder: str, kept: str, warn: Callable[[str], None]) -> None:
    """Remove one of our folders. What it has of the name `kept` goes last: by that whoever comes after us knows it for ours, were we killed."""
    for name in os.listdir(holder) if os.path.isdir(holder) else ():
        if name != kept:
            remove(os.path.join(holder, name), warn)
    remove(holder, warn)


def remove(folder: str, warn: Callable[[str], None]) -> None:
    """Remove a tree, folders that may not be written as well; symbolic links are not followed."""
    try:
        shutil.rmtree(folder)
        return
    except FileNotFoundError:
        return
    except OSError:
        _give_access(folder)
        for above, inner, _ in os.walk(folder):
            for name in inner:  # before it is gone into
                _give_access(os.path.join(above, name))
    try:
        shutil.rmtree(folder)
    except OSError as error:
        warn(f"{folder} could not be removed: {error.strerror}: {error.filename}")


def _give_access(folder: str) -> None:
    with suppress(OSError):
        if not os.path.islink(folder):
            os.chmod(folder, 0o700)
