"""One project: where its results go, which projects it refers to, and what it reads and writes beyond its folder.

Everything that its files name counts, whatever the conditions beside it say. Knows no call of any tool.
"""

from __future__ import annotations

import posixpath

from paratask.frozen import dataclass
from paratask.languages.dotnet.files import Files, Problem, read_files
from paratask.languages.dotnet.packages import may_write
from paratask.languages.dotnet.properties import resolved, used_names
from paratask.languages.dotnet.targets import read_additions
from paratask.languages.options import is_within
from paratask.languages.remembered import remembered
from paratask.languages.workspaces import members

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from paratask.languages.dotnet.properties import Context, Scope
    from paratask.languages.dotnet.targets import Additions
    from paratask.languages.xml_files import Element
    from paratask.plugins.hookspecs import Place

SUFFIXES = (".csproj", ".fsproj", ".vbproj", ".proj")
_BETWEEN = ("BaseIntermediateOutputPath", "IntermediateOutputPath", "MSBuildProjectExtensionsPath", "RestoreOutputPath")
_RESULTS = (
    "BaseOutputPath",
    "OutputPath",
    "OutDir",
    "TargetDir",
    "DocumentationFile",
    "CompilerGeneratedFilesOutputPath",
    "ErrorLog",
    "PdbFile",
    "RefOutDir",
)
_PACKED = ("PackageOutputPath", "NuspecOutputPath")
_PUBLISHED = ("PublishDir", "PublishUrl", "AppxPackageDir")
_TESTED = ("VSTestResultsDirectory", "CoverletOutput", "TestResultsDirectory")
_READ = (
    "AssemblyOriginatorKeyFile",
    "CodeAnalysisRuleSet",
    "RunSettingsFilePath",
    "ApplicationIcon",
    "ApplicationManifest",
    "Win32Resource",
    "NuspecFile",
    "NuspecBasePath",
    "RestoreConfigFile",
    "RestoreSources",
    "RestoreAdditionalProjectSources",
    "RestoreFallbackFolders",
    "ReferencePath",
    "AdditionalLibPaths",
    "AssemblySearchPaths",
    "CustomResolverPath",
)
_STORES = ("RestorePackagesPath",)
_LOCKS = ("NuGetLockFilePath",)
_DEPLOYING = ("PublishProfile", "WebPublishMethod", "ContainerRegistry", "DeployOnBuild", "ContainerArchiveOutputPath")
KNOWN_PATHS = frozenset(
    name.lower()
    for names in (_BETWEEN, _RESULTS, _PACKED, _PUBLISHED, _TESTED, _READ, _STORES, _LOCKS)
    for name in (*names, "ArtifactsPath")
)
"""Properties whose paths are looked at, in lower case."""
_ARRANGING = ("ArtifactsProjectName", "IncludeProjectNameInArtifactsPaths", "ArtifactsPivots")
"""Properties that change the names of folders in there."""
_OUTPUT_WORDS = ("output", "dest", "generated", "report", "results", "artifact", "publish", "dist")
_MADE_WORDS = ("output", "outdir", "destination", "target", "generated")
_NO_FILES = frozenset(
    "packagereference packageversion globalpackagereference packagedownload frameworkreference knownframeworkreference using "
    "internalsvisibleto assemblyattribute assemblymetadata projectcapability dotnetclitoolreference runtimehostconfigurationoption "
    "supportedplatform trimmerrootassembly comreference watch compilervisibleproperty compilervisibleitemmetadata sourceroot "
    "containerport containerlabel containerenvironmentvariable containerimagetags implicitpackagereference".split()
)
"""Kinds of items whose names are no paths."""
_LEFT_OUT = ("@(", "%(", "NuGetPackageRoot", "$(Pkg", "$(NuGetPackage")


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A project. All paths are absolute.

    `references` are projects; `files` what it is put together from, `reads` and `writes` what lies beyond its folder. `between` is
    where things are kept between builds (obj), `results` what is built (bin), the next three what packing, publishing and testing
    leave. `stores` are where it has packages unpacked to, `locks` the files that fix their versions. `reads_anything` tells that an
    item may be any file, `writes_folder` that a package may write beside the sources. `additions` are what its targets do, `deploys` says
    what sends the published result elsewhere.
    """

    path: str
    references: tuple[str, ...]
    files: tuple[str, ...]
    reads: tuple[str, ...]
    reads_anything: bool
    writes: tuple[str, ...]
    writes_folder: bool
    between: tuple[str, ...]
    results: tuple[str, ...]
    packed: tuple[str, ...]
    published: tuple[str, ...]
    tested: tuple[str, ...]
    stores: tuple[str, ...]
    locks: tuple[str, ...]
    packs_when_built: bool
    additions: Additions
    deploys: str

    @property
    def folder(self) -> str:
        """Where it lies."""
        return posixpath.dirname(self.path)


class _UnclearError(Exception):
    """Something in the project is not understood; says what."""


@remembered(2_048)
def read_project(path: str, context: Context, place: Place) -> Project | Problem:
    """The project whose file is at `path`."""
    if not path.endswith(SUFFIXES):
        return Problem(reason=f"`{place.pattern(path)}` is no project of C#, F# or Visual Basic")
    files = read_files(path, context, place)
    if isinstance(files, Problem):
        return files
    try:
        return _read(path, files, place)
    except _UnclearError as error:
        return Problem(reason=str(error))


def _read(path: str, files: Files, place: Place) -> Project:
    scope = files.scope
    shown = {file: place.pattern(file) for file in scope.documents}
    additions = read_additions(scope, shown)
    reads, anything = _items(scope)
    deploying = next((name for name in _DEPLOYING if scope.values(name) != ()), "")
    packages = list(_packages(scope))
    return Project(
        path=path,
        references=_references(scope, place),
        files=(*scope.documents, *files.missing),
        reads=(*reads, *_paths(scope, _READ, place)),
        reads_anything=anything,
        writes=(*additions.writes, *_left(scope), *_of_metadata(scope)),
        writes_folder=files.into_packages or may_write(packages),
        between=(*_own(scope, "obj"), *_gathered(files, "obj"), *_paths(scope, _BETWEEN, place)),
        results=(*_own(scope, "bin"), *_gathered(files, "bin"), *_paths(scope, _RESULTS, place)),
        packed=(*_gathered(files, "package"), *_paths(scope, _PACKED, place)),
        published=(*_gathered(files, "publish"), *_paths(scope, _PUBLISHED, place)),
        tested=_paths(scope, _TESTED, place),
        stores=_paths(scope, _STORES, place),
        locks=_locks(scope, place),
        packs_when_built=scope.values("GeneratePackageOnBuild") not in ((), ("false",)),
        additions=additions,
        deploys=f"`{shown[path]}` has `{deploying}`" if deploying else "",
    )


def _own(scope: Scope, name: str) -> tuple[str, ...]:
    return (posixpath.join(scope.folder, name),)


def _gathered(files: Files, kind: str) -> tuple[str, ...]:
    """Where results of a kind go that one folder gathers for all projects: in it a folder for each kind, and there one for each project."""
    if not files.artifacts:
        return ()
    shared = posixpath.join(files.artifacts, kind)
    renamed = any(files.scope.definitions(name) for name in _ARRANGING)
    name = posixpath.splitext(posixpath.basename(files.scope.project))[0]
    return (shared,) if renamed or kind == "package" else (posixpath.join(shared, name),)


def _paths(scope: Scope, names: tuple[str, ...], place: Place) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in names:
        values = scope.values(name)
        paths = None if values is None else resolved([part for value in values for part in value.split(";")], scope.folder)
        if paths is None:
            raise _UnclearError(f"`{name}` of `{place.pattern(scope.project)}` may be any path")
        found.update(dict.fromkeys(paths))
    return tuple(found)


def _locks(scope: Scope, place: Place) -> tuple[str, ...]:
    """The files that fix the versions of packages, where there are some or the project asks for them."""
    named = _paths(scope, _LOCKS, place)
    own = posixpath.join(scope.folder, "packages.lock.json")
    name = posixpath.splitext(posixpath.basename(scope.project))[0].replace(" ", "_")
    other = posixpath.join(scope.folder, f"packages.{name}.lock.json")
    asked = scope.values("RestorePackagesWithLockFile") != ()
    return (*named, *((own, other) if asked or place.exists(own) or place.exists(other) else ()))


def _left(scope: Scope) -> Iterator[str]:
    """What properties name beyond the folder that are for packages: nobody looks at them here, and they are called as outputs are."""
    used = used_names(scope.documents)
    for name, definitions in scope.defined.items():
        if name in used or name in KNOWN_PATHS or not any(word in name for word in _OUTPUT_WORDS):
            continue
        for text, file in definitions:
            yield from _leading_out(text, file, scope)


def _leading_out(text: str, file: str, scope: Scope) -> Iterator[str]:
    """The paths beyond the project's folder that a text may name."""
    if ".." not in text and "$(" not in text and not text.startswith("/"):
        return
    paths = resolved(scope.fill(text, file) or (), scope.folder) or ()
    yield from (path for path in paths if not is_within(path, scope.folder))


def _of_metadata(scope: Scope) -> Iterator[str]:
    """Where items say that something is made of them, beyond the project's folder."""
    for item, file in _each_item(scope):
        pairs = [*item.attributes, *((child.name, child.text) for child in item.children)]
        for name, text in pairs if item.name.lower() not in _NO_FILES else ():
            if any(word in name.lower() for word in _MADE_WORDS):
                yield from _leading_out(text, file, scope)


def _each_item(scope: Scope) -> Iterator[tuple[Element, str]]:
    for file, document in scope.documents.items():
        for group in document.below():
            if group.name == "ItemGroup":
                yield from ((item, file) for item in group.children)


def _packages(scope: Scope) -> Iterator[str]:
    for item, _ in _each_item(scope):
        if item.name in ("PackageReference", "GlobalPackageReference"):
            yield from (part.strip() for part in (item.attribute("Include") or "").split(";") if part.strip())


def _items(scope: Scope) -> tuple[tuple[str, ...], bool]:
    """The paths beyond the folder that items name, and whether one of them may be any."""
    found: dict[str, None] = {}
    anything = False
    for item, file in _each_item(scope):
        if item.name.lower() in _NO_FILES or item.name == "ProjectReference":
            continue
        texts = [item.attribute("Include") or "", item.attribute("Update") or "", item.value("HintPath") or ""]
        texts.append(item.attribute("HintPath") or "")
        for text in (part.strip() for each in texts for part in each.split(";")):
            if not text or any(mark in text for mark in _LEFT_OUT) or (item.name == "Reference" and not _is_path(text)):
                continue
            filled = scope.fill(text, file)
            paths = None if filled is None else resolved(filled, scope.folder)
            anything = anything or paths is None
            found.update(dict.fromkeys(path for path in paths or () if not is_within(path, scope.folder)))
    return tuple(found), anything


def _is_path(text: str) -> bool:
    """Whether a reference to an assembly names a file."""
    return "/" in text or "\\" in text or text.lower().endswith(".dll")


def _references(scope: Scope, place: Place) -> tuple[str, ...]:
    """The projects that this one refers to."""
    found: dict[str, None] = {}
    shown = place.pattern(scope.project)
    for item, file in _each_item(scope):
        if item.name != "ProjectReference":
            continue
        conditional = item.attribute("Condition") is not None
        for text in (part.strip() for part in (item.attribute("Include") or "").split(";")):
            filled = scope.fill(text, file) if text else ()
            if filled is None:
                raise _UnclearError(f"`{shown}` refers to `{text}`, which may be any project")
            for value in filled:
                paths = _matching(value, scope.folder, place)
                if not paths and not conditional and len(filled) == 1:
                    raise _UnclearError(f"`{shown}` refers to `{text}`, which is not there")
                found.update(dict.fromkeys(paths))
    found.pop(scope.project, None)
    return tuple(found)


def _matching(value: str, folder: str, place: Place) -> tuple[str, ...]:
    """The files that a path or a pattern of paths names."""
    path = posixpath.normpath(posixpath.join(folder, value))
    if "*" not in value:
        return (path,) if place.exists(path) else ()
    fixed = path.split("*")[0].rpartition("/")[0] or "/"
    found = members(fixed, (path[len(fixed) :].lstrip("/"),), place)
    return tuple(each for each in found or () if place.exists(each))
