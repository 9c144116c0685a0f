"""Files of the state folder read as somebody else may have left them: a checkout can bring its own, and programs write there, too.

What is no plain file is as if it were not there: a named pipe would be waited for, a device has no end, and a symbolic link leads to
what is no record of ours. Knows nothing of what is in them.
"""

from __future__ import annotations

import errno
import json
import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

MOST_BYTES = 1 << 29
OPENING = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


def open_kept(path: str) -> BinaryIO:
    """To be read from its beginning. Raises FileNotFoundError where there is no plain file, and OSError."""
    try:
        fd = os.open(path, OPENING)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO, errno.EMLINK, errno.ENAMETOOLONG):
            raise _not_there(path) from None
        raise
    if stat.S_ISREG(os.fstat(fd).st_mode):
        return open(fd, "rb")
    os.close(fd)
    raise _not_there(path)


def read_kept(path: str) -> bytes:
    """All of it. Raises OSError, also where it is larger than any that we write."""
    with open_kept(path) as file:
        if os.fstat(file.fileno()).st_size > MOST_BYTES:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), path)
        return file.read(MOST_BYTES)


def parse_kept(text: str | bytes) -> object:
    """JSON. Bytes that are no text are what they were (surrogateescape). Raises ValueError for what is none, or too deep to be one of ours."""
    try:
        return json.loads(text.decode(errors="surrogateescape") if isinstance(text, bytes) else text)
    except RecursionError:
        raise ValueError("nested too deep") from None


def _not_there(path: str) -> OSError:
    return FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
