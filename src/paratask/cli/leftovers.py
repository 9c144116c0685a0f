"""What killed runs left behind is ended before the next one begins, and said in a line."""

from __future__ import annotations

import sys

from paratask.execution.leftovers import end_leftovers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.execution.leftovers import Leftovers
    from paratask.reporting.colors import Paint

SHOWN = 3


def clean_up(state: str, paint: Paint) -> None:
    """`state` is the path of `.paratask`."""
    for line in render_leftovers(end_leftovers(state)):
        sys.stderr.write(paint("yellow", line) + "\n")


def render_leftovers(leftovers: Leftovers) -> list[str]:
    """What to tell, if anything."""
    lines = []
    if leftovers.ended:
        programs = list(dict.fromkeys(leftovers.ended))
        more = ", …" if len(programs) > SHOWN else ""
        lines.append(
            f"paratask: ended {_processes(len(leftovers.ended))} that a killed run had left behind: "
            + ", ".join(programs[:SHOWN])
            + more
        )
    if leftovers.stubborn:
        pids = ", ".join(map(str, leftovers.stubborn))
        lines.append(f"paratask: warning: {_processes(len(leftovers.stubborn))} of a killed run cannot be ended: {pids}")
    return lines


def _processes(count: int) -> str:
    return f"{count} process{'' if count == 1 else 'es'}"
