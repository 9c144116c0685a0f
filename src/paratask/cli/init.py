"""`--init`: a Taskfile to begin with. Its names, messages and exit codes are task's; what is in it is our own. go-task: InitTaskfile.

Writes one file, and never over another. Where the folder has workspaces they are what is in it; `--init KIND` is init_kinds.py's.
"""

from __future__ import annotations

import os
import sys

from paratask.cli.setup import painter_for
from paratask.errors import ParataskError, TaskfileExistsError, UsageError
from paratask.scaffolding.example import EXAMPLE
from paratask.taskfile.reader import TASKFILE_NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.cli.options import Typed

USUAL_ENDINGS = (".yml", ".yaml", ".dist")


def init(typed: Typed) -> int:
    """`--init`: write a first Taskfile. The exit code. Raises TaskfileExistsError; UsageError for what is most likely a kind
    with a slip; ParataskError where the file cannot be written.
    """
    from paratask.cli.init_kinds import KINDS, composed, init_kinds, is_kind, nearest_kind

    words = (*typed.calls, *typed.rest)
    if is_kind(words):
        return init_kinds(typed, words)
    name = next(iter(words), "")
    if near := nearest_kind(name):
        help_ = f"did you mean `{near}`? `paratask --init ./{name}` writes a Taskfile of that name"
        raise UsageError(f"--init knows no `{name}`", help=help_)
    path = _target(name)
    content = composed(os.path.dirname(path)) or EXAMPLE
    try:
        with open(path, "x", encoding="utf-8") as file:
            file.write(content)
    except FileExistsError:
        raise _exists(path) from None
    except OSError as error:
        raise ParataskError(f"`{os.path.relpath(path)}` cannot be written: {error.strerror}") from None
    if not typed.flag("silent"):
        paint = painter_for(typed, 1)
        shown = paint("reset", content + "\n") if typed.flag("verbose") else ""
        sys.stdout.write(shown + paint("green", f"Taskfile created: {os.path.relpath(path)}\n"))
        if name in KINDS:
            other = f"`{name}` was taken for the folder; for a Taskfile of that kind, remove this one and use `--init polyglot`"
            sys.stderr.write(f"paratask: {other}\n")
        elif not path.endswith(USUAL_ENDINGS):
            kinds = f"kinds that --init knows: {', '.join(KINDS)}"
            sys.stderr.write(f"paratask: `{os.path.relpath(path)}` was taken for a file's name; {kinds}\n")
    return 0


def _target(name: str) -> str:
    """The file that `name` means: itself, `Taskfile.yml` in a folder, or a `Taskfile` with the ending that alone was named."""
    folder, base = os.path.split(name)
    if base.startswith(".") and base.count(".") == 1 and base != ".":
        name = os.path.join(folder, f"Taskfile{base}")
    path = os.path.abspath(name)
    if not os.path.isdir(path):
        return path
    for known in TASKFILE_NAMES:
        if os.path.exists(os.path.join(path, known)):
            raise _exists(os.path.join(path, known))
    return os.path.join(path, TASKFILE_NAMES[0])


def _exists(path: str) -> TaskfileExistsError:
    return TaskfileExistsError(
        f"there is a Taskfile already: `{os.path.relpath(path)}`",
        help="`paratask --init paratask.toml` writes settings beside it",
    )
