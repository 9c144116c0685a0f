"""`--watch` and `watch: true`: each task that is watched is a run of its own in every round, with its own log folder.

go-task: watchTasks. What is watched and when a round begins is watching's; here is what is said, and how it ends.
"""

from __future__ import annotations

import gc
import os
import signal

from paratask.cli.foresight import make_budget
from paratask.cli.recorded_run import RecordedRun, Shared
from paratask.cli.setup import make_reporters, place_maker, shown_from
from paratask.errors import VariableError, seen_from
from paratask.execution.engine import Engine
from paratask.processes.streams import ClosedOutputError
from paratask.taskfile.decode import parse_duration
from paratask.templating.failures import UnknownValueError
from paratask.variables.dynamic import run_static
from paratask.variables.scopes import Mode
from paratask.watching.definitions import Definitions
from paratask.watching.notifier import WatchfilesNotifier
from paratask.watching.sources import Sources
from paratask.watching.watcher import Watcher, interval_seconds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping, Sequence

    from paratask.cli.options import Typed
    from paratask.execution.options import RunOptions
    from paratask.execution.workbench import Workbench
    from paratask.reporting.colors import Paint
    from paratask.variables.ready import ReadyCall
    from paratask.watching.notifier import Change, Notifier

NOBODY_READS = 1


def watch(typed: Typed, bench: Workbench, calls: Sequence[ReadyCall], options: RunOptions, paint: Paint) -> int:
    """Run the calls, and again when their sources change, until a signal: then 0, as task. Raises ParataskError."""
    engine = Engine(
        environ=bench.environ, paint=paint, keyboard=False, says_signals=not typed.flag("watch"), state=bench.state_dir
    )
    commands = engine.make_commands(engine.make_leases(make_budget(typed, bench)), bench.secrets)
    try:
        engine.serve(bench, commands)
        _Watch(typed, bench, calls, options, paint, engine).carry_out()
    except ClosedOutputError:
        return NOBODY_READS
    finally:
        commands.close()  # before the loop's poller goes: a process that was left behind may still be listened to
        engine.close()
    return _exit_code(engine.interrupts.number)


def _exit_code(number: int) -> int:
    """task handles SIGINT and SIGTERM, and dies of others."""
    return 128 + number if number in (signal.SIGHUP, signal.SIGQUIT) else 0


def _dotenv_files(typed: Typed, bench: Workbench) -> list[str]:
    """The root's dotenv files, there or not, as far as their paths are known without running anything. Those that are templates do not
    see the command line's variables, and are not looked at where there are some.
    """
    paths = [path for path in bench.taskfile.dotenv if "{{" not in path or not typed.variables]
    if any("{{" in path for path in paths):
        values = run_static(bench.scopes.of_taskfile(Mode.UNKNOWN)).values
        paths = [_filled(path, bench, values) for path in paths]
    return [os.path.join(bench.project.root_dir, path) for path in paths if path]


def _filled(path: str, bench: Workbench, values: Mapping[str, object]) -> str:
    try:
        return bench.scopes.fill_text(path, values)
    except (UnknownValueError, VariableError):
        return ""


class _Watch:
    """The watch, from its first words to a signal."""

    def __init__(
        self,
        typed: Typed,
        bench: Workbench,
        calls: Sequence[ReadyCall],
        options: RunOptions,
        paint: Paint,
        engine: Engine,
    ) -> None:
        self._typed = typed
        self._bench = bench
        self._calls = calls
        self._options = options
        self._paint = paint
        self._engine = engine
        self._reporters = make_reporters(typed, bench, options)
        self._shared = Shared(
            engine=engine, executions={}, going_on=set(), make_place=place_maker(bench), reporters=self._reporters
        )  # fmt: skip
        asked = typed.text("interval")
        self._watcher = Watcher(
            loop=engine.loop,
            sources=Sources(bench, calls),
            make_notifier=self._notifier,
            interval_seconds=interval_seconds(parse_duration(asked) if asked else 0.0, bench.taskfile.interval_seconds),
            runs=[self._runner(call, number) for number, call in enumerate(calls)],
            begin_round=self._begin_round,
            say=self._say_more,
            root=bench.project.root_dir,
            definitions=Definitions((*bench.project.files, *_dotenv_files(typed, bench))),
            redefined=self._say_redefined,
            nothing_watched=self._say_nothing_watched,
        )

    def carry_out(self) -> None:
        names = ", ".join(call.task or "" for call in self._calls)
        self._say(f"task: Started watching for tasks: {names}", stream=2, color="green")
        try:
            self._engine.loop.run(self._until_stopped())
        finally:
            if self._reporters is not None:
                self._reporters.finish()

    async def _until_stopped(self) -> None:
        with self._engine.scope:
            self._engine.loop.raise_if_cancelled()  # by a signal that came before anything began
            await self._watcher.watch()

    def _begin_round(self) -> None:
        """`sh:` variables are run anew; what `run: once` has done stays done, where no sources say otherwise."""
        gc.collect()  # what a round was made of refers to itself, and nobody looks for such things by themselves before there are many
        self._bench.dynamic.forget()
        executions = self._shared.executions
        for key in [key for key, execution in executions.items() if not execution.lasts]:
            del executions[key]

    def _runner(self, call: ReadyCall, number: int) -> Callable[[], Coroutine[object, object, None]]:
        async def run() -> None:
            one = RecordedRun(self._typed, self._bench, [call], self._options, self._paint, shared=self._shared, number=number)
            if await one.join():
                self._say(f'task: task "{call.task}" finished running', stream=2, color="green")
            elif self._engine.sink.is_closed:
                raise ClosedOutputError

        return run

    def _notifier(self, report: Callable[[Sequence[Change]], None]) -> Notifier:
        return WatchfilesNotifier(self._engine.loop, report=report, say=lambda text: self._say(text, stream=2, color="yellow"))

    def _say_redefined(self, paths: Sequence[str]) -> None:
        names = " and ".join(f"`{seen_from(path, shown_from())}`" for path in paths)
        text = f"paratask: {names} changed, and is not read again: stop the watch and start it anew for that to count"
        self._say(text, stream=2, color="yellow")

    def _say_nothing_watched(self) -> None:
        text = "paratask: nothing is watched: neither these tasks nor what they call have `sources`; Ctrl-C ends the watch"
        self._say(text, stream=2, color="yellow")

    def _say(self, text: str, *, stream: int, color: str) -> None:
        self._engine.sink.write(stream, self._paint(color, text + "\n").encode(errors="surrogateescape"))

    def _say_more(self, text: str, *, stream: int, color: str) -> None:
        if self._options.verbose:
            self._say(text, stream=stream, color=color)
