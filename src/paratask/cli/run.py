"""`paratask TASK…`: looks at what is called, runs it, and watches what is to be watched."""

from __future__ import annotations

from paratask.cli.recorded_run import RecordedRun
from paratask.cli.setup import end_leftovers, make_workbench, painter_for, requested, run_options
from paratask.errors import TaskInternalError, TaskNotFoundError
from paratask.variables.dynamic import run_static
from paratask.variables.scopes import Mode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from paratask.cli.options import Typed
    from paratask.execution.workbench import Workbench
    from paratask.variables.ready import ReadyCall


def run(typed: Typed) -> int:
    """`paratask TASK…`: the exit code. Raises ParataskError for what goes wrong before anything runs."""
    paint = painter_for(typed, 2)
    bench = make_workbench(typed)
    calls = requested(typed)
    options = run_options(typed, bench)
    if typed.flag("status"):  # the first that is stale ends it, whatever is named after it
        end_leftovers(bench, options, paint)
        return RecordedRun(typed, bench, calls, options, paint).carry_out()
    check_calls(bench, calls, typed)
    if typed.flag("summary"):
        run_static(bench.read_dotenv(Mode.BLANK))
        from paratask.cli.listing import summarize

        return summarize(bench, calls, painter_for(typed, 1))
    bench.split_commands()
    end_leftovers(bench, options, paint)
    watched = [call for call in calls if typed.flag("watch") or _watches(bench, call)]
    rest = [call for call in calls if call not in watched]
    code = RecordedRun(typed, bench, rest, options, paint).carry_out() if rest else 0
    if code or not watched:
        return code
    from paratask.cli.watch import watch

    return watch(typed, bench, watched, options, paint)


def check_calls(bench: Workbench, calls: Sequence[ReadyCall], typed: Typed) -> None:
    """All tasks must be there before the first runs; what is there is listed where one is not. go-task: Executor.Run."""
    for call in calls:
        try:
            task = bench.index.find(call.task or "").task
        except TaskNotFoundError as error:
            from paratask.cli.listing import print_list
            from paratask.cli.option_table import OPTIONS

            run_static(bench.read_dotenv(Mode.BLANK))
            print_list(bench, typed, all_tasks=False)
            if call.task in {option.name for option in OPTIONS}:
                meant = f"`paratask --{call.task}`?"
                error.help = f"{error.help[:-1]}, or {meant}" if error.help else f"did you mean {meant}"
            raise
        if task.internal:
            raise TaskInternalError(f"task `{call.task}` is internal", task=call.task or "", position=task.position)


def _watches(bench: Workbench, call: ReadyCall) -> bool:
    return bench.index.find(call.task or "").task.watch
