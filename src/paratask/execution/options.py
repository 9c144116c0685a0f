"""What a run was asked to do: the choices that execution obeys, put together by the command line and the settings."""

from __future__ import annotations

from paratask.frozen import dataclass
from paratask.taskfile.model import Output


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """See docs/reference.md for each. `parallel` is the weakest evidence believed: off, declared, observed, inferred, all.

    `force` is for all tasks, `force_called` for those named on the command line; `own_environment_first` says that a Taskfile's
    `env` is stronger than the operating system's. `seed` draws the start order of what may start at once; empty is as written.
    `jobserver` is its style: auto, fifo, pipe, off; `own_slots`: those of a make or paratask above are not wanted.
    """

    dry: bool = False
    force: bool = False
    force_called: bool = False
    silent: bool = False
    verbose: bool = False
    assume_yes: bool = False
    interactive: bool = False
    failfast: bool = False
    own_environment_first: bool = False
    calls_together: bool = False
    output: Output = Output()
    parallel: str = "inferred"
    on_failure: str = "sequential"
    seed: str = ""
    jobserver: str = "off"
    own_slots: bool = False
    keep_runs: int = 50
