"""A text for a shell that is longer than an argument may be (128 KiB on Linux, MAX_ARG_STRLEN of execve(2)).

go-task runs such a text in its own process. Here the shell reads it from a file without a name, all of it before any of it runs.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@contextmanager
def in_file(argv: Sequence[str], *, closes: bool) -> Iterator[list[str]]:
    """The arguments of a shell whose last one is its text, with the text in a file that it inherits; to be started inside. Raises OSError.

    `closes`: the shell can close that descriptor before it goes on. dash cannot: it knows those below 10 only.
    """
    *first, text = argv
    with tempfile.TemporaryFile() as file:
        number = file.fileno()
        begin = f"exec {number}<&-\n" if closes else ""
        file.write((begin + text).encode(errors="surrogateescape"))
        file.seek(0)
        os.set_inheritable(number, True)
        yield [*first, f". /dev/fd/{number}"]
