"""Names of jobs: the task's, fit for a file name, with a number from the second one on. The same in plans, runs and logs."""

from __future__ import annotations

MAX_LENGTH = 100


class JobNames:
    """Gives each job of a run or a plan a name of its own, in the order of asking."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def take(self, task: str) -> str:
        name = file_name(task)
        count = self._taken[name] = self._taken.get(name, 0) + 1
        return name if count == 1 else f"{name}.{count}"


def file_name(task: str) -> str:
    """A task's name as part of a file name."""
    kept = "".join(char if char.isalnum() or char in "-_." else "-" for char in task).strip(".")
    return kept[:MAX_LENGTH] or "task"
