"""A task whose texts are filled in: what runs. go-task: the compiled task.

A text is None where it holds something that is not known yet, which only happens in plans. Knows nothing of how it runs.
"""

from __future__ import annotations

from paratask.frozen import dataclass, replace
from paratask.taskfile.model import Command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import TypeAlias

    from paratask.taskfile.model import Call, Glob, Platform, Task, Variables
    from paratask.variables.scopes import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyCommand:
    """Text for a shell. `shown` is the same with secrets masked."""

    text: str | None
    shown: str
    condition: str | None
    source: Command


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyCall:
    """A call with its name and variables filled in (the variables' `sh:` are run where the call is).

    `shown` is the text of one that was written as a command ("Steps and sets" in docs/design.md), with secrets masked. `inline` is
    what runs in its place, where it stands for a command and nothing runs beside it.
    """

    task: str | None
    variables: Variables
    condition: str | None
    source: Call
    shown: str = ""
    inline: tuple[ReadyCommand | UnknownSteps, ...] = ()

    def is_forgiven(self, caller: Task | None) -> bool:
        """Whether a run goes on when this fails, called by `caller`."""
        return self.source.ignore_error or self.source.deferred or (caller is not None and caller.ignore_error)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyDefer:
    """A deferred step, still as written: it is filled in when it runs, since EXIT_CODE is part of it.

    `call` is what one that is a call will call, as far as that is known before. `texts` are what a command's text may be, where it was
    made ready for a plan: with EXIT_CODE and without; None for what is not known.
    """

    source: Command | Call
    call: ReadyCall | None = None
    texts: tuple[str | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownSteps:
    """Steps of a loop whose items are not known yet; only in plans."""

    source: Command | Call


if TYPE_CHECKING:
    from typing import TypeVar

    ReadyStep: TypeAlias = ReadyCommand | ReadyCall | ReadyDefer | UnknownSteps
    AnyStep = TypeVar("AnyStep", bound=ReadyStep)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyPrecondition:
    """A command that must succeed, and what to say when it does not."""

    command: str | None
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyTask:
    """A task as one call of it will be carried out. `name` is what is shown (label, or the name with wildcards filled in)."""

    task: Task
    name: str
    full_name: str
    scope: Scope
    dir: str | None
    environment: Mapping[str, object]
    steps: tuple[ReadyStep, ...]
    dependencies: tuple[ReadyCall | UnknownSteps, ...]
    preconditions: tuple[ReadyPrecondition, ...]
    status: tuple[str | None, ...]
    sources: tuple[Glob, ...]
    generates: tuple[Glob, ...]
    prompts: tuple[str, ...]
    condition: str | None
    method: str
    run: str
    prefix: str
    label: str
    desc: str
    summary: str
    use_gitignore: bool
    platforms: tuple[Platform, ...]
    dotenv: tuple[str, ...]
    called_with: Variables
    """The variables of its call, as they were given."""

    allowed: tuple[tuple[str, ...], ...] = ()
    """In a run, what each of the variables that it requires may be, as in `task.requires`; nothing for anything."""

    def definition(self, mask: Callable[[str], str]) -> str:
        """A digest of what runs, with its texts filled in; another one tells that something else runs. Of masked texts, since it is kept."""
        import zlib

        steps = [_what_runs(step) for step in (*self.dependencies, *self.steps)]
        text = repr(
            (self.full_name, self.dir, self.condition, self.environment, self.status, self.sources, self.generates, steps)
        )
        return f"{zlib.crc32(mask(text).encode(errors='replace')):08x}"

    def calls(self) -> Iterator[ReadyCall]:
        """All that it calls: dependencies, steps and deferred steps, these as far as they are known before they run."""
        for step in (*self.dependencies, *self.steps):
            if isinstance(step, ReadyCall):
                yield step
        yield from self.deferred_calls()

    def deferred_calls(self) -> Iterator[ReadyCall]:
        """Its deferred steps that are calls, in the order in which they are carried out."""
        for step in reversed(self.steps):
            if isinstance(step, ReadyDefer) and step.call is not None:
                yield step.call


def ready_part(whole: ReadyTask, task: Task, call: ReadyCall) -> ReadyTask:
    """One command of a task, as a task (taskfile/parts.py). It was filled in with the whole, once: what is drawn or read for that, such as
    a time or a dotenv file, is the same for all of them.
    """
    return replace(
        whole, task=task, full_name=task.name, label=whole.name, steps=call.inline, run="always", dependencies=(), preconditions=(), status=(),
        sources=(), generates=(), prompts=(), condition="", desc="", summary="",
    )  # fmt: skip


def unless_nameless(step: AnyStep) -> AnyStep | ReadyCommand:
    """The step; where it is a call whose name came out empty, nothing to run, after its condition. go-task: runCommand. That is how
    some make a call depend on a variable. A dependency without a name is an error, as in go-task.
    """
    if not isinstance(step, ReadyCall) or step.task != "":
        return step
    source = step.source
    nothing = Command(text="", position=source.position, condition=source.condition, timeout_seconds=source.timeout_seconds)
    return ReadyCommand(text="", shown="", condition=step.condition, source=nothing)


def grouped(steps: Iterable[ReadyStep]) -> Iterator[ReadyStep | list[ReadyCall]]:
    """Steps in order, with neighbouring calls together."""
    calls: list[ReadyCall] = []
    for step in steps:
        if isinstance(step, ReadyCall):
            calls.append(step)
            continue
        if calls:
            yield calls
            calls = []
        yield step
    if calls:
        yield calls


def _what_runs(step: ReadyStep) -> object:
    """What one step runs, without where it is written, which changes with every line above it."""
    if isinstance(step, ReadyCommand):
        return step.text, step.condition, step.source.ignore_error
    if isinstance(step, ReadyCall):
        return step.task, step.condition, [(name, variable.value, variable.sh) for name, variable in step.variables.items()]
    return getattr(step.source, "text", "") or getattr(step.source, "task", "")
