"""`--resume` of a run of plain commands: the same command lines again, in the folder where they ran, less what is finished."""

from __future__ import annotations

import sys

from paratask.cli.exec.commands import show_lines
from paratask.cli.exec.project import make_bench, working_folder
from paratask.cli.exec.run import ExecRun, plain_options
from paratask.cli.resuming.resumed import Resumed, say_what
from paratask.cli.setup import calls_of, end_leftovers, painter_for
from paratask.frozen import replace
from paratask.names import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.cli.exec.project import Commands
    from paratask.cli.options import Typed
    from paratask.records.runs import KeptRun


def resume_commands(typed: Typed, earlier: KeptRun, commands: Commands) -> int:
    """The exit code, as of the whole run. Raises ParataskError."""
    if commands.folder != working_folder(typed):
        sys.stderr.write(f"paratask: run {earlier.run} goes on in {commands.folder}\n")
    named = typed.calls
    typed = replace(typed, values={**typed.values, "exec": True}, calls=())
    paint = painter_for(typed, 2)
    bench = make_bench(typed, commands)
    options = plain_options(typed, bench, commands)
    if not named and not options.silent:
        say_what(earlier, counted(len(commands.lines), "command"))
    end_leftovers(bench, options, paint)
    resumed = Resumed(bench, earlier, calls_of(commands.lines), typed, repeats_all=options.assume_yes, is_dry=options.dry)
    run = ExecRun(typed, bench, commands, options, paint, resumed=resumed)
    try:
        code = run.carry_out()
        if options.dry and run.outcome is not None:
            left = {job.task for job in run.outcome.jobs if not job.done_before}
            show_lines(line for name, line in commands.lines.items() if name in left)
        return code
    finally:
        resumed.report()
