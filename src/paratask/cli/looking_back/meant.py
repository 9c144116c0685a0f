"""Which jobs somebody means who looks back and types a name: the task's own, an alias, a job's id, a pattern or what fits it, a label.

Jobs are kept by the name of their task, or, where that is a pattern, by the name that it was called by; and with their label, once they have
ended. Of others, and in older records, one is looked up among the tasks, as it is written; where it is filled in, all of these jobs of a task that
it may be of are meant. Knows no runs.
"""

from __future__ import annotations

from paratask.errors import TaskNameConflictError, TaskNotFoundError
from paratask.names import is_meant, nearest_name, shown_name
from paratask.taskfile.lookup import TaskIndex

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Mapping, Sequence
    from typing import Any

    from paratask.execution.workbench import Workbench
    from paratask.taskfile.lookup import Match


class Meant:
    """What is meant by `name`; all jobs where it is empty. Without a workbench only what is kept under just that name."""

    def __init__(self, name: str = "", bench: Workbench | None = None) -> None:
        self.name = name
        self._bench = bench
        self._index = TaskIndex(bench.taskfile, suggests=False) if bench is not None and name else None
        self._found = self._find(name)
        self._same: dict[str, bool] = {}
        self._is_sure = self._found is not None and self._found.wildcards is None
        labelled = _labelled(name, bench) if bench is not None and name and not self._is_sure else {}
        self._labelled = frozenset(labelled)
        self._unsure = [task for task, is_sure in labelled.items() if not is_sure]

    def job(self, job: Mapping[str, Any]) -> bool:
        """Whether a job of a kept run is meant."""
        task = job["task"]
        if not self.name or is_meant((self.name,), job["id"], task):
            return True
        if label := job.get("label"):
            if self.name == shown_name(job["id"], task, label):
                return True
            return (label == self.name and not self._is_sure) or self._is_named(task)
        return self.task(task)

    def task(self, task: str) -> bool:
        """Whether jobs are meant that were kept under that name."""
        if task not in self._same:
            self._same[task] = not self.name or task == self.name or self._is_same(task)
        return self._same[task]

    def doubt(self, jobs: Sequence[Mapping[str, Any]]) -> str:
        """What to say of the jobs that were meant, where some may have had another label; else an empty text."""
        if not self._unsure or len(jobs) < 2 or all(job.get("label") for job in jobs):
            return ""
        tasks = " and ".join(f"`{task}`" for task in self._unsure)
        return f"`{self.name}` may be the label of each of these jobs of {tasks}: which of them had it is not kept"

    def not_kept(self) -> str:
        """What to say where there is none."""
        return f"no run with a job of `{self.name}` is kept{self.nearest()}" if self.name else "no run is kept"

    def nearest(self) -> str:
        """The nearest task, in brackets, where there is none of that name."""
        tasks = self._bench.taskfile.tasks.values() if self._bench is not None and self._found is None else ()
        nearest = nearest_name(self.name, [name for task in tasks for name in (task.name, *task.aliases)])
        return f" (did you mean `{nearest}`?)" if nearest not in ("", self.name) else ""

    def _is_same(self, task: str) -> bool:
        """Whether the two names are of one task, or this one may be its label."""
        other = self._find(task) if self._labelled else None
        return (other is not None and other.task.name in self._labelled) or self._is_named(task)

    def _is_named(self, task: str) -> bool:
        """Whether the two names are of one task; where both say what its pattern's `*` is, it has to be the same."""
        found, other = self._found, self._find(task) if self._found is not None else None
        if found is None or other is None or other.task.name in self._labelled:
            return False
        return found.task is other.task and (found.wildcards is None or found.wildcards == other.wildcards)

    def _find(self, name: str) -> Match | None:
        if self._index is None:
            return None
        try:
            return self._index.find(name)
        except (TaskNotFoundError, TaskNameConflictError):
            return None


def _labelled(name: str, bench: Workbench) -> dict[str, bool]:
    """The tasks whose label that may be, and whether it is what all of their calls have."""
    labels = {task.name: task.label for task in bench.taskfile.tasks.values() if task.label}
    return {task: "{{" not in label for task, label in labels.items() if _may_be(label, name)}


def _may_be(label: str, name: str) -> bool:
    pattern = _pattern(label) if "{{" in label else None
    return label == name if pattern is None else pattern.fullmatch(name) is not None


def _pattern(label: str) -> re.Pattern[str] | None:
    """What a label may come to that is a template; None where that is anything. After an `if` or the like it may be anything, too."""
    import re

    from paratask.templating.lexer import CLOSE, ERROR, KEYWORD, OPEN, TEXT, tokens_of

    pieces, inside, literal = [""], False, ""
    for token in tokens_of(label):
        if token.kind == ERROR:
            return None
        if inside and token.kind == KEYWORD:
            break
        if token.kind == OPEN:
            inside = True
            pieces.append(".*")
        elif token.kind == CLOSE:
            inside = False
        elif token.kind == TEXT and not inside:
            literal += token.text
            pieces.append(re.escape(token.text))
    return re.compile("".join(pieces), re.DOTALL) if literal.strip() else None
