"""One command, from its text to its exit status: lease, process, output, end. See "Processes" in docs/design.md.

Everything that a Taskfile makes a shell do goes through here: steps, conditions, `status`, `sh:` variables. Knows nothing of tasks'
rules, which are interpreter.py's.
"""

from __future__ import annotations

import os
import signal
from functools import partial

from paratask.errors import VariableError, shown_command
from paratask.execution.starting import Order
from paratask.frozen import replace
from paratask.kernel.cancel import Cancelled, CancelScope
from paratask.processes.capture import Capture, is_one_output
from paratask.processes.process import NOT_EXECUTABLE
from paratask.processes.streams import Collected, open_null
from paratask.scheduling.budget import AT_ONCE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from paratask.execution.job_slots import JobSlots
    from paratask.execution.keyboard import Lent
    from paratask.execution.leases import Leases
    from paratask.execution.overlaps import Course
    from paratask.execution.starting import Starter
    from paratask.execution.strands import Door
    from paratask.kernel.loop import Loop
    from paratask.processes.capture import Log
    from paratask.processes.process import Ended, Process, Processes
    from paratask.processes.streams import Sink
    from paratask.processes.terminal import Terminal
    from paratask.scheduling.admission import Ticket
    from paratask.variables.secrets import Secrets

GRACE_SECONDS = 2.0
INNER_LOOK_SECONDS = 0.02
SIZE_SECONDS = 0.25


def _typed(ended: Ended) -> int:
    r"""The signal of Ctrl-C or Ctrl-\, where that ended it; else 0. bash does not die of the latter itself, as of the former."""
    if ended.exit_status == 128 + signal.SIGQUIT:
        return signal.SIGQUIT
    return signal.SIGINT if ended.signal == signal.SIGINT else 0


class Nothing:
    """A log and a sink that keep nothing."""

    def write(self, *_: object) -> None:
        """Forget it."""


class Commands:
    """Runs commands. `on_interrupt` is told when a command that had the keyboard was ended by Ctrl-C. `console` shows what `sh:` variables'
    commands write to stderr.
    """

    def __init__(
        self,
        *,
        loop: Loop,
        processes: Processes,
        leases: Leases,
        starter: Starter,
        terminal: Terminal,
        console: Sink,
        environ: Mapping[str, str],
        on_interrupt: Callable[[int], None],
        secrets: Secrets,
        lend: Callable[[], Lent],
    ) -> None:
        self._console = console
        self._lend = lend
        self._secrets = secrets
        self._loop = loop
        self._processes = processes
        self._leases = leases
        self.starter = starter
        self._terminal = terminal
        self._environ = environ
        self._on_interrupt = on_interrupt
        self._null = open_null()
        self._is_one_output = is_one_output()
        self._lingering: list[Capture] = []
        self._slots: JobSlots | None = None
        self.sooner_seconds = 0.0
        """By so much sooner than usual is killed what a signal did not end."""

    def number_slots(self) -> None:
        """Let texts ask for the number of the slot that they run in."""
        from paratask.execution.job_slots import JobSlots

        self._slots = JobSlots()

    def close(self) -> None:
        """The run is over: nobody listens any more."""
        for capture in self._lingering:
            capture.leave()
        self.starter.close()
        os.close(self._null)

    async def run(self, order: Order, *, log: Log, sink: Sink, course: Course | None = None) -> Ended:
        """Run to the end; `course` is told of it meanwhile. Raises Cancelled."""
        if order.wants_terminal and not order.lone and self._terminal.commands:
            async with self._lend():
                return await self.run(replace(order, lone=True, direct=True), log=log, sink=sink, course=course)
        asked_at = self._loop.now()
        lease = await self._leases.take(
            self.starter.cost(order), priority=order.priority, owner=order.job, leads=order.leads, door=order.door
        )
        ended: Ended | None = None
        try:
            self._loop.raise_if_cancelled()
            if course is not None:
                since = max(lease.held_since, asked_at) if lease.held_by else asked_at
                course.waited(lease.held_by, lease.names, self._loop.now() - since)
            if self.starter.sharing is not None:
                await self.starter.sharing.settle()
            if self._slots is None:
                ended = await self._run(order, lease, log, sink, course)
            else:
                with self._slots.placed(order.text) as text:
                    ended = await self._run(replace(order, text=text), lease, log, sink, course)
        finally:
            self._leases.give_back(lease, cores=ended.cores if ended is not None else None)
        # Whoever has the lease now starts before we say what came of it; after a failure it may have to be stopped.
        if ended.exit_status == 0:
            await self._loop.give_way()
        return ended

    async def status(
        self, text: str, folder: str, environment: Mapping[str, str], *, owner: object = None, priority: float = 0.0,
        door: Door | None = None,
    ) -> int:  # fmt: skip
        """The exit status of a condition's command; its output is not shown. go-task runs it the same way."""
        order = Order(text=text, folder=folder, environment=environment, needs_folder=False, owner=owner)
        lease = await self._leases.take(priority=priority, door=door)
        try:
            self._loop.raise_if_cancelled()
            start = partial(self.starter.start, order, (self._null, self._null, self._null))
            try:
                process = start()
            except OSError as error:
                process = await self._processes.room.again(start, error, let_go=self._let_go)
            ended = await self._watch(process, order)
        except OSError:
            return NOT_EXECUTABLE
        finally:
            self._leases.give_back(lease)
        return ended.exit_status

    async def output(self, text: str, folder: str, environment: Mapping[str, str]) -> str:
        """What a `sh:` variable's command writes to stdout. Raises VariableError when it fails."""
        sink = Collected(self._console)
        order = Order(text=text, folder=folder, environment=environment, needs_folder=False, owner=text, priority=AT_ONCE)
        ended = await self.run(order, log=Nothing(), sink=sink)
        if ended.exit_status != 0:
            shown = shown_command(self._secrets.mask(text.strip()))
            raise VariableError(f"`{shown}` exited with {ended.exit_status}")
        return b"".join(sink.out).decode(errors="surrogateescape")

    async def _run(self, order: Order, lease: Ticket, log: Log, sink: Sink, course: Course | None) -> Ended:
        try:
            try:
                process, capture = self._begin(order, log, sink)
            except OSError as error:
                begin = partial(self._begin, order, log, sink)
                process, capture = await self._processes.room.again(begin, error, let_go=self._let_go)
        except OSError as error:
            from paratask.execution.missing_programs import not_started

            return not_started(order.folder, self._secrets.mask(order.text.strip()), error, log, sink)
        if capture is not None and capture.is_terminal:
            self._show(process, capture, lone=order.lone)
        if order.lone:
            self._terminal.hand_over(process)
        process.on_size = lease.note_size
        process.on_cores = partial(self._leases.note_cores, lease)
        if course is not None:
            course.started(process)
        try:
            return await self._watch(process, order)
        finally:
            if course is not None:
                course.ended()
            if order.lone:
                self._terminal.take_back()
            if capture is not None:
                self._terminal.hide(process)
                capture.finish()
                if capture.is_open:
                    self._lingering.append(capture)

    def _begin(self, order: Order, log: Log, sink: Sink) -> tuple[Process, Capture | None]:
        """The process, and what listens to it, if anything does. Raises OSError."""
        has_stdin = (order.lone and self._terminal.lends_stdin) or (order.read_stdin and self._terminal.shares_stdin)
        stdin = 0 if has_stdin else self._null
        if order.direct:
            return self.starter.start(order, (stdin, 1, 2)), None
        size = self._terminal.size() if not isinstance(sink, Collected) else None
        is_one = order.one_stream or (self._is_one_output and not isinstance(sink, Collected))  # `2>&1` keeps their order
        capture = Capture(self._loop, log=log, sink=sink, terminal_size=size, secrets=self._secrets, one_stream=is_one)
        try:
            self._processes.check_room(capture.child_err)
            process = self.starter.start(order, (stdin, capture.child_out, capture.child_err))
        except BaseException:
            capture.abandon()
            raise
        capture.started()
        return process, capture

    def _show(self, process: Process, capture: Capture, *, lone: bool) -> None:
        """Keep its terminal as large as ours. While it has the keyboard, nobody tells us of a new size."""

        def look() -> None:
            if process.ended is None:
                self._terminal.look_at_size()
                self._loop.call_at(self._loop.now() + SIZE_SECONDS, look)

        self._terminal.show(process, capture)
        if lone and self._terminal.commands:
            self._loop.call_at(self._loop.now() + SIZE_SECONDS, look)

    def _let_go(self) -> bool:
        """Listen no more to what a command that has ended left running; whether there was one."""
        if self._lingering:
            self._lingering.pop(0).leave()
            return True
        return False

    async def _watch(self, process: Process, order: Order) -> Ended:
        had_keyboard = False
        try:
            if order.lone and self._terminal.is_stdin:
                await process.exited.wait()
                had_keyboard = self._terminal.commands
            else:
                had_keyboard = await self._until_ended(process)
        except Cancelled as cancelled:
            number = cancelled.scope.reason
            await self._stop(process, number if isinstance(number, int) else signal.SIGINT)
            raise
        finally:
            self.starter.ended(process)
        ended = process.ended
        assert ended is not None
        typed = _typed(ended) if had_keyboard else 0
        if typed:
            self._on_interrupt(typed)
            self._loop.raise_if_cancelled()  # it did not fail: it was stopped, as all that runs beside others is then
        return ended

    async def _until_ended(self, process: Process) -> bool:
        """Of a command that does not have the keyboard; whether it got it, since it used it all the same."""
        if self._terminal.lends:
            process.on_wish = partial(self._loop.wake, self._loop.current)
        try:
            await process.exited.wait()
            if process.exited.is_set:
                return False
            from paratask.execution.keyboard import lend_until_ended

            return await lend_until_ended(process, self._lend, self._terminal)
        finally:
            process.on_wish = None

    async def _stop(self, process: Process, number: int) -> None:
        """End the group: the signal, two seconds, SIGKILL. go-task waits as long."""
        self._processes.being_stopped.add(process.pid)
        with CancelScope(self._loop, shield=True):
            process.send(number)
            process.send(signal.SIGCONT)
            with CancelScope(self._loop, deadline=self._loop.now() + GRACE_SECONDS - self.sooner_seconds):
                inner = self._processes.inner_runs({process.pid}, above=process.pid).values()
                await process.exited.wait()
                if inner:
                    await self._end_of(inner)
            process.send(signal.SIGKILL)  # also what the leader left behind
            self._processes.stopped(process.pid)
            await process.exited.wait()

    async def _end_of(self, inner: Collection[int]) -> None:
        """Of paratasks in the group: a shell that called one is gone sooner, and they tell nobody."""
        from paratask.processes.process_table import is_running

        while any(map(is_running, inner)):
            await self._loop.sleep(INNER_LOOK_SECONDS)
