"""Commands made into calls, so that neighbours among them can form sets: `parallelize = "commands"`. See "Steps and sets" in docs/design.md.

Each command that has a neighbour becomes a task of its own, a part, which runs in the name of the task that it was taken from: with its
variables, folder, environment and options, and none of what is done once for the whole. Which parts run side by side is planning's to
say; where none do, they run as the commands that they are. Pure.
"""

from __future__ import annotations

import re
from itertools import groupby

from paratask.frozen import replace
from paratask.names import PART_MARK
from paratask.taskfile.model import Call, Command
from paratask.taskfile.tasks import Tasks, pending

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from paratask.taskfile.model import Step, Task, Taskfile

TEMPLATE = re.compile(r"\{\{.*?\}\}")
WORDS = re.compile(r"(?<!\S)[\w.@/+][\w.@/+-]*(?::\w[\w.:-]*)?")
"""Options are none: they change."""

MOST_WORDS = 2
PASSED_OVER = frozenset(("cd", "env", "exec", "time", "sudo"))
ASSIGNED = re.compile(r"(?<!\S)\w+=(?:\"[^\"]*\"|'[^']*'|\S*)")
LAUNCHERS = frozenset("uv poetry pdm rye hatch pipenv pixi npm pnpm yarn bun bundle".split())
"""What these run says more than that they do: nine of ten commands of a project begin with the same one."""

OF_SCRIPTS = frozenset("npm pnpm yarn bun".split())
AT_ONCE = frozenset("uvx npx pnpx bunx".split())
WHERE = re.compile(
    r"(?<!\S)(?:-C|-F|-p|-w|--(?:cwd|dir|directory|env-file|extra|filter|group|package|prefix|project|python|with|workspace))\s+\S+"
)
"""Options of launchers that take the word after them."""

WAITING = re.compile(r"(?<![\w.-])sleep\s")
"""Who waits between two commands wants the second one to come later, and no claim shows that."""

OF_THE_WHOLE = ("CHECKSUM", "TIMESTAMP", "ALIAS")
"""Variables that a part has not: they tell of the whole task, or of how it was called."""


def with_parts(taskfile: Taskfile) -> Taskfile:
    """The Taskfile with the commands of its tasks as calls of parts, wherever such a command has a neighbour."""
    made: dict[str, Task] = {}
    taken = set(taskfile.tasks)
    for name, task in taskfile.tasks.items():
        if _may_be_parted(task):
            whole, parts = _parted(task, taken)
            made.update({part.name: part for part in parts})
            if parts:
                made[name] = whole
    return replace(taskfile, tasks=Tasks({**pending(taskfile.tasks), **pending(made)})) if made else taskfile


def _may_be_parted(task: Task) -> bool:
    """Whether a task's commands may run as parts: not where it talks to the user, forgives errors, has its name from its call,
    or puts commands into the background itself.
    """
    if task.interactive or task.ignore_error or "*" in task.name:
        return False
    if any(step.joins if isinstance(step, Command) else step.background for step in task.steps):
        return False
    return not any(isinstance(step, Command) and any(name in step.text for name in OF_THE_WHOLE) for step in task.steps)


def _stays(step: Step) -> bool:
    """Whether it is a neighbour of nobody: at the end, over the sources of the whole, which a part has not, or a wait between others."""
    if step.deferred or not isinstance(step, Command):
        return step.deferred
    return (step.loop is not None and bool(step.loop.source)) or WAITING.search(step.text) is not None


def _parted(task: Task, taken: set[str]) -> tuple[Task, list[Task]]:
    """The task with calls where it had commands, and the parts that these call, whose names are `taken` from then on."""
    parts: list[Task] = []
    steps: list[Step] = []
    for stay, group in groupby(task.steps, key=_stays):
        neighbours = list(group)
        if stay or len(neighbours) < 2:
            steps += neighbours
            continue
        for step in neighbours:
            if isinstance(step, Call):
                steps.append(step)
                continue
            part = _part(task, step, _free_name(task, step, taken))
            taken.add(part.name)
            parts.append(part)
            steps.append(Call(task=part.name, position=step.position, variables={}, spelling=_first_line(step), part=step))
    return replace(task, steps=tuple(steps)), parts


def _part(task: Task, step: Command, name: str) -> Task:
    return replace(
        task, name=name, position=step.position, steps=(step,), part_of=task.name, label=task.label or task.name, prefix=task.prefix or task.name,
        internal=True, run="always", dependencies=(), sources=(), generates=(), status=(), preconditions=(), requires=(), prompts=(), aliases=(),
        condition="", desc="", summary="", method="", watch=False,
    )  # fmt: skip


def _free_name(task: Task, step: Command, taken: Collection[str]) -> str:
    name = f"{task.name}{PART_MARK}{'-'.join(_telling_words(step.text)) or 'command'}"
    return next(free for free in _numbered(name) if free not in taken)


def _numbered(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name}-{number}"
        number += 1


def _telling_words(text: str) -> Sequence[str]:
    """The program and what it is told first, which seldom change: the names of parts are what estimates and conflicts are kept under."""
    command = ASSIGNED.sub("", TEMPLATE.sub("", text.strip().partition("\n")[0]).rpartition("&& ")[2])
    words = _launched(command, [word for word in WORDS.findall(command) if word not in PASSED_OVER])
    bare = [re.sub("[/:]", "-", word.strip("./")) for word in words]
    return [word for word in bare if word][:MOST_WORDS]


def _launched(command: str, words: list[str]) -> list[str]:
    """What launchers start: `pytest` of `uv run --extra dev pytest`, and `npm lint` of `npm run lint`, since a script is no program."""
    launcher = words[0] if words else ""
    if launcher in AT_ONCE:
        return words[1:] or words
    if launcher not in LAUNCHERS:
        return words
    verb, *rest = *WORDS.findall(WHERE.sub("", command.partition(launcher)[2])), ""
    if verb in ("exec", "dlx", "x") or (verb == "run" and launcher not in OF_SCRIPTS):
        return rest if any(rest) else words
    return [launcher, *rest] if verb in ("run", "run-script") else [launcher, verb]


def _first_line(step: Command) -> str:
    line, _, rest = step.text.strip().partition("\n")
    return f"{line} …" if rest else line
