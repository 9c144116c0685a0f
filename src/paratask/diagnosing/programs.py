"""The programs that tasks call and that are not there. See "Claims" in docs/design.md for how commands are read.

What stands in a template or variable is unknown, and not looked for; nor is what a task tests for (`command -v x`), defines or installs
itself, what has a path, and what is for another platform. Knows no PATH: whether there is a program is asked.
"""

from __future__ import annotations

import re

from paratask.diagnosing.finding import Finding
from paratask.errors import ParataskError
from paratask.languages.commands import NotUnderstood, parse_commands
from paratask.plugins.hookspecs import Invocation
from paratask.taskfile.model import Call, Command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from paratask.errors import Position
    from paratask.taskfile.model import Platform, Task

TEMPLATE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
BLOCK = re.compile(r"\{\{-?\s*(?:if|range|with)\b(?:(?!\{\{-?\s*(?:if|range|with|end)\b).)*\{\{-?\s*end\s*-?\}\}", re.DOTALL)
"""What a template may leave out, the innermost."""
UNKNOWN = "${PARATASK_UNKNOWN}"
TESTED = re.compile(r"(?:command\s+-v|which|type|hash|where)\s+(?:-\w+\s+)*[\"']?([\w.+-]+)")
DEFINED = re.compile(r"\bfunction\s+([\w.+:-]+)|([\w.+:-]+)\s*\(\s*\)|\balias\s+([\w.+-]+)=")
"""Functions and aliases, also those that stand below their calls."""
OWN_PATH = re.compile(r"(?<![\w$])PATH\+?=")
"""A command that looks for programs elsewhere."""
INSTALLED = re.compile(r"\binstall\b((?:[^\n;&|\\]|\\[\s\S])*)")
WORD = re.compile(r"[\w.+-]+")
PROGRAM = re.compile(r"[\w.+-]+")


def check_programs(
    tasks: Iterable[Task],
    *,
    find: Callable[[str], Task],
    is_there: Callable[[str], bool],
    built_in: Collection[str],
    suits: Callable[[tuple[Platform, ...]], bool],
) -> Iterator[Finding]:
    """One finding a program, at its first call. What a task calls may test for it or install it, too: `find` gives the task that answers
    to a name. `suits` says whether platforms are this machine's.
    """
    called: dict[str, list[tuple[str, Position]]] = {}
    for task in tasks:
        if suits(task.platforms) and "PATH" not in task.environment:
            tested = _looked_after(task, find)
            for name, position in _programs(task, suits):
                if name not in tested and name not in built_in:
                    called.setdefault(name, []).append((task.name, position))
    for name, places in called.items():
        if not is_there(name):
            yield _missing(name, places)


def _looked_after(task: Task, find: Callable[[str], Task]) -> set[str]:
    """The programs that a task, or one that it calls, tests for, defines or installs."""
    seen = {task.name}
    waiting = [task]
    names: set[str] = set()
    while waiting:
        task = waiting.pop()
        text = "\n".join(texts_of(task))
        names.update(TESTED.findall(text), *DEFINED.findall(text), *map(WORD.findall, INSTALLED.findall(text)))
        for step in (*task.dependencies, *task.steps):
            if isinstance(step, Call) and "{{" not in step.task:
                try:
                    called = find(step.task)
                except ParataskError:
                    continue
                if called.name not in seen:
                    seen.add(called.name)
                    waiting.append(called)
    return names


def texts_of(task: Task) -> Iterator[str]:
    """All shell text of a task."""
    yield from (step.text for step in task.steps if isinstance(step, Command))
    yield from (step.condition for step in task.steps)
    yield from (task.condition, *task.status, *(condition.command for condition in task.preconditions))


def _programs(task: Task, suits: Callable[[tuple[Platform, ...]], bool]) -> Iterator[tuple[str, Position]]:
    for step in certain_commands(task, suits):
        for call in () if OWN_PATH.search(step.text) else calls_in(step.text, "/"):
            name = call.words[0]
            if name and PROGRAM.fullmatch(name) and not name.startswith("-"):
                yield name, step.position


def certain_commands(task: Task, suits: Callable[[tuple[Platform, ...]], bool]) -> Iterator[Command]:
    """The commands of a task that run here whenever their turn comes."""
    for step in task.steps:
        if isinstance(step, Command) and not step.condition and not step.joins and suits(step.platforms):
            yield step


def calls_in(text: str, folder: str) -> tuple[Invocation, ...]:
    """What a command surely calls when it runs in `folder`; none where it is not understood."""
    read = parse_commands(TEMPLATE.sub(UNKNOWN, _certain(text)), folder)
    found = () if isinstance(read, NotUnderstood) else read
    return tuple(item for item in found if isinstance(item, Invocation) and item.words)


def _certain(text: str) -> str:
    """What is there whatever the conditions of a template come to."""
    before = ""
    while before != text:
        before, text = text, BLOCK.sub(UNKNOWN, text)
    return text


def callers_of(places: Sequence[tuple[str, Position]]) -> tuple[str, str]:
    """The tasks that call something, as words, with the verb for so many."""
    tasks = list(dict.fromkeys(f"`{task}`" for task, _ in places))
    more = f" and {len(tasks) - 3} more" if len(tasks) > 3 else ""
    return ", ".join(tasks[:3]) + more, "calls" if len(tasks) == 1 else "call"


def _missing(name: str, places: list[tuple[str, Position]]) -> Finding:
    callers, verb = callers_of(places)
    return Finding(
        kind="missing-program", message=f"there is no `{name}` on PATH", why=f"{callers} {verb} it",
        help=f"install `{name}`, or have the task test for it: `command -v {name}`", is_problem=True, position=places[0][1],
        together="programs that tasks call are not on PATH", short=f"`{name}`, for {callers}", why_together="the tasks fail where they call them",
        help_together="install them; or have a task test for what it can do without: `command -v NAME`",
    )  # fmt: skip
