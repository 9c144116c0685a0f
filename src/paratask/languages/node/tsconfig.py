"""What a `tsconfig.json` says: where results go, which projects it refers to, and which files beyond its folder are read.

Follows the TSConfig reference: `extends` (one or several; paths, and packages of the monorepo), `references`, `paths`, `rootDirs`,
`include`, `files`, `typeRoots`, `${configDir}`. A file that is extended but not there yet (frameworks generate some) says nothing. Does
not know configurations that come out of installed packages. A `baseUrl` beside `paths` is only where these start.
"""

from __future__ import annotations

import posixpath

from paratask.frozen import dataclass
from paratask.languages.dependencies import Unclear, not_understood
from paratask.languages.json_files import read_jsonc
from paratask.languages.options import resolve_path
from paratask.languages.toml_files import table, texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TypeAlias

    from paratask.plugins.hookspecs import Place

    Settings: TypeAlias = dict[str, tuple[object, str]]
    """Each setting, with the folder that its paths start from."""

_BUILD_INFO = "tsBuildInfoFile"
_OUTPUTS = ("outDir", "outFile", "declarationDir", _BUILD_INFO)
_SILENT = "noEmit"
"""What an installed package says of it, where its configuration is extended, is not known."""
_OF_JAVASCRIPT = ("allowJs", "checkJs")
_FOLDERS = ("rootDirs", "typeRoots")
_TOP = ("include", "files")
_CONFIG_FOLDER = "${configDir}"
_MOST_EXTENDED = 64
_MOST_NESTED = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """One configuration. All paths are absolute; `references` are those of configurations, `reads` of files and folders.

    `build_info` is where build information is kept, if the configuration says where: by its name, or by where results go, from which
    it may lie one or more folders up. `results` is the `outDir`, `roots` the `rootDir`. `emits` is False where it surely compiles to nothing
    (`noEmit`, or no files of its own), `typed` where it surely has no sources but those in TypeScript.
    """

    path: str
    outputs: tuple[str, ...]
    references: tuple[str, ...]
    reads: tuple[str, ...]
    keeps_build_info: bool
    build_info: tuple[str, ...] = ()
    results: str | None = None
    roots: str | None = None
    emits: bool = True
    typed: bool = False

    @property
    def folder(self) -> str:
        """Where the configuration lies."""
        return posixpath.dirname(self.path)


def read_projects(path: str, members: Mapping[str, str], place: Place) -> tuple[Project, ...] | Unclear:
    """The project that the configuration at `path` describes, and all that it refers to.

    `members` are the packages of the monorepo by name.
    """
    found: dict[str, Project] = {}
    waiting = [path]
    while waiting:
        each = waiting.pop()
        if each in found:
            continue
        project = _read_project(each, members, place)
        if isinstance(project, Unclear):
            return project
        found[each] = project
        waiting.extend(project.references)
    return tuple(found.values())


def _read_project(path: str, members: Mapping[str, str], place: Place) -> Project | Unclear:
    document = read_jsonc(path, place)
    extended: list[str] = []
    settings = None if document is None else _settings(path, members, place, extended)
    if document is None or settings is None:
        return not_understood(extended[-1] if extended else path, place)
    folder = posixpath.dirname(path)
    named = list(_named(settings, folder))
    if any(each is None for each in named):
        return not_understood(path, place)
    kept = tuple(each for each in _resolved(settings.get(_BUILD_INFO), folder) if each is not None)
    results, roots = (
        next((each for each in _resolved(settings.get(name), folder) if each is not None), None)
        for name in ("outDir", "rootDir")
    )
    on = [settings.get(name, (False, ""))[0] for name in ("incremental", "composite")]
    return Project(
        path=path,
        outputs=tuple(each for name in _OUTPUTS for each in _resolved(settings.get(name), folder) if each is not None),
        references=tuple(_references(document, folder)),
        reads=(*extended, *(each for each in named if each is not None)),
        keeps_build_info=True in on,
        build_info=kept or build_info_beside(path, results, roots),
        results=results,
        roots=roots,
        emits=settings.get(_SILENT, (False, ""))[0] is not True and (document.get("files") != [] or "include" in settings),
        typed=all(settings.get(name, (False, ""))[0] is False for name in _OF_JAVASCRIPT),
    )


def build_info_beside(path: str, results: str | None, roots: str | None) -> tuple[str, ...]:
    """Where the build information of the configuration at `path` lies that says where results go, and perhaps what sources start from:
    as far from the results as the configuration is from the sources. Nothing where it lies beside the configuration.
    """
    if results is None:
        return ()
    stem = path.removesuffix(".json")
    below = posixpath.relpath(stem, roots) if roots is not None else posixpath.basename(stem)
    return (posixpath.normpath(posixpath.join(results, f"{below}.tsbuildinfo")),)


def _settings(path: str, members: Mapping[str, str], place: Place, extended: list[str], depth: int = 0) -> Settings | None:
    """The settings of the configuration at `path` over those it extends; the files of these are added to `extended`."""
    document = read_jsonc(path, place)
    if document is None or depth > _MOST_NESTED or len(extended) > _MOST_EXTENDED:
        return {} if depth and not place.exists(path) else None
    folder = posixpath.dirname(path)
    found: Settings = {}
    bases = document.get("extends")
    for base in [bases] if isinstance(bases, str) else texts(bases):
        above = _extended(base, folder, members, place)
        if above is None:
            found.update(dict.fromkeys((_SILENT, *_OF_JAVASCRIPT), (None, folder)))
            continue
        extended.append(above)
        inherited = _settings(above, members, place, extended, depth + 1)
        if inherited is None:
            return None
        found.update(inherited)
    options = table(document, "compilerOptions")
    found.update({name: (value, folder) for name, value in options.items()})
    found.update({name: (document[name], folder) for name in _TOP if name in document})
    return found


def _extended(base: str, folder: str, members: Mapping[str, str], place: Place) -> str | None:
    """The file that `extends` names; None where it comes out of an installed package."""
    if base.startswith(("./", "../", "/")) or base in (".", ".."):
        path = posixpath.normpath(posixpath.join(folder, base))
    else:
        parts = base.split("/")
        length = 2 if base.startswith("@") else 1
        package = members.get("/".join(parts[:length]))
        if package is None:
            return None
        path = posixpath.normpath(posixpath.join(package, *(parts[length:] or ["tsconfig.json"])))
    if not path.endswith(".json") and not (place.exists(path) and not place.listdir(path)):
        return f"{path}.json" if place.exists(f"{path}.json") else posixpath.join(path, "tsconfig.json")
    return path


def _references(document: Mapping[str, object], folder: str) -> Iterator[str]:
    listed = document.get("references")
    for each in listed if isinstance(listed, list) else ():
        path = each.get("path") if isinstance(each, dict) else None
        if isinstance(path, str):
            path = posixpath.normpath(posixpath.join(folder, path))
            yield path if path.endswith(".json") else posixpath.join(path, "tsconfig.json")


def _named(settings: Settings, folder: str) -> Iterator[str | None]:
    """What is read because a setting names it; None for each path that is not understood."""
    for name in (*_FOLDERS, *_TOP):
        yield from _resolved(settings.get(name), folder)
    base = settings.get("baseUrl")
    if "paths" not in settings:
        yield from _resolved(base, folder)
        return
    paths, start = settings["paths"]
    bases = [each for each in _resolved(base, folder) if each is not None] or [start]
    for targets in table(paths).values():
        yield from _resolved((targets, bases[0]), folder)


def _resolved(setting: tuple[object, str] | None, folder: str) -> Iterator[str | None]:
    """The paths of a setting, which is one or several; `folder` is that of the configuration that all is for."""
    value, start = setting or ((), folder)
    for text in (value,) if isinstance(value, str) else texts(value):
        if text.startswith(_CONFIG_FOLDER):
            yield resolve_path(text.removeprefix(_CONFIG_FOLDER).lstrip("/") or ".", folder)
        else:
            yield resolve_path(text, start)
