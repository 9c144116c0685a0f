"""Taskfiles in git repositories: each repository is cloned once a run, into a folder that is removed at its end. go-task: GitNode.

Unlike task, nothing lies in a folder whose name others can guess, and nothing outside the repository is read through it. Whoever
runs the git program is behind `Git`.
"""

from __future__ import annotations

import os

from paratask.errors import TaskfileReadError
from paratask.taskfile.reader import read_bytes, taskfile_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from paratask.remote.addresses import GitAddress

    class Git(Protocol):
        """Runs git."""

        def clone(self, repository: str, ref: str, folder: str, timeout_seconds: float) -> str:
            """Put the newest state of `ref` (empty: the default branch) into the new `folder`. What went wrong, or an empty text.

            Raises TimeoutError.
            """


class Checkouts:
    """The repositories of this run. `close` removes them."""

    def __init__(self, git: Git) -> None:
        self._git = git
        self._folder = ""
        self._cloned: dict[str, str] = {}

    def read(self, address: GitAddress, timeout_seconds: float) -> bytes:
        """Raises TaskfileReadError, TaskfileSyntaxError, TimeoutError."""
        root = self._cloned.get(address.clone_name) or self._clone(address, timeout_seconds)
        found = taskfile_at(os.path.join(root, address.path.lstrip("/")))
        if found is None or not os.path.realpath(found).startswith(os.path.realpath(root) + os.sep):
            raise TaskfileReadError(f"no Taskfile in the repository at `{address.location}`")
        return read_bytes(found)

    def _clone(self, address: GitAddress, timeout_seconds: float) -> str:
        if not self._folder:
            import tempfile

            self._folder = tempfile.mkdtemp(prefix="paratask-git-")
        folder = os.path.join(self._folder, str(len(self._cloned)))
        trouble = self._git.clone(address.repository, address.ref, folder, timeout_seconds)
        if trouble:
            trouble = trouble.replace(address.repository, address.location)  # there may be a password in it
            raise TaskfileReadError(f"`{address.location}` cannot be cloned: {trouble}")
        self._cloned[address.clone_name] = folder
        return folder

    def close(self) -> None:
        if self._folder:
            import shutil

            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = ""
            self._cloned.clear()
