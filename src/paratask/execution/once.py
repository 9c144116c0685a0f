"""`run: once` and `run: when_changed`: which calls are one and the same, and the outcome that they share. go-task: GetHash."""

from __future__ import annotations

from paratask.errors import ParataskError
from paratask.kernel.loop import Event
from paratask.variables.ready import ReadyCall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.kernel.loop import Loop
    from paratask.variables.ready import ReadyTask


class Execution:
    """One execution that later calls of the same task join. `error` is its outcome.

    `lasts` is whether it counts for later runs of a watch too: it went well, and no sources decide about the task.
    """

    def __init__(self, loop: Loop) -> None:
        self.done = Event(loop)
        self.error: ParataskError | None = None
        self.lasts = False


def forget_failures(executions: dict[str, Execution]) -> None:
    """So that what failed runs again when it is called again."""
    for key, execution in list(executions.items()):
        if execution.done.is_set and execution.error is not None:
            del executions[key]


def execution_key(ready: ReadyTask) -> str:
    """go-task: GetHash. Empty for `run: always`."""
    local = ready.full_name.removeprefix(ready.task.namespace).removeprefix(":")
    base = f"{ready.task.position.file}:{local}"
    if ready.run == "once":
        return base
    if ready.run == "when_changed":
        return f"{base}:{_what_runs(ready)!r}"
    if ready.run == "always":
        return ""
    message = f'"{ready.run}" is no way to run: one of always, once, when_changed'
    raise ParataskError(message, position=ready.task.position)


def _what_runs(ready: ReadyTask) -> object:
    """What makes a call another one to `run: when_changed`. go-task hashes the compiled task, whose variables do not count."""
    steps = [getattr(step, "text", None) or getattr(step, "task", None) or repr(step) for step in ready.steps]
    calls = [call.task for call in ready.dependencies if isinstance(call, ReadyCall)]
    checks = [(p.command, p.message) for p in ready.preconditions]
    texts = (
        ready.label,
        ready.desc,
        ready.summary,
        ready.prompts,
        ready.dir,
        ready.method,
        ready.condition,
        ready.task.aliases,
    )
    return steps, calls, checks, ready.status, ready.sources, ready.generates, texts
