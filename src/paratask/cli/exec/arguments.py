"""What stands after `--exec`: the words of a template, and where arguments come from. GNU parallel's manual: `:::`, `::::`, `:::+`.

`::: a b` are arguments, `:::: FILE` has one a line (`-` is stdin); several of them give all combinations, the first one slowest.
With a `+`, the arguments go with those of the source before it, one by one. Without any, stdin has one a line. Knows nothing of templates.
"""

from __future__ import annotations

import os
import sys
from itertools import product

from paratask.errors import UsageError
from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Rows = list[tuple[str, ...]]

SEPARATORS = (":::", ":::+", "::::", "::::+")
STDIN = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Arguments, or files that have them; `linked` ones go with those of the source before it."""

    words: tuple[str, ...]
    of_files: bool
    linked: bool


def split_words(words: Sequence[str]) -> tuple[tuple[str, ...], list[Source]]:
    """The template's words, and the sources as written. Raises UsageError."""
    marks = [index for index, word in enumerate(words) if word in SEPARATORS]
    if not marks:
        return tuple(words), []
    sources = [
        Source(words=tuple(words[start + 1 : end]), of_files=words[start].startswith("::::"), linked=words[start].endswith("+"))
        for start, end in zip(marks, [*marks[1:], len(words)], strict=True)
    ]
    if sources[0].linked:
        raise UsageError(f"`{words[marks[0]]}` links to nothing", help="begin with `:::`")
    return tuple(words[: marks[0]]), sources


def read_arguments(sources: Sequence[Source], *, separator: bytes) -> Rows:
    """The arguments of each line, in order. Files and stdin are read whole; `separator` ends each argument there. Raises UsageError."""
    if not sources:
        return [(argument,) for argument in _read(STDIN, separator)]
    groups: list[Rows] = []
    for source in sources:
        for values in _values(source, separator):
            if source.linked:
                groups[-1] = _linked(groups[-1], values)
            else:
                groups.append([(value,) for value in values])
    return [tuple(value for row in rows for value in row) for rows in product(*groups)]


def _values(source: Source, separator: bytes) -> Iterator[Sequence[str]]:
    """Words are one list of values; each file is one. Without any, there is one list of nothing."""
    if not source.of_files or not source.words:
        yield source.words
        return
    for path in source.words:
        yield _read(path, separator)


def _linked(rows: Rows, values: Sequence[str]) -> Rows:
    """As many as the shorter of the two has."""
    return [(*row, value) for row, value in zip(rows, values, strict=False)]


def _read(path: str, separator: bytes) -> list[str]:
    if path == STDIN:
        if os.isatty(0):
            sys.stderr.write("paratask: arguments are read from the terminal, one a line; Ctrl-D ends them\n")
        data = sys.stdin.buffer.read()
    else:
        try:
            with open(path, "rb") as file:
                data = file.read()
        except OSError as error:
            raise UsageError(f"cannot read arguments from `{path}`: {error.strerror}") from None
    if separator != b"\0" and b"\0" in data:
        where = "stdin" if path == STDIN else f"`{path}`"
        raise UsageError(
            f"an argument of {where} has a NUL byte, which no command can be given", help="-0 ends each argument there"
        )
    pieces = data.split(separator)
    if not pieces[-1]:
        pieces.pop()
    return [os.fsdecode(piece) for piece in pieces]
