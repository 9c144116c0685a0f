"""`--install-hooks` and `--uninstall-hooks`: git's pre-commit and pre-push run a task. A hook that is not ours is never touched."""

from __future__ import annotations

import os
import sys

from paratask.cli.setup import current_folder, make_workbench
from paratask.errors import ParataskError
from paratask.execution.git import ask_git
from paratask.scaffolding.hook_text import EVENTS, MARK, render_hook

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from paratask.cli.options import Typed
    from paratask.execution.workbench import Workbench

USUAL = ("check", "lint", "test", "default")
"""What a hook runs where nobody says what: the task of its own name, else the first one of these."""


def hooks_command(typed: Typed) -> int:
    """Whichever of the two was asked for: the exit code. Raises ParataskError."""
    return uninstall_hooks(typed) if typed.flag("uninstall_hooks") else install_hooks(typed)


def install_hooks(typed: Typed) -> int:
    """Writes both, or none. Raises ParataskError where there is no repository, no such task, or another one's hook."""
    bench = make_workbench(typed)
    root = bench.project.root_dir
    hooks = _hooks_folder(root, bench.environ)
    top = ask_git(["rev-parse", "--show-toplevel"], root, bench.environ)
    folder = os.path.relpath(os.path.realpath(root), os.path.realpath(top))
    taskfile = os.path.basename(bench.taskfile.file) if typed.text("taskfile") else ""
    texts: dict[str, tuple[str, str]] = {}
    for event in EVENTS:
        task = _task(typed, bench, event)
        path = os.path.join(hooks, event)
        if os.path.lexists(path) and not _is_ours(path):
            raise ParataskError(
                f"there is a {event} hook already that paratask did not write: `{_shown(path)}`",
                help=f"nothing was changed; put `paratask {task}` into it, or move it away",
            )
        texts[path] = task, render_hook(event, task=task, folder=folder, program=_program(), taskfile=taskfile)
    for path, (task, text) in texts.items():
        _write(path, text)
        sys.stdout.write(f"paratask: `{_shown(path)}` runs `{task}`\n")
    return 0


def uninstall_hooks(typed: Typed) -> int:
    """Removes ours, and says which are left alone. Raises ParataskError."""
    environ = dict(os.environ)
    hooks = _hooks_folder(os.path.join(current_folder(environ), typed.text("dir")), environ)
    for event in EVENTS:
        path = os.path.join(hooks, event)
        if not os.path.lexists(path):
            continue
        if _is_ours(path):
            os.unlink(path)
            sys.stdout.write(f"paratask: `{_shown(path)}` is removed\n")
        else:
            sys.stdout.write(f"paratask: `{_shown(path)}` is not paratask's, and stays\n")
    return 0


def _hooks_folder(folder: str, environ: Mapping[str, str]) -> str:
    """Where git looks for them: `core.hooksPath` counts."""
    return os.path.join(folder, ask_git(["rev-parse", "--git-path", "hooks"], folder, environ))


def _task(typed: Typed, bench: Workbench, event: str) -> str:
    """Raises TaskNotFoundError."""
    if typed.calls:
        bench.index.find(typed.calls[0])
        return typed.calls[0]
    return next((name for name in (event, *USUAL) if name in bench.taskfile.tasks), "default")


def _is_ours(path: str) -> bool:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return MARK in file.read()
    except OSError:
        return False


def _program() -> str:
    """Of the environment that we run in, which a commit from an editor need not have on its PATH."""
    return os.path.join(os.path.dirname(sys.executable), "paratask")


def _write(path: str, text: str) -> None:
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
            os.fchmod(file.fileno(), 0o755)
    except OSError as error:
        raise ParataskError(f"`{path}` cannot be written: {error.strerror}") from None


def _shown(path: str) -> str:
    return os.path.relpath(path)
