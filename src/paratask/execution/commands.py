"""One command, from its text to its exit status: lease, process, output, end. See "Processes" in docs/design.md.

Everything that a Taskfile makes a shell do goes through here: steps, conditions, `status`, `sh:` variables. Knows nothing of tasks'
rules, which are interpreter.py's.
"""

from __future__ import annotations

import errno
import os
import signal
from functools import partial

from paratask.errors import VariableError, shown_command
from paratask.frozen import dataclass, replace
from paratask.kernel.cancel import Cancelled, CancelScope
from paratask.processes.capture import Capture, is_one_output
from paratask.processes.process import NOT_EXECUTABLE
from paratask.processes.streams import Collected
from paratask.scheduling.budget import AT_ONCE, ORDINARY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from paratask.execution.job_slots import JobSlots
    from paratask.execution.jobserver.sharing import Sharing
    from paratask.execution.keyboard import Lent
    from paratask.execution.leases import Leases
    from paratask.execution.strands import Door
    from paratask.execution.tracing import Strace
    from paratask.kernel.loop import Loop
    from paratask.processes.capture import Log
    from paratask.processes.process import Ended, Process, Processes
    from paratask.processes.shell import Shell
    from paratask.processes.streams import Sink
    from paratask.processes.terminal import Terminal
    from paratask.scheduling.admission import Ticket
    from paratask.scheduling.budget import Cost
    from paratask.variables.secrets import Secrets

GRACE_SECONDS = 2.0
INNER_LOOK_SECONDS = 0.02
SIZE_SECONDS = 0.25
MAY_SHARE_SLOTS = ("make", "ninja", "cargo", "rustc", "maturin", "meson", "-flto", "paratask")
"""Without one of these in its text, a command takes no part in a jobserver. jobserver/sharing.py looks closer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to start. `lone` commands have the keyboard; `direct` ones also write to our own stdout and stderr, unrecorded. Who
    `wants_terminal` gets both where others run beside it, when nobody else has them. Those of `one_stream` write stderr where stdout goes.
    `owner` is whose command it is, for a tracer: a ReadyTask, or the text of a `sh:` variable. `job` is the id of the job, if it is one's.
    `door` has to be open, see strands.py. `held` is told what kept it from starting, other than that as many ran as may, the names of
    the resources that it uses, and for how long. Without `needs_folder`, builtins run even where that is not there, as in go-task.
    """

    text: str
    folder: str
    environment: Mapping[str, str]
    set_options: tuple[str, ...] = ()
    shopt_options: tuple[str, ...] = ()
    lone: bool = False
    direct: bool = False
    wants_terminal: bool = False
    needs_folder: bool = True
    one_stream: bool = False
    priority: float = 0.0
    leads: bool = False
    cost: Cost = ORDINARY
    owner: object = None
    job: str = ""
    door: Door | None = None
    held: Callable[[str, tuple[str, ...], float], None] | None = None


class Nothing:
    """A log and a sink that keep nothing."""

    def write(self, *_: object) -> None:
        """Forget it."""


class Commands:
    """Runs commands. `on_interrupt` is told when a command that had the keyboard was ended by Ctrl-C; `tracer` sees what each does."""

    def __init__(
        self,
        *,
        loop: Loop,
        processes: Processes,
        leases: Leases,
        shell: Shell,
        terminal: Terminal,
        environ: Mapping[str, str],
        on_interrupt: Callable[[int], None],
        secrets: Secrets,
        lend: Callable[[], Lent],
        tracer: Strace | None = None,
    ) -> None:
        self._lend = lend
        self._secrets = secrets
        self._tracer = tracer
        self._loop = loop
        self._processes = processes
        self._leases = leases
        self._shell = shell
        self._terminal = terminal
        self._environ = environ
        self._on_interrupt = on_interrupt
        self._null = os.open(os.devnull, os.O_RDWR)
        self._is_one_output = is_one_output()
        self._lingering: list[Capture] = []
        self._make_sharing: Callable[[], Sharing] | None = None
        self._sharing: Sharing | None = None
        self._slots: JobSlots | None = None
        self.sooner_seconds = 0.0
        """By so much sooner than usual is killed what a signal did not end."""

    def number_slots(self) -> None:
        """Let texts ask for the number of the slot that they run in."""
        from paratask.execution.job_slots import JobSlots

        self._slots = JobSlots()

    def share_slots(self, *, make_sharing: Callable[[], Sharing] | None, sharing: Sharing | None) -> None:
        """Let commands that can share job slots have part in them, where `make_sharing` is given: it is asked for the first one.

        `sharing` is one that has begun already. Closes it.
        """
        self._make_sharing = make_sharing
        self._sharing = sharing

    def close(self) -> None:
        """The run is over: nobody listens any more."""
        for capture in self._lingering:
            capture.leave()
        if self._sharing is not None:
            self._sharing.close()
        os.close(self._null)

    async def run(
        self, order: Order, *, log: Log, sink: Sink, started: Callable[[Process], Callable[[], None]] | None = None
    ) -> Ended:
        """Run to the end. `started` is called when the process runs, and what it returns when it has ended. Raises Cancelled."""
        if order.wants_terminal and not order.lone and self._terminal.commands:
            async with self._lend():
                return await self.run(replace(order, lone=True, direct=True), log=log, sink=sink, started=started)
        asked_at = self._loop.now()
        lease = await self._leases.take(
            self._cost(order), priority=order.priority, owner=order.job, leads=order.leads, door=order.door
        )
        ended: Ended | None = None
        try:
            self._loop.raise_if_cancelled()
            if order.held is not None:
                order.held(lease.held_by, lease.names, self._loop.now() - (lease.held_since if lease.held_by else asked_at))
            if self._sharing is not None:
                await self._sharing.settle()
            if self._slots is None:
                ended = await self._run(order, lease, log, sink, started)
            else:
                with self._slots.placed(order.text) as text:
                    ended = await self._run(replace(order, text=text), lease, log, sink, started)
        finally:
            self._leases.give_back(lease, cores=ended.cores if ended is not None else None)
        # Whoever has the lease now starts before we say what came of it; after a failure it may have to be stopped.
        if ended.exit_status == 0:
            await self._loop.give_way()
        return ended

    def _cost(self, order: Order) -> Cost:
        """One that shares job slots takes what it needs beyond the first by itself."""
        if order.cost.cpu > 1 and self._make_sharing is not None and any(name in order.text for name in MAY_SHARE_SLOTS):
            return replace(order.cost, cpu=1.0)
        return order.cost

    async def status(
        self, text: str, folder: str, environment: Mapping[str, str], *, owner: object = None, priority: float = 0.0,
        door: Door | None = None,
    ) -> int:  # fmt: skip
        """The exit status of a condition's command; its output is not shown. go-task runs it the same way."""
        order = Order(text=text, folder=folder, environment=environment, needs_folder=False, owner=owner)
        lease = await self._leases.take(priority=priority, door=door)
        try:
            self._loop.raise_if_cancelled()
            start = partial(self._start, order, (self._null, self._null, self._null))
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
        sink = Collected()
        order = Order(text=text, folder=folder, environment=environment, needs_folder=False, owner=text, priority=AT_ONCE)
        ended = await self.run(order, log=Nothing(), sink=sink)
        if ended.exit_status != 0:
            shown = shown_command(self._secrets.mask(text.strip()))
            raise VariableError(f"the command of a `sh:` variable failed: `{shown}` exited with {ended.exit_status}")
        return b"".join(sink.out).decode(errors="surrogateescape")

    async def _run(
        self, order: Order, lease: Ticket, log: Log, sink: Sink, started: Callable[[Process], Callable[[], None]] | None
    ) -> Ended:
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
        ended_callback = started(process) if started is not None else None
        try:
            return await self._watch(process, order)
        finally:
            if ended_callback is not None:
                ended_callback()
            if order.lone:
                self._terminal.take_back()
            if capture is not None:
                self._terminal.hide(process)
                capture.finish()
                if capture.is_open:
                    self._lingering.append(capture)

    def _begin(self, order: Order, log: Log, sink: Sink) -> tuple[Process, Capture | None]:
        """The process, and what listens to it, if anything does. Raises OSError."""
        stdin = 0 if order.lone and self._terminal.lends_stdin else self._null
        if order.direct:
            return self._start(order, (stdin, 1, 2)), None
        size = self._terminal.size() if not isinstance(sink, Collected) else None
        is_one = order.one_stream or (self._is_one_output and not isinstance(sink, Collected))  # `2>&1` keeps their order
        capture = Capture(self._loop, log=log, sink=sink, terminal_size=size, secrets=self._secrets, one_stream=is_one)
        try:
            self._processes.check_room(capture.child_err)
            process = self._start(order, (stdin, capture.child_out, capture.child_err))
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

    def _start(self, order: Order, fds: tuple[int, int, int]) -> Process:
        path = order.environment.get("PATH", os.defpath)
        argv = self._shell.argv(
            order.text, path=path, folder=order.folder, set_options=order.set_options, shopt_options=order.shopt_options
        )
        environment = order.environment
        if argv[0] == self._shell.program and environment.get("PWD") != order.folder:
            environment = {**environment, "PWD": order.folder}  # the shell believes it, and keeps symbolic links in `pwd`
        try:
            if self._make_sharing is not None and any(name in order.text for name in MAY_SHARE_SLOTS):
                return self._start_sharing(argv, order, environment, fds)
            return self._spawn(argv, order, order.folder, environment, fds)
        except ValueError as error:  # a NUL byte in its environment
            raise OSError(errno.EINVAL, str(error)) from None
        except OSError as error:
            if not order.needs_folder and not os.path.lexists(order.folder):
                return self._start_in_no_folder(order, fds)
            if error.errno == errno.E2BIG:
                return self._start_long(order, environment, fds)
            if error.errno != errno.ENOEXEC:
                raise
            argv = self._shell.in_shell(order.text)
            return self._spawn(argv, order, order.folder, order.environment, fds)

    def _start_sharing(
        self, argv: list[str], order: Order, environment: Mapping[str, str], fds: tuple[int, int, int]
    ) -> Process:
        assert self._make_sharing is not None
        self._sharing = self._sharing or self._make_sharing()
        invitation = self._sharing.invite(order.text, argv, environment, order.folder, order.set_options)
        if invitation is None:
            return self._spawn(argv, order, order.folder, environment, fds)
        try:
            process = self._spawn(invitation.argv, order, order.folder, invitation.environment, fds)
        finally:
            invitation.close()
        self._sharing.started(process.pid)
        return process

    def _start_long(self, order: Order, environment: Mapping[str, str], fds: tuple[int, int, int]) -> Process:
        """A text, or a variable, that is longer than an argument may be."""
        from paratask.processes.long_text import in_file

        argv = self._shell.in_shell(order.text, order.set_options, order.shopt_options)
        with in_file(argv, environment, closes=self._shell.is_bash) as (shorter, rest):
            return self._spawn(shorter, order, order.folder, rest, fds)

    def _start_in_no_folder(self, order: Order, fds: tuple[int, int, int]) -> Process:
        import tempfile

        empty = tempfile.mkdtemp(prefix="paratask-")
        environment = {**order.environment, "PWD": empty}
        argv = self._shell.in_missing_folder(order.text, order.folder)
        try:
            return self._spawn(argv, order, empty, environment, fds)  # the text itself begins with removing the folder
        except OSError:
            os.rmdir(empty)
            raise

    def _spawn(
        self, argv: list[str], order: Order, folder: str, environment: Mapping[str, str], fds: tuple[int, int, int]
    ) -> Process:
        if self._tracer is not None:
            argv = self._tracer.wrap(argv, owner=order.owner, folder=folder, environment=environment)
        return self._processes.start(argv, folder=folder, environment=environment, fds=fds)

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
            if self._sharing is not None:
                self._sharing.ended(process)
        ended = process.ended
        assert ended is not None
        if had_keyboard and ended.signal == signal.SIGINT:
            self._on_interrupt(signal.SIGINT)
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
