"""Asking for what tasks lack, several of them at once."""

from __future__ import annotations

import pytest

from paratask.errors import TaskCancelledError
from paratask.execution.requirements import Requirements
from paratask.kernel.groups import TaskGroup
from paratask.kernel.loop import Loop
from simulation.clock import SimulatedPoller
from unit.builders import bench

TASKFILE = """
    tasks:
      a: {requires: {vars: [X]}}
      b: {requires: {vars: [X, Y]}}
"""


class Scene:
    """Each answer takes a second, and says which question it is for; those whose numbers are in `cancelled` have none."""

    def __init__(self, *, cancelled=()) -> None:
        self.loop = Loop(SimulatedPoller())
        self.asked: list[str] = []
        self.cancelled = cancelled
        self.answers = {}
        made = bench(TASKFILE)
        self.tasks = {name: made.ready(name) for name in "ab"}
        self.requirements = Requirements(
            loop=self.loop, index=made.index, preparation=made.preparation, ask=self.ask, answers=self.answers
        )

    async def ask(self, name, allowed, task):
        self.asked.append(name)
        number = len(self.asked)
        await self.loop.sleep(1)
        if number in self.cancelled:
            raise TaskCancelledError("cancelled", task=task)
        return f"{name}{number}"

    def run(self, *names):
        found = {}

        async def one(name):
            try:
                found[name] = await self.requirements.ask_for(self.tasks[name])
            except TaskCancelledError:
                found[name] = "cancelled"

        async def main():
            async with TaskGroup(self.loop) as group:
                for name in names:
                    group.start(one, name)

        self.loop.run(main())
        return found

    @property
    def known(self):
        return {name: variable.value for name, variable in self.answers.items()}


@pytest.mark.parametrize("names", ["ab", "ba"])
def test_two_that_lacked_the_same_at_once_were_both_asked_for_it_and_went_on_with_two_values(names):
    scene = Scene()
    assert scene.run(*names) == {"a": True, "b": True}
    assert scene.asked == ["X", "Y"]
    assert scene.known == {"X": "X1", "Y": "Y2"}


def test_one_that_was_made_ready_before_an_answer_came_was_said_to_lack_it():
    scene = Scene()
    assert scene.run("a") == {"a": True}
    assert scene.run("a") == {"a": True}, "it is to be made ready anew, with the answer"
    assert scene.asked == ["X"]


def test_where_nobody_answered_the_next_one_asks():
    scene = Scene(cancelled={1})
    assert scene.run("a", "b") == {"a": "cancelled", "b": True}
    assert scene.asked == ["X", "X", "Y"]
