"""What a checkout is made of: which folders have to be copied so that tasks and git work in the copies and write nowhere else.

With git that is the whole working tree around the Taskfile, and, where `.git` is a file (worktrees, submodules), the folders that it
leads to. The copies lie to each other as the originals do, so that relative paths between them hold; absolute ones are rewritten
(relocating.py). Knows nothing of tasks. git: gitrepository-layout(5), git-worktree(1).
"""

from __future__ import annotations

import os

from paratask.frozen import dataclass
from paratask.proving.copying import Move

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

POINTER = "gitdir:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """`top` is the folder that is copied as a whole; `git_folders` are git's outside of it. Real, absolute paths."""

    top: str
    git_folders: tuple[str, ...] = ()

    @property
    def folders(self) -> tuple[str, ...]:
        return (self.top, *self.git_folders)

    def moves(self, holder: str) -> tuple[Move, ...]:
        """The places of all folders in `holder`, the checkout's first."""
        above = os.path.commonpath([os.path.dirname(folder) for folder in self.folders])
        return tuple(
            Move(source=folder, target=os.path.join(holder, os.path.relpath(folder, above))) for folder in self.folders
        )


def find_checkout(root: str, home: str) -> Checkout:
    """The checkout of the project in `root`. One that is the whole home folder, or the whole disk, does not count."""
    root = os.path.realpath(root)
    top = _git_top(root)
    if not top or top in ("/", os.path.realpath(home or "/")):
        return Checkout(top=root)
    outside = [folder for folder in git_folders(top) if not _inside(folder, top)]
    return Checkout(top=top, git_folders=tuple(f for f in outside if not any(f != o and _inside(f, o) for o in outside)))


def git_folders(top: str) -> tuple[str, ...]:
    """The git folder of a working tree, and the one that it shares with other worktrees."""
    folder = _pointed_to(os.path.join(top, ".git"))
    if not folder:
        return ()
    shared = _read(os.path.join(folder, "commondir"))
    found = [folder, os.path.realpath(os.path.join(folder, shared))] if shared else [folder]
    return tuple(dict.fromkeys(found))


def _git_top(folder: str) -> str:
    while True:
        git = os.path.join(folder, ".git")
        if os.path.exists(os.path.join(git, "HEAD")) or _pointed_to(git):
            return folder
        if os.path.dirname(folder) == folder:
            return ""
        folder = os.path.dirname(folder)


def _pointed_to(git: str) -> str:
    """Where a `.git` file leads; empty where there is none, or nothing at its end."""
    text = _read(git) if os.path.isfile(git) else ""
    folder = os.path.join(os.path.dirname(git), text[len(POINTER) :].strip()) if text.startswith(POINTER) else ""
    return os.path.realpath(folder) if folder and os.path.isdir(folder) else ""


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return file.read(1 << 16).strip()
    except OSError:
        return ""


def _inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def names_of(folder: str, seen_from: str) -> Sequence[str]:
    """The names of a real folder: its own, and the one by which `seen_from` (a path with symbolic links) lies in it, if another."""
    path = seen_from
    while os.path.realpath(path) != folder:
        if os.path.dirname(path) == path:
            return (folder,)
        path = os.path.dirname(path)
    return tuple(dict.fromkeys((folder, path)))
