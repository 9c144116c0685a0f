"""What a Taskfile says, frozen and with positions: the types that reading makes and everything else uses.

Values are as written: templates are not filled in, paths not resolved. Knows nothing of YAML, TOML or the file system.
Names of fields are go-task's (taskfile schema, version 3).
"""

from __future__ import annotations

from paratask.errors import Position
from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TypeAlias

NOWHERE = Position(file="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One variable: a value, a shell command whose output is the value (`sh`), or an expression (`ref`).

    `folder` is where `sh` runs when the Taskfile it came from was included with its own folder; None for the default.
    """

    value: object = None
    sh: str | None = None
    ref: str = ""
    secret: bool = False
    folder: str | None = None


if TYPE_CHECKING:
    Variables: TypeAlias = Mapping[str, Variable]


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """An entry of `platforms`: empty means any. Names are Go's (linux, darwin, windows; amd64, arm64)."""

    os: str = ""
    arch: str = ""


def suits(platforms: Sequence[Platform], here: Platform) -> bool:
    """Whether any of `platforms` is this one; an empty list is all of them. go-task: shouldRunOnCurrentPlatform."""
    return not platforms or any(each.os in ("", here.os) and each.arch in ("", here.arch) for each in platforms)


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow:
    """One key of a `for: matrix`: a list, or an expression that gives one."""

    key: str
    values: tuple[object, ...] = ()
    ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class For:
    """A loop over a list, a matrix, a variable, or the task's `sources` or `generates` (then `source` says which)."""

    items: tuple[object, ...] | None = None
    matrix: tuple[MatrixRow, ...] = ()
    variable: str = ""
    split: str = ""
    source: str = ""
    name: str = "ITEM"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A step that a shell runs. `joins` marks the `wait` that closes a group of calls written with `&`: nothing to run."""

    text: str
    position: Position
    loop: For | None = None
    condition: str = ""
    silent: bool = False
    ignore_error: bool = False
    deferred: bool = False
    set_options: tuple[str, ...] = ()
    shopt_options: tuple[str, ...] = ()
    platforms: tuple[Platform, ...] = ()
    timeout_seconds: float = 0.0
    joins: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A step or a dependency that calls a task.

    `spelling` is the text it was written as where that is not `- task: name` (see "Steps and sets": `task:name`, `task name`);
    `background` is true where the author wrote `&` after it, `written` the whole text as it stands there. `why_alone` is why it
    runs beside none of its neighbours, whatever they touch; empty where that decides. `part` is the command that it stands for
    (parts.py).
    """

    task: str
    position: Position
    variables: Variables
    loop: For | None = None
    condition: str = ""
    silent: bool = False
    ignore_error: bool = False
    deferred: bool = False
    timeout_seconds: float = 0.0
    spelling: str = ""
    written: str = ""
    background: bool = False
    why_alone: str = ""
    part: Command | None = None


if TYPE_CHECKING:
    Step: TypeAlias = Command | Call


@dataclass(frozen=True, slots=True, kw_only=True)
class Glob:
    """An entry of `sources` or `generates`; `exclude: pattern` takes away what earlier ones gave."""

    pattern: str
    negate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Precondition:
    """A command that must succeed before the task runs, and what to say when it does not."""

    command: str
    message: str
    position: Position = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredVariable:
    """A variable that must be set; `allowed` limits a text's values, `allowed_ref` is an expression that gives them."""

    name: str
    allowed: tuple[str, ...] = ()
    allowed_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """The `output:` style: "" (not set), interleaved, group or prefixed."""

    style: str = ""
    begin: str = ""
    end: str = ""
    error_only: bool = False

    @property
    def writes_through(self) -> bool:
        """Whether somebody chose a style with which output is shown as it is written, whoever else is writing."""
        return self.style in ("interleaved", "prefixed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A definition, as written. `name` is the full one, with the namespaces of its includes.

    `on_failure` is for what it calls, where that is not the run's: only stages of pipelines have one. `part_of` is the task that
    one of these commands was taken from (parts.py), in whose name it runs; empty for what was written as a task. `folder` is the absolute
    path that stands in the place of `dir` for a plain command: as it is, since no text of a Taskfile can name one with a `$` in it.
    """

    name: str
    position: Position = NOWHERE
    steps: tuple[Step, ...] = ()
    dependencies: tuple[Call, ...] = ()
    label: str = ""
    desc: str = ""
    summary: str = ""
    prompts: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    sources: tuple[Glob, ...] = ()
    generates: tuple[Glob, ...] = ()
    status: tuple[str, ...] = ()
    preconditions: tuple[Precondition, ...] = ()
    requires: tuple[RequiredVariable, ...] = ()
    dir: str = ""
    set_options: tuple[str, ...] = ()
    shopt_options: tuple[str, ...] = ()
    variables: Variables
    environment: Variables
    dotenv: tuple[str, ...] = ()
    silent: bool | None = None
    interactive: bool = False
    internal: bool = False
    method: str = ""
    prefix: str = ""
    ignore_error: bool = False
    use_gitignore: bool | None = None
    run: str = ""
    platforms: tuple[Platform, ...] = ()
    condition: str = ""
    watch: bool = False
    failfast: bool = False
    on_failure: str = ""
    namespace: str = ""
    part_of: str = ""
    folder: str = ""
    include_variables: Variables
    included_taskfile_variables: Variables


@dataclass(frozen=True, slots=True, kw_only=True)
class Include:
    """An entry of `includes`. `advanced` is true for the mapping form, which alone changes folder and variables."""

    namespace: str
    taskfile: str
    position: Position
    dir: str = ""
    optional: bool = False
    internal: bool = False
    flatten: bool = False
    aliases: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    variables: Variables
    checksum: str = ""
    advanced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Taskfile:
    """One file, or after merging the root file with all that it includes. `file` is an absolute path."""

    file: str
    version: str
    tasks: Mapping[str, Task]
    includes: tuple[Include, ...] = ()
    variables: Variables
    environment: Variables
    dotenv: tuple[str, ...] = ()
    output: Output = Output()
    method: str = ""
    run: str = ""
    silent: bool = False
    set_options: tuple[str, ...] = ()
    shopt_options: tuple[str, ...] = ()
    use_gitignore: bool | None = None
    interval_seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Oddity:
    """Something odd in a file that does not keep it from being used. `why` it matters, where it is not just passed over."""

    message: str
    position: Position
    help: str = ""
    why: str = ""
