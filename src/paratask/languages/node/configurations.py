"""What the configurations in a Node package name beyond its folder: those of the TypeScript compiler, and those that are programs.

Of the latter (`vite.config.ts`, `jest.config.js`) only pieces of text that climb out of the folder are looked at; the repository's own
root, which many name to be allowed to read there, does not count. Knows no tool.
"""

from __future__ import annotations

import fnmatch
import posixpath
import re

from paratask.languages.dependencies import Unclear
from paratask.languages.node.outputs import reports_of_package
from paratask.languages.node.tsconfig import read_projects
from paratask.languages.options import is_within
from paratask.languages.sources_beyond import named_beyond
from paratask.languages.workspaces import folders_above, workspace_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from paratask.plugins.hookspecs import Place

_PROJECTS = ("package.json", "project.json", "tsconfig.json")
_SOURCES = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx")
_ALL_SOURCES = (*_SOURCES, ".mjs", ".cjs", ".vue", ".mdx")
_TYPESCRIPT = "[tj]sconfig*.json"
_PROGRAMS = ("*.config.[cm][tj]s", "*.config.[tj]s", "*.config.[tj]sx", "*.config.json", "codegen.[tj]s", "openapitools.json")
_YAML = ("codegen.yml", "codegen.yaml")
_CLIMBING = r"""(?<![\w./$}])\.\./[^\s"'*{]+"""
"""Paths in YAML, which stand between quotation marks or not."""
_HIDDEN = (".storybook", ".vitepress", ".vitepress/config", ".vitepress/theme")
"""Folders in which tools have their configurations. What they name is seen from there, or from the package."""


def named_by_configurations(folder: str, members: Mapping[str, str], place: Place) -> tuple[str, ...] | Unclear:
    """The packages, folders and files beyond the package in `folder`.

    `members` are the packages of the monorepo by name.
    """
    found: list[str] = []
    for path in _typescript(folder, place):
        named = named_by_typescript(path, folder, members, place)
        if isinstance(named, Unclear):
            return named
        found.extend(named)
    names = [name for name in place.listdir(folder) if any(fnmatch.fnmatchcase(name, glob) for glob in _PROGRAMS)]
    names.extend(name for name in _YAML if place.exists(posixpath.join(folder, name)))
    names.extend(_hidden(folder, place))
    kept = set(reports_of_package(folder, place)) if names else ()
    for name in names:
        beyond = _named_in(posixpath.join(folder, name), folder, place)
        found.extend(path for path in beyond if not is_within(folder, path) and path not in kept)
    return tuple(dict.fromkeys(found))


def _hidden(folder: str, place: Place) -> Iterator[str]:
    for hidden in _HIDDEN:
        yield from (f"{hidden}/{name}" for name in place.listdir(posixpath.join(folder, hidden)) if name.endswith(_ALL_SOURCES))


def _named_in(path: str, folder: str, place: Place) -> tuple[str, ...]:
    if not path.endswith(_YAML):
        return named_beyond(path, folder, place)
    pieces = re.findall(_CLIMBING, place.read_text(path) or "")
    paths = (posixpath.normpath(posixpath.join(folder, piece.rstrip(":,"))) for piece in pieces)
    return tuple(each for each in paths if not is_within(each, folder) and is_within(each, place.root))


def named_by_typescript(path: str, folder: str, members: Mapping[str, str], place: Place) -> tuple[str, ...] | Unclear:
    """The same of one configuration of the compiler, with the projects it refers to, for the package in `folder`."""
    projects = read_projects(path, members, place)
    if isinstance(projects, Unclear):
        return projects
    paths = [each for project in projects for each in project.reads]
    for project in projects[1:]:
        paths.extend((project.folder, *project.outputs))
    beyond = [each for each in paths if not is_within(each, folder)]
    return tuple(dict.fromkeys(whole_package(each, folder, place) for each in beyond))


def nearest_typescript(folder: str, place: Place) -> str | None:
    """The configuration that the compiler finds from `folder`: there, or in a folder above."""
    paths = (posixpath.join(above, "tsconfig.json") for above in folders_above(folder, place))
    return next((path for path in paths if place.exists(path)), None)


def _typescript(folder: str, place: Place) -> Iterator[str]:
    """Those in the package; what one above includes, the compiler reads when it is called here, and nobody who imports the package."""
    for name in place.listdir(folder):
        if fnmatch.fnmatchcase(name, _TYPESCRIPT):
            yield posixpath.join(folder, name)


def whole_package(path: str, folder: str, place: Place) -> str:
    """The package or project that `path` lies in, since its sources are read with what they import.

    Where that is around `folder`: the folder of the file, which others are imported from, and around `folder` the file alone.
    """
    package = workspace_of(path, _PROJECTS, place)
    if is_within(path, place.root) and not is_within(folder, package):
        return package
    above = posixpath.dirname(path)
    return above if posixpath.splitext(path)[1] in _SOURCES and not is_within(folder, above) else path
