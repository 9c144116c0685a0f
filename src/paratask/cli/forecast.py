"""A run's forecast: made when its first neighbours come up, and only where there is something to win by it.

What the heads of the newest summaries say decides that: a run of the same tasks that was over at once needs no thinking about its
order. Knows where lessons are kept and who makes forecasts of them; decides nothing itself.
"""

from __future__ import annotations

import os

from paratask.processes.meters import available_memory, cpu_count
from paratask.records.shapes import MOST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from paratask.planning.estimates import Estimates
    from paratask.planning.forecast import Forecast
    from paratask.planning.planner import Planner
    from paratask.planning.predict import Bounds
    from paratask.records.history import History
    from paratask.scheduling.budget import Budget
    from paratask.taskfile.model import Variables
    from paratask.taskfile.settings import Settings
    from paratask.variables.ready import ReadyCall

WORTH_SECONDS = 1.0
WORTH_SECONDS_A_JOB = 0.01
"""A forecast takes about a fiftieth of that for each."""

LOOKED_AT = 10


class RunForecast:
    """`priority` answers for calls. `estimates` are what it was made of.

    `make_planner` makes one that looks once: it plans beside the run, and leaves the run's own alone. `together` is who said that the calls
    all overlap.
    """

    def __init__(
        self,
        *,
        state: str,
        calls: Sequence[ReadyCall],
        budget: Budget,
        history: Callable[[], History],
        make_planner: Callable[[], Planner],
        settings: Settings,
        together: str = "",
    ) -> None:
        self._settings = settings
        self._together = together
        self._calls = calls
        self._budget = budget
        self._forecast: Forecast | None = None
        self.leading = float("inf")
        """The priority of the last of those who can start at once, if the budget is spent on them in the order of their priorities."""

        self._bounds: Bounds | None = None
        self._is_bounded = False
        self.estimates: Estimates | None = None
        self._available = 0
        if _is_worth_it(state, [call.task or "" for call in calls]):
            self._make(estimates_of(history()), make_planner)

    def priority(self, task: str, variables: Variables) -> float:
        """See planning.forecast; the same for all where there is no forecast."""
        return self._forecast.priority(task, variables) if self._forecast is not None else 0.0

    def after(self, task: str, variables: Variables) -> float:
        """See planning.forecast; 0 where there is no forecast."""
        return self._forecast.after(task, variables) if self._forecast is not None else 0.0

    @property
    def bounds(self) -> Bounds | None:
        """What is predicted; None where nothing is: what would mostly be guessed says nothing, and would be compared with what came of it."""
        self.bound()
        return self._bounds

    def bound(self) -> None:
        """Work that out, if nobody has."""
        if not self._is_bounded and self._forecast is not None:
            self._is_bounded = True
            if self._forecast.is_mostly_guessed:
                return
            self._bounds = self._forecast.bounds(self._budget, cores=cpu_count(), available_bytes=self._available)

    def _make(self, estimates: Estimates, make_planner: Callable[[], Planner]) -> None:
        from paratask.planning.forecast import Forecast

        if not estimates:
            return
        from paratask.planning.costs import Costs

        self.estimates = estimates
        forecast = Forecast(planner=make_planner(), estimates=estimates, costs=Costs(self._settings, estimates))
        forecast.build(self._calls, together=self._together)
        self.leading = forecast.leading(self._budget)
        self._available = available_memory(self._budget)
        self._forecast = forecast


def estimates_of(history: History) -> Estimates:
    """What the history teaches about tasks: above all those of their jobs that succeeded at the first attempt."""
    from paratask.planning.estimates import Estimates, Sample

    at_once: list[Sample] = []
    others: list[Sample] = []
    for *taken, state, attempts in history.samples():
        task, variables, seconds, command_seconds, cpu_seconds, peak_bytes, queued_seconds = taken
        is_good = state == "succeeded" and attempts == 1
        share = 1.0 if is_good else 1.0 / max(1.0, number(attempts))
        sample = Sample(
            task=str(task),
            variables=str(variables),
            seconds=share * number(seconds),
            command_seconds=share * number(command_seconds),
            cpu_seconds=share * number(cpu_seconds),
            peak_bytes=int(number(peak_bytes)),
            queued_seconds=share * number(queued_seconds),
        )
        (at_once if is_good else others).append(sample)
    return Estimates(at_once, others)


def named_jobs(history: History) -> Iterator[dict[str, object]]:
    """The history's jobs, newest first, with names for their columns."""
    from paratask.records.lessons import JOB_COLUMNS

    return (dict(zip(JOB_COLUMNS, row, strict=True)) for row in history.jobs())


def number(value: object) -> float:
    """A column's value, 0 for none, and for what nothing comes to: others may have written it."""
    return float(value) if isinstance(value, (int, float)) and -MOST < value < MOST else 0.0


def _is_worth_it(state: str, calls: Sequence[str]) -> bool:
    """Whether one of the newest runs of the same calls took long, and each job of it too; where there was none, whether any is known."""
    folder = os.path.join(state, "runs")
    try:
        newest = sorted(os.listdir(folder))[-LOOKED_AT:]
    except OSError:
        return False
    heads = [_head(os.path.join(folder, run, "summary.json")) for run in newest]
    found = [seconds >= max(WORTH_SECONDS, WORTH_SECONDS_A_JOB * jobs) for asked, seconds, jobs in heads if asked == calls]
    return any(found) if found else any(asked for asked, _, _ in heads)


def _head(path: str) -> tuple[list[str], float, int]:
    """Which calls a run was of, how long it took, and how many jobs it had; nothing where the summary is not there or spoiled."""
    from paratask.records.runs import read_summary_head

    head = read_summary_head(path)
    try:
        return head["calls"], float(head["seconds"]), int(head.get("job_count", 0))
    except (ValueError, KeyError, TypeError):
        return [], 0.0, 0
