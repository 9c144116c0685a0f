"""`--list`, `--list-all` and `--summary`. go-task: Executor.ListTasks. Runs nothing but, with --json, nothing either."""

from __future__ import annotations

import sys

from paratask.cli.setup import make_workbench, painter_for
from paratask.reporting.listing import list_document, render_list, render_summary_of, sorted_names
from paratask.variables.immediate import run_static
from paratask.variables.scopes import Mode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from paratask.cli.options import Typed
    from paratask.execution.workbench import Workbench
    from paratask.variables.ready import ReadyCall, ReadyTask


def list_tasks(typed: Typed) -> int:
    """The exit code: 1 where there is nothing to list. Raises ParataskError."""
    bench = make_workbench(typed, painter_for(typed, 2))
    run_static(bench.read_dotenv(Mode.BLANK))
    return 0 if print_list(bench, typed, all_tasks=typed.flag("list_all")) else 1


def print_list(bench: Workbench, typed: Typed, *, all_tasks: bool) -> bool:
    """Whether there was anything to list."""
    names = [name for name, task in bench.taskfile.tasks.items() if not task.internal and (all_tasks or task.desc)]
    names = sorted_names(names, typed.text("sort") or "default")
    listing = typed.flag("list") or typed.flag("list_all")
    if typed.flag("silent") and listing:
        _print_names(bench, names)
        return True
    tasks = [_listed(bench, name) for name in names]
    if typed.flag("json") and listing:
        _print_json(bench, tasks, with_status=not typed.flag("no_status"))
    elif tasks:
        sys.stdout.write(render_list(tasks, painter_for(typed, 1)))
    elif all_tasks:
        sys.stdout.write("task: No tasks available\n")
    else:
        sys.stdout.write("task: No tasks with description available. Try --list-all to list all tasks\n")
    return bool(tasks)


def _listed(bench: Workbench, name: str) -> ReadyTask:
    return run_static(bench.preparation.prepare(bench.index.find(name), name, {}, Mode.BLANK))


def _print_names(bench: Workbench, names: Sequence[str]) -> None:
    for name in names:
        for shown in (name, *bench.taskfile.tasks[name].aliases):
            sys.stdout.write(shown.rstrip(":") + "\n")


def _print_json(bench: Workbench, tasks: Sequence[ReadyTask], *, with_status: bool) -> None:
    import json

    fresh = {task.task.name: _is_fresh(bench, task) for task in tasks} if with_status else {}
    document = list_document(tasks, fresh=fresh, location=bench.taskfile.file)
    sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def _is_fresh(bench: Workbench, ready: ReadyTask) -> bool:
    """By its sources; a task with `status` commands is shown as stale, since a list runs nothing."""
    return bool(ready.sources) and not ready.status and not bench.freshness.look(ready).stale_reason


def summarize(bench: Workbench, calls: Sequence[ReadyCall]) -> int:
    """Print what is known of the called tasks."""
    for number, call in enumerate(calls):
        name = call.task or ""
        ready = run_static(bench.preparation.prepare(bench.index.find(name), name, call.variables, Mode.BLANK))
        sys.stdout.write(("\n\n" if number else "") + render_summary_of(ready, bench.environ))
    return 0
