"""go-task's experiments: which there are, which are on, and what to say of those that cannot be. go-task: experiments.

They are switched on with `TASK_X_<name>=1`, in the environment or in a `.env` beside the Taskfile, or in `.taskrc.yml`.
"""

from __future__ import annotations

import os

from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from paratask.reporting.colors import Paint

PREFIX = "TASK_X_"
ACTIVE = {"GENTLE_FORCE": (1,), "ENV_PRECEDENCE": (1,)}
"""Names, and the values that switch them on."""
RELEASED = ("ANY_VARIABLES", "MAP_VARIABLES", "REMOTE_TASKFILES")


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiments:
    """The values asked for, those that are 0 left out."""

    values: Mapping[str, int]

    def enabled(self, name: str) -> bool:
        return self.values.get(name, 0) in ACTIVE[name]

    def complaint(self) -> str:
        """About the first one that cannot be what it was asked to be, in task's words; mostly empty."""
        for name, allowed in ACTIVE.items():
            value = self.values.get(name, 0)
            if value and value not in allowed:
                shown = ", ".join(map(str, allowed))
                return f'task: Experiment "{name}" has an invalid value {value} (allowed values: {shown})'
        for name in RELEASED:
            if name in self.values:
                return f'task: Experiment "{name}" is released and no longer needs to be enabled'
        return ""


def resolve_experiments(configured: Mapping[str, int], environ: Mapping[str, str]) -> Experiments:
    """What `.taskrc.yml` says, and where it says nothing, the environment."""
    values: dict[str, int] = {}
    for name in (*ACTIVE, *RELEASED):
        value = configured.get(name, 0) or _number(environ.get(PREFIX + name, ""))
        if value:
            values[name] = value
    return Experiments(values=values)


def read_switches(folder: str) -> dict[str, str]:
    """The variables of `.env` in `folder` that switch experiments; they stand above the environment."""
    try:
        with open(os.path.join(folder, ".env"), encoding="utf-8") as file:
            text = file.read()
    except (OSError, UnicodeDecodeError):
        return {}
    if PREFIX not in text:
        return {}
    from paratask.variables.dotenv import DotenvError, parse_dotenv

    try:
        return {name: value for name, value in parse_dotenv(text).items() if name.startswith(PREFIX)}
    except DotenvError:
        return {}


def render_experiments(enabled: Collection[str], paint: Paint) -> str:
    """What `--experiments` prints, as task does."""
    width = max(map(len, ACTIVE)) + 1
    lines = []
    for name, allowed in ACTIVE.items():
        state = f"on ({allowed[0]})" if name in enabled else "off"
        text = f":{' ' * (width - len(name))}{state}\n"
        lines.append(paint("yellow", "* ") + paint("green", name) + text)
    return "".join(lines)


def _number(text: str) -> int:
    digits = text.removeprefix("-") if text.startswith("-") else text.removeprefix("+")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 19 else 0
