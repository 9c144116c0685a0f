"""What a run works with and does not end with it: the loop, processes, signals, the terminal.

A plain run has one of its own; the runs of a watch share one, so that no signal falls between two of them. Knows nothing of tasks.
"""

from __future__ import annotations

import os
import signal
from functools import partial

from paratask.execution.commands import Commands
from paratask.execution.leases import Leases, is_below_jobserver
from paratask.execution.starting import Starter
from paratask.kernel.cancel import CancelScope
from paratask.kernel.loop import Event, Loop
from paratask.kernel.poller import SystemPoller
from paratask.processes.interrupts import Interrupts
from paratask.processes.meters import Meter
from paratask.processes.process import Processes
from paratask.processes.running import LASTS_SECONDS, RUNNING_FOLDER, RunningRecord
from paratask.processes.shell import Shell
from paratask.processes.streams import ClosedOutputError, ConsoleSink
from paratask.processes.terminal import Terminal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from paratask.execution.jobserver.sharing import Sharing
    from paratask.execution.keyboard import Keyboard, Lent
    from paratask.execution.memory_guard import Guarded, MemoryGuard
    from paratask.execution.options import RunOptions
    from paratask.execution.requirements import Ask
    from paratask.execution.tracing import Strace
    from paratask.execution.workbench import Workbench
    from paratask.scheduling.budget import Budget
    from paratask.taskfile.model import Variable
    from paratask.variables.secrets import Secrets


class Engine:
    """Make one, `close` it. `scope` is what a signal cancels; one fiber at a time enters it.

    Without `keyboard` no command gets it, so that Ctrl-C always comes here. Without `says_signals` the first one is not named.
    `state` is the path of `.paratask`, where a record of what runs is kept; without it there is none. `plain`: see Shell.
    """

    def __init__(
        self,
        *,
        environ: Mapping[str, str],
        paint: Callable[[str, str], str],
        keyboard: bool = True,
        says_signals: bool = True,
        state: str = "",
        plain: bool = False,
    ) -> None:
        self._environ = environ
        self._paint = paint
        self._poller = SystemPoller()
        self.loop = Loop(self._poller)
        self.scope = CancelScope(self.loop)
        self.sink = ConsoleSink()
        self.terminal = Terminal(keyboard=keyboard)
        self._keyboard: Keyboard | None = None
        self._has_ended = False
        self.answers: dict[str, Variable] = {}
        """What the user was asked for: variables that every later call may use."""

        self._shell = Shell(environ, lambda text: self._say(text, 2), plain=plain)
        self._record = RunningRecord(os.path.join(state, RUNNING_FOLDER)) if state else None
        self._processes = Processes(self.loop, self._poller, self._record)
        self.interrupts = Interrupts(
            poller=self._poller, processes=self._processes, scope=self.scope, sink=self.sink, say=partial(self._say, stream=2 if plain else 1),
            names_first=says_signals,
        )  # fmt: skip
        if self._record is not None:
            self.interrupts.before_exit.append(self._record.close)
            self.interrupts.kill_all = partial(self._kill_all, self._record)
            self.loop.call_at(self.loop.now() + LASTS_SECONDS, self._record.hold)
        self.terminal.stop = partial(self._suspend, group=True)
        if signal.getsignal(signal.SIGTSTP) is not signal.SIG_IGN:
            self._poller.on_signal(signal.SIGTSTP, partial(self._suspend, group=False))
        if self.terminal.watches:
            self._poller.on_signal(signal.SIGWINCH, self.terminal.look_at_size)

    def _kill_all(self, record: RunningRecord) -> None:
        """With what runs in runs that our commands began."""
        groups = {*self._processes.running, *self._processes.being_stopped}
        if not groups:
            return
        inner = self._processes.inner_runs(groups, above=os.getpid())
        self._processes.kill_all()
        if inner:
            from paratask.execution.leftovers import end_killed_runs

            record.close()
            end_killed_runs(record.state, inner)

    def _suspend(self, *, group: bool) -> None:
        from paratask.processes.suspension import suspend

        if self.sink.cover is not None:
            self.sink.cover.lift()
        suspend(self._poller, self._processes, self.terminal, group=group)
        if self._keyboard is not None:
            self._keyboard.on_return()

    def asking(self) -> Ask | None:
        """What puts questions to the user; None where there is no terminal for it."""
        if not self.terminal.can_ask:
            return None
        from paratask.execution.asking import Asking

        columns, _ = self.terminal.size() or (80, 24)
        return Asking(self._own_keyboard(), self._paint, columns, make_room=self._make_room).ask

    async def read_answer(self, ask: Callable[[], None]) -> str:
        """See prompts."""
        from paratask.execution.prompts import read_answer

        return await read_answer(self.loop, self._own_keyboard(), self.sink, ask, is_alone=lambda: not self._processes.running)

    def _lend(self) -> Lent:
        from paratask.execution.keyboard import Lent

        return Lent(self.loop, self._own_keyboard(), self._make_room, self._poller.skip)

    def _own_keyboard(self) -> Keyboard:
        if self._keyboard is None:
            from paratask.execution.keyboard import Keyboard

            self._keyboard = Keyboard(self.loop)
        return self._keyboard

    def _make_room(self, *, away: bool) -> None:
        """For a question on the screen, and afterwards."""
        if self.sink.cover is not None:
            self.sink.cover.stay_away(away=away)

    def make_leases(self, budget: Budget) -> Leases:
        return Leases(self.loop, budget, Meter(budget, self.loop.now))

    def on_look(self, look: Callable[[Mapping[int, int]], None]) -> None:
        """Let somebody know, once a second, how many bytes each command has that runs so long."""
        self._processes.on_look = look

    def make_guard(self, guarded: Guarded) -> MemoryGuard:
        """What looks after memory while commands run side by side."""
        from paratask.execution.memory_guard import MemoryGuard

        return MemoryGuard(guarded, now=self.loop.now)

    def make_commands(self, leases: Leases, secrets: Secrets, tracer: Strace | None = None) -> Commands:
        """What starts commands under these leases; whoever asks closes it."""
        return Commands(
            loop=self.loop, processes=self._processes, leases=leases, terminal=self.terminal, console=self.sink,
            environ=self._environ, starter=Starter(processes=self._processes, shell=self._shell, tracer=tracer),
            on_interrupt=self.interrupts.arrive, secrets=secrets, lend=self._lend,
        )  # fmt: skip

    def share_slots(self, leases: Leases, commands: Commands, budget: Budget, options: RunOptions) -> None:
        """Take part in the jobserver above us, and offer one to commands that know what to do with it."""

        def make() -> Sharing:
            from paratask.execution.jobserver.sharing import Sharing

            return Sharing(
                loop=self.loop, leases=leases, shell=self._shell, environ=self._environ, slots=int(budget.cpus),
                style=options.jobserver, say=lambda text: self._say(text, 2),
                tell=lambda text: self._say(text, 2) if options.verbose else None, at_exit=self.interrupts.before_exit,
                record=self._record,
            )  # fmt: skip

        sharing = make() if is_below_jobserver(self._environ) else None
        if sharing is not None:
            sharing.join(wanted=not options.own_slots)
        commands.starter.share_slots(make_sharing=make if options.parallel != "off" else None, sharing=sharing)

    def serve(self, workbench: Workbench, commands: Commands) -> None:
        """Let the workbench run its `sh:` variables with `commands`, and read its dotenv files. Raises VariableError. A signal that comes
        meanwhile ends what they run, and then whatever enters `scope`.
        """
        workbench.run_shell = commands.output
        workbench.dynamic.make_turn = lambda: Event(self.loop)
        if workbench.taskfile.dotenv:
            self.loop.run(self._read_dotenv(workbench))

    async def _read_dotenv(self, workbench: Workbench) -> None:
        with self.scope:
            await workbench.read_dotenv()

    def _say(self, text: str, stream: int = 1) -> None:
        try:
            self.sink.write(stream, self._paint("yellow", text + "\n").encode())
        except ClosedOutputError:
            pass

    def end(self) -> None:
        """End what still runs; the loop must not run on. Signals that come from here on change nothing: what ran is still to be kept."""
        if not self._has_ended:
            self._has_ended = True
            self.interrupts.kill_all()
            self.interrupts.close()
            if self._record is not None:
                self._record.close()

    def close(self) -> None:
        """End what still runs. Signals mean again what they meant before."""
        self.end()
        self._poller.close()
