"""Which projects a call is about: those of the project, solution or folder that it names, and those that they refer to.

A solution counts with all its projects, whatever it builds of them in which configuration. Knows the formats of solutions and of
filters over them; knows no option of any tool.
"""

from __future__ import annotations

import posixpath
import re

from paratask.frozen import dataclass
from paratask.languages.dotnet.files import Problem, with_folder
from paratask.languages.dotnet.projects import SUFFIXES, read_project
from paratask.languages.json_files import read_jsonc
from paratask.languages.options import is_within
from paratask.languages.remembered import remembered
from paratask.languages.xml_files import read_xml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from paratask.languages.dotnet.projects import Project
    from paratask.languages.dotnet.properties import Context
    from paratask.plugins.hookspecs import Place

SOLUTIONS = (".sln", ".slnx")
FILTER = ".slnf"
_ENTRY = re.compile(r'^Project\("\{([0-9A-Fa-f-]+)\}"\)\s*=\s*"[^"]*",\s*"([^"]*)"', re.MULTILINE)
_FOLDER = "2150e333-8fdc-42a3-9474-1a3956d46de8"
_MAX_PROJECTS = 2_000
_ADDING = ("Directory.Solution.props", "Directory.Solution.targets", "Directory.Build.rsp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The projects that a call is about. `named` are those that it names, `reached` those that these are made of, without them.

    `files` are the solutions that say so.
    """

    named: tuple[Project, ...]
    reached: tuple[Project, ...]
    files: tuple[str, ...]

    @property
    def all(self) -> tuple[Project, ...]:
        """Both."""
        return (*self.named, *self.reached)


class _UnclearError(Exception):
    """Something on the way is not understood; says what."""


@remembered(512)
def select(path: str, context: Context, place: Place) -> Selection | Problem:
    """The projects of the project, solution or folder at `path`."""
    try:
        file = path if path.endswith((*SUFFIXES, *SOLUTIONS, FILTER)) else _only_one(path, place)
        projects, files = _projects(file, place)
        if files:
            context = with_folder(context, posixpath.dirname(files[-1]))
        return _selection(projects, files, context, place)
    except _UnclearError as error:
        return Problem(reason=str(error))


def _only_one(folder: str, place: Place) -> str:
    """The project or solution that MSBuild finds in a folder."""
    names = place.listdir(folder)
    projects = [name for name in names if name.endswith("proj") and "." in name]
    solutions = [name for name in names if name.endswith(SOLUTIONS)]
    if len(projects) == 1 and len(solutions) == 1 and _stem(projects[0]) == _stem(solutions[0]):
        projects = []
    found = [*projects, *solutions]
    if len(found) != 1:
        shown = place.pattern(folder)
        raise _UnclearError(
            f"`{shown}` has several projects or solutions" if found else f"`{shown}` has no project and no solution"
        )
    return posixpath.join(folder, found[0])


def _stem(name: str) -> str:
    return posixpath.splitext(name)[0]


def _projects(file: str, place: Place) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The projects of a solution or a filter, and the files that say so; a project is itself."""
    shown = place.pattern(file)
    if file.endswith(SOLUTIONS):
        _check_additions(file, place)
        return tuple(_of_solution(file, place)), (file,)
    if not file.endswith(FILTER):
        return (file,), ()
    solution = (read_jsonc(file, place) or {}).get("solution")
    path = solution.get("path") if isinstance(solution, dict) else None
    names = solution.get("projects") if isinstance(solution, dict) else None
    if not isinstance(path, str) or not isinstance(names, list):
        raise _UnclearError(f"`{shown}` is not understood")
    whole = _resolved(path, posixpath.dirname(file))
    _check_additions(whole, place)
    return tuple(_resolved(str(name), posixpath.dirname(whole)) for name in names), (file, whole)


def _resolved(text: str, folder: str) -> str:
    return posixpath.normpath(posixpath.join(folder, text.replace("\\", "/")))


def _check_additions(file: str, place: Place) -> None:
    """Files that add to what a solution's build does."""
    folder, name = posixpath.split(file)
    beside = [f"before.{name}.targets", f"after.{name}.targets"]
    above = folder
    while is_within(above, place.root):
        beside.extend(posixpath.relpath(posixpath.join(above, each), folder) for each in _ADDING)
        if above == "/":
            break
        above = posixpath.dirname(above)
    found = next((each for each in beside if place.exists(posixpath.normpath(posixpath.join(folder, each)))), None)
    if found is not None:
        raise _UnclearError(f"`{posixpath.basename(found)}` adds to what the build of `{place.pattern(file)}` does")


def _of_solution(file: str, place: Place) -> Iterator[str]:
    folder, shown = posixpath.dirname(file), place.pattern(file)
    if file.endswith(".slnx"):
        document = read_xml(file, place)
        if document is None:
            raise _UnclearError(f"`{shown}` {'cannot be read' if place.exists(file) else 'is not there'}")
        for element in document.below():
            if element.name == "Project":
                yield _resolved(element.attribute("Path") or "", folder)
        return
    text = place.read_text(file)
    if text is None:
        raise _UnclearError(f"`{shown}` {'cannot be read' if place.exists(file) else 'is not there'}")
    for kind, path in _ENTRY.findall(text):
        if kind.lower() != _FOLDER:
            yield _resolved(path, folder)


def _selection(projects: Iterable[str], files: tuple[str, ...], context: Context, place: Place) -> Selection:
    named = {path: _read(path, context, place) for path in projects}
    found = dict(named)
    waiting = list(named.values())
    while waiting:
        for path in waiting.pop().references:
            if path not in found:
                found[path] = _read(path, context, place)
                waiting.append(found[path])
        if len(found) > _MAX_PROJECTS:
            raise _UnclearError("too many projects to look at")
    reached = tuple(project for path, project in found.items() if path not in named)
    return Selection(named=tuple(named.values()), reached=reached, files=files)


def _read(path: str, context: Context, place: Place) -> Project:
    found = read_project(path, context, place)
    if isinstance(found, Problem):
        raise _UnclearError(found.reason)
    return found
