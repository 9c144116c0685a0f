"""`--list`, `--list-all` and `--summary`. go-task: Executor.ListTasks. Runs nothing but, with --json, nothing either."""

from __future__ import annotations

import sys

from paratask.cli.setup import make_workbench, output_style, painter_for
from paratask.errors import VariableError
from paratask.frozen import replace
from paratask.reporting.listing import list_document, render_list, render_summary_of, sorted_names
from paratask.variables.dynamic import run_static
from paratask.variables.ready import UnknownSteps
from paratask.variables.scopes import Mode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from paratask.cli.options import Typed
    from paratask.execution.workbench import Workbench
    from paratask.reporting.colors import Paint
    from paratask.variables.ready import ReadyCall, ReadyTask

GO_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}
"""What Go's encoder writes escaped, so that it may stand in HTML."""


def list_tasks(typed: Typed) -> int:
    """The exit code: 1 where there is nothing to list. Raises ParataskError."""
    bench = make_workbench(typed, sees_command_line=False)
    output_style(typed, bench)
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
    if typed.flag("names") and listing:
        _print_names_for_programs(bench, tasks)
        return bool(tasks)
    if typed.flag("json") and listing:
        _print_json(bench, tasks, with_status=not typed.flag("no_status"), nested=typed.flag("nested"))
        return bool(tasks)
    paint = painter_for(typed, 1)
    if tasks:
        text = bench.secrets.mask(render_list(tasks, paint))
    elif all_tasks:
        text = paint("yellow", "task: No tasks available\n")
    else:
        text = paint("yellow", "task: No tasks with description available. Try --list-all to list all tasks\n")
    sys.stdout.write(text)
    return bool(tasks)


def _listed(bench: Workbench, name: str) -> ReadyTask:
    """A task as far as lists show it: without its commands, whose templates are most of the work. go-task:
    CompiledTaskForTaskList.
    """
    match = bench.index.find(name)
    task = replace(match.task, steps=(), dependencies=(), preconditions=(), environment={}, dotenv=())
    return run_static(bench.preparation.prepare(replace(match, task=task), name, {}, Mode.BLANK))


def _print_names(bench: Workbench, names: Sequence[str]) -> None:
    for name in names:
        for shown in (name, *bench.taskfile.tasks[name].aliases):
            sys.stdout.write(shown.rstrip(":") + "\n")


def _print_names_for_programs(bench: Workbench, tasks: Sequence[ReadyTask]) -> None:
    """A line for each name, with a tab before its description. Names that would break such a line are left out."""
    for task in tasks:
        description = bench.secrets.mask(" ".join(task.desc.split()))
        for name in (task.task.name, *task.task.aliases):
            if "\n" not in name and "\t" not in name:
                sys.stdout.write(f"{name}\t{description}\n")


def _print_json(bench: Workbench, tasks: Sequence[ReadyTask], *, with_status: bool, nested: bool) -> None:
    import json

    fresh = {task.task.name: _is_fresh(bench, task) for task in tasks} if with_status else {}
    document = bench.secrets.mask_all(list_document(tasks, fresh=fresh, location=bench.taskfile.file, nested=nested))
    text = json.dumps(document, indent=2, ensure_ascii=False)
    sys.stdout.write(text.translate(GO_ESCAPES) + "\n")


def _is_fresh(bench: Workbench, ready: ReadyTask) -> bool:
    """Whether its sources say that it is up to date. `status` commands are not asked, since a list runs nothing.

    Raises TaskfileError for a method that there is not.
    """
    if ready.method != "checksum":
        bench.freshness.check_method(ready)
    return bool(ready.sources) and not bench.freshness.look(ready).stale_reason


def summarize(bench: Workbench, calls: Sequence[ReadyCall], paint: Paint) -> int:
    """Print what is known of the called tasks, up to the first that cannot be made ready."""
    for number, call in enumerate(calls):
        name = call.task or ""
        match = bench.index.find(name)
        try:
            ready = run_static(bench.preparation.prepare(match, name, call.variables, Mode.BLANK))
        except VariableError as error:
            sys.stderr.write(f"paratask: warning: there is no summary of `{name}`: {error.message}\n")
            return 0
        if any(isinstance(step, UnknownSteps) for step in (*ready.steps, *ready.dependencies)):
            sys.stderr.write(f"paratask: warning: a loop of `{name}` cannot be unrolled, so there is no summary\n")
            return 0
        text = bench.secrets.mask(render_summary_of(ready, bench.environ, paint))
        sys.stdout.write(paint("reset", "\n") * (2 if number else 0) + text)
    return 0
