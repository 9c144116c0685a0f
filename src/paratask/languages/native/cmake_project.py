"""What a CMake project reads and writes beyond its own folders, and what it has run, as its CMakeLists.txt and what they include say.

CMake's files are programs, which are not carried out here: all branches count, loops count once, functions count where they are called,
and a variable is known only where nothing but equal, literal `set`s name it. A command that is neither harmless nor followed makes the
project obscure, and so does a path to write that only the run tells. Code that is fetched (FetchContent), and packages that are
installed, are believed to stay in the build folder.
"""

from __future__ import annotations

import posixpath
import re

from paratask.frozen import dataclass
from paratask.languages.native.cmake_acts import ACTS
from paratask.languages.native.cmake_known import BUILDS, HARMLESS, TAKES_WRITTEN, WRITTEN_OPTION
from paratask.languages.native.cmake_text import commands, filled, substituted
from paratask.languages.native.cmake_variables import Scope, Variables
from paratask.languages.options import is_within
from paratask.languages.remembered import remembered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from paratask.languages.native.cmake_runs import Run
    from paratask.languages.native.cmake_text import Argument, Command
    from paratask.plugins.hookspecs import Place

_MAX_PASSES = 8
_MAX_FILES = 400
_ENDS = {"function": "endfunction", "macro": "endmacro"}
_NO_PATHS = frozenset(
    {"message", "string", "cmake_minimum_required", "project", "cmake_policy", "if", "elseif", "else", "endif"}
)
_PATHS = re.compile(r"(?:(?<![\w@.+/-])|(?<=-I)|(?<=-L))((?:/|[\w@.+-]+/)*\.\.(?:/[\w@.+*?-]*)*|/[\w@.+-]+(?:/[\w@.+*?-]+)+)")
_IN_BUILD = re.compile(r"\$\{(?:CMAKE_CURRENT_BINARY_DIR|CMAKE_BINARY_DIR|PROJECT_BINARY_DIR)\}(?:/|$)")
_PROJECT = re.compile(r"^\s*project\s*\(", re.IGNORECASE | re.MULTILINE)
_INSTALLED = ("/usr/", "/opt/", "/etc/", "/lib")
_FIXES = re.compile(r"(?<![\w-])--?fix(?:-errors)?(?![\w-])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """What a scan found; paths are absolute, and mean all below them.

    `reads` and `writes` lie outside the source and the build folder. `reads_all` is whether it may read anywhere in the checkout,
    `lists_all` whether it looks into all folders of the source, other build folders too. `installs` are places beyond the prefix,
    and `at_prefix` tells that some are absolute, below the prefix that was configured.
    `obscure` and `install_obscure` say why building, or installing, is not understood; empty where it is. `needed` are the names that
    targets depend on.
    """

    source: str
    binary: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    reads_all: bool
    lists_all: bool
    configuring: tuple[Run, ...]
    building: tuple[Run, ...]
    testing: tuple[Run, ...]
    installs: tuple[str, ...]
    at_prefix: bool
    obscure: str
    install_obscure: str
    needed: frozenset[str]


@remembered(256)
def scan(source: str, binary: str, included: tuple[str, ...], given: frozenset[str], place: Place) -> Project:
    """The project in the folder `source`, built in `binary`.

    `included` are files that the call has read as well (a toolchain's), `given` the names of the variables that it is configured with.
    """
    variables = Variables()
    functions: dict[str, tuple[Sequence[Command], str]] = {}
    targets: set[str] = set()
    for _ in range(_MAX_PASSES):
        walk = Walk(source, binary, (variables, Variables(given)), functions, targets, place)
        scope = Scope(source=source, binary=binary, file="")
        for path in included:
            walk.file(path, scope)
        walk.folder(source, binary, scope)
        state = walk.noted.settled(), walk.functions, walk.targets
        if state == (variables, functions, targets):
            return walk.project()
        variables, functions, targets = state
    walk.obscure("variables that do not come to rest")
    return walk.project()


class Walk:
    """One pass over the files of a project, with what the pass before has learned. What it finds is in its fields."""

    def __init__(
        self,
        source: str,
        binary: str,
        variables: tuple[Variables, Variables],
        functions: dict[str, tuple[Sequence[Command], str]],
        targets: set[str],
        place: Place,
    ) -> None:
        self.source, self.binary, self.place = source, binary, place
        self.variables, self.noted = variables
        self.earlier_functions, self.functions = functions, dict[str, tuple["Sequence[Command]", str]]()
        self.earlier_targets, self.targets = targets, set[str]()
        self.modules: list[str] = []
        self.reads: dict[str, None] = {}
        self.writes: dict[str, None] = {}
        self.installs: dict[str, None] = {}
        self.reads_all = self.lists_all = self.at_prefix = False
        self.configuring: list[Run] = []
        self.building: list[Run] = []
        self.testing: list[Run] = []
        self.needed: set[str] = set()
        self.reason = self.install_reason = ""
        self._seen: set[tuple[str, str]] = set()
        self._called: set[str] = set()

    def project(self) -> Project:
        """What was found."""
        return Project(
            source=self.source,
            binary=self.binary,
            reads=tuple(self.reads),
            writes=tuple(self.writes),
            reads_all=self.reads_all,
            lists_all=self.lists_all,
            configuring=tuple(self.configuring),
            building=tuple(self.building),
            testing=tuple(self.testing),
            installs=tuple(self.installs),
            at_prefix=self.at_prefix,
            obscure=self.reason,
            install_obscure=self.install_reason,
            needed=frozenset(self.needed),
        )

    def obscure(self, reason: str) -> None:
        """Notes why the project is not understood; the first reason stays."""
        self.reason = self.reason or reason

    def folder(self, source: str, binary: str, outer: Scope) -> None:
        """The CMakeLists.txt of a folder."""
        path = posixpath.join(source, "CMakeLists.txt")
        if not is_within(source, self.source):
            self.reads[source] = None
        begins = _PROJECT.search(self.place.read_text(path) or "") is not None
        self.file(path, outer.below(source, binary, begins=begins))

    def file(self, path: str, scope: Scope) -> None:
        """The commands of one file, once for each folder that they are read for."""
        if (path, scope.source) in self._seen:
            return
        self._seen.add((path, scope.source))
        text = self.place.read_text(path)
        found = None if text is None else commands(text)
        if found is None or len(self._seen) > _MAX_FILES:
            why = "there is no" if text is None else "not understood:" if found is None else "too many files, such as"
            self.obscure(f"{why} {self._shown(path)}")
            return
        if not is_within(path, self.source) and not is_within(path, self.binary):
            self.reads[path] = None
        self.run(found, scope.of_file(path))

    def run(self, found: Sequence[Command], scope: Scope) -> None:
        """Commands in order; the bodies of functions are kept for when they are called."""
        position = 0
        while position < len(found):
            command = found[position]
            position += 1
            if command.name in _ENDS:
                end = _end(found, position, command.name)
                name = command.texts[0].lower() if command.texts else ""
                self.functions[name] = (found[position:end], scope.file)
                self.noted.touch(command)
                position = end
            else:
                self._command(command, scope)

    def _command(self, command: Command, scope: Scope) -> None:
        name = command.name
        self.noted.note(
            command, lambda argument: self.known(argument, scope), lambda argument: substituted(argument, self.valued(scope))
        )
        if name not in _NO_PATHS:
            self._look_at_paths(command, scope)
        act = ACTS.get(name)
        if name in self.functions or name in self.earlier_functions:
            self._call(name, scope)
        if act is not None:
            act(self, command, scope)
        elif name not in HARMLESS and name not in self._called:
            self.obscure(f"`{name}()` is not known ({self.where(command, scope)})")
        if name in TAKES_WRITTEN:
            for before, argument in zip(command.arguments, command.arguments[1:], strict=False):
                if WRITTEN_OPTION.fullmatch(before.text):
                    self.written(argument, scope, scope.binary, command)

    def _call(self, name: str, scope: Scope) -> None:
        if name not in self._called:
            self._called.add(name)
            body, file = self.functions.get(name) or self.earlier_functions[name]
            self.run(body, scope.in_function(file))

    def known(self, argument: Argument, scope: Scope) -> tuple[str, bool]:
        """What is known of an argument, see `filled`."""
        return filled(argument, self.valued(scope))

    def valued(self, scope: Scope) -> Callable[[str], str | None]:
        """What tells the values of variables at a place."""
        return lambda name: scope.value(name, self) or self.variables.value(name)

    def where(self, command: Command, scope: Scope) -> str:
        """The file and line of a command."""
        return f"{self._shown(scope.file)}:{command.line}"

    def _shown(self, path: str) -> str:
        return posixpath.relpath(path, self.place.root) if is_within(path, self.place.root) else path

    def written(self, argument: Argument, scope: Scope, base: str, command: Command) -> None:
        """A path that is written, from `base` where it is relative. One of which nothing is known makes the project obscure."""
        text, complete = self.known(argument, scope)
        if not complete:
            whole = substituted(argument, self.valued(scope))
            if _IN_BUILD.match(whole) and ".." not in whole:
                return
        moves = scope.in_a_function and not text.startswith("/")
        if (not complete and "/" not in text) or (moves and (base != scope.binary or ".." in text)):
            self.obscure(f"`{command.name}()` writes what only the run tells ({self.where(command, scope)})")
            return
        for part in text.split(";") if argument.plain else [text]:
            path = posixpath.normpath(posixpath.join(base, part if complete else posixpath.dirname(part)))
            if part and not is_within(path, self.binary):
                self.writes[path] = None

    def _look_at_paths(self, command: Command, scope: Scope) -> None:
        for argument in command.arguments:
            text, complete = self.known(argument, scope)
            rest = "" if complete else argument.text[len(text) :]
            if ".." in rest.replace("...", "") or argument.text.startswith("$ENV{"):
                self.reads_all = True
            if "-fix" in text and _FIXES.search(text):
                self.writes[self.source] = None
            for path in _PATHS.findall(text) if "/" in text or ".." in text else ():
                self._read(path, scope)

    def _read(self, word: str, scope: Scope) -> None:
        if scope.in_a_function and not word.startswith("/"):
            self.reads_all = True
            return
        fixed = posixpath.dirname(word.partition("*")[0].partition("?")[0]) if {"*", "?"} & set(word) else word
        for base in (scope.source, scope.binary):
            path = posixpath.normpath(posixpath.join(base, fixed))
            if is_within(path, self.binary):
                continue
            if not is_within(path, self.source) and not path.startswith(_INSTALLED):
                self.reads[path] = None
            elif self._is_build(posixpath.relpath(path, self.source).partition("/")[0]):
                self.lists_all = True

    def _is_build(self, name: str) -> bool:
        return name in BUILDS or self.place.exists(posixpath.join(self.source, name, "CMakeCache.txt"))


def _end(found: Sequence[Command], position: int, kind: str) -> int:
    """Where the body of a function ends."""
    depth = 1
    for index in range(position, len(found)):
        depth += {kind: 1, _ENDS[kind]: -1}.get(found[index].name, 0)
        if depth == 0:
            return index
    return len(found)


def unique_paths(paths: Iterable[str]) -> tuple[str, ...]:
    """The paths that lie in none of the others."""
    given = dict.fromkeys(paths)
    return tuple(path for path in given if not any(other != path and is_within(path, other) for other in given))
