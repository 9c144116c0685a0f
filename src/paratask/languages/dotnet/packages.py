"""Installed packages: which of them are known to leave a project's folder alone while it is built, and where they are looked for.

A package may bring targets of its own, as those do that write scripts, clients or test code beside the sources. Does not know settings
of the user or the machine.
"""

from __future__ import annotations

import posixpath
import re

from paratask.frozen import dataclass
from paratask.languages.options import is_within, resolve_path
from paratask.languages.xml_files import read_xml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from paratask.languages.xml_files import Element
    from paratask.plugins.hookspecs import Place

CONFIGURATIONS = ("nuget.config", "NuGet.config", "NuGet.Config", "Nuget.Config")
_QUIET = (
    "microsoft. system. netstandard. xunit nunit mstest. fsharp. newtonsoft. serilog nlog log4net moq nsubstitute fakeiteasy "
    "fluentassertions shouldly awesomeassertions verify. autofixture bogus automapper mapster mediatr fluentvalidation polly dapper npgsql "
    "mysql mongodb. stackexchange. sqlitepclraw. azure. awssdk. google.apis google.cloud. google.protobuf grpc. "
    "swashbuckle. opentelemetry. benchmarkdotnet coverlet.collector junitxml. trx githubactionstestlogger spectre. commandlineparser "
    "humanizer csvhelper yamldotnet sharpziplib autofac castle. stylecop. sonaranalyzer. roslynator. meziantou. asyncfixer "
    "expecto unquote fscheck argu fantomas.core aspire. hangfire quartz rabbitmq. masstransit confluent. elastic. nodatime refit "
    "restsharp flurl markdig scrutor ardalis. testcontainers avalonia mathnet. imagesharp sixlabors. skiasharp "
    "asp.versioning. polysharp minver mailkit mimekit duende. identitymodel communitytoolkit. prometheus-net messagepack pgvector "
    "scalar. mediator. vogen sharpcompress"
).split()
"""How the names of packages start that write nothing beside the sources."""
_QUIET_ENDINGS = ("analyzers", "analyzer", "sourcegenerator", ".sourcegenerators", ".abstractions")
"""How the names of those end that only take part in compiling."""
_WRITING = frozenset(
    "microsoft.typescript.msbuild microsoft.web.librarymanager.build microsoft.extensions.apidescription.server "
    "microsoft.extensions.apidescription.client microsoft.aspnetcore.spaproxy microsoft.openapi.kiota.builder".split()
)
"""Those of the same beginnings that do, or start programs."""
_VARIABLE = re.compile(r"%\w+%|\$\w+|^~")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where packages come from: `files` are settings, `feeds` folders that are read, `stores` folders that packages are unpacked to.

    `known` is False where a folder depends on the environment.
    """

    files: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    stores: tuple[str, ...] = ()
    known: bool = True


def may_write(names: Iterable[str]) -> bool:
    """Whether one of the packages may write a project's folder while that is built."""
    return any(not _is_quiet(name.lower()) for name in names)


def _is_quiet(name: str) -> bool:
    return name not in _WRITING and (name.startswith(tuple(_QUIET)) or name.endswith(_QUIET_ENDINGS))


def read_sources(folder: str, given: Iterable[str], place: Place) -> Sources:
    """What the settings say that hold in a folder: `given` ones, else those in it and in all above it within the checkout."""
    files = tuple(given) or tuple(_configurations(folder, place))
    feeds: dict[str, None] = {}
    stores: dict[str, None] = {}
    known = True
    for file in files:
        document = read_xml(file, place)
        for text, into in _folders(document, feeds, stores) if document else ():
            path = None if _VARIABLE.search(text) else resolve_path(text.replace("\\", "/"), posixpath.dirname(file))
            known = known and path is not None
            into.update({path: None} if path else {})
    return Sources(files=files, feeds=tuple(feeds), stores=tuple(stores), known=known)


def _configurations(folder: str, place: Place) -> Iterator[str]:
    while is_within(folder, place.root):
        yield from (path for name in CONFIGURATIONS if place.exists(path := posixpath.join(folder, name)))
        folder = posixpath.dirname(folder)
        if folder == "/":
            return


def _folders(document: Element, feeds: dict[str, None], stores: dict[str, None]) -> Iterator[tuple[str, dict[str, None]]]:
    """The folders that settings name, each with where it belongs."""
    for section in ("packageSources", "fallbackPackageFolders"):
        for element in document.all(section, "add"):
            value = element.attribute("value") or ""
            if value and "://" not in value:
                yield value, feeds
    for element in document.all("config", "add"):
        if (element.attribute("key") or "").lower() in ("globalpackagesfolder", "repositorypath"):
            yield element.attribute("value") or "", stores
