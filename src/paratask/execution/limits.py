"""The time that something has (`timeout`), and what becomes of a call that had too little of what its caller gives it (its step's; go-task).

What ran beside it may have used its time up, or something in it may have waited for its neighbours' end, to run again alone. So it has all of
it once more, alone, if there is reason for that: see attempts.py, and "When something fails" in docs/design.md. Loaded for the first
limit. Knows nothing of what a call does.
"""

from __future__ import annotations

from paratask.errors import TaskTimeoutError
from paratask.execution.turns import Limit
from paratask.frozen import replace
from paratask.kernel.cancel import Cancelled, CancelScope, Deadlines
from paratask.processes.segments import Segment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import TypeVar

    from paratask.execution.attempts import Attempts
    from paratask.execution.overlaps import Company
    from paratask.execution.turns import Turn
    from paratask.kernel.loop import Loop
    from paratask.taskfile.model import Call

    T = TypeVar("T")
    Work = Callable[[Turn], Coroutine[object, object, T]]


def time_of(step: Call, task: str) -> TaskTimeoutError:
    """What a call of the task comes to when the time is over that its step gives it."""
    return TaskTimeoutError(task=task, seconds=step.timeout_seconds, position=step.position)


async def within(loop: Loop, error: TaskTimeoutError, run: Callable[[Limit], Coroutine[object, object, None]]) -> None:
    """`run` what has as many seconds as `error` says, which is raised where they are not enough."""
    with CancelScope(loop, deadline=loop.now() + error.seconds) as scope:
        await run(Limit(scope, error))
        return  # also where its time ran out just when it had ended
    raise error


async def in_time(
    loop: Loop, turn: Turn, limit: Limit, work: Work[T], make_attempts: Callable[[], Attempts], company: Company, *, holds: bool
) -> T:
    """`work`, of a call. What it writes is held back until it is known that it stands, if it `holds`."""
    held, deadlines, stand = Segment(), Deadlines(loop), turn.stand
    try:
        with company:
            return await work(replace(turn, stand=replace(stand, sink=held)) if holds else turn)
    except Cancelled as stopped:
        if stopped.scope is not limit.scope:
            raise
        limit.error.beside = company.tasks
        return await make_attempts().after_limit(limit, turn, work, held, deadlines)
    finally:
        if stand.door is not None and stand.door.never_opened:
            held.discard()
        held.pour_into(stand.sink)
