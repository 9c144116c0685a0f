"""Whether a gate has to be asked again, by a run that goes on with another: whenever anything of its stage ran after it was asked.

What a gate asks is mostly about what its stage did, and not about files that it could be said to read. Knows places of jobs, and when
commands at them ended.
"""

from __future__ import annotations

from paratask.taskfile.model import Call
from paratask.taskfile.pipelines import stage_task

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from paratask.records.finished import Key
    from paratask.taskfile.model import Task
    from paratask.taskfile.pipelines import Pipeline


class Gates:
    """`worked` is when the last command at each place ended, in the runs before; `add` tells of this one's."""

    def __init__(
        self,
        pipelines: Iterable[Pipeline],
        tasks: Mapping[str, Task],
        worked: Mapping[Key, float],
        *,
        own_name: Callable[[str], str],
    ) -> None:
        self._gates: dict[str, tuple[str, int]] = {}
        for pipeline in pipelines:
            for stage in pipeline.stages:
                if stage.gate is not None:
                    name = stage_task(pipeline.name, stage.name)
                    gate = own_name(stage.gate.task)
                    calls = [own_name(step.task) for step in tasks[name].steps if isinstance(step, Call)]
                    self._gates[name] = gate, calls.count(gate)
        self._worked = dict(worked) if self._gates else {}

    def add(self, place: Key, ended_at: float) -> None:
        """A command of the job at that place ended."""
        if self._gates:
            self._worked[place] = ended_at

    def has_to_be_asked(self, place: Key, asked_at: float) -> bool:
        """Whether the job there is a gate, or below one, and something else of the gate's stage ran since it ended."""
        for depth in range(1, len(place)):
            if self._gates.get(place[depth - 1][0]) == place[depth]:
                stage, gate = place[:depth], place[: depth + 1]
                if any(
                    ended_at > asked_at and other[:depth] == stage and other[: depth + 1] != gate
                    for other, ended_at in self._worked.items()
                ):
                    return True
        return False
