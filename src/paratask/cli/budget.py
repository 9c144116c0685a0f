"""A run's budget: from the command line, the settings and the machine. Decides nothing else."""

from __future__ import annotations

from paratask.execution.meters import cpu_count, default_reserve
from paratask.scheduling.budget import Budget, Resource
from paratask.taskfile.settings import NO_SETTINGS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.cli.options import Typed
    from paratask.execution.workbench import Workbench


def make_budget(typed: Typed, bench: Workbench) -> Budget:
    """What may run at once: --jobs and `max_jobs`, the cores, --load, --memory, --max-memory, `[resources]`. Raises UsageError.

    More jobs than cores are for commands that keep less than a core busy. Zero or less jobs stand for no limit of their own, as to task.
    """
    settings = bench.project.settings
    cores = cpu_count()
    limits = ("jobs", "load", "memory", "max_memory")
    if not any(map(typed.text, limits)) and settings is NO_SETTINGS:
        return Budget(cpus=cores, memory_bytes=default_reserve())
    from paratask.amounts import parse_jobs, parse_load, parse_memory

    asked = [text for text in (typed.text("jobs"), settings.max_jobs) if text and not text.startswith("-") and text.strip("0%")]
    jobs = min((parse_jobs(text, cores) for text in asked), default=0.0)
    load = typed.text("load") or settings.load
    memory = typed.text("memory") or settings.memory
    max_memory = typed.text("max_memory") or settings.max_memory
    return Budget(
        cpus=min(cores, jobs) if jobs else cores,
        jobs=int(jobs),
        load=parse_load(load, cores) if load else 0.0,
        memory_bytes=parse_memory(memory) if memory else default_reserve(),
        own_memory_bytes=parse_memory(max_memory) if max_memory else 0,
        resources={name: Resource(count=count, per_seconds=time) for name, (count, time) in settings.resources.items()},
    )
