"""The files that say what the tasks are: a watch reads them once, so that it has to be said when they change.

Knows nothing of what is in them; what counts is whether they are other bytes than they were, so that saving a file unchanged is nothing.
"""

from __future__ import annotations

import os

from paratask.errors import TaskfileError
from paratask.taskfile.reader import read_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class Definitions:
    """Files by their absolute paths, as they are when this is made; those that are not there count as well."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._content = {path: _content(path) for path in paths}
        self.names = frozenset(map(os.path.basename, self._content))
        self.folders = frozenset(filter(os.path.isdir, map(os.path.dirname, self._content)))

    def changed(self) -> list[str]:
        """The files that have changed since this was last asked."""
        now = {path: _content(path) for path in self._content}
        found = [path for path, content in now.items() if content != self._content[path]]
        self._content = now
        return found


def _content(path: str) -> bytes | None:
    try:
        return read_bytes(path)
    except TaskfileError:
        return None
