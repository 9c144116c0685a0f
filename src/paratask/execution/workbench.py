"""A project made workable: lookup, variables, preparation and freshness, bound to this machine. Runs and plans both start here."""

from __future__ import annotations

import os
import time

from paratask.taskfile.lookup import TaskIndex
from paratask.taskfile.model import Platform, Variable
from paratask.taskfile.paths import expand_path, is_address
from paratask.templating import timestamp
from paratask.variables.dynamic import DynamicValues
from paratask.variables.preparation import Preparation
from paratask.variables.scopes import Mode, Scopes
from paratask.variables.secrets import Secrets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from paratask.errors import VariableError
    from paratask.execution.machine import SystemMachine
    from paratask.freshness.check import FreshnessCheck
    from paratask.taskfile.model import Glob, Taskfile
    from paratask.taskfile.project import Project
    from paratask.variables.ready import ReadyTask

    ShellRun = Callable[[str, str, Mapping[str, str]], Awaitable[str]]

TASK_VERSION = "3.54.0"
DOTENV_MISSING = (FileNotFoundError, NotADirectoryError)


class Workbench:
    """`run_shell` runs `sh:` variables; it is set before anything runs. `user_dir` is where paratask was started, and `warn` hears of an
    error that ends nothing, with what comes of it.
    """

    def __init__(
        self,
        *,
        project: Project,
        machine: SystemMachine,
        environ: Mapping[str, str],
        user_dir: str,
        program: str,
        temp_dir: str,
        own_environment_first: bool = False,
        suggests: bool = True,
    ) -> None:
        self._suggests = suggests
        self.own_environment_first = own_environment_first
        self.project = project
        self.taskfile: Taskfile = project.taskfile
        self.environ = environ
        self.platform = Platform(os=machine.os, arch=machine.arch)
        self.run_shell: ShellRun | None = None
        self.warn: Callable[[VariableError, str], None] | None = None
        self.state_dir = os.path.join(project.root_dir, ".paratask")
        self.fingerprints = _state_folder(temp_dir or ".task", project.root_dir, environ)
        self._freshness: FreshnessCheck | None = None
        self._machine = machine
        self._special: dict[str, object] = {
            "TASK_EXE": program,
            "ROOT_TASKFILE": project.taskfile.file,
            "ROOT_DIR": "" if is_address(project.taskfile.file) else project.root_dir,
            "USER_WORKING_DIR": user_dir,
            "TASK_VERSION": TASK_VERSION,
            "PATH_LIST_SEPARATOR": os.pathsep,
            "FILE_PATH_SEPARATOR": os.sep,
        }
        self.dynamic = DynamicValues(self._run_shell)
        self.secrets = Secrets()
        self._bind()

    def _bind(self) -> None:
        self.index = TaskIndex(self.taskfile, suggests=self._suggests)
        self.scopes = self._scopes_of(self.taskfile)
        self.preparation = Preparation(
            taskfile=self.taskfile, scopes=self.scopes, root_dir=self.project.root_dir, environ=self.environ, surroundings=self
        )

    def _scopes_of(self, taskfile: Taskfile) -> Scopes:
        return Scopes(
            taskfile=taskfile, environ=self.environ, special=self._special, root_dir=self.project.root_dir,
            machine=self._machine, dynamic=self.dynamic, own_environment_first=self.own_environment_first, secrets=self.secrets,
        )  # fmt: skip

    def split_commands(self) -> None:
        """Let neighbouring commands form sets, where the settings say so: for a run or a plan, since lists show tasks as written."""
        if self.project.settings.parallelize == "commands":
            from paratask.taskfile.parts import with_parts

            self.taskfile = with_parts(self.taskfile)
            self._bind()

    def add_variables(self, *, command_line: Mapping[str, str], special: Mapping[str, object]) -> None:
        """Variables of the command line: `special` below the Taskfile's own (CLI_ARGS …), NAME=value above. go-task: main.run.

        A value given for a secret variable is echoed, as by task, but not kept.
        """
        from paratask.frozen import replace

        for name in command_line.keys() & self.taskfile.variables.keys():
            if self.taskfile.variables[name].secret:
                self.secrets.add(command_line[name])
        variables = {
            **{name: Variable(value=value) for name, value in special.items()},
            **self.taskfile.variables,
            **{name: Variable(value=value) for name, value in command_line.items()},
        }
        self.taskfile = replace(self.taskfile, variables=variables)
        self._bind()

    async def read_dotenv(self, mode: Mode = Mode.RUN) -> None:
        """The root's dotenv files, below its `env`; the first file that sets a variable wins. Raises VariableError.

        Their paths see the Taskfile's variables as written, before the command line's are added. From the first one on that cannot be
        filled in, they count as they are written, as in `task` (go-task: templater.Cache).
        """
        if not self.taskfile.dotenv:
            return
        from paratask.frozen import replace
        from paratask.variables.dotenv import read_dotenv

        as_written = replace(self.taskfile, variables=self.project.taskfile.variables)
        scope = await self._scopes_of(as_written).of_taskfile(mode)
        environment = dict(self.taskfile.environment)
        are_written = False
        for written in self.taskfile.dotenv:
            path = None if are_written else self._dotenv_path(written, scope.values)
            if path is None:
                path, are_written = written, True
            if path:
                for name, value in read_dotenv(self.read_text, os.path.join(self.project.root_dir, path)).items():
                    environment.setdefault(name, Variable(value=value))
        self.taskfile = replace(self.taskfile, environment=environment)
        self._bind()

    async def _run_shell(self, command: str, folder: str, environment: Mapping[str, str]) -> str:
        assert self.run_shell is not None
        return await self.run_shell(command, folder, environment)

    def fill_for(self, text: str, ready: ReadyTask) -> str:
        """A template of the Taskfile's `output:`, as a task sees it."""
        output = self.taskfile.output
        is_own = text in (output.begin, output.end)  # or the command line's
        return (self._fill_own if is_own else self.scopes.fill_text)(text, ready.scope.values)

    def _dotenv_path(self, text: str, values: Mapping[str, object]) -> str | None:
        """The path of a dotenv file; None where its template is wrong. Raises VariableError where only a run knows it."""
        from paratask.errors import Position, VariableError
        from paratask.templating import UnknownValueError

        try:
            return self.scopes.fill_text(text, values)
        except UnknownValueError:
            return self._fill_own(text, values)
        except VariableError as error:
            error.position = error.position or Position(file=self.taskfile.file)
            if self.warn is not None:
                self.warn(error, "from here on, `dotenv` counts as it is written")
            return None

    def _fill_own(self, text: str, values: Mapping[str, object]) -> str:
        """A text that is the root Taskfile's, and no task's. Raises VariableError."""
        from paratask.errors import Position, VariableError
        from paratask.templating import UnknownValueError

        try:
            return self.scopes.fill_text(text, values)
        except UnknownValueError:
            raise VariableError(f"`{text}` is not known before a run", position=Position(file=self.taskfile.file)) from None
        except VariableError as error:
            error.position = error.position or Position(file=self.taskfile.file)
            raise

    def read_text(self, path: str) -> str | None:
        """See variables.filling.Surroundings."""
        try:
            with open(path, encoding="utf-8", errors="replace", newline="") as file:
                return file.read()
        except DOTENV_MISSING:
            return None

    @property
    def freshness(self) -> FreshnessCheck:
        """What says whether tasks with sources are fresh; loaded for the first of them."""
        if self._freshness is None:
            from paratask.freshness.check import FreshnessCheck

            self._freshness = FreshnessCheck(state_folder=self.fingerprints, environ=self.environ, now=time.time)
        return self._freshness

    def globs(self, folder: str, globs: Sequence[Glob], *, use_gitignore: bool) -> list[str]:
        return self.freshness.globs(folder, globs, use_gitignore=use_gitignore)

    def source_value(self, kind: str, folder: str, sources: Sequence[Glob], *, use_gitignore: bool) -> object:
        value = self.freshness.source_value(kind, folder, sources, use_gitignore=use_gitignore)
        return timestamp(value, self._machine) if isinstance(value, int) else value


def _state_folder(temp_dir: str, root_dir: str, environ: Mapping[str, str]) -> str:
    """One that is not below the project has a folder for each, by its name. go-task: setupTempDir."""
    if temp_dir.startswith(("/", "~")):
        return os.path.join(expand_path(temp_dir, environ), os.path.basename(root_dir))
    return os.path.join(root_dir, temp_dir)
