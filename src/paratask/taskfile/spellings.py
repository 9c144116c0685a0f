"""The further spellings of a call, made into calls. See "Steps and sets" in docs/design.md.

`- task:name` is a common slip for `- task: name` (task looks for a program of that name, and fails); `- task name` starts a
second runner; `- task:a &` … `- wait` is how authors ask for a parallel set. Works on one file whose includes are merged in,
so that names mean what they mean there. `written` stays, so that what is shown is what `task` shows. Knows nothing of how calls run.
"""

from __future__ import annotations

from paratask.frozen import replace
from paratask.taskfile.model import Call, Command
from paratask.taskfile.tasks import Tasks, pending

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from paratask.taskfile.model import Step, Task, Taskfile

PROGRAMS = ("task", "paratask")


def read_spellings(taskfile: Taskfile, *, is_root: bool) -> Taskfile:
    """The same Taskfile with such commands as calls. `task name` counts only in the root file: elsewhere its folder decides."""
    known: list[set[str]] = []

    def names() -> set[str]:
        if not known:
            known.append(_names(taskfile))
        return known[0]

    def rewritten(task: Task) -> Task:
        if not any(_may_be_call(step) for step in task.steps):
            return task
        return replace(task, steps=tuple(_with_joins(_read(step, task, names(), is_root=is_root) for step in task.steps)))

    return replace(taskfile, tasks=Tasks({name: entry.changed(rewritten) for name, entry in pending(taskfile.tasks).items()}))


def _names(taskfile: Taskfile) -> set[str]:
    return {name for task in taskfile.tasks.values() for name in (task.name, *task.aliases)}


def _may_be_call(step: Step) -> bool:
    return isinstance(step, Command) and step.text.lstrip().startswith(PROGRAMS) and "\n" not in step.text.strip()


def _read(step: Step, task: Task, names: Collection[str], *, is_root: bool) -> Step:
    if not isinstance(step, Command) or not _may_be_call(step) or step.platforms or step.set_options or step.shopt_options:
        return step
    text = step.text.strip()
    background = text.endswith("&") and not text.endswith("&&")
    text = text.removesuffix("&").rstrip() if background else text
    called = _called(text, task, names, is_root=is_root)
    if called is None:
        return step
    return Call(
        task=called,
        position=step.position,
        variables={},
        loop=step.loop,
        condition=step.condition,
        silent=step.silent,
        ignore_error=step.ignore_error,
        deferred=step.deferred,
        timeout_seconds=step.timeout_seconds,
        spelling=text,
        written=step.text,
        background=background,
    )


def _called(text: str, task: Task, names: Collection[str], *, is_root: bool) -> str | None:
    if text.startswith("task:"):
        name = text.removeprefix("task:")
        return name if name in names or ("{{" in name and " " not in name) else None
    words = text.split()
    if is_root and not task.dir and len(words) == 2 and words[0] in PROGRAMS and words[1] in names:
        return words[1]
    return None


def _with_joins(steps: Iterable[Step]) -> Iterable[Step]:
    """Marks the `wait` after calls in the background."""
    pending = False
    for step in steps:
        if isinstance(step, Command) and pending and step.text.strip() == "wait":
            yield replace(step, joins=True)
            pending = False
        else:
            pending = (pending and isinstance(step, Call)) or (isinstance(step, Call) and step.background)
            yield step
