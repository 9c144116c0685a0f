"""What is to be started, and how it becomes a process: program, arguments, environment, job slots, tracer.

See "Processes" and "Jobserver" in docs/design.md. Knows nothing of leases and output, which are commands.py's.
"""

from __future__ import annotations

import errno
import os

from paratask.frozen import dataclass, replace
from paratask.scheduling.budget import ORDINARY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from paratask.execution.jobserver.sharing import Sharing
    from paratask.execution.strands import Door
    from paratask.execution.tracing import Strace
    from paratask.processes.process import Process, Processes
    from paratask.processes.shell import Shell
    from paratask.scheduling.budget import Cost

MAY_SHARE_SLOTS = ("make", "ninja", "cargo", "rustc", "maturin", "meson", "-flto", "paratask")
"""Without one of these in its text, a command takes no part in a jobserver. jobserver/sharing.py looks closer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to start.

    lone              nothing runs beside it: it has the keyboard, or whatever our stdin is
    read_stdin        it has our stdin also where others run beside it, unless that is a terminal
    direct            it writes to our own stdout and stderr, and nothing of that is recorded
    wants_terminal    it gets the keyboard and is direct also where others run beside it, when nobody else has the keyboard
    needs_folder      where `folder` is not there it fails; without this, builtins run all the same, as in go-task
    one_stream        its stderr goes where its stdout goes
    priority, leads   how early it gets a lease, see Leases.take
    owner             whose command it is, for a tracer: a ReadyTask, or the text of a `sh:` variable
    job               the id of the job, empty where it is none's
    door              what has to be open before it starts, see strands.py
    """

    text: str
    folder: str
    environment: Mapping[str, str]
    set_options: tuple[str, ...] = ()
    shopt_options: tuple[str, ...] = ()
    lone: bool = False
    read_stdin: bool = False
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


class Starter:
    """Starts what is ordered; `tracer` sees what each process does."""

    def __init__(self, *, processes: Processes, shell: Shell, tracer: Strace | None = None) -> None:
        self._processes = processes
        self._shell = shell
        self._tracer = tracer
        self._make_sharing: Callable[[], Sharing] | None = None
        self.sharing: Sharing | None = None
        """Of job slots, once it has begun."""

    def share_slots(self, *, make_sharing: Callable[[], Sharing] | None, sharing: Sharing | None) -> None:
        """Let commands that can share job slots have part in them, where `make_sharing` is given: it is asked for the first one.

        `sharing` is one that has begun already. `close` closes it.
        """
        self._make_sharing = make_sharing
        self.sharing = sharing

    def close(self) -> None:
        """The run is over."""
        if self.sharing is not None:
            self.sharing.close()

    def cost(self, order: Order) -> Cost:
        """One that shares job slots takes what it needs beyond the first by itself."""
        if order.cost.cpu > 1 and self._make_sharing is not None and any(name in order.text for name in MAY_SHARE_SLOTS):
            return replace(order.cost, cpu=1.0)
        return order.cost

    def ended(self, process: Process) -> None:
        """One that was started here has ended."""
        if self.sharing is not None:
            self.sharing.ended(process)

    def start(self, order: Order, fds: tuple[int, int, int]) -> Process:
        """With these descriptors as stdin, stdout and stderr. Raises OSError."""
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
        self.sharing = self.sharing or self._make_sharing()
        invitation = self.sharing.invite(order.text, argv, environment, order.folder, order.set_options)
        if invitation is None:
            return self._spawn(argv, order, order.folder, environment, fds)
        try:
            process = self._spawn(invitation.argv, order, order.folder, invitation.environment, fds)
        finally:
            invitation.close()
        self.sharing.started(process.pid)
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
