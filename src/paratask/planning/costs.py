"""What each command of a task takes: as declared, else as learned, else an ordinary share. Pure. See "Resources" in docs/design.md."""

from __future__ import annotations

from paratask.planning.estimates import variables_digest
from paratask.scheduling.budget import ORDINARY, Cost, cpu_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.planning.estimates import Estimate, Estimates
    from paratask.taskfile.model import Variables
    from paratask.taskfile.settings import Settings


class Costs:
    """Answers for calls."""

    def __init__(self, settings: Settings, estimates: Estimates | None = None) -> None:
        self._settings = settings
        self._declares = any(claims.cost or claims.counts for claims in settings.claims.values())
        self._estimates = estimates

    def of(self, task: str, job_task: str, variables: Variables) -> Cost:
        """What each command of a task takes, for a job of that name that was called with these variables."""
        if not self._declares and not self._estimates:
            return ORDINARY
        return self.from_estimate(task, self._estimates.of(job_task, variables_digest(variables)) if self._estimates else None)

    def from_estimate(self, task: str, estimate: Estimate | None) -> Cost:
        """As `of`, where the estimate is known already."""
        claims = self._settings.claims_of(task) if self._declares else None
        declared = claims.cost if claims else None
        counts = claims.counts if claims else {}
        return Cost(
            cpu=declared.cpu if declared and declared.cpu else _learned_cpu(estimate),
            is_declared=bool(declared and declared.cpu),
            is_guessed=not (declared and declared.cpu) and not (estimate and estimate.cores),
            memory_bytes=declared.memory_bytes
            if declared and declared.memory_bytes
            else estimate.peak_bytes
            if estimate
            else 0,
            uses={name: count for name, count in counts.items() if name in self._settings.resources},
        )


def _learned_cpu(estimate: Estimate | None) -> float:
    return ORDINARY.cpu if estimate is None or not estimate.cores else cpu_of(estimate.cores)
