"""Which task a name means. go-task: Executor.FindMatchingTasks. Knows nothing of calls' variables."""

from __future__ import annotations

from paratask.errors import TaskNameConflictError, TaskNotFoundError
from paratask.frozen import dataclass
from paratask.names import nearest_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

    from paratask.errors import Position
    from paratask.taskfile.model import Task, Taskfile


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A task, and what its `*` stood for; None where it was found by name or alias."""

    task: Task
    wildcards: tuple[str, ...] | None = None


class TaskIndex:
    """Looks tasks up by name, then alias, then wildcard, first come first served. `suggests` the nearest where there is none."""

    def __init__(self, taskfile: Taskfile, *, suggests: bool = True) -> None:
        self._tasks = taskfile.tasks
        self._suggests = suggests
        self._aliases: dict[str, list[Task]] | None = None
        self._patterns: list[tuple[re.Pattern[str], Task]] | None = None

    def find(self, name: str, position: Position | None = None) -> Match:
        """The task that answers to a name. Raises TaskNotFoundError and TaskNameConflictError."""
        task = self._tasks.get(name)
        if task is not None:
            return Match(task=task)
        aliased = self._by_alias().get(name, [])
        if len(aliased) == 1:
            return Match(task=aliased[0])
        if aliased:
            names = ", ".join(f"`{task.name}`" for task in aliased)
            raise TaskNameConflictError(f"several tasks ({names}) answer to `{name}`", task=name, position=position)
        return self._by_pattern(name) or self._not_found(name, position)

    def own_name(self, called: str) -> str:
        """That of the task which has `called` as an alias, as jobs and all that is kept of them have it. Else `called`: a task's name, one
        that fits a pattern, or that of no task or of several.
        """
        if called in self._tasks:
            return called
        aliased = self._by_alias().get(called, ())
        return aliased[0].name if len(aliased) == 1 else called

    def _by_alias(self) -> dict[str, list[Task]]:
        if self._aliases is None:
            self._aliases = {}
            for task in self._tasks.values():
                for alias in dict.fromkeys(task.aliases):
                    self._aliases.setdefault(alias, []).append(task)
        return self._aliases

    def _by_pattern(self, name: str) -> Match | None:
        if self._patterns is None:
            self._patterns = [(p, t) for t in self._tasks.values() for p in _patterns(t)]
        for pattern, task in self._patterns:
            found = pattern.fullmatch(name)
            if found:
                return Match(task=task, wildcards=found.groups())
        return None

    def _not_found(self, name: str, position: Position | None) -> Match:
        names = [n for t in self._tasks.values() if not t.internal for n in (t.name, *t.aliases)] if self._suggests else []
        nearest = nearest_name(name, names)
        help_line = f"did you mean `{nearest}`?" if nearest else ""
        raise TaskNotFoundError(f"task `{name}` does not exist", task=name, position=position, help=help_line)


def _patterns(task: Task) -> list[re.Pattern[str]]:
    """go-task makes a regular expression of the name as it is; here all but `*` is literal. docs/compatibility.md, name-patterns."""
    import re

    names = [name for name in (task.name, *task.aliases) if "*" in name]
    return [re.compile("(.*)".join(re.escape(part) for part in name.split("*"))) for name in names]
