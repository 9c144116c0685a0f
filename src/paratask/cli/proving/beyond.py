"""What a verification would not find in its copies: files and folders that a Taskfile names by a relative path which leads out of what is copied.

An absolute path leads to the same place from everywhere, so it does no harm, and an absolute link neither: links are not followed here. Of
includes those of the root Taskfile are looked at.
"""

from __future__ import annotations

import os

from paratask.errors import VerificationError
from paratask.taskfile.paths import is_address

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from paratask.errors import Position
    from paratask.proving.checkout import Checkout
    from paratask.taskfile.model import Include, Task
    from paratask.taskfile.project import Project


def check_within(project: Project, folders: Iterable[tuple[Task, str]], checkout: Checkout) -> None:
    """`folders` has the tasks that will run, each with the folder it runs in. Raises VerificationError."""
    root = project.root_dir
    includes = [include for include in project.taskfile.includes if os.path.dirname(include.position.file) == root]
    for what, path, position in (*_taskfiles(includes, root), *_folders(folders, includes, root)):
        named = os.path.normpath(os.path.join(os.path.realpath(root), os.path.relpath(path, root)))
        if not any(_is_inside(named, folder) for folder in checkout.folders):
            raise VerificationError(
                f"{what} lies outside of {checkout.top}, which is what is copied: the copies would not have it",
                position=position,
                help="of a git repository all is copied: `git init` in a folder above both; or name it by an absolute path",
            )


def _taskfiles(includes: Iterable[Include], root: str) -> Iterator[tuple[str, str, Position]]:
    for include in includes:
        if _is_relative(include.taskfile):
            path = os.path.join(root, include.taskfile)
            if not include.optional or os.path.exists(path):
                yield f"`{include.taskfile}`", path, include.position


def _folders(
    folders: Iterable[tuple[Task, str]], includes: Iterable[Include], root: str
) -> Iterator[tuple[str, str, Position]]:
    placed = [os.path.join(root, include.dir) for include in includes if include.dir and _is_relative(include.dir)]
    for task, folder in folders:
        if _is_relative(task.dir) or any(_is_inside(folder, os.path.normpath(each)) for each in placed):
            yield f"the folder of `{task.name}`, {folder},", folder, task.position


def _is_relative(written: str) -> bool:
    return not written.startswith(("/", "~", "$", "{{")) and not is_address(written)


def _is_inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")
