"""What one `pom.xml` says, with what it inherits from parents in the checkout: coordinates, modules, dependencies, plugins, folders.

Follows Maven's documentation of the POM ("POM Reference"). Properties are filled in from the command line, the file and its
parents. Profiles count as active where the call names them, or where their own activation may come true. Does not know what a
parent from a repository says, nor the user's own settings.
"""

from __future__ import annotations

import posixpath

from paratask.frozen import dataclass
from paratask.languages.jvm.maven_plugins import READING_SETTINGS, Plugin, collected
from paratask.languages.jvm.options_in_settings import OPTION_SETTINGS, paths_in_options
from paratask.languages.options import is_within, resolve_path
from paratask.languages.xml_files import read_xml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from paratask.languages.xml_files import Element
    from paratask.plugins.hookspecs import Place

_MAX_PARENTS = 20
_MAX_NESTING = 10
_ROOTS = ("maven.multiModuleProjectDirectory", "session.rootDirectory", "project.rootDirectory")
_TOPS = ("session.executionRootDirectory", "session.topDirectory")
_PATH_WORDS = ("directory", "dir", "file", "path", "output", "basedir", "location")
_KNOWN_PARENTS = frozenset({"org.springframework.boot:spring-boot-starter-parent", "org.apache:apache"})
"""Parents from repositories, of which it is known that they bind nothing that writes beside `target`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a call says that changes how a POM reads. `root` is the folder with `.mvn`, `top` that of the POM it is called for."""

    properties: frozenset[tuple[str, str]]
    profiles: frozenset[str]
    root: str
    top: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pom:
    """One module. `path` is its file, `files` are those that it is put together from (parents included).

    `contained` says that nothing it is configured to do leaves `target`, as far as can be told; `rewrites` that a plugin of it
    may even change POMs. `reads`, `writes` and, of its tests alone, `tests_read` are paths outside of the module that its configuration
    names.
    """

    path: str
    files: tuple[str, ...]
    key: str
    packaging: str
    modules: tuple[str, ...]
    dependencies: tuple[str, ...]
    plugins: tuple[Plugin, ...]
    target: str
    contained: bool
    rewrites: bool
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    tests_read: tuple[str, ...]

    @property
    def folder(self) -> str:
        """The module's folder."""
        return posixpath.dirname(self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Model:
    """A POM with its parents, nearest first, each with the profiles that count."""

    path: str
    paths: tuple[str, ...]
    documents: tuple[Element, ...]
    parent: str
    context: Context

    @property
    def folder(self) -> str:
        return posixpath.dirname(self.path)

    def sections(self) -> Iterator[Element]:
        """The documents, each followed by its active profiles: whatever has dependencies, modules, properties or a build."""
        for document in self.documents:
            yield document
            yield from (profile for profile in document.all("profiles", "profile") if self._is_active(profile))

    def fill(self, text: str, depth: int = 0) -> str | None:
        """`text` with its properties filled in; None where one is not known."""
        head, found, rest = text.partition("${")
        if not found:
            return text
        name, closed, rest = rest.partition("}")
        value = self._property(name) if closed and depth < _MAX_NESTING else None
        value = None if value is None else self.fill(value, depth + 1)
        after = self.fill(rest, depth)
        return None if value is None or after is None else head + value + after

    def _property(self, name: str) -> str | None:
        given = next((value for known, value in self.context.properties if known == name), None)
        if given is not None:
            return given
        if name in _ROOTS:
            return self.context.root
        if name in _TOPS:
            return self.context.top
        for prefix in ("project.", "pom."):
            if name.startswith(prefix):
                return self._of_project(name.removeprefix(prefix))
        if name == "basedir":
            return self.folder
        return self._nearest("properties", name)

    def _of_project(self, name: str) -> str | None:
        document = self.documents[0]
        if name == "basedir":
            return self.folder
        if name == "build.directory":
            return self.target
        if name in ("build.outputDirectory", "build.testOutputDirectory"):
            return None if self.target is None else posixpath.join(self.target, name)
        if name in ("build.sourceDirectory", "build.testSourceDirectory"):
            return posixpath.join(self.folder, "src")
        if name == "parent.basedir":
            return posixpath.dirname(self.paths[1]) if len(self.paths) > 1 else None
        if name.startswith("parent."):
            return document.value(*name.split("."))
        own = document.value(name)
        if own is None and name in ("groupId", "version"):
            own = document.value("parent", name)
        return own

    @property
    def target(self) -> str | None:
        """Where results go; None where it cannot be told."""
        named = self._nearest("build", "directory")
        if named is None:
            return posixpath.join(self.folder, "target") if self._says_nothing_of("build", "directory") else None
        filled = None if "build.directory" in named else self.fill(named, _MAX_NESTING - 1)
        return None if filled is None else resolve_path(filled, self.folder)

    def _nearest(self, *names: str) -> str | None:
        """The value that counts, of the nearest document that has one; None where it depends on which profiles come true."""
        for document in self.documents:
            profiles = list(document.all("profiles", "profile"))
            chosen = [part.value(*names) for part in profiles if part.value("id") in self.context.profiles]
            possible = [part.value(*names) for part in (document, *profiles) if part is document or self._is_active(part)]
            for values in (chosen, possible):
                found = {value for value in values if value is not None}
                if found:
                    return found.pop() if len(found) == 1 else None
        return None

    def _says_nothing_of(self, *names: str) -> bool:
        return all(part.value(*names) is None for part in self.sections())

    def _is_active(self, profile: Element) -> bool:
        name = profile.value("id")
        return name in self.context.profiles or next(profile.all("activation"), None) is not None


def read_pom(path: str, context: Context, place: Place) -> Pom | None:
    """The module whose POM is at `path`; None where there is none, or it is not understood."""
    model = _read_model(path, context, place)
    target = None if model is None else model.target
    modules = None if model is None else _modules(model, place)
    if model is None or target is None or modules is None:
        return None
    packaging = model.fill(model.documents[0].value("packaging") or "jar")
    group, artifact = (model.fill(_coordinate(model.documents[0], name)) for name in ("groupId", "artifactId"))
    paths = _paths(model, target)
    if packaging is None or group is None or artifact is None or paths is None:
        return None
    plugins = collected(list(model.sections()), model.fill)
    return Pom(
        path=path,
        files=model.paths,
        key=f"{group}:{artifact}",
        packaging=packaging,
        modules=modules,
        dependencies=tuple(_dependencies(model)),
        plugins=plugins,
        target=target,
        contained=paths.inside
        and packaging in ("jar", "pom", "war", "ear", "ejb", "maven-plugin", "bundle")
        and (not model.parent or model.parent in _KNOWN_PARENTS)
        and all(plugin.is_contained for plugin in plugins),
        rewrites=any(not plugin.is_contained for plugin in plugins),
        reads=tuple(dict.fromkeys(paths.reads)),
        writes=tuple(dict.fromkeys(paths.writes)),
        tests_read=tuple(dict.fromkeys(paths.tests_read)),
    )


def _coordinate(document: Element, name: str) -> str:
    return document.value(name) or document.value("parent", name) or ""


def _read_model(path: str, context: Context, place: Place) -> _Model | None:
    """The POM and its parents. `parent` is what the last one inherits from a repository."""
    paths, documents, parent = [path], [], ""
    while True:
        document = read_xml(paths[-1], place)
        if document is None or len(paths) > _MAX_PARENTS:
            return None
        documents.append(document)
        named = next(document.all("parent"), None)
        if named is None:
            break
        parent = f"{named.value('groupId')}:{named.value('artifactId')}"
        above = _parent_path(paths[-1], named, place)
        found = None if above is None else read_xml(above, place)
        if above is None or above in paths or found is None or not _is(found, parent):
            break
        paths.append(above)
        parent = ""
    return _Model(path=path, paths=tuple(paths), documents=tuple(documents), parent=parent, context=context)


def _is(document: Element, key: str) -> bool:
    """Whether a document has these coordinates; one with a property in them may."""
    own = f"{_coordinate(document, 'groupId')}:{_coordinate(document, 'artifactId')}"
    return own == key or "$" in own + key


def _parent_path(path: str, parent: Element, place: Place) -> str | None:
    relative = parent.value("relativePath")
    if relative == "":
        return None
    above = posixpath.normpath(posixpath.join(posixpath.dirname(path), relative or "../pom.xml"))
    return pom_at(above, place)


def pom_at(path: str, place: Place) -> str | None:
    """The POM that `path` names, itself or the folder it lies in."""
    inside = posixpath.join(path, "pom.xml")
    if place.exists(inside):
        return inside
    return path if place.exists(path) else None


def _modules(model: _Model, place: Place) -> tuple[str, ...] | None:
    """The POMs of all modules that it names, those of any profile included; None where one is not there."""
    document = model.documents[0]
    named = [*document.all("modules", "module"), *document.all("profiles", "profile", "modules", "module")]
    named += [*document.all("subprojects", "subproject"), *document.all("profiles", "profile", "subprojects", "subproject")]
    found = []
    for element in named:
        name = model.fill(element.text)
        path = None if name is None else resolve_path(name, model.folder)
        pom = None if path is None else pom_at(path, place)
        if pom is None:
            return None
        found.append(pom)
    return tuple(dict.fromkeys(found))


def _dependencies(model: _Model) -> Iterator[str]:
    """What the module is made of or built with: dependencies, plugins and theirs, POMs that are imported."""
    for part in model.sections():
        owners = [
            *part.all("dependencies", "dependency"),
            *part.all("dependencyManagement", "dependencies", "dependency"),
            *part.all("build", "plugins", "plugin"),
            *part.all("build", "plugins", "plugin", "dependencies", "dependency"),
            *part.all("build", "extensions", "extension"),
        ]
        for owner in owners:
            group, artifact = (model.fill(owner.value(name) or "") for name in ("groupId", "artifactId"))
            yield f"{group}:{artifact}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Paths:
    """What the configuration names: whether all of it within the module is in `target`; what is read and written beyond it."""

    inside: bool
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    tests_read: tuple[str, ...]


def _paths(model: _Model, target: str) -> _Paths | None:
    """The paths that the configuration names; None where one cannot be told."""
    inside = is_within(target, model.folder)
    reads: list[str] = []
    writes: list[str] = [] if inside else [target]
    given = _in_options(model)
    if given is None:
        return None
    for above, leaf in _settings(model):
        filled, is_path = model.fill(leaf.text), _is_path(leaf)
        if filled is None:
            if ".." in leaf.text or leaf.name in ("outputDirectory", "testOutputDirectory"):
                return None
            inside = inside and not is_path
            continue
        if leaf.name in OPTION_SETTINGS or not (is_path or _leaves(filled)):
            continue
        path = resolve_path(filled, model.folder)
        if path is None:
            return None
        read = leaf.name in READING_SETTINGS or above in ("resource", "testResource")
        if not is_within(path, model.folder):
            (reads if read else writes).append(path)
        elif not read and not is_within(path, target):
            inside = False
    tests_read = tuple(path for path, is_read in given if is_read)
    writes.extend(path for path, is_read in given if not is_read)
    return _Paths(inside=inside, reads=tuple(reads), writes=tuple(writes), tests_read=tests_read)


def _in_options(model: _Model) -> list[tuple[str, bool]] | None:
    """The paths in options of programs, each with whether it is only read; None where one cannot be told."""
    filled = [model.fill(leaf.text) for _, leaf in _settings(model) if leaf.name in OPTION_SETTINGS]
    named = [(resolve_path(word, model.folder), is_read) for text in filled for word, is_read in paths_in_options(text or "")]
    known = [(path, is_read) for path, is_read in named if path is not None]
    return known if len(known) == len(named) else None


def _settings(model: _Model) -> Iterator[tuple[str, Element]]:
    for part in model.sections():
        for name in ("build", "reporting"):
            for element in part.all(name):
                yield from ((above, leaf) for above, leaf in element.leaves() if leaf.text)


def _leaves(text: str) -> bool:
    return ".." in text.split("/") or text.startswith("/")


def _is_path(leaf: Element) -> bool:
    return leaf.name.lower().endswith(_PATH_WORDS)
