"""Where runs left their records: beside the Taskfile, or, of plain commands where there is none, in the user's own folder.

Looking back needs no Taskfile that can be read, only its place. What it is needed for is aliases.
"""

from __future__ import annotations

import os

from paratask.cli.setup import current_folder, make_workbench, project_folder, shown_from, warn
from paratask.errors import ParataskError, TaskfileError, TaskfileNotFoundError, VariableError, system_words
from paratask.taskfile.project import STATE_FOLDER, root_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from paratask.cli.options import Typed
    from paratask.execution.workbench import Workbench


def find_state(typed: Typed, *, says: bool = True) -> tuple[Workbench | None, str]:
    """The project, if there is one that can be read, and the path of the state folder. Says what is not known where it cannot, if it `says`
    so. Raises TaskfileError, and ParataskError where records are there that we may not read.
    """
    bench, state = _find(typed, says=says)
    try:
        os.scandir(os.path.join(state, "runs")).close()
    except PermissionError as error:  # another user's
        raise ParataskError(f"the records cannot be read: {system_words(error)}") from None
    except OSError:
        pass
    return bench, state


def _find(typed: Typed, *, says: bool) -> tuple[Workbench | None, str]:
    try:
        bench = make_workbench(typed)
    except (TaskfileError, VariableError) as error:
        state = state_beside(typed)
        if not state:
            return None, _own_state(typed, error)
        if says and names_of(typed):
            from paratask.reporting.errors import shown_position

            where = f"{shown_position(error.position, shown_from())}: " if error.position else ""
            warn(f"the Taskfile cannot be read, so aliases are not known: {where}{error.message}")
        return None, state
    return bench, bench.state_dir


def state_beside(typed: Typed) -> str:
    """The path of the state folder of the project that the command line names, whatever its files say; empty where there is none."""
    environ = dict(os.environ)
    root = root_folder(typed.text("taskfile"), project_folder(typed, environ), current_folder(environ))
    return root and os.path.join(root, STATE_FOLDER)


def _own_state(typed: Typed, error: TaskfileError | VariableError) -> str:
    """The user's own, where there are records in it, and no Taskfile was found. Raises the error."""
    from paratask.cli.exec.project import own_state

    state = own_state(os.environ)
    is_named = typed.text("taskfile") or typed.flag("global")
    if is_named or not isinstance(error, TaskfileNotFoundError) or not os.path.isdir(os.path.join(state, "runs")):
        raise error
    return state


def state_of(typed: Typed, *, says: bool = True) -> str:
    """The path of the state folder. Raises TaskfileError."""
    return find_state(typed, says=says)[1]


def own_name_of(bench: Workbench | None) -> Callable[[str], str]:
    """What gives the name of the task that is meant by one, where aliases are known."""
    return str if bench is None else bench.index.own_name


def names_of(typed: Typed) -> tuple[str, ...]:
    """Tasks that are named to be looked back at: a plain command's name may have an equals sign, and nothing is given a variable here."""
    return (*typed.calls, *(f"{name}={value}" for name, value in typed.variables.items()))
