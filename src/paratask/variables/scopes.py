"""What each variable is worth where: go-task's order of precedence, to the letter. go-task: Compiler.getVariables.

From weakest: the operating system's environment, special variables, the Taskfile's `env`, its `vars` (command line included),
the include's `vars`, the included Taskfile's `vars`, the call's, the task's. Each is filled in with what came before.

Three ways to look at `sh:` variables (`Mode`): run them, leave them blank (listings), or mark them unknown (plans).
"""

from __future__ import annotations

import enum
from collections import ChainMap

from paratask.errors import ParataskError, TemplateSpot, VariableError
from paratask.taskfile.model import Variable
from paratask.taskfile.paths import cleaned, is_address, smart_join
from paratask.templating import UNKNOWN, TemplateError, UnknownValueError, render, resolve
from paratask.templating.values import Strings, copied, is_plain, text_of, texts_in
from paratask.variables.secrets import MASK, Secrets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping

    from paratask.taskfile.model import Task, Taskfile, Variables
    from paratask.templating import Machine
    from paratask.variables.dynamic import DynamicValues


class Mode(enum.Enum):
    """What to do with a `sh:` variable."""

    RUN = "run"
    BLANK = "blank"
    UNKNOWN = "unknown"

    __hash__ = object.__hash__  # as State's (execution/jobs.py)


class Scope:
    """Names and values, ready for templates. `secrets` are names to mask; `shell` the `sh:` texts of variables, filled in.

    `order` is the order in which names were first set, `environment_shown` what stands for values of the task's environment that
    are not shown, and once a text `is_broken`, those after it are left as they are; all three are for listings only.
    """

    __slots__ = ("environment_shown", "is_broken", "order", "secrets", "shell", "values")

    def __init__(self, values: MutableMapping[str, object]) -> None:
        self.values = values
        self.secrets: set[str] = set()
        self.shell: dict[str, str] = {}
        self.order: dict[str, None] = {}
        self.environment_shown: dict[str, str] = {}
        self.is_broken = False

    def copy(self) -> Scope:
        other = Scope(dict(self.values))
        other.secrets = set(self.secrets)
        other.shell = dict(self.shell)
        other.order = dict(self.order)
        return other

    def lacked_by(self, template: str) -> str:
        """The first variable that a template names, and whose value only the run tells; empty where none of them is seen to be one."""
        import re  # for what is told of a command that only the run can know

        names = (name for code in re.findall(r"\{\{.*?\}\}", template, re.DOTALL) for name in re.findall(r"\.(\w+)", code))
        return next((name for name in names if self.values.get(name) is UNKNOWN), "")


class Scopes:
    """Makes scopes for one run. `special` are the variables that are the same for all tasks (go-task: getSpecialVars).

    The values of secret variables go to `secrets` as they become known.
    """

    def __init__(
        self,
        *,
        taskfile: Taskfile,
        environ: Mapping[str, str],
        special: Mapping[str, object],
        root_dir: str,
        machine: Machine,
        dynamic: DynamicValues,
        own_environment_first: bool = False,
        secrets: Secrets | None = None,
    ) -> None:
        self.secrets = Secrets() if secrets is None else secrets
        self._taskfile = taskfile
        self._own_first = own_environment_first
        self._environ = environ
        self._special = special
        self._root_dir = root_dir
        self._machine = machine
        self._dynamic = dynamic
        self._shared: dict[Mode, tuple[int, Scope, tuple[str, ...]]] = {}
        self._folders: dict[str, tuple[str, str]] = {}
        layers = {**taskfile.environment, **taskfile.variables}
        self._is_static = not taskfile.environment and all(
            variable.sh is None and not variable.ref and is_plain(variable.value) for variable in taskfile.variables.values()
        )
        self._shareable = not (_NO_TASK.keys() & layers.keys()) and not any(
            _depends_on_task(variable) for variable in (*taskfile.environment.values(), *taskfile.variables.values())
        )

    def fill(self, value: object, scope: Mapping[str, object]) -> object:
        """A copy of `value` with every text in it filled in. Raises VariableError, UnknownValueError.

        What is null in a map is gone from the copy, and stays in a list. go-task: deepcopy.TraverseStringsFunc.
        """
        if isinstance(value, str):
            return self.fill_text(value, scope)
        if isinstance(value, Strings):
            return Strings(self.fill(item, scope) for item in value)
        if isinstance(value, (list, tuple)):
            return [self.fill(item, scope) for item in value]
        if isinstance(value, dict):
            return {key: self.fill(item, scope) for key, item in value.items() if item is not None}
        return value

    def fill_text(self, text: str, scope: Mapping[str, object]) -> str:
        if "{{" not in text:
            return text
        try:
            return render(text, scope, self._machine)
        except TemplateError as error:
            raise template_failure(error, self.secrets) from error

    def resolve(self, expression: str, scope: Mapping[str, object]) -> object:
        """The value of a `ref:`. Raises VariableError, UnknownValueError."""
        if expression == ".":
            return dict(scope)
        try:
            return resolve(expression, scope, self._machine)
        except TemplateError as error:
            raise template_failure(error, self.secrets) from error

    async def of_taskfile(self, mode: Mode) -> Scope:
        """What the root Taskfile's own texts see (dotenv paths)."""
        scope = Scope(
            {**self._environ, **self._special, "TASK": "", "TASK_DIR": "", "TASKFILE": "", "TASKFILE_DIR": "", "ALIAS": ""}
        )
        await self._root_layers(scope, mode)
        return scope

    async def of_call(self, task: Task, call_variables: Variables, alias: str, mode: Mode) -> Scope:
        """What the texts of a task see when it is called as `alias`. Raises VariableError."""
        own = self._task_special(task, alias)
        if self._shareable:
            scope = await self._shared_root(own, mode)
            scope.values.update(own)
        else:
            scope = Scope({**self._environ, **self._special, **own})
            await self._root_layers(scope, mode)
        folder = self._task_folder(task, own, mode)
        for variables, below in (
            (task.include_variables, self._root_dir),
            (task.included_taskfile_variables, folder),
            (call_variables, self._root_dir),
            (task.variables, folder),
        ):
            if variables:
                await self._layer(scope, variables, below, mode)
        return scope

    async def of_constant(self, task: Task, alias: str, mode: Mode) -> Scope | None:
        """What a task without variables sees that fills in nothing: the root's values themselves, which are not to be changed.

        None where it depends on the mode.
        """
        if not (self._is_static and self._shareable):
            return None
        own = self._task_special(task, alias)
        scope = await self._shared_root(own, mode, is_copied=False)
        light = Scope(ChainMap({**own, "MATCH": Strings()}, scope.values))
        light.secrets = scope.secrets
        return light

    async def _shared_root(self, own: Mapping[str, object], mode: Mode, *, is_copied: bool = True) -> Scope:
        """The layers that are the same for every task, worked out once; maps and lists are each task's own.

        `own` are the special variables of the first task that asks. Commands find them in their environment, and the output that the
        first task gets of a command is every task's.
        """
        changes = self._dynamic.changes if mode is Mode.UNKNOWN else 0
        known = self._shared.get(mode)
        if known is None or known[0] != changes:
            scope = Scope({**self._environ, **self._special, **own})
            await self._root_layers(scope, mode)
            containers = tuple(name for name, value in scope.values.items() if isinstance(value, (list, dict)))
            known = self._shared[mode] = changes, scope, containers
        _, scope, containers = known
        if not is_copied:
            return scope
        copy = scope.copy()
        for name in containers:
            copy.values[name] = copied(scope.values[name])
        return copy

    async def _root_layers(self, scope: Scope, mode: Mode) -> None:
        await self._layer(scope, self._taskfile.environment, self._root_dir, mode)
        await self._layer(scope, self._taskfile.variables, self._root_dir, mode)

    def folder(self, path: str) -> str:
        """`path` below the root folder. Most tasks name the same few, and each asks several times."""
        return self._located(path)[0]

    def working_folder(self, path: str) -> str:
        """Where something runs: by the words of the path alone, as to `task`, so that `link/..` is where the link is, and `//` is `/`."""
        return self._located(path)[1]

    def _located(self, path: str) -> tuple[str, str]:
        if path not in self._folders:
            folder = smart_join(self._root_dir, path)
            self._folders[path] = folder, cleaned(folder)
        return self._folders[path]

    def _task_special(self, task: Task, alias: str) -> dict[str, str]:
        file = task.position.file
        name = task.part_of or task.name
        remote = is_address(file)
        base = str(self._special["USER_WORKING_DIR"]) if remote else self._root_dir
        return {
            "TASK": name,
            "TASK_DIR": smart_join(base, task.dir) if remote else self.folder(task.dir),
            "TASKFILE": file,
            "TASKFILE_DIR": "" if remote else file.rpartition("/")[0],
            "ALIAS": name if task.part_of else alias,
        }

    def _task_folder(self, task: Task, own: Mapping[str, object], mode: Mode) -> str:
        """Where the `sh:` of its variables run. Its `dir` is filled in there before any variable of a Taskfile or a call is known."""
        if "{{" not in task.dir:
            return self.working_folder(task.dir)
        try:
            return self.working_folder(self.fill_text(task.dir, {**self._environ, **self._special, **own}))
        except VariableError:
            if mode is Mode.UNKNOWN:
                return self._root_dir
            raise

    async def _layer(self, scope: Scope, variables: Variables, folder: str, mode: Mode) -> None:
        for name, variable in variables.items():
            if mode is Mode.BLANK:
                scope.order.setdefault(name)
            scope.shell.pop(name, None)
            scope.secrets.discard(name)
            if variable.sh is None and not variable.ref and is_plain(variable.value):
                scope.values[name] = _not_nil(variable.value, mode)
            else:
                await self._try(scope, name, variable, folder, mode)
            if variable.secret:
                scope.secrets.add(name)
                self.secrets.add(scope.values.get(name))

    async def _try(self, scope: Scope, name: str, variable: Variable, folder: str, mode: Mode) -> None:
        try:
            await self._put(scope, name, variable, folder, mode)
        except UnknownValueError:
            scope.values[name] = UNKNOWN
        except VariableError:
            if mode is Mode.RUN:
                raise
            scope.values[name] = _not_nil(variable.value, mode) if mode is Mode.BLANK else UNKNOWN
            if mode is Mode.BLANK and variable.sh:
                self._leave_blank(scope, name, variable.sh)

    def _leave_blank(self, scope: Scope, name: str, command: str) -> None:
        """Not run: templates have nothing, and summaries show the command, whatever else the variable has."""
        scope.shell[name] = command
        if command:
            scope.values.pop(name, None)

    async def _put(self, scope: Scope, name: str, variable: Variable, folder: str, mode: Mode) -> None:
        values = scope.values
        if variable.ref:
            values[name] = _not_nil(self.resolve(variable.ref, values), mode)
            return
        value = self.fill(variable.value, values)
        if variable.sh is not None and mode is Mode.BLANK:
            command = self.fill_text(variable.sh, values)  # it may name the value that it replaces
            values[name] = _not_nil(value, mode)
            self._leave_blank(scope, name, command)
            return
        if value is not None or variable.sh is None:
            values[name] = value
            return
        command = scope.shell[name] = self.fill_text(variable.sh, values)
        if mode is Mode.UNKNOWN:
            known = self._dynamic.known(command)
            values[name] = UNKNOWN if known is None else known
        else:
            values[name] = await self._output(name, variable, command, values, folder)

    async def _output(self, name: str, variable: Variable, command: str, values: Mapping[str, object], folder: str) -> str:
        environment = exported(values, self._environ, own_first=self._own_first)
        try:
            return await self._dynamic.value(command, variable.folder or folder, environment, secret=variable.secret)
        except VariableError as error:
            message = f"the command of the `sh:` variable `{name}` failed: {error.message}"
            spot = TemplateSpot(source=variable.sh or "", line=1, column=1, variable=name)
            raise VariableError(message, position=error.position, spot=spot) from None

    async def environment(self, variables: Variables, scope: Scope, folder: str, mode: Mode) -> dict[str, object]:
        """A task's `env`, filled in from `scope`; `sh:` entries see only the environment. go-task: compiledTask."""
        filled: dict[str, object] = {}
        commands: dict[str, str] = {}
        for name, variable in variables.items():
            try:
                filled[name], command = self._filled_entry(variable, scope)
            except UnknownValueError:
                filled[name] = UNKNOWN
            except VariableError:
                if mode is not Mode.BLANK:
                    raise
                filled[name] = variable.value
                scope.is_broken = True
            else:
                if command is not None:
                    commands[name] = command
        for name, command in commands.items():
            if filled[name] is None:
                filled[name] = await self._entry_output(name, variables[name], command, filled, folder, mode)
            scope.environment_shown[name] = f"sh: {command}"
        for name in [name for name, variable in variables.items() if variable.secret]:
            self.secrets.add(filled[name])
            scope.environment_shown[name] = MASK
        return filled

    def _filled_entry(self, variable: Variable, scope: Scope) -> tuple[object, str | None]:
        """The value, and the command that gives it where there is none."""
        if scope.is_broken:
            return None if variable.ref else variable.value, variable.sh
        if variable.ref:
            return self.resolve(variable.ref, scope.values), None
        value = self.fill(variable.value, scope.values)
        return value, None if variable.sh is None else self.fill_text(variable.sh, scope.values)

    async def _entry_output(
        self, name: str, variable: Variable, command: str, filled: Mapping[str, object], folder: str, mode: Mode
    ) -> object:
        """Of the command of an entry of `env`, as far as it is known or may be run."""
        if mode is Mode.RUN:
            return await self._output(name, variable, command, filled, folder)
        known = self._dynamic.known(command) if mode is Mode.UNKNOWN else ""
        return UNKNOWN if known is None else known


_NO_TASK = {"TASK": "", "TASK_DIR": "", "TASKFILE": "", "TASKFILE_DIR": "", "ALIAS": ""}
_TASK_WORDS = ("TASK", "ALIAS", "MATCH", "ref", "{{.}}", "{{ . }}", "$")


def _not_nil(value: object, mode: Mode) -> object:
    """In listings, a variable that is nil is an empty text. go-task: compiler.go, getVariables."""
    return "" if value is None and mode is Mode.BLANK else value


def _depends_on_task(variable: Variable) -> bool:
    """Whether a root variable may differ from task to task: it then is worked out for each."""
    if variable.ref:
        return True
    texts = [variable.sh or "", *texts_in(variable.value)]
    return any("{{" in text and any(word in text for word in _TASK_WORDS) for text in texts)


def exported(values: Mapping[str, object], environ: Mapping[str, str], *, own_first: bool = False) -> dict[str, str]:
    """The environment of a process: the operating system's wins over `values`, unless they are to be first (the experiment
    ENV_PRECEDENCE); only scalars are exported. A name ends where it has a `=`, and nothing has no name. go-task: env.Get.
    """
    environment = {name: text for name, value in values.items() if (text := scalar_text(value)) is not None}
    odd = [name for name in environment if not name or "=" in name]
    over = {name.partition("=")[0]: f"{name.partition('=')[2]}={environment.pop(name)}" for name in odd}
    over.pop("", None)
    return {**environ, **environment, **over} if own_first else {**environment, **environ, **over}


def scalar_text(value: object) -> str | None:
    """A scalar as Go prints it with %v; None for what is not exported, integers other than Go's `int` among it."""
    if isinstance(value, str):
        return value
    return text_of(value) if type(value) in (bool, int, float) else None


def template_failure(error: TemplateError, secrets: Secrets) -> ParataskError:
    """The user's error for a template that cannot be filled in."""
    return VariableError(
        secrets.mask(error.message),
        help=getattr(error, "help", None) or "",
        spot=TemplateSpot(source=error.source, line=error.line, column=error.column),
    )
