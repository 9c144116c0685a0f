"""Fills in the texts of one task: what it runs, its environment, its dotenv files, the rounds of its loops. go-task: compiledTask.

The same walk serves runs, listings and plans (`Mode`). Files and fingerprints are asked of `Surroundings`; no process is started here
but through `sh:` variables. Knows nothing of how the values come about that it fills in: that is scopes.py's.
"""

from __future__ import annotations

from paratask.errors import TaskfileError, VariableError, system_words
from paratask.frozen import dataclass, replace
from paratask.taskfile.model import Call, Glob, Variable
from paratask.taskfile.paths import expand_path, smart_join
from paratask.templating import UNKNOWN, UnknownValueError
from paratask.variables.ready import (
    ReadyCall,
    ReadyCommand,
    ReadyDefer,
    ReadyPrecondition,
    ReadyTask,
    UnknownSteps,
    unless_nameless,
)
from paratask.variables.scopes import Mode
from paratask.variables.secrets import MASK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Protocol

    from paratask.taskfile.lookup import Match
    from paratask.taskfile.model import Command, For, Task, Taskfile, Variables
    from paratask.variables.scopes import Scope, Scopes

    class Surroundings(Protocol):
        """What making ready has to ask of the machine."""

        def read_text(self, path: str) -> str | None:
            """A file's text; None where there is none. Raises OSError."""

        def globs(self, folder: str, globs: Sequence[Glob], *, use_gitignore: bool) -> list[str]:
            """The files that match, sorted, absolute. go-task: fingerprint.Globs."""

        def source_value(self, kind: str, folder: str, sources: Sequence[Glob], *, use_gitignore: bool) -> object:
            """The value of CHECKSUM or TIMESTAMP. Raises OSError."""


_CHANGING = ("set", "merge")
"""Functions that change the map they are given: a text that has one of them comes out differently the second time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What is the same for all tasks of a run."""

    taskfile: Taskfile
    scopes: Scopes
    root_dir: str
    environ: Mapping[str, str]
    surroundings: Surroundings


class NotConstantError(Exception):
    """Something is filled in, in a task that was taken for one where nothing is."""


class Filling:
    """Fills in the texts of one task, with the values of `scope`.

    One that `is_constant` is taken to need none of them: its scope is shared with other tasks, so it raises NotConstantError before it
    uses or changes a value.
    """

    def __init__(self, common: Common, task: Task, scope: Scope, mode: Mode, *, is_constant: bool = False) -> None:
        self._common = common
        self._scopes = common.scopes
        self._surroundings = common.surroundings
        self._taskfile = common.taskfile
        self._environ = common.environ
        self._root_dir = common.root_dir
        self._task = task
        self._scope = scope
        self._mode = mode
        self._called_with: Variables = {}
        self._is_constant = is_constant

    def _use_values(self) -> None:
        """To be called before a value of the scope is used or changed. Raises NotConstantError."""
        if self._is_constant:
            raise NotConstantError

    def text(self, text: str, extra: Mapping[str, object] | None = None) -> str | None:
        """Filled in; None where something in it is not known yet. In listings a broken template is shown as written, and so are those after it."""
        if "{{" not in text or self._scope.is_broken:
            return text
        self._use_values()
        values = {**self._scope.values, **extra} if extra else self._scope.values
        try:
            return self._scopes.fill_text(text, values)
        except UnknownValueError:
            return None
        except VariableError as error:
            if self._mode is Mode.RUN:
                error.position = error.position or self._task.position
                raise
            self._scope.is_broken = self._mode is Mode.BLANK
            return text if self._mode is Mode.BLANK else None

    def shown(self, text: str, extra: Mapping[str, object] | None = None) -> str:
        """As `text`, with the values of secret variables masked."""
        if "{{" not in text:
            return text
        self._use_values()
        values = {**self._scope.values, **(extra or {}), **dict.fromkeys(self._scope.secrets, MASK)}
        try:
            return self._scopes.fill_text(text, values)
        except (UnknownValueError, VariableError):
            return text

    def _command(self, source: Command, condition: str | None, extra: Mapping[str, object]) -> ReadyCommand:
        """What is shown is filled in apart, and first, where that may make a difference: a template may change maps."""
        apart = self._scope.secrets or self._mode is not Mode.RUN or any(word in source.text for word in _CHANGING)
        shown = self.shown(source.text, extra) if apart else ""
        text = self.text(source.text, extra)
        return ReadyCommand(text=text, shown=shown if apart else text or "", condition=condition, source=source)

    async def ready(self, match: Match, called_with: Variables) -> ReadyTask:
        """The whole task. Texts are filled in in the order of go-task's: a template may change a map that later ones read."""
        task = self._task
        self._called_with = called_with
        label = self.text(task.label) or ""
        desc = self.text(task.desc) or ""
        prompts = tuple(self.text(prompt) or "" for prompt in task.prompts)
        summary = self.text(task.summary) or ""
        sources = tuple(Glob(pattern=self.text(g.pattern) or "", negate=g.negate) for g in task.sources)
        generates = tuple(Glob(pattern=self.text(g.pattern) or "", negate=g.negate) for g in task.generates)
        folder = self._folder()
        dotenv = tuple(self.text(path) or "" for path in task.dotenv)
        method = self.text(task.method) or self._taskfile.method or "checksum"
        prefix = self.text(task.prefix) or task.name
        run = self.text(task.run) or self._taskfile.run or "always"
        condition = self.text(task.condition)
        environment = await self._environment(folder, dotenv)
        use_gitignore = task.use_gitignore if task.use_gitignore is not None else bool(self._taskfile.use_gitignore)
        self._set_fingerprint(folder, sources, method, use_gitignore=use_gitignore)

        def loops(loop: For) -> list[dict[str, object]]:
            from paratask.variables.loops import LoopValues, unroll  # most tasks have none

            self._use_values()
            values = LoopValues(
                folder=folder, sources=sources, generates=generates, use_gitignore=use_gitignore, globs=self._surroundings.globs,
                resolve=self._scopes.resolve, position=task.position,
            )  # fmt: skip
            return unroll(loop, self._scope, values)

        full_name = _full_name(match)
        steps = tuple(unless_nameless(s) for source in task.steps for s in self._unrolled(source, loops))
        dependencies = [d for source in task.dependencies for d in self._unrolled(source, loops)]
        return ReadyTask(
            task=task,
            name=label or full_name,
            full_name=full_name,
            scope=self._scope,
            dir=folder,
            environment=environment,
            steps=steps,
            dependencies=tuple(d for d in dependencies if isinstance(d, (ReadyCall, UnknownSteps))),
            preconditions=tuple(
                ReadyPrecondition(command=self.text(p.command), message=self.text(p.message) or "") for p in task.preconditions
            ),
            status=tuple(self.text(status) for status in task.status),
            sources=sources,
            generates=generates,
            prompts=prompts,
            condition=condition,
            method=method,
            run=run,
            prefix=prefix,
            label=label,
            desc=desc,
            summary=summary,
            use_gitignore=use_gitignore,
            platforms=task.platforms,
            dotenv=dotenv,
            called_with=called_with,
        )

    def _folder(self) -> str | None:
        if self._task.folder:
            return self._scopes.working_folder(self._task.folder)
        text = self.text(self._task.dir)
        if text is None:
            return None
        try:
            return self._scopes.working_folder(expand_path(text, self._environ))
        except VariableError as error:
            if self._mode is not Mode.RUN:
                return None
            error.position = error.position or self._task.position
            raise

    async def _environment(self, folder: str | None, dotenv: tuple[str, ...]) -> dict[str, object]:
        if not (self._taskfile.environment or self._task.environment or dotenv):
            return {}
        self._use_values()
        layers = self._taskfile.environment, self._dotenv(folder, dotenv), self._task.environment
        if self._mode is Mode.BLANK:
            return await self._shown_environment(layers)
        merged = {name: variable for layer in layers for name, variable in layer.items()}
        try:
            return await self._scopes.environment(merged, self._scope, folder or self._root_dir, self._mode)
        except VariableError as error:
            if self._mode is Mode.RUN:
                error.position = error.position or self._task.position
                raise
            return dict.fromkeys(merged, UNKNOWN)

    async def _shown_environment(self, layers: Sequence[Variables]) -> dict[str, object]:
        """For listings: without the layers after a text that is broken."""
        shown: dict[str, object] = {}
        for layer in layers:
            if not self._scope.is_broken:
                for name in layer:
                    self._scope.environment_shown.pop(name, None)
                shown.update(await self._scopes.environment(layer, self._scope, self._root_dir, self._mode))
        return shown

    def _dotenv(self, folder: str | None, paths: tuple[str, ...]) -> dict[str, Variable]:
        found: dict[str, Variable] = {}
        if not paths:
            return found
        from paratask.variables.dotenv import read_dotenv

        for path in paths:
            if path and folder is not None:
                for name, value in read_dotenv(self._surroundings.read_text, smart_join(folder, path)).items():
                    found.setdefault(name, Variable(value=value))
        return found

    def _set_fingerprint(self, folder: str | None, sources: tuple[Glob, ...], method: str, *, use_gitignore: bool) -> None:
        """CHECKSUM or TIMESTAMP, where the task's texts mention it."""
        kind = method
        if not sources or folder is None or kind not in ("checksum", "timestamp") or not _mentions(self._task, kind.upper()):
            return
        self._use_values()
        if self._mode is Mode.UNKNOWN:
            self._scope.values[kind.upper()] = UNKNOWN
            return
        try:
            value = self._surroundings.source_value(kind, folder, sources, use_gitignore=use_gitignore)
        except OSError as error:
            if self._mode is Mode.RUN:
                raise VariableError(f"a source cannot be read: {system_words(error)}", position=self._task.position) from None
            value = ""
        self._scope.values[kind.upper()] = value
        self._scope.order.setdefault(kind.upper())

    def _unrolled(
        self, source: Command | Call, rounds_of: Callable[[For], list[dict[str, object]]]
    ) -> list[ReadyCommand | ReadyCall | ReadyDefer | UnknownSteps]:
        if isinstance(source, Call) and source.part is not None:
            return [self._call_of_part(source, source.part, rounds_of)]
        if source.loop is None:
            return [self._deferred(source) if source.deferred else self.step(source, {})]
        try:
            rounds = rounds_of(source.loop)
        except (UnknownValueError, VariableError, TaskfileError) as error:
            if self._mode is Mode.RUN and not isinstance(error, UnknownValueError):
                raise
            return [UnknownSteps(source=source)]
        return [self.step(source, extra) for extra in rounds]

    def _deferred(self, source: Command | Call) -> ReadyDefer:
        """What is known now: with the variables of this task, and EXIT_CODE not known yet."""
        if not isinstance(source, Call):
            return ReadyDefer(source=source, texts=self._deferred_texts(source.text))
        call = self._at_the_end(UNKNOWN).step(source, {})
        return ReadyDefer(source=source, call=call if isinstance(call, ReadyCall) and call.task != "" else None)

    def _deferred_texts(self, text: str) -> tuple[str | None, ...]:
        """In plans; a run fills it in when its time has come."""
        if "{{" not in text:
            return (text,)
        self._use_values()
        if self._mode is not Mode.UNKNOWN:
            return ()
        from paratask.variables.deferred import deferred_texts

        return deferred_texts(text, lambda code: (self if code is None else self._at_the_end(code)).text(text))

    def _at_the_end(self, exit_code: object) -> Filling:
        """Fills in the same task as it is when its steps have ended with this exit code."""
        scope = self._scope.copy()
        scope.values["EXIT_CODE"] = exit_code
        return Filling(self._common, self._task, scope, Mode.UNKNOWN, is_constant=self._is_constant)

    def _call_of_part(self, source: Call, part: Command, rounds_of: Callable[[For], list[dict[str, object]]]) -> ReadyCall:
        """The call of a part: with the variables that the whole was called with, and the command that it stands for."""
        inline = tuple(step for step in self._unrolled(part, rounds_of) if isinstance(step, (ReadyCommand, UnknownSteps)))
        return ReadyCall(task=source.task, variables=self._called_with, condition="", source=source, inline=inline)

    def step(self, source: Command | Call, extra: Mapping[str, object]) -> ReadyCommand | ReadyCall:
        """One step, or one round of it where it is a loop: `extra` are the variables of that round."""
        condition = self.text(source.condition, extra)
        if isinstance(source, Call):
            return ReadyCall(
                task=self.text(source.task, extra),
                variables={name: self._variable(variable, extra) for name, variable in source.variables.items()},
                condition=condition,
                source=source,
                shown=self.shown(source.written, extra),
            )
        return self._command(source, condition, extra)

    def _variable(self, variable: Variable, extra: Mapping[str, object]) -> Variable:
        self._use_values()
        values = {**self._scope.values, **extra} if extra else self._scope.values
        try:
            if variable.ref:
                return Variable(value=self._scopes.resolve(variable.ref, self._scope.values), secret=variable.secret)
            shell = None if variable.sh is None else self._scopes.fill_text(variable.sh, values)
            return replace(variable, value=self._scopes.fill(variable.value, values), sh=shell)
        except UnknownValueError:
            return Variable(value=UNKNOWN, secret=variable.secret)
        except VariableError as error:
            if self._mode is Mode.RUN:
                error.position = error.position or self._task.position
                raise
            return variable if self._mode is Mode.BLANK else Variable(value=UNKNOWN)


def _full_name(match: Match) -> str:
    """The task's name, with what its wildcards stand for."""
    name = match.task.name
    for wildcard in match.wildcards or ():
        name = name.replace("*", wildcard, 1)
    return name


def _mentions(task: Task, name: str) -> bool:
    """Whether a text that is filled in after the fingerprint names it. go-task: ReferencesFingerprintVar."""
    texts: list[object] = [*task.status, *(p.command for p in task.preconditions), *(p.message for p in task.preconditions)]
    for step in (*task.steps, *task.dependencies):
        texts.append(step.condition)
        if isinstance(step, Call):
            texts.append(step.task)
            texts.extend((v.value, v.sh, v.ref) for v in step.variables.values())
        else:
            texts.append(step.text)
        if step.loop is not None:
            texts.append(step.loop)
    return any(name in (text if isinstance(text, str) else repr(text)) for text in texts)
