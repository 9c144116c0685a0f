"""What paratask.toml, or `[tool.paratask]` of pyproject.toml, sets and declares: frozen values. See docs/reference.md for every key.

How they are written is in decode_settings.py; what they do to a run is not known here.
"""

from __future__ import annotations

from paratask.errors import Position
from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    import collections.abc

LEVELS = ("off", "declared", "observed", "inferred", "all")
ON_FAILURE = ("sequential", "stop", "continue")
JOBSERVER = ("auto", "fifo", "pipe", "off")
SETTING_KEYS = frozenset(("parallel", "only_parallel", "on_failure", "max_jobs", "load", "memory", "jobserver", "keep_runs"))
CLAIM_KEYS = frozenset(("reads", "writes", "uses", "exclusive", "local", "parallel", "together", "apart"))


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskClaims:
    """What a task is declared to touch: path patterns relative to the root (`!x` takes away), and names of resources.

    `local` is whether its effects stay in this checkout; None leaves that to what is known of its commands. It runs beside nothing
    where `parallel` is False; beside those of `together` whatever is known, and never beside those of `apart` (names of tasks, or
    patterns such as `lint-*`). `positions` are where each text of a list stands.
    """

    position: Position
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    exclusive: tuple[str, ...] = ()
    local: bool | None = None
    parallel: bool | None = None
    together: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    positions: collections.abc.Mapping[str, Position] = {}

    @property
    def says_what_it_touches(self) -> bool:
        """Whether it says which files: it then stands in the place of what would be inferred."""
        return bool(self.reads or self.writes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Empty texts and zeros stand for: not set. `claims` is by task name or pattern (`lint-*`), first match counts.

    `only_parallel` are the tasks, or patterns, that alone may run side by side, `positions` where each of them stands.
    """

    parallel: str = ""
    only_parallel: tuple[str, ...] = ()
    on_failure: str = ""
    max_jobs: str = ""
    load: str = ""
    memory: str = ""
    jobserver: str = ""
    keep_runs: int = 0
    claims: collections.abc.Mapping[str, TaskClaims]
    positions: collections.abc.Mapping[str, Position] = {}

    def claims_of(self, task: str) -> TaskClaims | None:
        exact = self.claims.get(task)
        if exact is not None or not any("*" in name for name in self.claims):
            return exact
        from fnmatch import fnmatchcase

        return next((claims for name, claims in self.claims.items() if "*" in name and fnmatchcase(task, name)), None)


NO_SETTINGS = Settings(claims={})
