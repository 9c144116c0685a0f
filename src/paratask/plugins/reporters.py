"""What a reporter of another package implements, and what it is given. This module is the public contract; see docs/plugins.md.

A reporter is named in the entry point group "paratask.reporters": a callable that gets a `RunInfo` and returns a `Reporter`. It hears
what `paratask.events` describes, in a process of its own, and has no way to change the run.
"""

from __future__ import annotations

import os

from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    from paratask.events import Event

    class Reporter(Protocol):
        """Hears of one run. Another method, `finish()`, is called after the last event where there is one."""

        def hear(self, event: Event) -> object:
            """The next event, in the order in which they were announced. Kinds that are not known are to be passed over."""

    MakeReporter = Callable[["RunInfo"], Reporter]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunInfo:
    """The run that a reporter is for. Paths are absolute.

    `events_schema` is the version of events and of this contract; `run` is the run's id, `root` the folder of the root Taskfile, and
    `folder` where the run's records are going to be, if they can be kept.
    """

    events_schema: int
    run: str
    root: str
    folder: str

    def log_path(self, job: str) -> str:
        """Where the output of a job is, once it has written some."""
        return os.path.join(self.folder, f"{job}.log")
