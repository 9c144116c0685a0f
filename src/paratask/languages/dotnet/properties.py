"""Properties of MSBuild: what the texts of a project come to, as far as its files tell.

Conditions are not worked out. A property may have any of the values that it is given anywhere in these files, so that what is said of
a path is said of each. Names of configurations, frameworks and the like are taken to be any name. Knows no item and no target.
"""

from __future__ import annotations

import posixpath
import re

from paratask.frozen import dataclass, replace
from paratask.languages.options import resolve_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from paratask.languages.xml_files import Element

_MAX_VALUES = 16
_MAX_NESTING = 12
_PROPERTY = re.compile(r"\$\(([A-Za-z_][\w-]*)\)")
_FUNCTION = re.compile(r"\$\(\[[\w.]+\]::(\w+)\(([^()$]*)\)\)")
_PARENT = re.compile(r"\$\(\[System\.IO\.Directory\]::GetParent\(([^()$]*)\)((?:\.Parent)*)(?:\.FullName)?\)")
_NAMED = re.compile(r"\$\(([A-Za-z_][\w-]*)[).]")
_JOINING = frozenset({"Combine", "NormalizePath", "NormalizeDirectory", "GetFullPath", "EnsureTrailingSlash"})
_NAMING = frozenset(
    {"GetTargetFrameworkIdentifier", "GetTargetFrameworkVersion", "GetTargetPlatformIdentifier", "GetTargetPlatformVersion"}
)
"""Functions that give a name, which has no slash in it."""
_TAKEN_AWAY = re.compile(r"\$\((\w+)\.TrimEnd\([^()]*\)\)")
_ANY_NAME = frozenset(
    "configuration platform platformname platformtarget targetframework targetframeworkidentifier targetframeworkversion "
    "runtimeidentifier assemblyname rootnamespace version packageversion packageid os language targetname targetext "
    "netcoresdkruntimeidentifier versionprefix versionsuffix fileversion informationalversion assemblyversion msbuildruntimetype".split()
)
_RESULTS = {
    "baseoutputpath": "bin/",
    "outputpath": "bin/*/",
    "outdir": "bin/*/",
    "targetdir": "bin/*/",
    "targetpath": "bin/*/*",
    "publishdir": "bin/*/publish/",
    "packageoutputpath": "bin/*/",
    "baseintermediateoutputpath": "obj/",
    "intermediateoutputpath": "obj/*/",
    "msbuildprojectextensionspath": "obj/",
}
"""Where results go, from the project's folder, unless somebody says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a call says of all projects: `given` properties (names in lower case), and the folder of the `solution` that it builds."""

    given: tuple[tuple[str, str], ...] = ()
    solution: str = ""

    def value(self, name: str) -> str | None:
        """The last value that the call gives a property; None where it gives none."""
        return dict(self.given).get(name.lower())


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The files of a project, as they are known so far: each path with its document, in the order of reading.

    `defined` has the texts that each property is given (names in lower case), each with the path of its file. `find_above` tells
    which file of a name lies in a folder or the nearest above it. `results` is the folder that the results of all projects go
    below unless somebody says otherwise; empty where each project keeps its own.
    """

    project: str
    documents: Mapping[str, Element]
    defined: Mapping[str, Sequence[tuple[str, str]]]
    context: Context
    find_above: Callable[[str, str], str | None]
    results: str = ""

    @property
    def folder(self) -> str:
        """The project's own."""
        return posixpath.dirname(self.project)

    def definitions(self, name: str) -> Sequence[tuple[str, str]]:
        """The texts that a property is given, each with the path of its file."""
        return self.defined.get(name.lower(), ())

    def fill(self, text: str, file: str) -> tuple[str, ...] | None:
        """All that a text in `file` may come to; None where that is not known, or depends on items."""
        return _Filling(self).filled(text.replace("\\", "/"), file, 0)

    def values(self, name: str) -> tuple[str, ...] | None:
        """The values that a property is given; none where nobody gives it one, None where they are not known."""
        given = self.context.value(name)
        if given is not None:
            return (given.replace("\\", "/"),)
        found: dict[str, None] = {}
        for text, file in self.definitions(name):
            filled = self.fill(text, file)
            if filled is None:
                return None
            found.update(dict.fromkeys(filled))
        return tuple(found)

    def paths(self, name: str) -> tuple[str, ...] | None:
        """The paths that a property may name, from the project's folder, up to their first wildcard; None where they are not known."""
        values = self.values(name)
        return None if values is None else resolved(values, self.folder)


class _Filling:
    """Works out one text. Each property is worked out once; one that leads back to itself is not known."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.known: dict[str, tuple[str, ...] | None] = {}

    def filled(self, text: str, file: str, depth: int) -> tuple[str, ...] | None:
        """All that a text in a file may come to."""
        text = _TAKEN_AWAY.sub(r"$(\1)", text)
        if "@(" in text or "%(" in text or depth > _MAX_NESTING:
            return None
        match = _PROPERTY.search(text)
        if match is not None:
            return self._spread(text, match, self._of_property(match[1], file, depth + 1), file, depth)
        text = _PARENT.sub(_parent, text)
        match = _FUNCTION.search(text)
        if match is not None:
            value = self._of_function(match[1], match[2], file)
            return self._spread(text, match, None if value is None else (value,), file, depth)
        return None if "$(" in text else (text,)

    def _spread(
        self, text: str, match: re.Match[str], values: tuple[str, ...] | None, file: str, depth: int
    ) -> tuple[str, ...] | None:
        """The text with each of the values in place of what matched, filled further."""
        if values is None:
            return None
        found: dict[str, None] = {}
        for value in values:
            filled = self.filled(text[: match.start()] + value + text[match.end() :], file, depth + 1)
            if filled is None or len(found) > _MAX_VALUES:
                return None
            found.update(dict.fromkeys(filled))
        return tuple(found) if len(found) <= _MAX_VALUES else None

    def _of_property(self, name: str, file: str, depth: int) -> tuple[str, ...] | None:
        lower = name.lower()
        given = self.scope.context.value(name)
        own = given.replace("\\", "/") if given is not None else self._of_file(lower, file)
        if own is not None:
            return (own,)
        if lower not in self.known:
            self.known[lower] = None
            self.known[lower] = self._defined(lower, depth)
        return self.known[lower]

    def _defined(self, lower: str, depth: int) -> tuple[str, ...] | None:
        """What the files give a property, with what it is unless they do."""
        found: dict[str, None] = {}
        for text, where in self.scope.definitions(lower):
            if f"$({lower})" in text.lower():
                continue
            filled = self.filled(text.replace("\\", "/"), where, depth + 1)
            if filled is None:
                return None
            found.update(dict.fromkeys(filled))
        if lower in _RESULTS:
            found[self.scope.results + _RESULTS[lower]] = None
        if not found and lower in _ANY_NAME:
            return ("*",)
        return tuple(found) or None

    def _of_file(self, lower: str, file: str) -> str | None:
        """What MSBuild itself says of the file and the project."""
        project, folder = self.scope.project, self.scope.folder
        name, suffix = posixpath.splitext(posixpath.basename(project))
        known = {
            "msbuildthisfiledirectory": posixpath.dirname(file) + "/",
            "msbuildthisfilefullpath": file,
            "msbuildthisfile": posixpath.basename(file),
            "msbuildprojectdirectory": folder,
            "projectdir": folder + "/",
            "msbuildprojectname": name,
            "projectname": name,
            "msbuildprojectfile": name + suffix,
            "msbuildprojectfullpath": project,
            "msbuildprojectextension": suffix,
        }
        if lower == "solutiondir" and self.scope.context.solution:
            return self.scope.context.solution + "/"
        return known.get(lower)

    def _of_function(self, name: str, text: str, file: str) -> str | None:
        words = [word.strip().strip("'\"`") for word in text.split(",")]
        if name in _JOINING:
            return posixpath.join(*words) + ("/" if name in ("NormalizeDirectory", "EnsureTrailingSlash") else "")
        if name in _NAMING:
            return "*"
        here = posixpath.dirname(file)
        if name == "GetPathOfFileAbove":
            start = words[1] if len(words) > 1 and words[1] else here
            return self.scope.find_above(posixpath.normpath(posixpath.join(here, start)), words[0]) or ""
        if name == "GetDirectoryNameOfFileAbove" and len(words) > 1:
            start = posixpath.normpath(posixpath.join(here, words[0]))
            return posixpath.dirname(self.scope.find_above(start, words[1]) or "") or None
        return None


def _parent(match: re.Match[str]) -> str:
    """The folder around a path, or one further above. Of a path with a slash at its end that is the path itself."""
    path = posixpath.dirname(match[1].strip().strip("'\""))
    for _ in range(match[2].count(".Parent")):
        path = posixpath.dirname(path)
    return path


def resolved(values: Sequence[str], folder: str) -> tuple[str, ...] | None:
    """The absolute paths that texts name; those that are empty name none. None where one cannot be told."""
    paths = [resolve_path(value, folder) for value in values if value]
    known = tuple(path for path in paths if path is not None)
    return known if len(known) == len(paths) else None


def with_results(scope: Scope, folder: str) -> Scope:
    """The same, where the results of all projects go below one folder unless somebody says otherwise."""
    return replace(scope, results=folder.rstrip("/") + "/")


def used_names(documents: Mapping[str, Element]) -> frozenset[str]:
    """The properties that the files themselves look at, in lower case."""
    found: set[str] = set()
    for document in documents.values():
        for element in document.below():
            texts = [element.text, *(value for _, value in element.attributes)]
            found.update(name.lower() for text in texts if "$(" in text for name in _NAMED.findall(text))
    return frozenset(found)
