"""Ends the runs that our commands began in this checkout, when all is to end at once. See "Processes" in docs/design.md.

Each of their commands has a process group of its own, which no signal to ours reaches; and a paratask that is killed takes none with it.
Its record says which they are. Loaded only where there are such runs.
"""

from __future__ import annotations

from paratask.execution.leftovers import end_leftovers
from paratask.processes.enclosing import is_held
from paratask.processes.ending import wait_until

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def end_killed_runs(state: str, records: Iterable[str]) -> None:
    """Wait until the paratasks that hold these records are gone, and end what they ran. `state` is the path of `.paratask`."""
    paths = list(records)
    wait_until(lambda: not any(map(is_held, paths)))
    end_leftovers(state, at_once=True)
