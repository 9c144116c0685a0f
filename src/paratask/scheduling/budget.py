"""What may be taken at once, and what a command takes of it. See "Resources" in docs/design.md. Measures nothing itself."""

from __future__ import annotations

from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    import collections.abc


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """Something that there is `count` of at once; where `per_seconds` is not 0, that may be begun with `count` times in so many seconds."""

    count: int
    per_seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The limits of one run; 0 stands for no limit but in `cpus`.

    `cpus` is the cores that commands may keep busy, by their costs; `jobs` how many may run, whatever they cost. `load` is the most
    processes that may be running on the machine, `memory_bytes` what must stay available on it, `own_memory_bytes` the most that our
    commands may have together. `resources` are by their names.
    """

    cpus: float
    jobs: int = 0
    load: float = 0.0
    memory_bytes: int = 0
    own_memory_bytes: int = 0
    resources: collections.abc.Mapping[str, Resource] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one command takes: cores that it keeps busy, bytes at its peak (0: not known), and resources by name.

    `is_declared`: somebody said how many cores, and what is seen of it changes nothing. `is_guessed`: nobody knows, and what others
    of the same run were seen to keep busy is as good a guess.
    """

    cpu: float = 1.0
    is_declared: bool = False
    is_guessed: bool = False
    memory_bytes: int = 0
    uses: collections.abc.Mapping[str, int] = {}


ORDINARY = Cost(is_guessed=True)

AT_ONCE = float("inf")
"""The priority of a `sh:` variable: short, as a rule, and nobody knows what comes after it before it has ended."""
MOSTLY_WAITING = 0.5
"""Up to so many cores a command rather waits for something than computes. Above it, it counts as one that computes."""

MARGIN = 1.25
NEARLY_WHOLE = 0.75
"""So much of one more core counts as one."""

LEAST_GUESSED = 0.25
"""What one of which nothing is known costs at least: should all that start at once compute after all, they are four on a core."""

SHORT_SECONDS = 0.02
"""What ends sooner mostly starts, which tells nothing of how many cores it keeps busy."""

LEAST_SEEN = 0.1
"""So many that only wait are counted as one that computes, at least: what they start with is work too."""

EVERYTHING = 1 << 60
"""Bytes that no machine has: who needs them runs when nothing else does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The machine now: processes that run or want to, memory that could be had, in bytes, and the share of the last seconds in which
    something waited for memory.
    """

    running_processes: int = 0
    available_bytes: int = 0
    stalled: float = 0.0


def cpu_of(cores: float) -> float:
    """What a command costs that was seen to keep so many cores busy.

    Whole cores for what computes, and a part of one only where it is nearly whole: two that keep 1.6 of them busy each, as programs in Node
    do, are not kept apart on two cores, of which they would leave a fifth idle.
    """
    if cores <= MOSTLY_WAITING:
        return max(LEAST_SEEN, cores * MARGIN)
    return max(1.0, float(int(cores + 1 - NEARLY_WHOLE)))
