"""Whether the steps of a task have to run, by its `status` and sources, and what is kept of that. go-task: fingerprint.IsTaskUpToDate.

Knows no jobs and no order; how sources are compared is freshness/check.py's.
"""

from __future__ import annotations

from paratask.errors import system_words
from paratask.execution.turns import ALWAYS, BEFORE
from paratask.kernel.cancel import Cancelled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from paratask.errors import ParataskError
    from paratask.execution.messages import Messages
    from paratask.execution.strands import Door
    from paratask.execution.turns import Stand
    from paratask.freshness.check import Freshness, FreshnessCheck
    from paratask.variables.ready import ReadyTask

    ExitStatus = Callable[[str, ReadyTask, Door | None], Coroutine[object, object, int]]
    """Runs a text for its exit status alone."""


class Staleness:
    """One for a run."""

    def __init__(self, *, freshness: FreshnessCheck, exit_status: ExitStatus, messages: Messages) -> None:
        self._freshness = freshness
        self._exit_status = exit_status
        self._messages = messages

    async def look(self, ready: ReadyTask, stand: Stand) -> tuple[Freshness | None, str]:
        """What the sources say, and why the task has to run: empty when it is up to date. Both `status` and sources must hold."""
        if ready.method != "checksum":
            self._freshness.check_method(ready)
        reason = "" if ready.status or ready.sources else ALWAYS
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

    def keep(self, ready: ReadyTask, freshness: Freshness, stand: Stand) -> None:
        """The task has run, and is as fresh as that."""
        try:
            self._freshness.keep(ready, freshness)
        except OSError as error:
            self._messages.say(
                f"paratask: the fingerprint of `{ready.name}` was not kept: {system_words(error)}", stand.sink, "yellow"
            )

    def broke_off(self, ready: ReadyTask, error: ParataskError | Cancelled, door: Door | None) -> None:
        """Its steps failed, or were stopped: what they made may be half of it. What never began, and what was stopped because nothing
        is left of it, is as fresh as it was.
        """
        is_as_it_was = isinstance(error, Cancelled) and (
            error.scope.reason == BEFORE or (door is not None and door.never_opened)
        )
        if not is_as_it_was:
            self.forget(ready)

    def forget(self, ready: ReadyTask) -> None:
        """The task is stale, whatever was kept."""
        self._freshness.forget(ready)
