"""`--install-hooks` and `--uninstall-hooks`: git's pre-commit and pre-push run a task. A hook that is not ours is never touched."""

from __future__ import annotations

import os
import sys

from paratask.cli.setup import current_folder, make_workbench
from paratask.errors import ParataskError, TaskInternalError, UsageError
from paratask.processes.git import ask_git
from paratask.scaffolding.hook_text import EVENTS, MARK, manager_of, place_of, render_hook
from paratask.taskfile.project import OWN_NAME
from paratask.taskfile.reader import TASKFILE_NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from paratask.cli.options import Typed
    from paratask.execution.workbench import Workbench

NAMES = (*TASKFILE_NAMES, OWN_NAME)
USUAL = ("check", "lint", "test", "default")
"""What a hook runs where nobody says what: the task of its own name, else the first one of these."""


def hooks_command(typed: Typed) -> int:
    """Whichever of the two was asked for: the exit code. Raises ParataskError."""
    return uninstall_hooks(typed) if typed.flag("uninstall_hooks") else install_hooks(typed)


def install_hooks(typed: Typed) -> int:
    """Writes both, or none. Raises ParataskError where there is no repository, no such task, or another one's hook."""
    bench = make_workbench(typed)
    if not os.path.isfile(bench.taskfile.file):
        raise ParataskError(f"a hook needs a Taskfile that is a file: `--taskfile {typed.text('taskfile')}` is none")
    root = bench.project.root_dir
    hooks = _hooks_folder(root, bench.environ)
    _check_own(hooks, root, bench.environ)
    top = ask_git(["rev-parse", "--show-toplevel"], root, bench.environ)
    folder = os.path.relpath(os.path.realpath(root), os.path.realpath(top))
    taskfile = os.path.relpath(bench.taskfile.file, root) if typed.text("taskfile") else ""
    texts: dict[str, tuple[str, str]] = {}
    for event in EVENTS:
        task = _task(typed, bench, event)
        path = os.path.join(hooks, event)
        if (os.path.lexists(path) and not _is_ours(path)) or manager_of(_slashed(path), ""):
            raise _anothers(event, path, task)
        texts[path] = task, render_hook(event, task=task, folder=folder, program=_program(), names=NAMES, taskfile=taskfile)
    for path, (task, text) in texts.items():
        _write(path, text)
        sys.stdout.write(f"paratask: `{_shown(path)}` runs `{task}`\n")
    return 0


def uninstall_hooks(typed: Typed) -> int:
    """Removes ours, and says which are left alone. Raises ParataskError."""
    environ = dict(os.environ)
    hooks = _hooks_folder(os.path.join(current_folder(environ), typed.text("dir")), environ)
    there = [path for path in (os.path.join(hooks, event) for event in EVENTS) if os.path.lexists(path)]
    for path in there:
        if _is_ours(path):
            os.unlink(path)
            sys.stdout.write(f"paratask: `{_shown(path)}` is removed\n")
        else:
            sys.stdout.write(f"paratask: `{_shown(path)}` is not paratask's, and stays\n")
    if not there:
        sys.stdout.write(f"paratask: there are no hooks in `{_shown(hooks)}` to be removed\n")
    return 0


def _hooks_folder(folder: str, environ: Mapping[str, str]) -> str:
    """The folder in which git looks for hooks, `core.hooksPath` included. Asks for one of them: an empty path means `/` for these alone."""
    try:
        named = ask_git(["rev-parse", "--git-path", f"hooks/{EVENTS[0]}"], folder, environ)
    except ParataskError as error:
        if "not a git repository" not in error.message:
            raise
        raise ParataskError("hooks are git's, and this is no git repository", help="`git init` makes one") from None
    return os.path.join(folder, os.path.dirname(named))


def _check_own(hooks: str, root: str, environ: Mapping[str, str]) -> None:
    """A folder that other repositories share is no place for a hook of this one. Raises ParataskError."""
    own = (ask_git(["rev-parse", word], root, environ) for word in ("--git-common-dir", "--show-toplevel"))
    if not any(_is_below(hooks, os.path.join(root, folder)) for folder in own):
        raise ParataskError(
            f"git looks for hooks in `{_shown(hooks)}` (core.hooksPath), which is not this repository's alone",
            help="`git config --local core.hooksPath .githooks` gives it a folder of its own",
        )


def _is_below(path: str, folder: str) -> bool:
    path, folder = os.path.realpath(path), os.path.realpath(folder)
    return os.path.commonpath((path, folder)) == folder


def _anothers(event: str, path: str, task: str) -> ParataskError:
    manager = manager_of(_slashed(path), _text_of(path))
    if manager:
        return ParataskError(
            f"{manager} looks after the {event} hook: `{_shown(path)}`",
            help=f"nothing was changed; put `paratask {task}` into {place_of(manager, event)}",
        )
    return ParataskError(
        f"there is a {event} hook already that paratask did not write: `{_shown(path)}`",
        help=f"nothing was changed; put `paratask {task}` into it, or move it away",
    )


def _task(typed: Typed, bench: Workbench, event: str) -> str:
    """The task that the hook of this event is to run. Raises UsageError and TaskError."""
    if len(typed.calls) > 1:
        raise UsageError(
            "a hook runs one task", help=f"write one that calls {' and '.join(f'`{name}`' for name in typed.calls)}"
        )
    named = typed.calls[0] if typed.calls else next((name for name in (event, *USUAL) if name in bench.taskfile.tasks), "")
    if not named:
        known = ", ".join(f"`{name}`" for name in (event, *USUAL))
        raise UsageError(
            f"there is none of the tasks that a hook runs where none is named: {known}", help="`paratask --install-hooks TASK`"
        )
    task = bench.index.find(named).task
    if task.internal:
        raise TaskInternalError(f"task `{named}` is internal", task=named, position=task.position)
    return named


def _slashed(path: str) -> str:
    return path.replace(os.sep, "/")


def _is_ours(path: str) -> bool:
    return MARK in _text_of(path)


def _text_of(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def _program() -> str:
    """The paratask to call from a hook: that of the environment we run in, since a commit from an editor need not have it on
    its PATH.
    """
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
    relative = os.path.relpath(path)
    return relative if len(relative) < len(path) else path
