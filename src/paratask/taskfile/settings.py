"""What paratask.toml, or `[tool.paratask]` of pyproject.toml, sets and declares: frozen values. See docs/reference.md for every key.

How they are written is in decode_settings.py; what they do to a run is not known here.
"""

from __future__ import annotations

from paratask.errors import Position
from paratask.frozen import dataclass
from paratask.names import PART_MARK

TYPE_CHECKING = False
if TYPE_CHECKING:
    import collections.abc

    from paratask.taskfile.pipelines import Pipeline

LEVELS = ("off", "declared", "observed", "inferred", "all")
ON_FAILURE = ("sequential", "stop", "continue")
PARALLELIZE = ("calls", "commands")
JOBSERVER = ("auto", "fifo", "pipe", "off")
SETTING_KEYS = frozenset(
    (
        "parallel", "only_parallel", "on_failure", "max_jobs", "load", "memory", "max_memory", "resources", "jobserver", "keep_runs",
        "parallelize", "pipelines", "reporters",
    )
)  # fmt: skip
CLAIM_KEYS = frozenset(
    ("reads", "writes", "uses", "exclusive", "local", "cost", "parallel", "together", "apart", "retry", "timeout")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredCost:
    """What each command of a task takes: cores that it keeps busy, and bytes at its peak; 0 where that is not said."""

    cpu: float = 0.0
    memory_bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """How often a job that failed is run again: `count` times at most. It waits before each, every time `factor` times as long."""

    count: int
    wait_seconds: float = 0.0
    factor: float = 2.0
    max_wait_seconds: float = 30.0

    def wait_before(self, number: int) -> float:
        """Seconds before the retry of that number, counted from 1."""
        if not self.wait_seconds:
            return 0.0
        try:
            return min(self.wait_seconds * self.factor ** (number - 1), self.max_wait_seconds)
        except OverflowError:
            return self.max_wait_seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskClaims:
    """What a task is declared to touch: path patterns relative to the root (`!x` takes away), and names of resources.

    `counts` is how many of each that it `uses`.

    `local` is whether its effects stay in this checkout; None leaves that to what is known of its commands. It runs beside nothing
    where `parallel` is False; beside those of `together` whatever is known, and never beside those of `apart` (names of tasks, or
    patterns such as `lint-*`). `positions` are where each text of a list stands. `retry` and `timeout_seconds` (0: none) are what
    happens when it fails, and how long its steps may take.
    """

    position: Position
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    exclusive: tuple[str, ...] = ()
    counts: collections.abc.Mapping[str, int] = {}
    cost: DeclaredCost | None = None
    local: bool | None = None
    parallel: bool | None = None
    together: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    retry: Retry | None = None
    timeout_seconds: float = 0.0
    positions: collections.abc.Mapping[str, Position] = {}

    @property
    def says_what_it_touches(self) -> bool:
        """Whether it says which files: it then stands in the place of what would be inferred."""
        return bool(self.reads or self.writes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Empty texts and zeros stand for: not set. `resources` are counts by name: how many there are at once and 0, or how many may be
    begun in so many seconds. `claims` is by task name or pattern (`lint-*`), first match counts.

    `parallelize` says of which neighbouring steps sets are made. `only_parallel` are the tasks, or patterns, that alone may run side by side, `positions` where each of them stands.
    """

    parallel: str = ""
    parallelize: str = ""
    only_parallel: tuple[str, ...] = ()
    on_failure: str = ""
    max_jobs: str = ""
    load: str = ""
    memory: str = ""
    max_memory: str = ""
    resources: collections.abc.Mapping[str, tuple[int, float]] = {}
    jobserver: str = ""
    keep_runs: int = 0
    reporters: tuple[str, ...] = ()
    pipelines: collections.abc.Mapping[str, Pipeline] = {}
    claims: collections.abc.Mapping[str, TaskClaims]
    positions: collections.abc.Mapping[str, Position] = {}

    def claims_of(self, task: str) -> TaskClaims | None:
        exact = self.claims.get(task)
        if exact is not None or PART_MARK in task or not any("*" in name for name in self.claims):
            return exact
        from fnmatch import fnmatchcase

        return next((claims for name, claims in self.claims.items() if "*" in name and fnmatchcase(task, name)), None)


NO_SETTINGS = Settings(claims={})
