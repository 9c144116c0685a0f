"""One run of plain commands, with its records: as of tasks, but for the exit code, the order of starting and what `--resume` needs."""

from __future__ import annotations

import os

from paratask.cli.exec.project import document_of, make_bench, make_own_state
from paratask.cli.recorded_run import RecordedRun
from paratask.cli.setup import calls_of, end_leftovers, painter_for, run_options
from paratask.errors import InterruptedRunError, TaskRunError
from paratask.execution.jobs import State
from paratask.execution.options import Plain
from paratask.frozen import replace
from paratask.records.logs import COMMANDS_FILE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.cli.exec.project import Commands
    from paratask.cli.options import Typed
    from paratask.cli.resuming.resumed import Resumed
    from paratask.execution.options import RunOptions
    from paratask.execution.session import Outcome
    from paratask.execution.workbench import Workbench
    from paratask.reporting.colors import Paint

MOST_COUNTED = 100
WRITTEN_THROUGH = ("interleaved", "prefixed")


def run_commands(typed: Typed, commands: Commands) -> int:
    """The exit code. Raises ParataskError for what goes wrong before anything runs."""
    if not commands.lines:
        return 0
    paint = painter_for(typed, 2)
    bench = make_bench(typed, commands)
    options = plain_options(typed, bench, commands)
    end_leftovers(bench, options, paint)
    return ExecRun(typed, bench, commands, options, paint).carry_out()


def plain_options(typed: Typed, bench: Workbench, commands: Commands) -> RunOptions:
    """Who types `--exec` says that all may run side by side, and one that fails says nothing of the others. Raises UsageError."""
    options = run_options(typed, bench)
    return replace(
        options,
        calls_together=True,
        parallel="off" if options.parallel == "off" else "all",
        on_failure=typed.text("on_failure") or "continue",
        plain=Plain(
            keeps_order=typed.flag("keep_order"),
            holds_back=options.output.style not in WRITTEN_THROUGH,
            numbers_slots=commands.has_slot,
        ),
    )


class ExecRun(RecordedRun):
    """The run of these commands. Its exit code is how many failed, as GNU parallel's."""

    def __init__(
        self,
        typed: Typed,
        bench: Workbench,
        commands: Commands,
        options: RunOptions,
        paint: Paint,
        *,
        resumed: Resumed | None = None,
    ) -> None:
        alone = replace(typed, calls=(), rest=())
        super().__init__(alone, bench, calls_of(commands.lines), options, paint, resumed=resumed)
        self._plain_commands = commands
        if typed.text("joblog") and not options.dry:
            from paratask.cli.exec.joblog import JobLog

            self._events.subscribe(
                JobLog(
                    os.path.join(os.getcwd(), typed.text("joblog")), lines=commands.lines, job_of=self._session.job,
                    log_path=self._folder.log_path, warn=self._warn, goes_on=resumed is not None,
                )
            )  # fmt: skip

    def _begin(self) -> None:
        if self._options.dry:
            super()._begin()
            return
        make_own_state(self._bench.state_dir, os.environ)
        super()._begin()
        self._folder.write_file(COMMANDS_FILE, document_of(self._plain_commands))

    def _exit_code(self, outcome: Outcome) -> int:
        error = outcome.error
        if error is None:
            return 0
        if not isinstance(error, TaskRunError):
            return error.exit_code
        if isinstance(error.innermost().cause, InterruptedRunError) or self._typed.flag("exit_code"):
            return error.command_exit_code()
        failed = sum(job.state is State.FAILED for job in outcome.jobs)
        return min(failed, MOST_COUNTED + 1) or error.exit_code
