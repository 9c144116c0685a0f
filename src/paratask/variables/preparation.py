"""Makes tasks ready to run, for calls and for deferred steps: gets a scope and has their texts filled in (filling.py).

A task in which nothing is to be filled in is made ready once, and is the same for every call.
"""

from __future__ import annotations

from paratask.errors import VariableError
from paratask.taskfile.model import Variable
from paratask.templating.values import Strings
from paratask.variables.filling import Common, Filling, NotConstantError
from paratask.variables.ready import unless_nameless
from paratask.variables.scopes import Mode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from paratask.taskfile.lookup import Match
    from paratask.taskfile.model import Call, Command, RequiredVariable, Taskfile, Variables
    from paratask.variables.filling import Surroundings
    from paratask.variables.ready import ReadyCall, ReadyCommand, ReadyTask
    from paratask.variables.scopes import Scopes


class Preparation:
    """Makes ReadyTasks of calls, for one run."""

    def __init__(
        self, *, taskfile: Taskfile, scopes: Scopes, root_dir: str, environ: Mapping[str, str], surroundings: Surroundings
    ) -> None:
        self._scopes = scopes
        self._root_dir = root_dir
        self._common = Common(taskfile=taskfile, scopes=scopes, root_dir=root_dir, environ=environ, surroundings=surroundings)
        self._constants: dict[tuple[str, str], ReadyTask | None] = {}
        """Tasks that are the same whenever they are made ready, for a plan or a run, by their names and what they are called as; None for one
        that is not."""

    async def prepare(self, match: Match, called_as: str, variables: Variables, mode: Mode) -> ReadyTask:
        """The task that a call found, ready to run. Raises VariableError, TaskfileError."""
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
        return await Filling(self._common, task, scope, mode).ready(match, called_with)

    async def _constant(self, match: Match, called_as: str, mode: Mode) -> ReadyTask | None:
        """A task in which nothing is filled in, made ready once and for all; None where something is. Raises as `prepare`."""
        task = match.task
        if task.variables or task.include_variables or task.included_taskfile_variables or task.requires:
            return None
        scope = await self._scopes.of_constant(task, called_as, mode)
        if scope is None:
            return None
        try:
            return await Filling(self._common, task, scope, mode, is_constant=True).ready(match, {})
        except NotConstantError:
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
        return unless_nameless(Filling(self._common, ready.task, scope, Mode.RUN).step(source, {}))
