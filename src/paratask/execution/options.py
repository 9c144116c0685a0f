"""What a run was asked to do: the choices that execution obeys, put together by the command line and the settings."""

from __future__ import annotations

from paratask.frozen import dataclass
from paratask.taskfile.model import Output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.execution.view import Frames


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """Plain commands (`--exec`): a shell runs them as it is. Output comes as they end, or in written order where `keeps_order`; as it is
    written where not `holds_back`. Where `numbers_slots`, `{%}` in a text is the number of the slot that it runs in.
    """

    keeps_order: bool = False
    holds_back: bool = True
    numbers_slots: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """See docs/reference.md for each. `parallel` is the weakest evidence believed: off, declared, observed, inferred, all.

    `force` is for all tasks, `force_called` for those named on the command line; `own_environment_first` says that a Taskfile's
    `env` is stronger than the operating system's. `seed` draws the start order of what may start at once; empty is as written.
    `jobserver` is its style: auto, fifo, pipe, off; `own_slots`: those of a make or paratask above are not wanted. `frames` go around
    what jobs of a set write. `plain` is what differs for commands that no Taskfile knows; None where a Taskfile's tasks run.
    `on_failure_is_given`: it stands above what stages of pipelines say. `live`: what runs side by side may be shown in a live view.
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
    frames: Frames | None = None
    live: bool = False
    parallel: str = "inferred"
    on_failure: str = "sequential"
    on_failure_is_given: bool = False
    seed: str = ""
    jobserver: str = "off"
    own_slots: bool = False
    keep_runs: int = 50
    plain: Plain | None = None

    @property
    def goes_on(self) -> bool:
        """Whether what does not depend on a failure runs all the same, one at a time as well."""
        return self.on_failure == "continue" or self.plain is not None

    @property
    def forced(self) -> str:
        """Which tasks run even if they are up to date: `all`, those that were `called` on the command line, or none."""
        return "all" if self.force else "called" if self.force_called else ""
