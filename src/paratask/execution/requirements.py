"""What tasks require of their variables: that they are there, and have one of the allowed values; and asking for them.

go-task: requires.go. With --interactive, what the called tasks and their dependencies lack is asked for before anything runs, and
what a step's task lacks when its turn comes. Answers serve every task that has no value of its own. Knows nothing of terminals.
"""

from __future__ import annotations

from paratask.errors import DisallowedValuesError, MissingVariablesError, VariableError
from paratask.frozen import replace
from paratask.kernel.loop import Event
from paratask.taskfile.model import Variable
from paratask.variables.ready import ReadyCall
from paratask.variables.scopes import Mode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from paratask.execution.turns import Request, Turn
    from paratask.kernel.loop import Loop
    from paratask.taskfile.lookup import Match, TaskIndex
    from paratask.taskfile.model import RequiredVariable
    from paratask.variables.preparation import Preparation
    from paratask.variables.ready import ReadyTask

    Ask = Callable[[str, Sequence[str], str], Awaitable[str]]


class Requirements:
    """`ask` puts a question to the user; None where nobody is to be asked. `answers` are the variables that came of it: whoever makes
    several runs of one command keeps them.
    """

    def __init__(
        self, *, loop: Loop, index: TaskIndex, preparation: Preparation, ask: Ask | None, answers: dict[str, Variable]
    ) -> None:
        self._loop = loop
        self._questions: dict[str, Event] = {}
        """Those that were put and have no answer yet, by the names of their variables."""

        self._index = index
        self._preparation = preparation
        self._ask = ask
        self._answers = answers

    async def prepare(self, match: Match, request: Request) -> ReadyTask:
        """A task that requires variables, with those that it has so far. Where nobody can be asked, all must be there before a `sh:` runs.

        Raises MissingVariablesError and VariableError.
        """
        if self._ask is None:
            _check_known(await self._preparation.prepare(match, request.task, request.variables, Mode.BLANK))
        return self._with_allowed(await self._preparation.prepare(match, request.task, request.variables, Mode.RUN))

    def _with_allowed(self, ready: ReadyTask) -> ReadyTask:
        """An error in the allowed values is one whether or not they are needed. Raises VariableError."""
        allowed = tuple(self._preparation.allowed_values(required, ready) for required in ready.task.requires)
        return replace(ready, allowed=allowed)

    async def met_by(self, turn: Turn) -> Turn:
        """The turn with all that its task requires, asked for where that is possible. Raises TaskError."""
        if await self.ask_for(turn.ready):
            request = replace(turn.request, variables={**self._answers, **turn.request.variables})
            match = self._index.find(request.task, request.position)
            ready = self._with_allowed(await self._preparation.prepare(match, request.task, request.variables, Mode.RUN))
            turn = replace(turn, request=request, ready=ready)
        _check_known(turn.ready)
        _check_allowed(turn.ready)
        return turn

    async def ask_upfront(self, calls: Sequence[ReadyCall]) -> None:
        """Ask for all that these calls and their dependencies lack. Raises ParataskError, TaskCancelledError."""
        if self._ask is None:
            return
        missing: dict[str, Sequence[str]] = {}
        seen: set[str] = set()
        for call in calls:
            await self._collect(call, missing, seen)
        for name, allowed in missing.items():
            await self._answered(self._ask, name, allowed, calls[0].task or "")

    async def _collect(self, call: ReadyCall, missing: dict[str, Sequence[str]], seen: set[str]) -> None:
        name = call.task or ""
        ready = await self._preparation.prepare(self._index.find(name), name, call.variables, Mode.BLANK)
        for required in _missing(ready):
            missing.setdefault(required.name, self._choices(required, ready))
        if name in seen:  # asked only now: the same task may be called with other variables
            return
        seen.add(name)
        for dependency in ready.dependencies:
            if isinstance(dependency, ReadyCall):
                await self._collect(dependency, missing, seen)

    def _choices(self, required: RequiredVariable, ready: ReadyTask) -> Sequence[str]:
        """The allowed values as far as they are known before `sh:` variables are run."""
        try:
            return self._preparation.allowed_values(required, ready)
        except VariableError:
            return ()

    async def ask_for(self, ready: ReadyTask) -> bool:
        """Ask for what this task lacks, and has no answer yet; whether it lacks anything. Raises TaskCancelledError."""
        if self._ask is None:
            return False
        missing = _missing(ready)
        for required in missing:
            await self._answered(self._ask, required.name, self._preparation.allowed_values(required, ready), ready.name)
        return bool(missing)

    async def _answered(self, ask: Ask, name: str, allowed: Sequence[str], task: str) -> None:
        """Have an answer; where somebody beside us has just put the question, it is that one's. Raises TaskCancelledError."""
        while name in self._questions:
            await self._questions[name].wait()
        if name in self._answers:
            return
        question = self._questions[name] = Event(self._loop)
        try:
            self._answers[name] = Variable(value=await ask(name, allowed, task))
        finally:
            del self._questions[name]
            question.set()


def _check_allowed(ready: ReadyTask) -> None:
    """Raise DisallowedValuesError for a text that is not among the allowed values."""
    wrong = []
    for required, allowed in zip(ready.task.requires, ready.allowed, strict=True):
        value = ready.scope.values.get(required.name)
        if allowed and isinstance(value, str) and value not in allowed:
            wrong.append(f"{required.name} is `{value}`, allowed are {', '.join(f'`{a}`' for a in allowed)}")
    if wrong:
        message = f"task `{ready.name}`: " + "; ".join(wrong)
        raise DisallowedValuesError(message, task=ready.name, position=ready.task.position)


def _check_known(ready: ReadyTask) -> None:
    """Raise MissingVariablesError where a required variable is not there."""
    missing = _missing(ready)
    if missing:
        shown = ", ".join(r.name + (f" (allowed values: {' '.join(r.allowed)})" if r.allowed else "") for r in missing)
        names = " ".join(f"{required.name}=…" for required in missing)
        raise MissingVariablesError(
            f"task `{ready.name}` is missing required variables: {shown}",
            task=ready.name,
            position=ready.task.position,
            help=f"paratask {ready.full_name} {names}",
        )


def _missing(ready: ReadyTask) -> list[RequiredVariable]:
    scope = ready.scope
    return [r for r in ready.task.requires if r.name not in scope.values and r.name not in scope.shell]
