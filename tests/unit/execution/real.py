"""Commands on real processes, put together as a session does, with output kept."""

from __future__ import annotations

import os
import select
import signal

from paratask.execution.commands import Commands
from paratask.execution.leases import Leases
from paratask.execution.starting import Order, Starter
from paratask.kernel.loop import Loop
from paratask.kernel.poller import SystemPoller
from paratask.processes.process import Processes
from paratask.processes.shell import Shell
from paratask.scheduling.budget import Budget, Reading
from paratask.variables.secrets import Secrets


class Kept:
    """A log, and a sink that keeps each stream."""

    def __init__(self) -> None:
        self.streams = {1: b"", 2: b""}
        self.data = bytearray()

    def write(self, *arguments) -> None:
        if len(arguments) == 2:
            self.streams[arguments[0]] += arguments[1]
        self.data += arguments[-1]


class NoTerminal:
    """Stands in for `Terminal`: nobody watches, and the keyboard is not ours. `columns` makes it one that is watched."""

    commands = lends = is_stdin = False

    def __init__(self, columns: int = 0) -> None:
        self.columns = columns

    def size(self):
        return (self.columns, 24) if self.columns else None

    def hand_over(self, process) -> None:
        pass

    def take_back(self) -> None:
        pass

    def show(self, process, capture) -> None:
        pass

    def hide(self, process) -> None:
        pass


class Bench:
    """Everything a command needs. `run` carries one out in a loop of its own."""

    def __init__(self, folder: str, *, cpus: float = 4.0, columns: int = 0) -> None:
        self.folder = folder
        self.environ = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
        self.poller = SystemPoller()
        self.loop = Loop(self.poller)
        self.processes = Processes(self.loop, self.poller)
        self.leases = Leases(self.loop, Budget(cpus=cpus), Reading)
        self.interrupted: list[int] = []
        self.log, self.sink, self.console = Kept(), Kept(), Kept()
        self.commands = Commands(
            loop=self.loop,
            processes=self.processes,
            leases=self.leases,
            starter=Starter(processes=self.processes, shell=Shell(self.environ)),
            terminal=NoTerminal(columns),
            console=self.console,
            environ=self.environ,
            on_interrupt=self.interrupted.append,
            secrets=Secrets(),
            lend=lambda: None,
        )

    def order(self, text: str, **changes) -> Order:
        return Order(**{"text": text, "folder": self.folder, "environment": self.environ, **changes})

    async def start(self, text: str, **changes):
        return await self.commands.run(self.order(text, **changes), log=self.log, sink=self.sink)

    def run(self, text: str, **changes):
        return self.loop.run(self.start(text, **changes))

    def close(self) -> None:
        assert not self.processes.running, "a process was left behind"
        assert self.leases._admission.running == 0, "a lease was not returned"
        self.commands.close()
        self.poller.close()


def is_alive(pid: int) -> bool:
    """Whether there is such a process that is no zombie."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def has_died(pid: int) -> bool:
    """Waits for it: a signal was sent, and takes its time."""
    try:
        fd = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([fd], [], [], 30)[0])
    finally:
        os.close(fd)


def end(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
