"""What paratask.toml says of tasks that are not there, of files that cannot be meant, or in templates: reported, with position, and then passed over.

Looks at the checkout only for folders that a declared pattern names. Knows nothing of what claims do.
"""

from __future__ import annotations

import os
import re
from fnmatch import fnmatchcase

from paratask.names import nearest_name
from paratask.taskfile.model import Oddity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from paratask.taskfile.model import Taskfile
    from paratask.taskfile.settings import Settings, TaskClaims

_WILD = frozenset("*?[{\\")
_TEMPLATE = re.compile(r"\{\{.*?\}\}")


def unused_claims(settings: Settings, taskfile: Taskfile, root_dir: str) -> Iterator[Oddity]:
    """What in paratask.toml has no effect, or can hardly be meant: names of no task, claims that other tables hide, and the
    like. In written order.
    """
    tasks = list(taskfile.tasks)
    for name in settings.only_parallel:
        if not _is_named(name, tasks):
            message = f"`only_parallel` names `{name}`, which is no task"
            yield Oddity(message=message, position=settings.positions[name], help=_meant(name, tasks))
    for name, claims in settings.claims.items():
        if not _is_named(name, tasks):
            yield Oddity(message=f"claims for `{name}`, which is no task", position=claims.position, help=_meant(name, tasks))
            continue
        hidden = _hidden(name, settings, tasks)
        if hidden:
            yield Oddity(message=f"claims for `{name}` are not used: {hidden}", position=claims.position)
        yield from _rules(claims, tasks)
        yield from _templates(claims)
        yield from _paths(claims, root_dir)


def _is_named(pattern: str, tasks: Sequence[str]) -> bool:
    return pattern in tasks or ("*" in pattern and any(fnmatchcase(task, pattern) for task in tasks))


def _hidden(pattern: str, settings: Settings, tasks: Sequence[str]) -> str:
    """Which tables come before this one for all of its tasks."""
    if "*" not in pattern or pattern in tasks:
        return ""
    own = settings.claims[pattern]
    if any(settings.claims_of(task) is own for task in tasks):
        return ""
    return "tables above it, or with the exact name, are for all of its tasks"


def _rules(claims: TaskClaims, tasks: Sequence[str]) -> Iterator[Oddity]:
    for key in ("together", "apart"):
        for name in getattr(claims, key):
            if not _is_named(name, tasks):
                position = claims.positions.get(name, claims.position)
                yield Oddity(message=f"`{key}` names `{name}`, which is no task", position=position, help=_meant(name, tasks))


def _templates(claims: TaskClaims) -> Iterator[Oddity]:
    """`sources` and `generates` may have templates in them; what is said here is the same for every call of a task."""
    for key in ("reads", "writes", "uses", "exclusive"):
        for text in getattr(claims, key):
            meant = _TEMPLATE.sub("*", text)
            if meant != text:
                instead = f"write `{meant}`" if key in ("reads", "writes") else "write the name of one resource"
                position = claims.positions.get(text, claims.position)
                yield Oddity(
                    message=f"`{key}` takes `{text}` as it is written, and fills in no templates",
                    position=position,
                    help=instead,
                    why="nothing has that name, so that it claims nothing",
                )


def _paths(claims: TaskClaims, root_dir: str) -> Iterator[Oddity]:
    """What is read and not there may be made by a run; where a folder of nearly that name is, it is a slip."""
    for pattern in claims.reads:
        path = pattern.removeprefix("!")
        meant = "" if os.path.isabs(path) else _near_path(path, root_dir)
        if meant:
            position = claims.positions.get(pattern, claims.position)
            yield Oddity(message=f"there is no `{path}`", position=position, help=f"did you mean `{meant}`?")


def _near_path(pattern: str, root_dir: str) -> str:
    """What a pattern's first folder that is not there was meant to be, when something much like it is."""
    folder = root_dir
    segments = os.path.normpath(pattern).split("/")
    for index, segment in enumerate(segments[:-1]):
        if not _WILD.isdisjoint(segment):
            return ""
        below = os.path.join(folder, segment)
        if not os.path.lexists(below):
            try:
                near = nearest_name(segment, [name for name in os.listdir(folder) if os.path.isdir(os.path.join(folder, name))])
            except OSError:
                return ""
            return "/".join((*segments[:index], near, *segments[index + 1 :])) if near else ""
        folder = below
    return ""


def _meant(name: str, tasks: Sequence[str]) -> str:
    nearest = nearest_name(name, list(tasks))
    return f"did you mean `{nearest}`?" if nearest else ""
