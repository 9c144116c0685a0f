"""The files that a project is put together from: its own, what it imports, and those that MSBuild finds in the folders above.

Which of two imports a condition selects is not worked out: both are read. A project without one of the SDKs that are known here, or
with an import that cannot be followed, is not understood. Does not know what packages add.
"""

from __future__ import annotations

import posixpath

from paratask.frozen import dataclass, replace
from paratask.languages.dotnet.properties import Context, Scope, resolved, with_results
from paratask.languages.xml_files import read_xml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from paratask.languages.xml_files import Element
    from paratask.plugins.hookspecs import Place

_SDKS = frozenset(
    {"Microsoft.NET.Sdk", "Microsoft.NET.Sdk.Web", "Microsoft.NET.Sdk.Worker", "Microsoft.NET.Sdk.Razor", "MSTest.Sdk"}
    | {"Microsoft.NET.Sdk.BlazorWebAssembly", "Microsoft.NET.Sdk.WebAssembly", "Microsoft.NET.Sdk.WindowsDesktop"}
    | {"Aspire.AppHost.Sdk", "Microsoft.Build.NoTargets", "Microsoft.Build.Traversal", "Microsoft.Build.CentralPackageVersions"}
)
_ABOVE_BEFORE = ("Directory.Build.props", "Directory.Packages.props")
_ABOVE_AFTER = ("Directory.Build.targets",)
_OPTIONS_FILE = "Directory.Build.rsp"
_IMPORTING = (
    "DirectoryBuildPropsPath",
    "DirectoryBuildTargetsPath",
    "DirectoryPackagesPropsPath",
    "CustomBeforeDirectoryBuildProps",
    "CustomAfterDirectoryBuildProps",
    "CustomBeforeDirectoryBuildTargets",
    "CustomAfterDirectoryBuildTargets",
    "CustomBeforeMicrosoftCommonProps",
    "CustomAfterMicrosoftCommonProps",
    "CustomBeforeMicrosoftCommonTargets",
    "CustomAfterMicrosoftCommonTargets",
    "CustomBeforeMicrosoftCSharpTargets",
    "CustomAfterMicrosoftCSharpTargets",
    "BeforeMicrosoftNETSdkTargets",
    "AfterMicrosoftNETSdkTargets",
    "BeforeTargetFrameworkInferenceTargets",
)
"""Properties that name a file to import."""
_OF_PACKAGES = ("NuGetPackageRoot", "$(Pkg", "$(NuGetPackage")
"""What a path into an installed package starts with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """All files of a project. `missing` are paths that it would import if they were there, `into_packages` tells that it names installed ones.

    `artifacts` is the folder that gathers the results of all projects; empty where each keeps its own.
    """

    scope: Scope
    missing: tuple[str, ...]
    into_packages: bool
    artifacts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why something is not understood."""

    reason: str


class _UnclearError(Exception):
    """Something on the way is not understood; says what."""


def read_files(project: str, context: Context, place: Place) -> Files | Problem:
    """The files of the project at `project`."""
    gathering = _Gathering(project, context, place)
    try:
        gathering.run()
        artifacts = gathering.artifacts()
    except _UnclearError as error:
        return Problem(reason=str(error))
    scope = gathering.scope
    return Files(
        scope=with_results(scope, artifacts) if artifacts else scope,
        missing=tuple(gathering.missing),
        into_packages=gathering.into_packages,
        artifacts=artifacts,
    )


def find_above(folder: str, name: str, place: Place) -> str | None:
    """The file of that name in a folder or the nearest one above it, as MSBuild looks for it: up to the root of the disk."""
    while True:
        path = posixpath.join(folder, name)
        if place.exists(path):
            return path
        if folder in ("/", ""):
            return None
        folder = posixpath.dirname(folder)


class _Gathering:
    """Follows imports. What was gathered so far tells what the next ones name."""

    def __init__(self, project: str, context: Context, place: Place) -> None:
        self.place = place
        self.documents: dict[str, Element] = {}
        self.defined: dict[str, list[tuple[str, str]]] = {}
        self.missing: dict[str, None] = {}
        self.into_packages = False
        self.sdks: list[str] = []
        self.scope = Scope(
            project=project,
            documents=self.documents,
            defined=self.defined,
            context=context,
            find_above=lambda folder, name: find_above(folder, name, place),
        )

    def run(self) -> None:
        """Reads all of it."""
        folder = self.scope.folder
        options = find_above(folder, _OPTIONS_FILE, self.place)
        if options is not None:
            raise _UnclearError(f"`{self._shown(options)}` adds options")
        for name in _ABOVE_BEFORE:
            self._add_above(folder, name)
        self.add(self.scope.project)
        for name in _ABOVE_AFTER:
            self._add_above(folder, name)
        user = f"{self.scope.project}.user"
        if self.place.exists(user):
            self.add(user)
        for name in _IMPORTING:
            self._add_named(name)
        self._check_sdks()

    def _add_above(self, folder: str, name: str) -> None:
        path = find_above(folder, name, self.place)
        if path is not None:
            self.add(path)

    def _add_named(self, name: str) -> None:
        paths = self.scope.paths(name)
        if paths is None:
            raise _UnclearError(f"`{name}` of `{self._shown(self.scope.project)}` may be any file")
        for path in paths:
            self.add(path)

    def _check_sdks(self) -> None:
        shown = self._shown(self.scope.project)
        names = [name.partition("/")[0].strip() for name in self.sdks]
        if not names:
            raise _UnclearError(f"`{shown}` names no SDK, so that its build is all its own")
        other = next((name for name in names if name not in _SDKS), None)
        if other is not None:
            raise _UnclearError(f"`{shown}` is built by `{other}`, which may do anything")

    def add(self, path: str) -> None:
        """Reads a file and what it imports."""
        if path in self.documents:
            return
        document = read_xml(path, self.place)
        if document is None:
            raise _UnclearError(f"`{self._shown(path)}` {'cannot be read' if self.place.exists(path) else 'is not there'}")
        self.documents[path] = document
        for group in document.below():
            for element in group.children if group.name == "PropertyGroup" else ():
                self.defined.setdefault(element.name.lower(), []).append((element.text, path))
        self.sdks.extend(name for name in (document.attribute("Sdk") or "").split(";") if name)
        for element, conditional in _imports(document):
            if element.name == "Sdk":
                self.sdks.append(element.attribute("Name") or "")
            elif element.attribute("Sdk"):
                self.sdks.append(element.attribute("Sdk") or "")
            else:
                self._import(element.attribute("Project") or "", path, conditional=conditional)

    def _import(self, text: str, file: str, *, conditional: bool) -> None:
        if any(mark in text for mark in _OF_PACKAGES):
            self.into_packages = True
            return
        filled = self.scope.fill(text, file)
        paths = None if filled is None else resolved(filled, posixpath.dirname(file))
        if paths is None or filled is None or any("*" in value for value in filled):
            raise _UnclearError(f"`{self._shown(file)}` imports `{text}`, which may be any file")
        for path in paths:
            if self.place.exists(path):
                self.add(path)
            elif conditional or len(paths) > 1:
                self.missing[path] = None
            else:
                raise _UnclearError(f"`{self._shown(path)}`, which `{self._shown(file)}` imports, is not there")

    def artifacts(self) -> str:
        """The folder that gathers all results; empty where there is none."""
        named = self.scope.paths("ArtifactsPath")
        wanted = self.scope.values("UseArtifactsOutput")
        if named is None or wanted is None or len(named) > 1:
            raise _UnclearError(f"`ArtifactsPath` of `{self._shown(self.scope.project)}` may be any folder")
        if named:
            return named[0]
        if not any(value.lower() == "true" for value in wanted):
            return ""
        props = find_above(self.scope.folder, "Directory.Build.props", self.place)
        return posixpath.join(posixpath.dirname(props) if props else self.scope.folder, "artifacts")

    def _shown(self, path: str) -> str:
        return self.place.pattern(path)


def _imports(document: Element, *, conditional: bool = False) -> Iterator[tuple[Element, bool]]:
    """The imports of a document in order, each with whether a condition stands at it or around it."""
    for child in document.children:
        when = conditional or child.attribute("Condition") is not None
        if child.name in ("Import", "Sdk"):
            yield child, when
        elif child.name in ("ImportGroup", "Choose", "When", "Otherwise"):
            yield from _imports(child, conditional=when)


def with_folder(context: Context, folder: str) -> Context:
    """The same call, for projects of the solution in `folder`."""
    return replace(context, solution=folder)
