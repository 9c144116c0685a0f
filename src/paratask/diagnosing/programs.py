"""The programs that tasks call and that are not there. See "Claims" in docs/design.md for how commands are read.

What stands in a template or variable is unknown, and not looked for; nor is what a task tests for (`command -v x`) or defines itself, what
has a path, and what is for another platform. Knows no PATH: whether there is a program is asked.
"""

from __future__ import annotations

import re

from paratask.diagnosing.finding import Finding
from paratask.languages.commands import NotUnderstood, parse_commands
from paratask.plugins.hookspecs import Invocation
from paratask.taskfile.model import Command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from paratask.errors import Position
    from paratask.taskfile.model import Platform, Task

TEMPLATE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
UNKNOWN = "${PARATASK_UNKNOWN}"
TESTED = re.compile(r"(?:command\s+-v|which|type|hash|where)\s+(?:-\w+\s+)*[\"']?([\w.+-]+)")
DEFINED = re.compile(r"\bfunction\s+([\w.+:-]+)|([\w.+:-]+)\s*\(\s*\)|\balias\s+([\w.+-]+)=")
"""Functions and aliases, also those that stand below their calls."""
PROGRAM = re.compile(r"[\w.+-]+")


def check_programs(
    tasks: Iterable[Task],
    *,
    is_there: Callable[[str], bool],
    built_in: Collection[str],
    suits: Callable[[tuple[Platform, ...]], bool],
) -> Iterator[Finding]:
    """One finding a program, at its first call. `suits` says whether platforms are this machine's."""
    called: dict[str, list[tuple[str, Position]]] = {}
    for task in tasks:
        if suits(task.platforms) and "PATH" not in task.environment:
            text = "\n".join(_texts(task))
            tested = set(TESTED.findall(text)).union(*DEFINED.findall(text))
            for name, position in _programs(task, suits):
                if name not in tested and name not in built_in:
                    called.setdefault(name, []).append((task.name, position))
    for name, places in called.items():
        if not is_there(name):
            yield _missing(name, places)


def _texts(task: Task) -> Iterator[str]:
    yield from (step.text for step in task.steps if isinstance(step, Command))
    yield from (step.condition for step in task.steps)
    yield from (task.condition, *task.status, *(condition.command for condition in task.preconditions))


def _programs(task: Task, suits: Callable[[tuple[Platform, ...]], bool]) -> Iterator[tuple[str, Position]]:
    for step in task.steps:
        if not isinstance(step, Command) or step.condition or step.joins or not suits(step.platforms):
            continue
        read = parse_commands(TEMPLATE.sub(UNKNOWN, step.text), "/")
        for item in () if isinstance(read, NotUnderstood) else read:
            name = item.words[0] if isinstance(item, Invocation) and item.words else None
            if name and PROGRAM.fullmatch(name) and not name.startswith("-"):
                yield name, step.position


def _missing(name: str, places: list[tuple[str, Position]]) -> Finding:
    tasks = list(dict.fromkeys(f"`{task}`" for task, _ in places))
    callers = ", ".join(tasks[:3]) + (f" and {len(tasks) - 3} more" if len(tasks) > 3 else "")
    return Finding(
        kind="missing-program", message=f"there is no `{name}` on PATH", why=f"{callers} {'calls' if len(tasks) == 1 else 'call'} it",
        help=f"install `{name}`, or have the task test for it: `command -v {name}`", is_problem=True, position=places[0][1],
        together="programs that tasks call are not on PATH", short=f"`{name}`, for {callers}", why_together="the tasks that call them fail",
        help_together="install them; or have a task test for what it can do without: `command -v NAME`",
    )  # fmt: skip
