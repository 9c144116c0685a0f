"""What a call claims, over everything it reaches. See "Claims" in docs/design.md.

Follows dependencies, steps, loops and wildcards; asks the language plugins about each command; lets paratask.toml's word stand
above what was inferred. What is not known before it runs claims everything. Runs nothing: `sh:` variables that the run has not
evaluated yet are unknown here.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access, Claim, Claims, Effect, Evidence, union, unknown
from paratask.errors import ParataskError
from paratask.frozen import dataclass, replace
from paratask.taskfile.model import Command
from paratask.variables.immediate import run_static
from paratask.variables.ready import ReadyCall, ReadyCommand, ReadyDefer, UnknownSteps
from paratask.variables.scopes import Mode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from paratask.plugins.hookspecs import Place
    from paratask.taskfile.lookup import TaskIndex
    from paratask.taskfile.model import Glob, Variables
    from paratask.taskfile.settings import TaskClaims
    from paratask.variables.preparation import Preparation
    from paratask.variables.ready import ReadyTask


MAX_DEPTH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What a call claims, and the tasks it reaches (their names), itself included.

    `known_outside` is whether a command anywhere in it was recognised as reaching outside this checkout.
    """

    claims: Claims
    tasks: frozenset[str]
    known_outside: bool = False


NOWHERE = Reach(claims=Claims(), tasks=frozenset())


class Expansion:
    """Answers `reach` for calls, remembering what it worked out. `declared` finds paratask.toml's claims for a task."""

    def __init__(
        self, *, index: TaskIndex, preparation: Preparation, place: Place, declared: Callable[[str], TaskClaims | None]
    ) -> None:
        self._index = index
        self._preparation = preparation
        self._place = place
        self._declared = declared
        self._known: dict[object, Reach] = {}
        self._open: list[object] = []

    def prepare(self, name: str, variables: Variables) -> ReadyTask:
        """The task as far as it is known without running anything. Raises ParataskError."""
        return run_static(self._preparation.prepare(self._index.find(name), name, variables, Mode.UNKNOWN))

    def reach_of_call(self, call: ReadyCall) -> Reach:
        """What a call claims and reaches; never raises for what is wrong in it: that claims everything."""
        if call.task is None:
            return _everything("which task is called is not known before it runs")
        reach = self.reach(call.task, call.variables)
        if call.condition is None or call.condition.strip():
            parts = [reach.claims, self._text(call.condition, self._place.root)]
            return Reach(claims=union(parts), tasks=reach.tasks, known_outside=reach.known_outside or _reaches_out(parts[1]))
        return reach

    def reach(self, name: str, variables: Variables) -> Reach:
        key = (name, tuple((n, repr(v)) for n, v in variables.items()))
        if key in self._known:
            return self._known[key]
        if key in self._open or len(self._open) > MAX_DEPTH:
            return _everything(f"`{name}` calls itself")
        self._open.append(key)
        try:
            found = self.reach_of_task(self.prepare(name, variables))
        except ParataskError as error:
            found = _everything(f"`{name}`: {error.message}")
        finally:
            self._open.pop()
        self._known[key] = found
        return found

    def reach_of_task(self, ready: ReadyTask) -> Reach:
        """As `reach`, for a task that is ready."""
        name = ready.task.name
        declared = self._declared(name)
        inner = [self.reach_of_call(call) for call in ready.calls()]
        tasks = frozenset((name,)).union(*(reach.tasks for reach in inner))
        own = list(self._own_claims(ready))
        outside = any(reach.known_outside for reach in inner) or any(_reaches_out(claims) for claims in own)
        if declared is not None and declared.local is not None:
            outside = not declared.local
        if declared is not None and declared.says_what_it_touches:
            return Reach(claims=_declared_claims(declared, outside=outside), tasks=tasks, known_outside=outside)
        parts = [*(reach.claims for reach in inner), *own]
        if declared is not None:
            parts.append(_declared_claims(declared, outside=outside))
        claims = union(parts)
        if declared is not None and declared.local:
            claims = replace(claims, effect=Effect.LOCAL, effect_reason="")
        return Reach(claims=claims, tasks=tasks, known_outside=outside)

    def own_claims(self, ready: ReadyTask) -> Claims:
        """What a task's own commands claim, without what it calls."""
        return union(list(self._own_claims(ready)))

    def _own_claims(self, ready: ReadyTask) -> Iterator[Claims]:
        task = ready.task
        if task.prompts or task.interactive:
            yield unknown(f"`{task.name}` talks to the user")
        if any(required.name not in ready.scope.values for required in task.requires):
            yield unknown(f"`{task.name}` lacks a variable that it requires")
        if any(isinstance(step, UnknownSteps) for step in (*ready.steps, *ready.dependencies)):
            yield unknown(f"a loop of `{task.name}` is not known before it runs")
        folder = ready.dir
        for text in self._texts(ready):
            yield (
                unknown(f"the folder of `{task.name}` is not known before it runs")
                if folder is None
                else self._text(text, folder)
            )
        if folder is not None:
            entries = (*self._globs(ready.sources, folder, Access.READ), *self._globs(ready.generates, folder, Access.WRITE))
            if entries:
                yield Claims(entries=entries)

    def _texts(self, ready: ReadyTask) -> Iterator[str | None]:
        """Everything that a shell will run for this task itself; None for what is not known yet."""
        yield ready.condition
        yield from ready.status
        for precondition in ready.preconditions:
            yield precondition.command
        for variable in (*ready.task.variables.values(), *ready.task.environment.values()):
            if variable.sh:
                yield None if "{{" in variable.sh else variable.sh
        for step in ready.steps:
            if isinstance(step, ReadyCommand) and not step.source.joins:
                yield step.condition
                yield step.text
            elif isinstance(step, ReadyDefer) and isinstance(step.source, Command):
                yield None if "{{" in step.source.text else step.source.text

    def _text(self, text: str | None, folder: str) -> Claims:
        if text is None:
            return unknown("a command is not known before it runs")
        return self._place.command_claims(text, folder) if text.strip() else Claims()

    def _globs(self, globs: Sequence[Glob], folder: str, access: Access) -> Iterator[Claim]:
        word = "sources" if access is Access.READ else "generates"
        for glob in globs:
            if not glob.negate:
                path = posixpath.normpath(posixpath.join(folder, glob.pattern))
                pattern = self._place.pattern(folder) + path[len(folder) :] if path.startswith(folder + "/") else path
                pattern = pattern.removeprefix("./") if pattern != "." else "**"
                yield Claim(access=access, pattern=pattern, evidence=Evidence.DECLARED, reason=f"`{word}` of the Taskfile")


def _reaches_out(claims: Claims) -> bool:
    """Whether a command was recognised as reaching outside; one that was not recognised is believed to be as declared."""
    return claims.effect is Effect.OUTSIDE and claims.evidence > Evidence.NONE


def _declared_claims(declared: TaskClaims, *, outside: bool) -> Claims:
    entries = [
        *(_declare(Access.READ, _whole(pattern)) for pattern in declared.reads),
        *(_declare(Access.WRITE, _whole(pattern)) for pattern in declared.writes),
        *(_declare(Access.SHARED, name) for name in declared.uses),
        *(_declare(Access.EXCLUSIVE, name) for name in declared.exclusive),
    ]
    reason = "declared in paratask.toml" if declared.local is False else "a command of it is known to"
    return Claims(
        entries=tuple(entries),
        effect=Effect.OUTSIDE if outside else Effect.LOCAL,
        effect_reason=reason if outside else "",
    )


def _declare(access: Access, pattern: str) -> Claim:
    return Claim(access=access, pattern=pattern, evidence=Evidence.DECLARED, reason="declared in paratask.toml")


def _whole(pattern: str) -> str:
    """A declared path with all below it, should it be a folder: `dist` means `dist/**`."""
    last = pattern.rstrip("/").rpartition("/")[2]
    return pattern if set(last) & set("*?[{") else f"{pattern.rstrip('/')}/**"


def _everything(reason: str) -> Reach:
    return Reach(claims=unknown(reason), tasks=frozenset())
