"""What a task will take, from what it took: a median in which younger runs weigh more. Pure. See "Resources" in docs/design.md.

Knows samples, and nothing of where they are kept.
"""

from __future__ import annotations

from paratask.frozen import dataclass
from paratask.scheduling.budget import SHORT_SECONDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from paratask.taskfile.model import Variables

MAX_SAMPLES = 20
RECENT = 5
"""Of so many runs, the one that took most says what the next may take."""

DECAY = 0.85
"""What a sample weighs, measured by the one that followed it: after five runs that differ, these decide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One run of a task that succeeded. `seconds` are by the clock where it called others, else those of its commands.

    `variables` is the digest of the call's (`variables_digest`).
    """

    task: str
    variables: str
    seconds: float
    command_seconds: float
    cpu_seconds: float
    peak_bytes: int = 0
    queued_seconds: float = 0.0

    @property
    def cores(self) -> float:
        """How many cores it kept busy, or would have where it had to wait for one; 0 where it was too short to tell."""
        return (self.cpu_seconds + self.queued_seconds) / self.command_seconds if self.command_seconds >= SHORT_SECONDS else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """`seconds` with all it calls, `command_seconds` without; `cpu_seconds` and `peak_bytes` are its own commands'.

    `cores` is how many its commands keep busy, in the run where these were most of the last few (0: not known). `runs` is how many it
    was learned from; `is_exact` whether these had the same variables.
    """

    seconds: float
    command_seconds: float
    cpu_seconds: float
    peak_bytes: int
    cores: float
    runs: int
    is_exact: bool


class Estimates:
    """Answers for tasks, with and without variables. `samples` come newest first. `failed` are those of jobs that did not succeed at once, of
    which one attempt's commands count: with success they would hardly have taken less.
    """

    def __init__(self, samples: Iterable[Sample] = (), failed: Iterable[Sample] = ()) -> None:
        self._by_call: dict[tuple[str, str], list[Sample]] = {}
        self._by_task: dict[str, list[Sample]] = {}
        self._known: dict[tuple[str, str], Estimate | None] = {}
        for sample in samples:
            _keep(self._by_call.setdefault((sample.task, sample.variables), []), sample)
            _keep(self._by_task.setdefault(sample.task, []), sample)

        self._failed: dict[str, list[Sample]] = {}
        for sample in failed:
            _keep(self._failed.setdefault(sample.task, []), sample)

    def __bool__(self) -> bool:
        return bool(self._by_task)

    def of(self, task: str, variables: str = "") -> Estimate | None:
        """The estimate from calls with the same variables, else from all calls of the task; None where it never succeeded."""
        key = (task, variables)
        if key not in self._known:
            exact = self._by_call.get(key)
            samples = exact or self._by_task.get(task)
            self._known[key] = _estimate(samples, is_exact=bool(exact)) if samples else None
        return self._known[key]

    def least_seconds(self, task: str) -> float:
        """What a task's commands take at least, as far as that shows where it never succeeded at once."""
        return decayed_median([sample.command_seconds for sample in self._failed.get(task, ())])


def _keep(samples: list[Sample], sample: Sample) -> None:
    if len(samples) < MAX_SAMPLES:
        samples.append(sample)


def _estimate(samples: Sequence[Sample], *, is_exact: bool) -> Estimate:
    return Estimate(
        seconds=decayed_median([sample.seconds for sample in samples]),
        command_seconds=decayed_median([sample.command_seconds for sample in samples]),
        cpu_seconds=decayed_median([sample.cpu_seconds for sample in samples]),
        peak_bytes=max(sample.peak_bytes for sample in samples[:RECENT]),
        cores=max(sample.cores for sample in samples[:RECENT]),
        runs=len(samples),
        is_exact=is_exact,
    )


def decayed_median(values: Sequence[float]) -> float:
    """The value in the middle, newest first, where each weighs `DECAY` times what the one before it weighs."""
    ranked = sorted((value, DECAY**age) for age, value in enumerate(values))
    left = sum(weight for _, weight in ranked) / 2
    for value, weight in ranked:
        left -= weight
        if left <= 0:
            return value
    return ranked[-1][0] if ranked else 0.0


def variables_digest(variables: Variables) -> str:
    """A short text that is the same for calls with the same variables, in any run; empty for no variables. Calls that share one
    by accident only share an estimate.
    """
    if not variables:
        return ""
    import zlib

    text = repr(sorted((name, variable.value, variable.sh, variable.ref) for name, variable in variables.items()))
    return f"{zlib.crc32(text.encode(errors='replace')):08x}"


def typical(values: Iterable[float]) -> float:
    """What stands for those that are not known: the median of those that are."""
    ranked = sorted(values)
    return ranked[len(ranked) // 2] if ranked else 0.0
