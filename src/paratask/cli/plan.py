"""`--plan` and `--plan --json`: what would run together, what waits, why. Runs nothing."""

from __future__ import annotations

import os
import sys

from paratask.cli.setup import make_workbench, observations, only_parallel, painter_for, parallel_level, place_maker, requested
from paratask.planning.critical_path import critical_path
from paratask.planning.plan import PlanBuilder
from paratask.planning.planner import Planner
from paratask.records.history import History
from paratask.reporting.plan_text import plan_document, render_plan
from paratask.variables.immediate import run_static
from paratask.variables.scopes import Mode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.cli.options import Typed


def show_plan(typed: Typed) -> int:
    """Raises ParataskError."""
    bench = make_workbench(typed)
    run_static(bench.read_dotenv(Mode.UNKNOWN))
    settings = bench.project.settings
    level = parallel_level(typed, settings, os.environ)
    history = History(bench.state_dir)
    planner = Planner(
        bench=bench,
        settings=settings,
        level=level,
        make_place=place_maker(bench),
        known_conflicts=history.conflicts,
        looks_once=True,
        observations=observations(typed, bench),
        only=only_parallel(typed, bench),
    )
    calls = requested(typed)
    jobs = PlanBuilder(planner=planner, estimates=history.estimates()).build(calls)
    seconds, path = critical_path(jobs)
    title = " ".join(call.task or "" for call in calls)
    if typed.flag("json"):
        import json

        document = bench.secrets.mask_all(plan_document(title, jobs, seconds, path))
        sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    else:
        text = render_plan(title, jobs, seconds, path, level=level, paint=painter_for(typed, 1))
        sys.stdout.write(bench.secrets.mask(text))
    return 0
