"""`--plan` and `--plan --json`: what would run together, what waits, why. Runs nothing."""

from __future__ import annotations

import os
import sys
from itertools import islice

from paratask.cli.forecast import estimates_of
from paratask.cli.foresight import make_budget
from paratask.cli.on_terminal import fitted
from paratask.cli.setup import (
    are_together,
    make_workbench,
    observations,
    only_parallel,
    painter_for,
    parallel_level,
    place_maker,
    requested,
    warn,
)
from paratask.frozen import replace
from paratask.planning.costs import Costs
from paratask.planning.critical_path import critical_path
from paratask.planning.forecast import Forecast
from paratask.planning.plan import PlanBuilder
from paratask.planning.planner import Planner
from paratask.processes.meters import available_memory, cpu_count
from paratask.records.history import History
from paratask.reporting.plan_text import plan_document, render_plan
from paratask.variables.dynamic import run_static
from paratask.variables.scopes import Mode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.cli.options import Typed

PIECES = 1 << 14
"""Of JSON, written at once: of 3,000 neighbours each names all others, and all of it would be a gigabyte of small texts."""


def show_plan(typed: Typed) -> int:
    """`--plan`: print what would run, and what beside what. The exit code. Raises ParataskError."""
    bench = make_workbench(typed)
    bench.split_commands()
    run_static(bench.read_dotenv(Mode.UNKNOWN))
    settings = bench.project.settings
    level = parallel_level(typed, settings, os.environ)
    history = History(
        bench.state_dir, warn=warn, without="this plan has no times, and does not know what must not run side by side"
    )
    planner = Planner(
        bench=bench,
        settings=settings,
        level=level,
        make_place=place_maker(bench),
        known_conflicts=history.conflicts,
        looks_once=True,
        observations=observations(typed, bench),
        only=only_parallel(typed, bench),
        believes_fresh=not (typed.flag("force") or typed.flag("force_all")),
    )
    calls = requested(typed)
    estimates = estimates_of(history)
    together = "--parallel" if are_together(typed) else ""
    jobs = PlanBuilder(planner=planner, estimates=estimates).build(calls, together=together)
    if typed.text("graph"):
        from paratask.cli.graph import render_graph

        title = " ".join(call.task or "" for call in calls)
        sys.stdout.write(bench.secrets.mask(render_graph(typed.text("graph"), title, jobs)))
        return 0
    seconds, path = critical_path(jobs)
    budget = make_budget(typed, bench)
    forecast = Forecast(planner=planner, estimates=estimates, costs=Costs(settings, estimates))
    forecast.build(calls, together=together)
    budget = replace(budget, cpus=1.0, jobs=1) if level == "off" and not together else budget
    bounds = forecast.bounds(budget, cores=cpu_count(), available_bytes=available_memory(budget))
    guessed = forecast.guessed if bounds else 0
    title = " ".join(call.task or "" for call in calls)
    if typed.flag("json"):
        import json

        document = bench.secrets.mask_all(plan_document(title, jobs, seconds, path, bounds=bounds, guessed=guessed))
        pieces = json.JSONEncoder(indent=2, ensure_ascii=False).iterencode(document)
        while text := "".join(islice(pieces, PIECES)):
            sys.stdout.write(text)
        sys.stdout.write("\n")
    else:
        paint = painter_for(typed, 1)
        text = render_plan(title, jobs, seconds, path, level=level, paint=paint, bounds=bounds, guessed=guessed)
        sys.stdout.write(fitted(bench.secrets.mask(text)))
    return 0
