"""What `deno.json` and `package.json` say: the members of a workspace, tasks, import maps, where the lock and packages lie.

Follows Deno's documentation ("Configuration", "Workspaces"). A workspace has one lock, and one folder of packages, at its root. Does not
know what any program imports.
"""

from __future__ import annotations

import posixpath

from paratask.frozen import dataclass
from paratask.languages.json_files import read_json, read_jsonc
from paratask.languages.options import resolve_path
from paratask.languages.remembered import remembered
from paratask.languages.toml_files import table, texts
from paratask.languages.workspaces import folders_above, members, workspace_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from paratask.plugins.hookspecs import Place

FILES = ("deno.json", "deno.jsonc")
PACKAGE = "package.json"
MANIFESTS = (*FILES, PACKAGE)
CONFIGURING = "{deno.json,deno.jsonc,package.json,tsconfig.json,.npmrc}"
"""What Deno reads in every member of a workspace."""
_LOCK = "deno.lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What the files in one folder say. `is_clear` is whether each that is there could be read."""

    folder: str
    deno: Mapping[str, object]
    package: Mapping[str, object]
    is_clear: bool

    @property
    def names(self) -> tuple[str, ...]:
        """By which names others import this package."""
        return tuple(str(name) for name in (self.deno.get("name"), self.package.get("name")) if name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """The folder with the lock, and all folders of members, it included; `folders` is None where only the run tells which these are."""

    root: str
    folders: tuple[str, ...] | None


@remembered(2_048)
def configuration_of(folder: str, place: Place) -> Configuration:
    """What the files in `folder` say; nothing where there are none."""
    path = next((path for name in FILES if place.exists(path := posixpath.join(folder, name))), None)
    deno = {} if path is None else read_jsonc(path, place)
    other = posixpath.join(folder, PACKAGE)
    package = read_json(other, place) if place.exists(other) else {}
    return Configuration(
        folder=folder, deno=deno or {}, package=package or {}, is_clear=deno is not None and package is not None
    )


def workspace_around(folder: str, place: Place) -> Workspace:
    """The workspace that the project around `folder` belongs to; that project alone where it belongs to none."""
    own = workspace_of(folder, MANIFESTS, place)
    for above in folders_above(own, place):
        found = _declared(above, place)
        if found is not None and (found.folders is None or own in found.folders):
            return found
    return Workspace(root=own, folders=(own,))


@remembered(256)
def _declared(folder: str, place: Place) -> Workspace | None:
    """The workspace that the files in `folder` name the members of."""
    found = configuration_of(folder, place)
    value = found.deno.get("workspace", found.package.get("workspaces"))
    if value is None:
        return None
    key = "members" if "workspace" in found.deno else "packages"
    globs = texts(value.get(key) if isinstance(value, dict) else value)
    inner = members(folder, globs, place)
    if inner is None:
        return Workspace(root=folder, folders=None)
    known = (each for each in inner if any(place.exists(posixpath.join(each, name)) for name in MANIFESTS))
    return Workspace(root=folder, folders=tuple(dict.fromkeys((folder, *known))))


def lock_path(root: str, place: Place) -> str | None:
    """Where the lock of the workspace at `root` lies; None where it has none."""
    value = configuration_of(root, place).deno.get("lock")
    if value is False:
        return None
    given = value.get("path") if isinstance(value, dict) else value
    return (resolve_path(given, root) if isinstance(given, str) else None) or posixpath.join(root, _LOCK)


def is_frozen(root: str, place: Place) -> bool:
    """Whether the configuration has commands fail where the lock would change."""
    return table(configuration_of(root, place).deno, "lock").get("frozen") is True


def keeps_packages(workspace: Workspace, place: Place) -> str:
    """Where packages of npm lie: `auto` and `manual` are in the checkout, filled by each command or by an installer; else `none`."""
    found = configuration_of(workspace.root, place)
    value = found.deno.get("nodeModulesDir")
    if value in ("auto", "manual", "none"):
        return str(value)
    if isinstance(value, bool):
        return "auto" if value else "none"
    if found.deno.get("vendor") is True:
        return "auto"
    return "manual" if any(configuration_of(each, place).package for each in workspace.folders or ()) else "none"


def import_maps(folder: str, place: Place) -> Iterator[tuple[str, Mapping[str, object]]]:
    """The import maps of the files in `folder`, each with the folder that its paths are seen from."""
    found = configuration_of(folder, place).deno
    yield folder, table(found, "imports")
    yield from ((folder, each) for each in table(found, "scopes").values() if isinstance(each, dict))
    path = import_map_path(folder, place)
    if path is not None:
        other = read_jsonc(path, place) or {}
        yield posixpath.dirname(path), table(other, "imports")
        yield from ((posixpath.dirname(path), each) for each in table(other, "scopes").values() if isinstance(each, dict))


def import_map_path(folder: str, place: Place) -> str | None:
    """The file of its own that the import map lies in, if there is one."""
    value = configuration_of(folder, place).deno.get("importMap")
    return resolve_path(value, folder) if isinstance(value, str) and "://" not in value else None


def linked(root: str, place: Place) -> tuple[str, ...]:
    """The folders of packages that stand in for those of a registry."""
    found = configuration_of(root, place).deno
    paths = (resolve_path(each, root) for key in ("links", "patch") for each in texts(found.get(key)))
    return tuple(path for path in paths if path)


def exported(folder: str, place: Place) -> Iterator[str]:
    """The programs that the package in `folder` has for others, whether they are there yet or not."""
    value = configuration_of(folder, place).deno.get("exports")
    for word in value.values() if isinstance(value, dict) else (value,):
        if isinstance(word, str):
            yield posixpath.normpath(posixpath.join(folder, word))


def included_beyond(folder: str, place: Place) -> Iterator[str]:
    """What lies out of the folder and is to be looked at by one of the commands."""
    found = configuration_of(folder, place).deno
    for key in ("lint", "fmt", "test", "bench", "compile"):
        for word in texts(table(found, key).get("include")):
            path = resolve_path(word, folder) if word.startswith("../") else None
            if path is not None:
                yield path
