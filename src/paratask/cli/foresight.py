"""What a run may take, and what its commands are expected to: its budget, its planner, and once neighbours come up a forecast.

Knows the command line, the settings, the machine and where lessons are kept. Decides nothing: that is planning's and scheduling's.
"""

from __future__ import annotations

from functools import partial

from paratask.cli.setup import observations, only_parallel, place_maker
from paratask.planning.planner import Planner
from paratask.processes.meters import cpu_count, default_reserve
from paratask.scheduling.budget import ORDINARY, Budget, Resource
from paratask.taskfile.settings import NO_SETTINGS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from paratask.cli.forecast import RunForecast
    from paratask.cli.options import Typed
    from paratask.execution.options import RunOptions
    from paratask.execution.workbench import Workbench
    from paratask.planning.costs import Costs
    from paratask.plugins.hookspecs import Place
    from paratask.records.history import History
    from paratask.scheduling.budget import Cost
    from paratask.taskfile.model import Variables
    from paratask.variables.ready import ReadyCall


class Foresight:
    """What one run of `calls` can know before its commands run: their costs and priorities, how long it will take, and who may
    run beside whom (`planner`).

    A forecast is made when neighbours come up whose order makes a difference; most runs have none. `is_ordered`: somebody else
    decides in which order they start. What no start depends on is worked out when `later` calls back.
    """

    def __init__(
        self,
        typed: Typed,
        bench: Workbench,
        calls: Sequence[ReadyCall],
        options: RunOptions,
        *,
        history: Callable[[], History],
        make_place: Callable[[], Place] | None,
        is_ordered: bool,
        later: Callable[[Callable[[], None]], None],
    ) -> None:
        self._later = later
        self._bench = bench
        self._calls = calls
        self._history = history
        self._together = "--parallel" if options.calls_together else ""
        self.budget = make_budget(typed, bench)
        self.forecast: RunForecast | None = None
        self._costs = self._make_costs()
        make_planner = partial(
            Planner,
            bench=bench,
            settings=bench.project.settings,
            level=options.parallel,
            make_place=make_place or place_maker(bench),
            known_conflicts=lambda: history().conflicts(),
            observations=observations(typed, bench),
            only=only_parallel(typed, bench),
            believes_fresh=not (options.forced or typed.flag("resume")),
        )
        self._plan_beside = partial(make_planner, looks_once=True)
        # plain commands start in the order in which they were given
        is_ordered = is_ordered or bool(options.seed) or options.dry or options.plain is not None
        self.planner = make_planner() if is_ordered or self.budget.cpus <= 1 else make_planner(expects=self._expect)

    @property
    def predicted_seconds(self) -> float | None:
        bounds = self.forecast.bounds if self.forecast is not None else None
        return round(bounds.predicted, 3) if bounds is not None else None

    def cost(self, task: str, job_task: str, variables: Variables) -> Cost:
        """See Costs.of."""
        return self._costs.of(task, job_task, variables) if self._costs is not None else ORDINARY

    def priority(self, task: str, variables: Variables) -> float:
        """See planning.forecast; the same for all where there is no forecast."""
        return self.forecast.priority(task, variables) if self.forecast is not None else 0.0

    def leads(self, priority: float) -> bool:
        """Whether one of that priority goes before all who are about to ask."""
        return self.forecast is not None and priority >= self.forecast.leading

    def _make_costs(self) -> Costs | None:
        """Made where costs are declared or learned; else all commands cost the same."""
        settings = self._bench.project.settings
        if self.forecast is None and not any(claims.cost or claims.counts for claims in settings.claims.values()):
            return None
        from paratask.planning.costs import Costs

        return Costs(settings, self.forecast.estimates if self.forecast is not None else None)

    def _expect(self, _: Sequence[ReadyCall]) -> None:
        """Neighbours are about to be arranged: make the forecast, with a planner of its own."""
        if self.forecast is None:
            from paratask.cli.forecast import RunForecast

            self.forecast = RunForecast(
                state=self._bench.state_dir, calls=self._calls, budget=self.budget, history=self._history,
                make_planner=self._plan_beside, settings=self._bench.project.settings, together=self._together,
            )  # fmt: skip
            self._costs = self._make_costs()
            self._later(self.forecast.bound)


def make_budget(typed: Typed, bench: Workbench) -> Budget:
    """What may run at once: --jobs and `max_jobs`, the cores, --load, --memory, --max-memory, `[resources]`. Raises UsageError.

    More jobs than cores are for commands that keep less than a core busy. Zero or less jobs stand for no limit of their own, as to task.
    """
    settings = bench.project.settings
    cores = cpu_count()
    limits = ("jobs", "load", "memory", "max_memory")
    if not any(map(typed.text, limits)) and settings is NO_SETTINGS:
        return Budget(cpus=cores, memory_bytes=default_reserve())
    from paratask.amounts import is_no_limit, parse_jobs, parse_load, parse_memory

    asked = [text for text in (typed.text("jobs"), settings.max_jobs) if not is_no_limit(text)]
    jobs = min((parse_jobs(text, cores) for text in asked), default=0.0)
    load = typed.text("load") or settings.load
    memory = typed.text("memory") or settings.memory
    max_memory = typed.text("max_memory") or settings.max_memory
    return Budget(
        cpus=(jobs if _is_asked(typed) else min(cores, jobs)) if jobs else cores,
        jobs=int(jobs),
        load=parse_load(load, cores) if load else 0.0,
        memory_bytes=parse_memory(memory) if memory else default_reserve(),
        own_memory_bytes=parse_memory(max_memory) if max_memory else 0,
        resources={name: Resource(count=count, per_seconds=time) for name, (count, time) in settings.resources.items()},
    )


def _is_asked(typed: Typed) -> bool:
    """Whether so many are to run whatever they cost: GNU parallel's users say so with `-j`, and mean it."""
    return typed.flag("exec") and "jobs" in typed.given
