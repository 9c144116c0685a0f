"""Which files git would ignore, for `use_gitignore`. go-task: fingerprint.filterGitignored.

The `.gitignore` of every folder from the repository's root down to a file counts, the deeper one more; what is below an ignored folder
stays ignored. Matching is pathspec's. Global excludes and `.git/info/exclude` do not count, as in go-task.
"""

from __future__ import annotations

import os
import posixpath

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pathspec import GitIgnoreSpec


def without_ignored(paths: Iterable[str], folder: str) -> list[str]:
    """`paths` (absolute) less those that git ignores; all of them where `folder` is in no repository."""
    root = _repository_root(folder)
    if root is None:
        return list(paths)
    rules = _Rules(root)
    return [path for path in paths if not rules.ignore(path)]


def _repository_root(folder: str) -> str | None:
    while not os.path.lexists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent
    return folder


class _Rules:
    """The repository's rules, read as they are needed."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._specs: dict[str, GitIgnoreSpec | None] = {}
        self._ignored_folders: dict[str, bool] = {"": False}

    def ignore(self, path: str) -> bool:
        relative = posixpath.relpath(path, self._root)
        if relative == ".." or relative.startswith("../"):
            return False
        return self._folder_is_ignored(posixpath.dirname(relative)) or self._decide(relative, "")

    def _folder_is_ignored(self, folder: str) -> bool:
        known = self._ignored_folders.get(folder)
        if known is None:
            known = self._folder_is_ignored(posixpath.dirname(folder)) or self._decide(folder, "/")
            self._ignored_folders[folder] = known
        return known

    def _decide(self, relative: str, end: str) -> bool:
        """What the deepest rule about this file, or folder (`end` is a slash), says."""
        for folder in _folders_above(relative):
            spec = self._spec(folder)
            if spec is not None:
                include = spec.check_file(relative[len(folder) + 1 if folder else 0 :] + end).include
                if include is not None:
                    return include
        return False

    def _spec(self, folder: str) -> GitIgnoreSpec | None:
        if folder not in self._specs:
            self._specs[folder] = _read_spec(os.path.join(self._root, folder, ".gitignore"))
        return self._specs[folder]


def _folders_above(relative: str) -> Iterator[str]:
    """The folders that a relative path is in, the deepest first; the root is empty."""
    while relative:
        relative = posixpath.dirname(relative)
        yield relative


def _read_spec(path: str) -> GitIgnoreSpec | None:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            lines = file.read().splitlines()
    except OSError:
        return None
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(lines)
