"""A command that the system refuses as too long: its text (128 KiB on Linux, MAX_ARG_STRLEN of execve(2)), a variable, or all of them.

go-task runs the text in its own process, and hands long variables to nobody but its builtins. Here the shell reads both from a
file without a name, all of it before any of it runs; a program that it then starts is refused, as one of go-task is.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import IO

LONG_VALUE = 4096


@contextmanager
def in_file(
    argv: Sequence[str], environment: Mapping[str, str], *, closes: bool
) -> Iterator[tuple[list[str], Mapping[str, str]]]:
    """The arguments of a shell whose last one is its text, and its environment, with what is long of both in a file that it inherits.

    To be started inside. `closes`: the shell can close that descriptor before it goes on. dash cannot: it knows those below 10
    only. Raises OSError.
    """
    *first, text = argv
    long = {name: value for name, value in environment.items() if len(value) > LONG_VALUE and _is_identifier(name)}
    with _nameless() as file:
        number = file.fileno()
        begin = [f"exec {number}<&-"] if closes else []
        if long:
            exports = " ".join(f"{name}={_quoted(value)}" for name, value in long.items())
            begin.append(f"{{ export {exports}; }} 2>/dev/null")  # `set -x` would show them
        file.write("; ".join((*begin, text)).encode(errors="surrogateescape"))
        file.seek(0)
        os.set_inheritable(number, True)
        short = {name: value for name, value in environment.items() if name not in long} if long else environment
        yield [*first, f". /dev/fd/{number}"], short


def _nameless() -> IO[bytes]:
    """On Linux in memory: in a container all of the disk may be read-only."""
    if sys.platform == "linux":
        return open(os.memfd_create("text"), "w+b")
    import tempfile

    return tempfile.TemporaryFile()


def _is_identifier(name: str) -> bool:
    return name.isascii() and name.isidentifier()


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "'\\''") + "'"
