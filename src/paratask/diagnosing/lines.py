"""Suspicious lines of a Taskfile: calls that are none or lead nowhere, cycles, `sources` and `generates` that do not go together.

What a template decides is left out, since only a run knows it. Knows the model, and no file.
"""

from __future__ import annotations

import re

from paratask.diagnosing.finding import Finding
from paratask.errors import ParataskError
from paratask.names import nearest_name
from paratask.taskfile.model import Call, Command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from paratask.taskfile.model import Oddity, Task

SLIP = re.compile(r"task:(\S+?)\s*&?$")
NESTED = re.compile(r"(?:task|paratask)\s+([^\s-]\S*)\s*$")
WAIT = re.compile(r"wait\b(?:\s+(?:-n|[$%]\S+))*$")
BACKGROUND = re.compile(r"(?<![&|<>])&$")
WITHOUT_SOURCES = frozenset(("none",))
MAKES = re.compile(
    r"build|make|compil|gen|render|bundle|pack|dist|install|setup|proto|schema|image|doc|download|fetch|assemble"
)
MAKES_NOTHING = re.compile(r"lint|test|check|fmt|format|vet|verify|validate|scan|audit|tidy|dev$|run$|serve|start")
"""In names of tasks that have results to list, and of those that have none. Of others nobody knows."""


def check_lines(tasks: Iterable[Task], find: Callable[[str], Task]) -> Iterator[Finding]:
    """`find` gives the task that answers to a name. Raises what it raises only where that is no ParataskError."""
    tasks = tuple(tasks)
    for task in tasks:
        for step in task.steps:
            if isinstance(step, Command):
                yield from _command(step, task, find)
            else:
                yield from _spelling(step)
        for call in (*task.dependencies, *(step for step in task.steps if isinstance(step, Call))):
            yield from _target(call, find, tasks)
        yield from _lone_waits(task)
        yield from _fingerprint(task)
    yield from _cycles({task.name: task for task in tasks}, find)


def check_oddities(oddities: Iterable[Oddity]) -> Iterator[Finding]:
    """What reading found strange."""
    for oddity in oddities:
        yield Finding(
            kind="oddity",
            message=oddity.message,
            why=oddity.why or "it is passed over when the file is read",
            help=oddity.help or "take it away, or see docs/reference.md for the keys that there are",
            is_problem=True,
            position=oddity.position,
            together="lines mean nothing",
            short=oddity.message + (f" ({oddity.help})" if oddity.help else ""),
            why_together="they are passed over when the file is read",
            help_together="take them away, or write what was meant",
        )


def _command(step: Command, task: Task, find: Callable[[str], Task]) -> Iterator[Finding]:
    text = step.text.strip()
    if (found := SLIP.match(text)) is not None and "\n" not in text:
        yield _slip(step, found[1], "there is no such task, so that it runs as a command, which fails")
    elif (
        (found := NESTED.match(text)) is not None and "\n" not in text and not task.dir
    ):  # there may be another Taskfile in there
        try:
            find(found[1])
        except ParataskError:
            return
        why = "a second runner starts, which knows nothing of this one's limits, claims and fingerprints"
        yield _nested(step, found[1], why)


def _lone_waits(task: Task) -> Iterator[Finding]:
    """A `wait` after commands that end in `&`. After calls that do, it ends their set."""
    steps = [step.text.strip() if isinstance(step, Command) else "" for step in task.steps]
    for number, step in enumerate(task.steps):
        begun = [text for text in steps[:number] if BACKGROUND.search(text)]
        if isinstance(step, Command) and WAIT.match(steps[number]) and begun:
            yield Finding(
                kind="lone-wait", message=f"`{steps[number]}` does not wait for `{begun[-1]}`",
                why="each command has a shell of its own: the task goes on at once, and nobody sees whether what it began fails",
                help="make each a task and call them (`- task: NAME`), or write all of it as one command (`- |`)",
                is_problem=True, position=step.position,
            )  # fmt: skip


def _spelling(call: Call) -> Iterator[Finding]:
    if call.spelling.startswith("task:"):
        yield _slip(call, call.task, "`task` looks for a program of that name, and fails; only paratask reads it as a call")
    elif call.spelling:
        yield _nested(call, call.task, "`task` starts a second runner for it; paratask reads it as a call")


def _slip(step: Command | Call, name: str, why: str) -> Finding:
    return Finding(
        kind="task-without-space", message=f"`task:{name}` is not a call as Taskfiles have it", why=why,
        help=f"write `- task: {name}`", is_problem=True, position=step.position,
        together="calls are not written as Taskfiles have it", short=f"`task:{name}`", help_together="write `- task: NAME`",
    )  # fmt: skip


def _nested(step: Command | Call, name: str, why: str) -> Finding:
    return Finding(
        kind="nested-run", message=f"`task {name}` as a command", why=why,
        help=f"write `- task: {name}`", is_problem=False, position=step.position,
        together="calls are written as commands", short=f"`task {name}`", help_together="write `- task: NAME`",
    )  # fmt: skip


def _target(call: Call, find: Callable[[str], Task], tasks: tuple[Task, ...]) -> Iterator[Finding]:
    if "{{" in call.task or not call.task:
        return
    try:
        find(call.task)
    except ParataskError as error:
        near = _nearest(call.task, [task.name for task in tasks])
        yield Finding(
            kind="no-such-task", message=error.message, why="whoever calls it fails when its turn comes",
            help=f"did you mean `{near}`?" if near else "write the task, or take the call away",
            is_problem=True, position=call.position, together="calls lead to tasks that do not exist",
            short=f"`{call.task}`" + (f" (did you mean `{near}`?)" if near else ""), why_together="whoever makes them fails when its turn comes",
            help_together="write the tasks, or take the calls away",
        )  # fmt: skip


def _nearest(name: str, known: list[str]) -> str:
    """A task with a name like it in the same namespace; where there is no such namespace, one of that name in a namespace like it."""
    above, _, last = name.rpartition(":")
    parts = [known_name.rpartition(":") for known_name in known]
    siblings = [end for start, _, end in parts if start == above]
    near = nearest_name(last, siblings)
    if near:
        return f"{above}:{near}" if above else near
    home = "" if siblings else nearest_name(above, [start for start, _, end in parts if end == last])
    return f"{home}:{last}" if home else ""


def _fingerprint(task: Task) -> Iterator[Finding]:
    if not task.steps or task.status:
        return
    makes = task.method not in WITHOUT_SOURCES and MAKES.search(task.name) and not MAKES_NOTHING.search(task.name)
    if task.sources and not task.generates and makes:
        yield Finding(
            kind="sources-without-generates", message=f"`{task.name}` has `sources` and no `generates`",
            why="it counts as up to date while its sources are the same, also when what it made is gone",
            help="list what it makes under `generates`; a task that makes nothing, such as a linter, needs none",
            is_problem=False, position=task.position, together="tasks have `sources` and no `generates`", short=f"`{task.name}`",
            why_together="they count as up to date while their sources are the same, also when what they made is gone",
            help_together="list what they make under `generates`; those that make nothing, such as linters, need none",
        )  # fmt: skip
    elif task.generates and not task.sources:
        yield Finding(
            kind="generates-without-sources", message=f"`{task.name}` has `generates` and no `sources`",
            why="without sources there is nothing to compare, so that it always runs",
            help="list what it is made from under `sources`, or use `status`",
            is_problem=False, position=task.position, together="tasks have `generates` and no `sources`", short=f"`{task.name}`",
            why_together="without sources there is nothing to compare, so that they always run",
            help_together="list what they are made from under `sources`, or use `status`",
        )  # fmt: skip


def _cycles(tasks: Mapping[str, Task], find: Callable[[str], Task]) -> Iterator[Finding]:
    """Each circle of calls that no condition ends, once, at the call that closes it."""
    done: set[str] = set()
    for start in tasks:
        path: list[str] = []
        stack = [(start, _sure_calls(tasks[start], find))]
        while stack:
            name, calls = stack[-1]
            if len(path) < len(stack):
                path.append(name)
            for call, target in calls:
                if target.name in path:
                    yield _cycle([*path[path.index(target.name) :], target.name], call)
                elif target.name not in done and target.name in tasks:
                    stack.append((target.name, _sure_calls(target, find)))
                    break
            else:
                done.add(name)
                stack.pop()
                path.pop()


def _sure_calls(task: Task, find: Callable[[str], Task]) -> Iterator[tuple[Call, Task]]:
    if task.condition or task.status or task.sources:
        return
    for step in (*task.dependencies, *task.steps):
        if isinstance(step, Call) and not step.condition and not step.loop and not step.variables and "{{" not in step.task:
            try:
                yield step, find(step.task)
            except ParataskError:
                continue


def _cycle(path: list[str], call: Call) -> Finding:
    shown = " → ".join(f"`{name}`" for name in path)
    message = f"`{path[0]}` calls itself" if len(path) == 2 else f"tasks call each other in a circle: {shown}"
    return Finding(
        kind="cycle", message=message, why="it never ends by itself: `task` stops after 1,000 calls, or waits for ever",
        help="take one of the calls away, or give it an `if`", is_problem=True, position=call.position,
    )  # fmt: skip
