"""Words on a terminal: no wider than that, and without the control characters of others where nothing of theirs runs. Loaded only there.

Elsewhere all stays as it is: other programs read that, and `task` does not change it either.
"""

from __future__ import annotations

import io
import shutil
import sys

from paratask.reporting.controls import visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO


def columns(*, otherwise: int) -> int:
    """How wide stdout is, where it is a terminal."""
    return shutil.get_terminal_size((otherwise, 24)).columns if sys.stdout.isatty() else otherwise


def fitted(text: str) -> str:
    """For stdout: with long lines broken, where it is a terminal."""
    if not sys.stdout.isatty():
        return text
    from paratask.reporting.wrapping import wrapped

    return wrapped(text, columns(otherwise=100))


class _Visible(io.TextIOWrapper):
    """What is written as text has its control characters made visible. Bytes go through `buffer` as they are: logs."""

    def write(self, text: str) -> int:
        super().write(visible(text))
        return len(text)


def show_controls() -> None:
    """From here on, make control characters visible in what is written to stdout and stderr, where these are terminals."""
    sys.stdout, sys.stderr = map(_visible, (sys.stdout, sys.stderr))


def _visible(stream: TextIO) -> TextIO:
    if not isinstance(stream, io.TextIOWrapper) or not stream.isatty():
        return stream
    stream.flush()
    encoding, errors, by_line = stream.encoding, stream.errors, stream.line_buffering
    return _Visible(stream.detach(), encoding=encoding, errors=errors, line_buffering=by_line)
