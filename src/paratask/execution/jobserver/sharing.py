"""Job slots shared with the commands that can share them, and with who started us. See "Jobserver" in docs/design.md.

Made when the first command comes up that may take part, or at once below a make or paratask that has a jobserver. Keeps the pool from
its first token to its last: begins it, counts it whenever nobody else can hold a token, and gives back what we hold at the end.
"""

from __future__ import annotations

import os

from paratask.execution.jobserver.invitations import Inviter
from paratask.execution.jobserver.pool import OwnPool, find_above
from paratask.frozen import replace
from paratask.scheduling.slots import tokens_missing, tokens_needed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from paratask.execution.jobserver.invitations import Invitation
    from paratask.execution.jobserver.pool import Pool
    from paratask.execution.leases import Leases
    from paratask.kernel.loop import Loop
    from paratask.processes.process import Process
    from paratask.processes.running import RunningRecord
    from paratask.processes.shell import Shell

LOOK_AGAIN_SECONDS = 0.01
PATIENCE_SECONDS = 2.0
UNTOLD = float("inf")
"""How long others had the cores that a command could have used: it waited for a slot, which the kernel does not count."""


class Sharing:
    """`slots` are those of our budget. `say` puts a line on stderr; `tell` only where much is to be said.

    While it is open, its `close` is in `at_exit`.
    """

    def __init__(
        self,
        *,
        loop: Loop,
        leases: Leases,
        shell: Shell,
        environ: Mapping[str, str],
        slots: int,
        style: str,
        say: Callable[[str], None],
        tell: Callable[[str], None],
        at_exit: list[Callable[[], None]],
        record: RunningRecord | None = None,
    ) -> None:
        self._loop = loop
        self._leases = leases
        self._environ = environ
        self._slots = slots
        self._say = say
        self._tell = tell
        self._at_exit = at_exit
        self._record = record
        at_exit.append(self.close)
        self._inviter = Inviter(shell=shell, environ=environ, style=style, pool=self._pool)
        self._made: Pool | None = None
        self._own: OwnPool | None = None
        self._invited: set[int] = set()
        self._ended: set[int] = set()
        self._patient_until = 0.0

    def join(self, *, wanted: bool) -> None:
        """Take part in the jobserver above us, where it can be had. Not `wanted`: say that it is there and is not used."""
        pool, trouble = find_above(self._loop, self._environ)
        if pool is not None and not wanted:
            pool.close()
            pool, trouble = None, "--jobs is given, so the job slots of the make or paratask above are not shared"
        if trouble:
            self._say(f"paratask: warning: {trouble}")
        if pool is not None:
            self._made = pool
            self._leases.share(pool)

    def _pool(self) -> Pool:
        if self._made is None:
            held = tokens_needed(self._leases.cpu_in_use)
            self._made = self._own = OwnPool(self._loop, jobs=self._slots, held=held)
            if self._record is not None:
                self._record.add_folder(self._own.folder)
            self._own.add(tokens_missing(self._slots, held=held, free=0))
            self._leases.share(self._own)
        return self._made

    def invite(
        self, text: str, argv: list[str], environment: Mapping[str, str], folder: str, set_options: tuple[str, ...]
    ) -> Invitation | None:
        """The command, told of the slots that it may share; None where it is to be started as it is."""
        if self._leases.is_one_at_a_time or (self._made is None and self._slots < 2):
            return None
        try:
            return self._inviter.invite(text, argv, environment, folder, set_options)
        except OSError as error:  # no room for a pipe, no descriptor left: it runs, as under task
            self._tell(f"paratask: no job slots can be shared: {error.strerror}")
            return None

    def started(self, pid: int) -> None:
        """A command that was invited runs, as the leader of a group."""
        self._invited.add(pid)

    def ended(self, process: Process) -> None:
        """A command has ended; what it started may still run."""
        if process.pid in self._invited:
            self._ended.add(process.pid)
            self._patient_until = self._loop.now() + PATIENCE_SECONDS
            self._count()
            if process.ended is not None:
                process.ended = replace(process.ended, taken_seconds=UNTOLD)

    async def settle(self) -> None:
        """Wait a little, and once, for what ended commands left behind, so that slots which are missing can be counted before the next one
        begins. Raises Cancelled.
        """
        while self._ended and self._ended == self._invited and self._loop.now() < self._patient_until and self._missing():
            await self._loop.sleep(LOOK_AGAIN_SECONDS)
            self._count()

    def _missing(self) -> int:
        """How many tokens of our own pool are neither free nor in our hands; below zero where it has too many."""
        return 0 if self._own is None else tokens_missing(self._own.jobs, held=self._own.held, free=self._own.free)

    def _count(self) -> None:
        """Where nobody who was invited is left, nobody but us can hold a token: what is missing then was lost."""
        gone = self._ended - _groups_there(self._ended)
        self._ended -= gone
        self._invited -= gone
        if self._own is not None and not self._invited:
            missing = self._missing()
            if missing:
                self._own.add(missing)
                self._tell(_told(missing))

    def close(self) -> None:
        """The run is over. Gives back what we hold; may be called again."""
        if self.close in self._at_exit:
            self._at_exit.remove(self.close)
        self._slots = 0
        if self._made is None:
            return
        self._count()
        if self._invited and (missing := self._missing()) > 0:
            self._tell(f"paratask: {_slots(missing)} still held by what commands left running")
        self._leases.unshare()
        self._made.close()
        if self._own is not None and self._record is not None:
            self._record.drop(self._own.folder)
        self._made = None


def _slots(count: int) -> str:
    return f"{count} job slot{'' if count == 1 else 's'} {'is' if count == 1 else 'are'}"


def _told(missing: int) -> str:
    if missing > 0:
        return f"paratask: {_slots(missing)} free again that commands took and did not give back"
    return f"paratask: {_slots(-missing)} gone again that commands gave back and never took"


def _groups_there(pgids: set[int]) -> set[int]:
    """Those in which something still runs. The kernel counts processes, too, that have ended and that nobody takes note of, as in many
    containers; so where it has some, they are looked at.
    """
    counted = {pgid for pgid in pgids if _is_counted(pgid)}
    if not counted:
        return counted
    from paratask.processes.process_table import read_processes

    return counted.intersection(process.group for process in read_processes().values())


def _is_counted(pgid: int) -> bool:
    try:
        os.killpg(pgid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
