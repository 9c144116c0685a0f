"""What shows a run while it goes on, as execution sees it: what it is told, and what it may use. See "A live view" in docs/design.md.

What jobs of a group write goes to the view, job by job, instead of to where the group writes. Knows nothing of what is drawn.
"""

from __future__ import annotations

from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Protocol

    from paratask.execution.jobs import Job
    from paratask.processes.streams import ConsoleSink, Sink
    from paratask.processes.terminal import Terminal
    from paratask.scheduling.budget import Budget, Reading

    class View(Protocol):
        """What shows a run."""

        def groups(self, count: int) -> None:
            """So many groups of neighbours run now."""

        def begin(self, job: Job) -> Sink:
            """A job inside a group is carried out; where its output goes."""

        def end(self, job: Job, *, is_dropped: bool) -> None:
            """Nothing more comes of it. What it wrote does not count where it `is_dropped`."""

        def close(self) -> None:
            """The run is over, or must end at once: leave the terminal as it was. May be called again."""

    MakeView = Callable[["Backstage"], View]

    class Frames(Protocol):
        """What a CI service wants around a job's output."""

        marker: bytes
        """What its lines that fold have in them: output that has it folds itself."""
        joins: bool
        """Whether stderr joins stdout there, since the service would mix them up."""

        def around(self, job: Job) -> tuple[bytes, bytes]:
            """Whole lines before and after the output of a job that has ended; empty where there are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """What keeps a job, or its next command, from starting. `others` are the ids of the jobs that it waits for, or that have what it needs.

    `kind`: "cpu", "jobs", "slot", "load", "memory", "peak", "resource", "rate", "turn" and "order" are admission's, `name` is that of the
    resource; "after": jobs before it have not ended; "failed": one of them failed, and it will not start; "quiet": one runs again alone;
    "shared": another call of its task does its work.
    """

    kind: str
    name: str = ""
    others: tuple[str, ...] = ()

    @property
    def is_alike(self) -> bool:
        """Whether it says the same of every job."""
        return not (self.name or self.others)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """`at` is in seconds since the epoch. `commands` are the seconds for which each job's command has run, `holds` what others wait for, both
    by the jobs' ids, as are `labels`. `is_quiet`: one runs again alone, and everybody else waits for it. `cpu` is what the commands that run cost, in cores, `peak_bytes` the memory that they were seen to have.
    """

    at: float
    commands: Mapping[str, float]
    holds: Mapping[str, Hold]
    cpu: float
    peak_bytes: int
    reading: Reading
    budget: Budget
    labels: Mapping[str, str]
    is_quiet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Backstage:
    """What a view may use of a run. `later` calls back after so many seconds of the clock `now`, if the run still goes on then."""

    look: Callable[[], Look]
    sink: ConsoleSink
    terminal: Terminal
    now: Callable[[], float]
    later: Callable[[float, Callable[[], None]], object]
