"""Whether the steps of a task have to run, by its `status` and sources, and what is kept of that. go-task: fingerprint.IsTaskUpToDate.

Knows no jobs and no order; how sources are compared is freshness/check.py's.
"""

from __future__ import annotations

from paratask.errors import ParataskError, system_words
from paratask.events import StepsBegan
from paratask.execution.turns import ALWAYS, BEGUN_ANEW, NEVER_BEGUN
from paratask.kernel.cancel import Cancelled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from paratask.events import EventBus
    from paratask.execution.messages import Messages
    from paratask.execution.strands import Door, Strand
    from paratask.execution.turns import Stand, Turn
    from paratask.execution.workbench import Workbench
    from paratask.freshness.check import Freshness
    from paratask.variables.ready import ReadyTask

    ExitStatus = Callable[[str, ReadyTask, Door | None], Coroutine[object, object, int]]
    """Runs a text for its exit status alone."""


ELSEWHERE = "`--temp-dir DIR` keeps fingerprints elsewhere"


class Staleness:
    """One for a run."""

    def __init__(self, *, bench: Workbench, exit_status: ExitStatus, messages: Messages, events: EventBus) -> None:
        self._events = events
        self._mask = bench.preparation.mask
        self._freshness = bench.freshness
        self._begun: list[tuple[Strand, str]] = []  # where steps began, and of which task
        self._anew: set[str] = set()
        self._exit_status = exit_status
        self._messages = messages

    async def look(self, ready: ReadyTask, stand: Stand) -> tuple[Freshness | None, str]:
        """What the sources say, and why the task has to run: empty when it is up to date. Both `status` and sources must hold."""
        if ready.method != "checksum":
            self._freshness.check_method(ready)
        reason = "" if ready.status or ready.sources else ALWAYS
        if ready.name in self._anew:
            self._anew.discard(ready.name)
            reason = BEGUN_ANEW
        for command in ready.status:
            exit_status = await self._exit_status(command or "", ready, stand.door)
            self._messages.looked(command or "", exit_status, stand.sink)
            if exit_status:
                reason = f"status `{(command or '').strip()}` does not hold"
                break
        if not ready.sources:
            return None, reason
        freshness = self._freshness.look(ready)
        return freshness, reason or freshness.stale_reason

    def begin_anew(self, strand: Strand) -> None:
        """What goes on there was stopped, and begins anew: tasks that it had finished by then are stale, as they were."""
        self._anew.update(name for begun, name in self._begun if begun.is_in(strand))

    def begins(self, turn: Turn, freshness: Freshness | None) -> None:
        """Its steps begin, since it is not up to date, or need not be: whoever comes after a run that is killed meanwhile has to know.

        Raises ParataskError where an old fingerprint stays, by which what is made now would be taken for what these sources gave. Not of what is
        forced (there is no `freshness`), nor does `task`.
        """
        if turn.stand.strand.is_our_choice:
            self._begun.append((turn.stand.strand, turn.ready.name))
        try:
            self._freshness.begin(turn.ready)
        except OSError as error:
            if freshness is not None:
                raise ParataskError(f"its old fingerprint cannot be removed: {system_words(error)}", help=ELSEWHERE) from None
        self._events.announce(StepsBegan(job=turn.job.id, name=self._mask(turn.ready.name)))

    def keep(self, ready: ReadyTask, freshness: Freshness | None, stand: Stand) -> None:
        """The task has run, and is as fresh as that; where nobody looked, as it was."""
        try:
            self._freshness.keep(ready, freshness)
        except OSError as error:
            self._messages.say(
                f"paratask: the fingerprint of `{ready.name}` was not kept: {system_words(error)}", stand.sink, "yellow"
            )

    def broke_off(self, ready: ReadyTask, error: ParataskError | Cancelled, stand: Stand) -> None:
        """Its steps failed, or were stopped: what they made may be half of it. What never began, and what was stopped because nothing
        is left of it, is as fresh as it was.
        """
        is_as_it_was = isinstance(error, Cancelled) and (
            error.scope.reason in NEVER_BEGUN or (stand.door is not None and stand.door.never_opened)
        )
        if is_as_it_was:
            self.keep(ready, None, stand)
        else:
            self.forget(ready)

    def forget(self, ready: ReadyTask) -> None:
        """The task is stale, whatever was kept."""
        self._freshness.forget(ready)
