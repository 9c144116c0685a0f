"""Where runs left their records: beside the Taskfile, or, of plain commands where there is none, in the user's own folder."""

from __future__ import annotations

import os

from paratask.cli.setup import make_workbench
from paratask.errors import TaskfileNotFoundError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.cli.options import Typed
    from paratask.execution.workbench import Workbench


def find_state(typed: Typed) -> tuple[Workbench | None, str]:
    """The project, if there is one, and the path of the state folder. Raises TaskfileError."""
    try:
        bench = make_workbench(typed)
    except TaskfileNotFoundError:
        from paratask.cli.exec.project import own_state

        state = own_state(os.environ)
        if typed.text("taskfile") or typed.flag("global") or not os.path.isdir(os.path.join(state, "runs")):
            raise
        return None, state
    return bench, bench.state_dir


def state_of(typed: Typed) -> str:
    """The path of the state folder. Raises TaskfileError."""
    return find_state(typed)[1]


def meant_by(name: str, bench: Workbench | None) -> tuple[str, ...]:
    """The names under which jobs of what somebody calls `name` are kept: jobs have the task's own where it is an alias, and may have had
    the alias once. None for an empty name.
    """
    own = name if bench is None else bench.index.own_name(name)
    return tuple(dict.fromkeys((name, own))) if name else ()


def names_of(typed: Typed) -> tuple[str, ...]:
    """Tasks that are named to be looked back at: a plain command's name may have an equals sign, and nothing is given a variable here."""
    return (*typed.calls, *(f"{name}={value}" for name, value in typed.variables.items()))
