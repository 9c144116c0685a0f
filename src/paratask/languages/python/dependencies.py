"""Which projects of the checkout a Python project is made of: by path, as members of a workspace, or by the name of a project near it.

Monorepos without a workspace install their projects for development, and say no more than their names. So a name that is asked for is
looked for among the projects beside the one that asks, and beside each folder above it, up to the root and two folders deep. What
manifests ask for is for python_requirements. Does not know what is imported without being asked for, nor what is installed where.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access
from paratask.languages.dependencies import Dependencies, Unclear, closure, dependency_claims, not_understood
from paratask.languages.inferred import claim, read_below
from paratask.languages.json_files import read_jsonc
from paratask.languages.kept_caches import compiled_claims
from paratask.languages.options import is_within, resolve_path
from paratask.languages.python.projects import ACTIVE, environment_in_use, uv_members
from paratask.languages.python.requirements import (
    Asked,
    asked_by_pipfile,
    asked_by_sources,
    joined,
    normal_name,
    parse_ini,
    parse_pyproject,
    parse_requirements,
    parse_setup_py,
    paths_in_settings,
)
from paratask.languages.remembered import remembered
from paratask.languages.toml_files import read_toml, table
from paratask.languages.tool_table import Mode, Operands
from paratask.languages.workspaces import folders_above, may_be_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from paratask.claims.model import Claim
    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Place

_LEFT_OUT = ("/.{*cache,venv}/**",)
_MANIFESTS = ("pyproject.toml", "setup.py", "setup.cfg")
_REQUIREMENTS = (
    "requirements",
    "constraints",
    "dev-requirements",
    "test-requirements",
    "dev_requirements",
    "test_requirements",
)
_MORE_REQUIREMENTS = "requirements"
_SKIPPED = frozenset({"node_modules", "venv", "env", "__pycache__", "site-packages"})
_MOST_FOLDERS = 20_000


def surroundings(call: Call) -> tuple[Claim, ...]:
    """What tools started plainly use beyond their project: the active environment, and the projects of the checkout it is made of."""
    reason = f"`{call.key}` runs in the active environment"
    shared = claim(Access.SHARED, ACTIVE, reason)
    path = environment_in_use(call)
    used = (read_below(path, call.place, reason), shared) if path else (shared,)
    if not call.tool.reads_dependencies:
        return used
    return (*used, *python_dependency_claims(call.key, call.workspace, call.place), *_compiled(call))


def _compiled(call: Call) -> Iterator[Claim]:
    """The bytecode that is left beside the modules of other projects which are imported; who only looks at types imports nothing.

    Beside those of its own project, where the tool does not write all of that.
    """
    writes_elsewhere = call.tool.operands is Operands.OUTPUT
    if call.tool.mode not in (Mode.BUILD, Mode.SERVE) and not writes_elsewhere:
        return
    if writes_elsewhere:
        yield from compiled_claims(call.workspace, call.place, f"`{call.key}` compiles modules that it imports")
    place, found = call.place, dependencies_of(call.workspace, call.place)
    searched = call.invocation.environment.get("PYTHONPATH") or ""
    named = [path for part in searched.split(":") if part and (path := resolve_path(part, call.cwd))]
    folders = dict.fromkeys((*found.packages, *found.paths, *named)) if not found.unclear else (place.root,)
    for folder in folders:
        if not is_within(folder, call.workspace) and place.listdir(folder):
            yield from compiled_claims(folder, place, f"`{call.key}` compiles modules that it imports")


def python_dependency_claims(name: str, own: str, place: Place) -> tuple[Claim, ...]:
    """What the tool `name` reads beyond the project in `own`."""
    return tuple(dependency_claims(name, own, dependencies_of(own, place), place))


@remembered(1_024)
def dependencies_of(own: str, place: Place) -> Dependencies:
    """What the project in `own` is made of. Asked for by each command in it; a place does not change."""
    return closure(
        own,
        lambda folder: _direct(folder, place),
        lambda path: any(place.exists(posixpath.join(path, name)) for name in _MANIFESTS),
        _LEFT_OUT,
    )


@remembered(8_192)
def _direct(folder: str, place: Place) -> tuple[str, ...] | Unclear:
    """The projects that the one in `folder` asks for, and other paths that it names."""
    pyproject = posixpath.join(folder, "pyproject.toml")
    text = place.read_text(pyproject)
    if (text is None and place.exists(pyproject)) or (text is not None and parse_pyproject(text) is None):
        return not_understood(pyproject, place)
    asked = tuple(_asked(folder, place))
    names = tuple(dict.fromkeys(name for _, each in asked for name in each.names))
    paths = _paths((*asked, *_sources_of_root(folder, place)) if names else asked, folder, place)
    named = _named(names, folder, place) if names else ()
    if isinstance(paths, Unclear):
        return paths
    if named is None:
        return Unclear(why="there are too many folders around it to look for them")
    return tuple(path for path in dict.fromkeys((*paths, *named)) if path != folder)


def _paths(asked: Sequence[tuple[str, Asked]], folder: str, place: Place) -> tuple[str, ...] | Unclear:
    """The paths that are asked for, from the file that asks or from the project's folder, wherever there is something."""
    found: list[str] = []
    for start, each in asked:
        for path in each.paths:
            resolved = [resolve_path(path, base) for base in dict.fromkeys((start, folder))]
            known = [one for one in resolved if one is not None]
            if not known:
                return Unclear(why=f"only the run tells which folder `{path}` is, which `{place.pattern(start)}` asks for")
            there = [one for one in known if place.exists(one)]
            found.extend(_whole_project(one, folder, place) for one in there or known)
    return tuple(found)


def _sources_of_root(folder: str, place: Place) -> Iterator[tuple[str, Asked]]:
    """uv: what the root of a workspace says of sources goes for its members."""
    root = _uv_root(folder, place)
    if root and root != folder:
        yield root, asked_by_sources(read_toml(posixpath.join(root, "pyproject.toml"), place) or {})


def _whole_project(path: str, folder: str, place: Place) -> str:
    """The project that `path` lies in, since what is read there is made of others in turn; `path` where that is around `folder`."""
    project = place.workspace(path, _MANIFESTS)
    return path if project is None or is_within(folder, project) else project


def _asked(folder: str, place: Place) -> Iterator[tuple[str, Asked]]:
    """What the manifests of the project in `folder` ask for, each with the folder that its paths start from."""
    for name in place.listdir(folder):
        parse = _PARSERS.get(name)
        if parse:
            yield folder, parse(posixpath.join(folder, name), place)
    yield from _lists(folder, place)


def _read_ini(path: str, place: Place) -> Asked:
    return parse_ini(place.read_text(path) or "")[1]


_PARSERS: Mapping[str, Callable[[str, Place], Asked]] = {
    "pyproject.toml": lambda path, place: parse_pyproject(place.read_text(path) or "") or Asked(),
    "Pipfile": lambda path, place: asked_by_pipfile(read_toml(path, place) or {}),
    "pyrightconfig.json": lambda path, place: Asked(paths=tuple(paths_in_settings(read_jsonc(path, place) or {}))),
    "setup.py": lambda path, place: parse_setup_py(place.read_text(path) or "")[1],
    **dict.fromkeys(("setup.cfg", "pytest.ini", "mypy.ini", ".mypy.ini", "tox.ini"), _read_ini),
}
"""How each manifest, and each file of settings that may name folders, is read."""


def _lists(folder: str, place: Place) -> Iterator[tuple[str, Asked]]:
    """The lists for pip beside the manifest, with those that they include; these count as read."""
    names = place.listdir(folder)
    waiting = [posixpath.join(folder, name) for name in names if name.endswith(".txt") and name.startswith(_REQUIREMENTS)]
    if _MORE_REQUIREMENTS in names:
        below = posixpath.join(folder, _MORE_REQUIREMENTS)
        waiting.extend(posixpath.join(below, name) for name in place.listdir(below) if name.endswith(".txt"))
    yield from lists_followed(waiting, place)


def lists_followed(waiting: list[str], place: Place) -> Iterator[tuple[str, Asked]]:
    """What each list asks for, seen from its folder, and those that they include."""
    seen: dict[str, None] = dict.fromkeys(waiting)
    while waiting:
        path = waiting.pop()
        start = posixpath.dirname(path)
        asked = parse_requirements(place.read_text(path) or "")
        included = [resolved for each in asked.included if (resolved := resolve_path(each, start)) and resolved not in seen]
        seen.update(dict.fromkeys(included))
        waiting.extend(included)
        yield start, joined(iter((asked, Asked(paths=tuple(included)))))


@remembered(8_192)
def _uv_root(folder: str, place: Place) -> str | None:
    return next((above for above in folders_above(folder, place) if folder in uv_members(above, place)), None)


def _named(names: tuple[str, ...], folder: str, place: Place) -> tuple[str, ...] | None:
    """The projects of these names: members of a workspace, and those near `folder`. None where there are too many to look at."""
    found: dict[str, None] = {}
    for above in folders_above(folder, place) if is_within(folder, place.root) else ():
        near = _members(above, place) if above == folder and above != place.root else _projects_below(above, place)
        if near is None:
            return None
        for name in names:
            found.update(dict.fromkeys(near.get(name, ())))
    return tuple(found)


@remembered(256)
def _projects_below(folder: str, place: Place) -> Mapping[str, tuple[str, ...]] | None:
    """The projects up to two folders below `folder`, and the members of a workspace there, by name."""
    found = [folder]
    level = [folder]
    for _ in range(2):
        level = [
            posixpath.join(each, name)
            for each in level
            for name in place.listdir(each)
            if may_be_folder(name) and name not in _SKIPPED
        ]
        found.extend(level)
    return None if len(found) > _MOST_FOLDERS else {**_members(folder, place), **_by_name(found, place)}


def _members(folder: str, place: Place) -> Mapping[str, tuple[str, ...]]:
    members = uv_members(folder, place)
    return _by_name([folder, *members], place) if members else {}


def _by_name(folders: Sequence[str], place: Place) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for folder in dict.fromkeys(folders):
        name = _project_name(folder, place)
        if name:
            found[name] = (*found.get(name, ()), folder)
    return found


def _project_name(folder: str, place: Place) -> str:
    """The normal name of the project in `folder`; that of the folder where only a program tells. Empty where there is none."""
    names = place.listdir(folder)
    if not any(name in names for name in _MANIFESTS):
        return ""
    document = read_toml(posixpath.join(folder, "pyproject.toml"), place)
    declared = table(document, "project").get("name") or table(document, "tool", "poetry").get("name")
    if not isinstance(declared, str):
        declared = parse_ini(place.read_text(posixpath.join(folder, "setup.cfg")) or "")[0]
        declared = declared or parse_setup_py(place.read_text(posixpath.join(folder, "setup.py")) or "")[0]
    return normal_name(declared or posixpath.basename(folder))
