"""Our own stdout and stderr under other names (`/dev/stdout`): opened once more, a file would lose what it has."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

NAMES = ("/dev/std", "/dev/fd/", "/proc/self/fd/")


def own_stream(path: str) -> TextIO | None:
    """The one of our own that an absolute path is another name of; None for all other files."""
    if not path.startswith(NAMES):
        return None
    for stream in (sys.stdout, sys.stderr):
        try:
            if os.path.samestat(os.stat(path), os.fstat(stream.fileno())):
                return stream
        except OSError:
            pass
    return None
