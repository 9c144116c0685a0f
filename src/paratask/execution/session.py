"""Puts a run together and carries it out. The one place where the parts of execution meet.

Everything it needs of the outside comes in as arguments; what it made of it is in `Outcome`. Knows no command line.
"""

from __future__ import annotations

import time

from paratask.errors import InterruptedRunError, ParataskError, TaskRunError
from paratask.execution.commands import Commands
from paratask.execution.interpreter import Interpreter
from paratask.execution.interrupts import NAMES, Interrupts
from paratask.execution.jobs import Jobs
from paratask.execution.leases import Leases
from paratask.execution.messages import Messages
from paratask.execution.meters import read_machine
from paratask.execution.neighbours import Neighbours, Pace, Stand
from paratask.execution.process import Processes
from paratask.execution.shell import Shell
from paratask.execution.steps import Steps
from paratask.execution.strands import Kind, Quiet, Strand
from paratask.execution.streams import ClosedOutputError, ConsoleSink
from paratask.execution.terminal import Terminal
from paratask.execution.turns import Request
from paratask.frozen import dataclass
from paratask.kernel.cancel import CancelScope
from paratask.kernel.loop import Event, Loop
from paratask.kernel.poller import SystemPoller
from paratask.variables.ready import ReadyCall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from paratask.events import EventBus
    from paratask.execution.jobs import Job
    from paratask.execution.logs import LogStore
    from paratask.execution.neighbours import Member
    from paratask.execution.options import RunOptions
    from paratask.execution.streams import Sink
    from paratask.execution.workbench import Workbench
    from paratask.planning.planner import Planner
    from paratask.scheduling.budget import Budget


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a run ended: its jobs, its error if it failed, and its times in seconds since the epoch."""

    jobs: Sequence[Job]
    error: ParataskError | None
    started_at: float
    ended_at: float


class Session:
    """One run. Make one, call `run` once."""

    def __init__(
        self,
        *,
        workbench: Workbench,
        planner: Planner,
        budget: Budget,
        options: RunOptions,
        logs: LogStore,
        events: EventBus,
        paint: Callable[[str, str], str],
        environ: Mapping[str, str],
    ) -> None:
        self._planner = planner
        self._options = options
        self._paint = paint
        self._poller = SystemPoller()
        self._loop = Loop(self._poller)
        self._scope = CancelScope(self._loop)
        self._processes = Processes(self._loop, self._poller)
        self._sink: Sink = ConsoleSink()
        self._interrupts = Interrupts(poller=self._poller, processes=self._processes, scope=self._scope, say=self._say)
        terminal = Terminal()
        self._leases = Leases(self._loop, budget, read_machine)
        self._commands = Commands(
            loop=self._loop, processes=self._processes, leases=self._leases, shell=Shell(environ), terminal=terminal,
            environ=environ, on_interrupt=self._interrupts.arrive,
        )  # fmt: skip
        workbench.run_shell = self._commands.output
        workbench.dynamic.make_turn = lambda: Event(self._loop)
        if workbench.taskfile.dotenv:
            self._loop.run(workbench.read_dotenv())
        self._jobs = Jobs(events, time.time)
        self._quiet = Quiet(self._loop)
        pace = Pace(one_at_a_time=options.parallel == "off")
        neighbours = Neighbours(
            loop=self._loop, quiet=self._quiet, pace=pace, on_failure=options.on_failure,
            in_written_order=not terminal.watches,
        )  # fmt: skip
        messages = Messages(options=options, taskfile_silent=workbench.taskfile.silent, paint=paint, fill=workbench.fill_for)
        self._interpreter = Interpreter(
            loop=self._loop, index=workbench.index, preparation=workbench.preparation, freshness=workbench.freshness,
            jobs=self._jobs, events=events, neighbours=neighbours, quiet=self._quiet, options=options, messages=messages,
            platform=workbench.platform, arrange_dependencies=planner.arrange_dependencies,
        )  # fmt: skip
        self._interpreter.steps = Steps(
            loop=self._loop, taskfile=workbench.taskfile, interpreter=self._interpreter, preparation=workbench.preparation,
            commands=self._commands, leases=self._leases, quiet=self._quiet, pace=pace, logs=logs,
            events=events, messages=messages, options=options, environ=environ, arrange=planner.arrange,
            repeatable=planner.is_repeatable, now=time.time,
        )  # fmt: skip

    def _say(self, text: str) -> None:
        try:
            self._sink.write(1, f"{self._paint('yellow', text)}\n".encode())
        except ClosedOutputError:
            pass

    def run(self, calls: Sequence[ReadyCall]) -> Outcome:
        """Carry the calls out. What fails is in the outcome; a defect raises."""
        started = time.time()
        error: ParataskError | None = None
        try:
            self._loop.run(self._main(calls))
        except ParataskError as failed:
            error = failed
        except ClosedOutputError:
            error = _nobody_reads()
        finally:
            self._processes.kill_all()
            self._commands.close()
            self._poller.close()
        if self._interrupts.number and error is None:
            error = self._interrupted(calls)
        return Outcome(jobs=tuple(self._jobs.all), error=error, started_at=started, ended_at=time.time())

    def first_stale(self, calls: Sequence[ReadyCall]) -> ReadyCall | None:
        """The first call whose task is not up to date; runs their `status` commands. For --status. Raises ParataskError."""

        async def look() -> ReadyCall | None:
            for call in calls:
                if not await self._interpreter.is_fresh(call):
                    return call
            return None

        try:
            return self._loop.run(look())
        finally:
            self._commands.close()
            self._poller.close()

    async def _main(self, calls: Sequence[ReadyCall]) -> None:
        stand = Stand(strand=Strand(), sink=self._sink)
        self._quiet.enter()
        try:
            with self._scope:
                await self._calls(calls, stand)
        except ClosedOutputError:
            raise _nobody_reads() from None

    async def _calls(self, calls: Sequence[ReadyCall], stand: Stand) -> None:
        together = self._options.calls_together
        arrangement = self._planner.together(calls, "--parallel") if together else self._planner.arrange(calls)
        jobs = [self._jobs.make(call.task or "", parent="", reason=arrangement.reasons[i]) for i, call in enumerate(calls)]
        members = [self._member(call, job) for call, job in zip(calls, jobs, strict=True)]
        kind = Kind.COMMAND_LINE if together else Kind.SET
        await self._interpreter.run_set(members, jobs, arrangement, kind=kind, stand=stand, failfast=self._options.failfast)

    def _member(self, call: ReadyCall, job: Job) -> Member:
        request = Request(task=call.task or "", variables=call.variables, direct=True, position=None)
        return lambda stand: self._interpreter.call(request, job, stand)

    def _interrupted(self, calls: Sequence[ReadyCall]) -> TaskRunError:
        number = self._interrupts.number
        cause = InterruptedRunError(NAMES.get(number, str(number)), exit_status=128 + number)
        return TaskRunError(task=calls[0].task or "", job="", cause=cause)


def _nobody_reads() -> ParataskError:
    return ParataskError("whoever read the output went away")
