"""What programs beyond a project's folder its own import: members of its workspace by name, and files by a path or an import map.

An import by a path works without a word in any configuration. A name that a member has means that member, also as `jsr:@x/a@1`. What comes
from a registry or another machine is no file of the checkout.
"""

from __future__ import annotations

import posixpath

from paratask.languages.deno.configurations import (
    MANIFESTS,
    configuration_of,
    exported,
    import_maps,
    included_beyond,
    linked,
    workspace_around,
)
from paratask.languages.deno.sources import sources_of
from paratask.languages.deno.tools import SUFFIXES
from paratask.languages.dependencies import Dependencies, Unclear
from paratask.languages.options import is_within
from paratask.languages.remembered import remembered
from paratask.languages.workspaces import workspace_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from paratask.languages.deno.configurations import Workspace
    from paratask.plugins.hookspecs import Place

_REGISTRIES = ("jsr:", "npm:")
_BY_PATH = ("./", "../", "/")


@remembered(1_024)
def dependencies_of(own: str, place: Place) -> Dependencies:
    """What the programs in the folder `own` are made of beyond it."""
    packages: dict[str, None] = {}
    paths: dict[str, None] = {}
    waiting = [own]
    while waiting:
        beyond = _beyond(waiting.pop(), place)
        if isinstance(beyond, Unclear):
            return Dependencies(unclear=beyond.why)
        for path in beyond:
            if path in packages or path in paths or is_within(path, own):
                continue
            (packages if place.listdir(path) else paths)[path] = None
            waiting.append(path)
    return Dependencies(packages=tuple(packages), paths=tuple(paths))


@remembered(4_096)
def _beyond(path: str, place: Place) -> tuple[str, ...] | Unclear:
    """What the programs at `path` import that does not lie there, or is not there yet."""
    folder = path if place.listdir(path) else posixpath.dirname(path)
    workspace = workspace_around(folder, place)
    if workspace.folders is None:
        return Unclear(why=f"only the run tells which members `{place.pattern(workspace.root)}` has")
    sources = sources_of(path, place)
    if not sources.is_known:
        return Unclear(why=f"not all programs in `{place.pattern(path)}` can be looked at")
    found = [each for each in included_beyond(folder, place) if is_within(each, place.root)]
    for target in dict.fromkeys((*_targets(path, workspace, place), *exported(path, place))):
        if is_within(target, path):
            found += () if place.exists(target) else (target,)
        elif is_within(target, place.root):
            found.append(_whole(target, path, place))
    return tuple(dict.fromkeys(found))


def data_of(folder: str, place: Place) -> Iterator[str]:
    """The files that programs in `folder` import and that are no programs themselves."""
    for target in _targets(folder, workspace_around(folder, place), place):
        if not target.endswith(SUFFIXES) and "." in posixpath.basename(target) and is_within(target, place.root):
            yield target


def _targets(path: str, workspace: Workspace, place: Place) -> Iterator[str]:
    """Where in the checkout the imports of the programs at `path` lead."""
    names = _members(workspace, place)
    maps = _maps(path, workspace, place)
    for folder, specifier in sources_of(path, place).imports:
        if specifier.startswith(_BY_PATH):
            yield posixpath.normpath(posixpath.join(folder, specifier.partition("?")[0]))
            continue
        mapped = [each for base, one in maps for each in _mapped(specifier, base, one)]
        for each in mapped or (specifier,):
            if each.startswith("/"):
                yield each
            elif (name := _package(each)) in names:
                yield names[name]


def _maps(path: str, workspace: Workspace, place: Place) -> tuple[tuple[str, Mapping[str, object]], ...]:
    """The import maps that may hold for what lies at `path`."""
    below = (each for each in workspace.folders or () if is_within(each, path))
    own = workspace_of(path, MANIFESTS, place)
    return tuple(each for folder in dict.fromkeys((own, workspace.root, *below)) for each in import_maps(folder, place))


def _mapped(specifier: str, folder: str, names: Mapping[str, object]) -> Iterator[str]:
    """What an import map makes of a name: an absolute path, or another name."""
    for key, value in names.items():
        if not isinstance(value, str) or not (specifier == key or (key.endswith("/") and specifier.startswith(key))):
            continue
        full = value + specifier[len(key) :]
        yield posixpath.normpath(posixpath.join(folder, full)) if full.startswith(_BY_PATH) else full


def _package(specifier: str) -> str:
    """The name of the package that is meant, without a version and without what is wanted of it."""
    for start in _REGISTRIES:
        specifier = specifier.removeprefix(start).lstrip("/")
    parts = specifier.split("/")
    name = "/".join(parts[: 2 if specifier.startswith("@") else 1])
    at = name.rfind("@")
    return name[:at] if at > 0 else name


@remembered(64)
def _named(root: str, folders: tuple[str, ...], place: Place) -> Mapping[str, str]:
    known = (configuration_of(folder, place) for folder in (*folders, *linked(root, place)))
    return {name: each.folder for each in known for name in each.names}


def _members(workspace: Workspace, place: Place) -> Mapping[str, str]:
    """The folders of the workspace's members, by name."""
    return _named(workspace.root, workspace.folders or (), place)


def _whole(target: str, own: str, place: Place) -> str:
    """The project that `target` lies in, since its programs are read with what they import; where that is around `own`, the folder of the
    file, and around `own` the file alone.
    """
    project = workspace_of(target, MANIFESTS, place)
    if not is_within(own, project):
        return project
    above = posixpath.dirname(target)
    return above if target.endswith(SUFFIXES) and not is_within(own, above) else target
