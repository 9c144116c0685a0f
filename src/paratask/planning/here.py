"""What of a task runs on this machine, as far as the `platforms` of its commands say. Pure.

Of a command that is for others only its condition is asked. go-task: Executor.runCommand.
"""

from __future__ import annotations

from paratask.frozen import replace
from paratask.taskfile.model import Command, suits
from paratask.variables.ready import ReadyCommand, ReadyDefer, UnknownSteps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from paratask.taskfile.model import Platform
    from paratask.variables.ready import ReadyStep, ReadyTask


def on_this_machine(ready: ReadyTask, here: Platform) -> ReadyTask:
    """The task without the commands that are for others."""
    if all(_is_for(step, here) for step in ready.steps):
        return ready
    return replace(ready, steps=tuple(_left(ready.steps, here)))


def _is_for(step: ReadyStep, here: Platform) -> bool:
    source = step.source
    return not isinstance(source, Command) or suits(source.platforms, here)


def _left(steps: Sequence[ReadyStep], here: Platform) -> Iterator[ReadyStep]:
    for step in steps:
        if _is_for(step, here):
            yield step
        elif isinstance(step, ReadyCommand):
            yield replace(step, text="")
        elif isinstance(step, (ReadyDefer, UnknownSteps)) and isinstance(step.source, Command) and step.source.condition:
            yield replace(step, source=replace(step.source, text=""))
