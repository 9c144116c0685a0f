"""The tasks of a Taskfile by name, each made when it is first asked for.

A run needs few of the tasks that a large project has. What merging an include does to a task waits here until then. Whether a name
is there, and the order of names, is known at once. Knows nothing of what tasks are.
"""

from __future__ import annotations

from collections.abc import Mapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from paratask.taskfile.model import Task


class Pending:
    """One task, made once. `make` must not fail. `may_say`: whether it may say anything in a field, as far as that is seen before it is made."""

    __slots__ = ("_make", "_may_say", "_task")

    def __init__(self, make: Callable[[], Task], may_say: Callable[[str], bool] = lambda _field: True) -> None:
        self._make: Callable[[], Task] | None = make
        self._may_say = may_say
        self._task: Task | None = None

    def task(self) -> Task:
        if self._make is not None:
            self._task, self._make = self._make(), None
        assert self._task is not None
        return self._task

    def says(self, field: str) -> bool:
        """Whether it says anything in a field: one that no change adds to."""
        return (self._make is None or self._may_say(field)) and bool(getattr(self.task(), field))

    def changed(self, change: Callable[[Task], Task]) -> Pending:
        """Another one: this one, changed."""
        return Pending(lambda: change(self.task()), self._may_say)


class Tasks(Mapping[str, "Task"]):
    """Name to task. Looking at one makes it; looking at all makes all."""

    __slots__ = ("_pending",)

    def __init__(self, pending: dict[str, Pending]) -> None:
        self._pending = pending

    def __getitem__(self, name: str) -> Task:
        return self._pending[name].task()

    def __contains__(self, name: object) -> bool:
        return name in self._pending

    def __iter__(self) -> Iterator[str]:
        return iter(self._pending)

    def __len__(self) -> int:
        return len(self._pending)

    def __repr__(self) -> str:
        return f"Tasks({list(self._pending)})"

    def any_says(self, field: str) -> bool:
        """Whether one of them says anything in a field: one that no change adds to. Makes no more of them than it has to."""
        return any(entry.says(field) for entry in self._pending.values())

    def copy(self) -> dict[str, Pending]:
        """What another one can be made of; it shares what is made."""
        return dict(self._pending)


def pending(tasks: Mapping[str, Task]) -> dict[str, Pending]:
    """The entries of any mapping, not made if they are not yet."""
    if isinstance(tasks, Tasks):
        return tasks.copy()
    return {name: Pending(lambda task=task: task) for name, task in tasks.items()}  # type: ignore[misc]
