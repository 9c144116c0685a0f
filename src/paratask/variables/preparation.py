"""Makes a task ready to run: fills in its texts, unrolls its loops, reads its dotenv files. go-task: compiledTask.

The same walk serves runs, listings and plans (`Mode`). Files and fingerprints are asked of `Surroundings`; no process is
started here but through `sh:` variables.
"""

from __future__ import annotations

from paratask.errors import DotenvFileError, Position, TaskfileError, VariableError, system_words
from paratask.frozen import replace
from paratask.taskfile.includes import smart_join
from paratask.taskfile.model import Call, Glob, Variable
from paratask.taskfile.paths import expand_path
from paratask.templating import UNKNOWN, UnknownValueError
from paratask.templating.values import Strings
from paratask.variables.ready import (
    ReadyCall,
    ReadyCommand,
    ReadyDefer,
    ReadyPrecondition,
    ReadyTask,
    UnknownSteps,
    unless_nameless,
)
from paratask.variables.scopes import Mode, Scope
from paratask.variables.secrets import MASK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Protocol

    from paratask.taskfile.lookup import Match
    from paratask.taskfile.model import Command, For, RequiredVariable, Task, Taskfile, Variables
    from paratask.variables.scopes import Scopes

    class Surroundings(Protocol):
        """What making ready has to ask of the machine."""

        def read_text(self, path: str) -> str | None:
            """A file's text; None where there is none. Raises OSError."""

        def globs(self, folder: str, globs: Sequence[Glob], *, use_gitignore: bool) -> list[str]:
            """The files that match, sorted, absolute. go-task: fingerprint.Globs."""

        def source_value(self, kind: str, folder: str, sources: Sequence[Glob], *, use_gitignore: bool) -> object:
            """The value of CHECKSUM or TIMESTAMP. Raises OSError."""


class Preparation:
    """Makes ReadyTasks of calls, for one run."""

    def __init__(
        self, *, taskfile: Taskfile, scopes: Scopes, root_dir: str, environ: Mapping[str, str], surroundings: Surroundings
    ) -> None:
        self._taskfile = taskfile
        self._scopes = scopes
        self._root_dir = root_dir
        self._environ = environ
        self._surroundings = surroundings
        self._constants: dict[tuple[str, str], ReadyTask | None] = {}
        """Tasks that are the same whenever they are made ready, for a plan or a run, by their names and what they are called as; None for one
        that is not."""

    async def prepare(self, match: Match, called_as: str, variables: Variables, mode: Mode) -> ReadyTask:
        """Raises VariableError, TaskfileError."""
        if not (variables or match.wildcards or mode is Mode.BLANK):
            key = match.task.name, called_as
            if key not in self._constants:
                self._constants[key] = await self._constant(match, called_as, mode)
            constant = self._constants[key]
            if constant is not None:
                return constant
        task, called_with = match.task, variables
        variables = {**variables, "MATCH": Variable(value=Strings(match.wildcards or ()))}
        try:
            scope = await self._scopes.of_call(task, variables, called_as, mode)
        except VariableError as error:
            error.position = error.position or task.position
            raise
        one = _One(self._scopes, self._surroundings, self._taskfile, self._environ, self._root_dir, task, scope, mode)
        return await one.ready(match, called_with)

    async def _constant(self, match: Match, called_as: str, mode: Mode) -> ReadyTask | None:
        """A task in which nothing is filled in, made ready once and for all; None where something is. Raises as `prepare`."""
        task = match.task
        if task.variables or task.include_variables or task.included_taskfile_variables or task.requires:
            return None
        scope = await self._scopes.of_constant(task, called_as, mode)
        if scope is None:
            return None
        place = (self._scopes, self._surroundings, self._taskfile, self._environ, self._root_dir)
        try:
            return await _One(*place, task, scope, mode, is_constant=True).ready(match, {})
        except _NotConstantError:
            return None

    def mask(self, text: str) -> str:
        """`text` without the values of secret variables."""
        return self._scopes.secrets.mask(text)

    def without_place(self, text: str) -> str:
        """The same without the path of the checkout, which may be moved."""
        return self.mask(text).replace(self._root_dir, "<root>")

    def allowed_values(self, required: RequiredVariable, ready: ReadyTask) -> tuple[str, ...]:
        """The values that a required variable may have; empty for any. Raises VariableError."""
        if not required.allowed_ref:
            return required.allowed
        found = self._scopes.resolve(required.allowed_ref, ready.scope.values)
        if not isinstance(found, (list, tuple)) or not all(isinstance(item, str) for item in found):
            message = f"enum reference `{required.allowed_ref}` must resolve to a list of strings"
            raise VariableError(message, position=ready.task.position)
        return tuple(found)

    async def deferred(self, source: Command | Call, ready: ReadyTask, exit_code: int) -> ReadyCommand | ReadyCall:
        """A deferred step, filled in now; EXIT_CODE is set when something failed."""
        scope = ready.scope.copy()
        if exit_code:
            scope.values["EXIT_CODE"] = str(exit_code)
        one = _One(self._scopes, self._surroundings, self._taskfile, self._environ, self._root_dir, ready.task, scope, Mode.RUN)
        return unless_nameless(one.step(source, {}))


class _NotConstantError(Exception):
    """Something is filled in, in a task that was taken for one where nothing is."""


class _One:
    """One task being made ready. One that `is_constant` shares the values of its scope with others, and raises _NotConstantError before it uses them."""

    def __init__(
        self,
        scopes: Scopes,
        surroundings: Surroundings,
        taskfile: Taskfile,
        environ: Mapping[str, str],
        root_dir: str,
        task: Task,
        scope: Scope,
        mode: Mode,
        *,
        is_constant: bool = False,
    ) -> None:
        self._scopes = scopes
        self._surroundings = surroundings
        self._taskfile = taskfile
        self._environ = environ
        self._root_dir = root_dir
        self._task = task
        self._scope = scope
        self._mode = mode
        self._called_with: Variables = {}
        self._is_constant = is_constant

    def _fill_in(self) -> None:
        """Something is about to be filled in."""
        if self._is_constant:
            raise _NotConstantError

    def text(self, text: str, extra: Mapping[str, object] | None = None) -> str | None:
        """Filled in; None where something in it is not known yet. In listings a broken template is shown as written."""
        if "{{" not in text:
            return text
        self._fill_in()
        values = {**self._scope.values, **extra} if extra else self._scope.values
        try:
            return self._scopes.fill_text(text, values)
        except UnknownValueError:
            return None
        except VariableError as error:
            if self._mode is Mode.RUN:
                error.position = error.position or self._task.position
                raise
            return text if self._mode is Mode.BLANK else None

    def shown(self, text: str, extra: Mapping[str, object] | None = None) -> str:
        """As `text`, with secrets masked."""
        if "{{" not in text:
            return text
        self._fill_in()
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
        task = self._task
        self._called_with = called_with
        label = self.text(task.label) or ""
        desc = self.text(task.desc) or ""
        prompts = tuple(self.text(prompt) or "" for prompt in task.prompts)
        summary = self.text(task.summary) or ""
        folder = self._folder()
        environment = await self._environment(folder)
        use_gitignore = task.use_gitignore if task.use_gitignore is not None else bool(self._taskfile.use_gitignore)
        sources = tuple(Glob(pattern=self.text(g.pattern) or "", negate=g.negate) for g in task.sources)
        generates = tuple(Glob(pattern=self.text(g.pattern) or "", negate=g.negate) for g in task.generates)
        method = self.text(task.method) or self._taskfile.method or "checksum"
        self._set_fingerprint(folder, sources, method, use_gitignore=use_gitignore)

        def loops(loop: For) -> list[dict[str, object]]:
            from paratask.variables.loops import LoopValues, unroll  # most tasks have none

            self._fill_in()
            values = LoopValues(
                folder=folder, sources=sources, generates=generates, use_gitignore=use_gitignore, globs=self._surroundings.globs,
                resolve=self._scopes.resolve, position=task.position,
            )  # fmt: skip
            return unroll(loop, self._scope, values)

        full_name = task.name
        for wildcard in match.wildcards or ():
            full_name = full_name.replace("*", wildcard, 1)
        return ReadyTask(
            task=task,
            name=label or full_name,
            full_name=full_name,
            scope=self._scope,
            dir=folder,
            environment=environment,
            steps=tuple(unless_nameless(s) for source in task.steps for s in self._unrolled(source, loops)),
            dependencies=tuple(
                d
                for source in task.dependencies
                for d in self._unrolled(source, loops)
                if isinstance(d, (ReadyCall, UnknownSteps))
            ),
            preconditions=tuple(
                ReadyPrecondition(command=self.text(p.command), message=self.text(p.message) or "") for p in task.preconditions
            ),
            status=tuple(self.text(status) for status in task.status),
            sources=sources,
            generates=generates,
            prompts=prompts,
            condition=self.text(task.condition),
            method=method,
            run=self.text(task.run) or self._taskfile.run or "always",
            prefix=self.text(task.prefix) or task.name,
            label=label,
            desc=desc,
            summary=summary,
            use_gitignore=use_gitignore,
            platforms=task.platforms,
            called_with=called_with,
        )

    def _folder(self) -> str | None:
        text = self.text(self._task.dir)
        return None if text is None else self._scopes.working_folder(expand_path(text, self._environ))

    async def _environment(self, folder: str | None) -> dict[str, object]:
        if not (self._taskfile.environment or self._task.environment or self._task.dotenv):
            return {}
        self._fill_in()
        merged = {**self._taskfile.environment, **self._dotenv(folder), **self._task.environment}
        try:
            return await self._scopes.environment(merged, self._scope, folder or self._root_dir, self._mode)
        except VariableError:
            if self._mode is Mode.RUN:
                raise
            return dict.fromkeys(merged, UNKNOWN)

    def _dotenv(self, folder: str | None) -> dict[str, Variable]:
        found: dict[str, Variable] = {}
        for written in self._task.dotenv:
            path = self.text(written)
            if path and folder is not None:
                for name, value in read_dotenv(self._surroundings, smart_join(folder, path)).items():
                    found.setdefault(name, Variable(value=value))
        return found

    def _set_fingerprint(self, folder: str | None, sources: tuple[Glob, ...], method: str, *, use_gitignore: bool) -> None:
        """CHECKSUM or TIMESTAMP, where the task's texts mention it."""
        kind = method
        if not sources or folder is None or kind not in ("checksum", "timestamp") or not _mentions(self._task, kind.upper()):
            return
        self._fill_in()
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
        self._fill_in()
        if self._mode is not Mode.UNKNOWN:
            return ()
        from paratask.variables.deferred import deferred_texts

        return deferred_texts(text, lambda code: (self if code is None else self._at_the_end(code)).text(text))

    def _at_the_end(self, exit_code: object) -> _One:
        """The same with an exit code."""
        scope = self._scope.copy()
        scope.values["EXIT_CODE"] = exit_code
        parts = (self._scopes, self._surroundings, self._taskfile, self._environ, self._root_dir, self._task, scope)
        return _One(*parts, Mode.UNKNOWN, is_constant=self._is_constant)

    def _call_of_part(self, source: Call, part: Command, rounds_of: Callable[[For], list[dict[str, object]]]) -> ReadyCall:
        """It gets the variables that the whole was called with."""
        inline = tuple(step for step in self._unrolled(part, rounds_of) if isinstance(step, (ReadyCommand, UnknownSteps)))
        return ReadyCall(task=source.task, variables=self._called_with, condition="", source=source, inline=inline)

    def step(self, source: Command | Call, extra: Mapping[str, object]) -> ReadyCommand | ReadyCall:
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
        self._fill_in()
        values = {**self._scope.values, **extra} if extra else self._scope.values
        try:
            if variable.ref:
                return Variable(value=self._scopes.resolve(variable.ref, self._scope.values), secret=variable.secret)
            shell = None if variable.sh is None else self._scopes.fill_text(variable.sh, values)
            return replace(variable, value=self._scopes.fill(variable.value, values), sh=shell)
        except UnknownValueError:
            return Variable(value=UNKNOWN, secret=variable.secret)
        except VariableError:
            if self._mode is Mode.RUN:
                raise
            return variable if self._mode is Mode.BLANK else Variable(value=UNKNOWN)


_CHANGING = ("set", "merge")


def read_dotenv(surroundings: Surroundings, path: str) -> dict[str, str]:
    """A dotenv file's variables; none where there is no such file. Raises VariableError with position."""
    from paratask.variables.dotenv import DotenvError, parse_dotenv

    try:
        text = surroundings.read_text(path)
        return {} if text is None else parse_dotenv(text)
    except DotenvError as error:
        raise DotenvFileError(f"not a dotenv file: {error}", position=Position(file=path, line=error.line)) from None
    except OSError as error:
        raise VariableError(f"cannot be read: {error.strerror}", position=Position(file=path)) from None


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
