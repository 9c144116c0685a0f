"""What tasks of mix claim, by kind: compiling, working in the project, fetching packages. See "Claims" in docs/design.md.

Compiling reads the project, the packages of the checkout that it is made of and the fetched ones, and writes the build folder, which
belongs to the project that the task was called in. mix locks it since Elixir 1.18; two that share one are kept apart here. What a
macro does while it is expanded, and tests outside their project, is not known.
"""

from __future__ import annotations

import posixpath
import re

from paratask.claims.model import Access
from paratask.frozen import replace
from paratask.languages.dependencies import Dependencies, Unclear, closure, dependency_claims
from paratask.languages.elixir.native import (
    NotKnownError,
    builds_in_place,
    built,
    configuration,
    native_claims,
    packages_written,
)
from paratask.languages.elixir.projects import MANIFEST, Project, read_project
from paratask.languages.elixir.terms import UNKNOWN
from paratask.languages.elixir.tools import ARCHIVES, DATABASE
from paratask.languages.inferred import claim, read_below, write_below
from paratask.languages.options import is_within, resolve_path
from paratask.languages.remembered import remembered
from paratask.languages.settings_above import ANY_SETTINGS
from paratask.languages.sources_beyond import any_has, files_of, named_beyond, paths_beyond
from paratask.languages.tool_claims import tested
from paratask.languages.tool_table import Operands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from paratask.claims.model import Claim
    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Place

_LOADING = frozenset(
    {
        "mix credo",
        "mix sobelow",
        "mix phx.gen.secret",
        "mix deps.audit",
        "mix deps.compile",
        "mix deps.loadpaths",
        "mix loadpaths",
        "mix help",
    }
)
"""What has packages compiled, and leaves the project itself as it is."""
INNER = frozenset(
    "compile compile.all compile.elixir loadpaths deps.loadpaths deps.compile deps.precompile deps.check app.config app.start loadconfig".split()
)
"""Tasks that others start, so that an alias of such a name counts for all that compile."""
_SOURCES = (".ex", ".exs", ".eex", ".heex", ".leex", ".erl", ".hrl", ".yrl", ".xrl")
_MADE = frozenset({"_build", "deps", "doc", "cover", "node_modules"})
"""Folders of a project that hold nothing of its own."""
_LINKED = "/{include,priv}/**"
"""What mix makes links to in the build folder, for each package it finds it in."""
_PROGRAMS = (".ex", ".exs")
_KEPT = (f"/**/{{*.{{ex,exs,eex,heex,leex,neex,sface}},{ANY_SETTINGS}}}", "/config/**")
_REWRITING = r"|:(?:mneme|assert_value|snapshy)\b"
"""Packages that put into tests what these are to find."""
_WRITES = r"\bFile\.(?:write|open|cp|copy|rename|stream|ln)|\b(?:create_file|copy_file|copy_template)\b|:file\.(?:write|open|copy|rename)"
_SOURCE = r"""\.exs?["']"""
_LEFT_OUT = ("/_build/**", "/deps/**", "/doc/**", "/cover/**")
_OUTPUT_KEYS = ("output", "path", "plt_file", "plt_core_path", "plt_local_path")
_COVERAGE = re.compile(r'"output_dir"\s*:\s*"([^"\n]*)"')
_REPORTS = "report_dir"
_DATABASES = ("ecto_sql", "ecto", "postgrex", "myxql", "ecto_sqlite3", "phoenix_ecto", "tds")


def surroundings(call: Call) -> tuple[Claim, ...]:
    """What every task uses: the archives and programs that mix keeps for the user."""
    return () if ARCHIVES in call.tool.holds else (claim(Access.SHARED, ARCHIVES, f"`{call.key}` runs with it"),)


def reading(call: Call, project: Project) -> tuple[Claim, ...]:
    """The project's files with those that they name elsewhere, what it is made of, and its settings."""
    place, reason = call.place, f"`{call.key}` reads this project"
    own = read_below(project.folder, place, reason)
    made = (project.build, *(posixpath.join(project.folder, name) for name in ("doc", "cover")))
    sources = replace(own, excluding=(*own.excluding, *(place.pattern(folder, "/**") for folder in made)))
    return (sources, *settings(call, project), *_made_of(call, project))


def settings(call: Call, project: Project) -> tuple[Claim, ...]:
    """What loading the project reads: its configuration, its lock, the packages that were fetched."""
    place, reason = call.place, f"`{call.key}` loads the project's settings"
    fetched = (claim(Access.READ, place.pattern(project.lock), reason), read_below(project.deps, place, reason))
    return (*configuration(project, place, reason), *fetched)


def looking(call: Call, project: Project) -> tuple[Claim, ...]:
    """What only looks: the settings, also of packages; and what tells of each package how it stands, whether it has been built."""
    place = call.place
    built = place.pattern(project.build, "/**/{ebin/*.app,.mix/*}")
    own = (
        (claim(Access.READ, built, f"`{call.key}` says of each package whether it is built"),) if call.key == "mix deps" else ()
    )
    return (*settings(call, project), *_manifests(project, place, f"`{call.key}` looks at packages"), *own)


def _manifests(project: Project, place: Place, reason: str) -> Iterator[Claim]:
    """Reading `mix.exs` of all in the checkout that the project is made of."""
    made_of = _closure(project, place)
    yield from (claim(Access.READ, place.pattern(folder, f"/{MANIFEST}"), reason) for folder in made_of.packages)
    if made_of.unclear:
        yield read_below(place.root, place, made_of.unclear)


def _made_of(call: Call, project: Project) -> Iterator[Claim]:
    place, found = call.place, _closure(project, call.place)
    yield from dependency_claims(call.key, project.folder, found, place)
    linked = (place.pattern(folder, _LINKED) for folder in found.packages)
    yield from (claim(Access.READ, each, f"`{call.key}` links to it where it is there") for each in linked)
    for folder in (project.folder, *found.packages):
        beyond = _beyond(folder, place) if is_within(folder, place.root) else ()
        if beyond is None:
            yield read_below(place.root, place, "too many sources to look at which files they name")
        for path in beyond or ():
            yield read_below(path, place, "sources name it")


def _closure(project: Project, place: Place) -> Dependencies:
    """The packages of the checkout that the project is made of, and other paths that manifests name."""
    return closure(project.folder, lambda folder: _direct(folder, place), lambda folder: _is_project(folder, place), _LEFT_OUT)


def _is_project(folder: str, place: Place) -> bool:
    return place.exists(posixpath.join(folder, MANIFEST))


def _direct(folder: str, place: Place) -> tuple[str, ...] | Unclear:
    found = read_project(folder, {}, place)
    manifest = f"`{place.pattern(folder, '/' + MANIFEST)}`"
    if not isinstance(found, Project):
        return Unclear(why=found or f"there is no {manifest}")
    if found.packages is None:
        return Unclear(why=f"only the run tells which packages {manifest} names")
    own = {found.build, found.deps, found.lock, found.config}
    named = (path for path in found.named if path not in own and not any(is_within(path, other) for other in own))
    return tuple(dict.fromkeys((*found.packages, *named)))


def _beyond(folder: str, place: Place) -> tuple[str, ...] | None:
    """The paths out of the project that its sources name; `mix.exs` is looked at elsewhere."""
    found: dict[str, None] = {}
    for name in place.listdir(folder):
        path = posixpath.join(folder, name)
        if name in _MADE or name == MANIFEST or (name.startswith(".") and not name.endswith(".exs")):
            continue
        if name.endswith(_SOURCES):
            found.update(dict.fromkeys(named_beyond(path, folder, place)))
        elif "." not in name and not _is_project(path, place):
            below = paths_beyond(path, _SOURCES, (MANIFEST,), place)
            if below is None:
                return None
            found.update(dict.fromkeys(each for each in below if not is_within(each, folder)))
    return tuple(found)


def compiling(call: Call, project: Project) -> tuple[Claim, ...]:
    """Having the project compiled, or at least its packages. Raises NotKnownError."""
    place = call.place
    reason = f"`{call.key}` builds here"
    projects = list(_compiled(project, place))
    others = dict.fromkeys(path for each in projects for path in each.packages or () if not _is_project(path, place))
    paths = [resolve_path(word, call.cwd) for word in call.parsed.operands if call.tool.operands is Operands.PATHS]
    return (
        built(project, place, reason),
        *packages_written(project, place),
        *(write_below(path, place, "it is compiled in place") for path in others if builds_in_place(path, place)),
        *(
            entry
            for each in projects[call.key in _LOADING :]
            for entry in native_claims(each, call.invocation.environment, place)
        ),
        *reading(call, project),
        *(read_below(path, place, f"`{call.key}` names it") for path in paths if path is not None),
    )


def _compiled(project: Project, place: Place) -> Iterator[Project]:
    """The project and those of the checkout that are compiled with it."""
    found = closure(project.folder, lambda folder: _direct(folder, place), lambda folder: _is_project(folder, place), ())
    if found.unclear:
        raise NotKnownError(f"only the run tells which packages `{place.pattern(project.folder, '/' + MANIFEST)}` names")
    yield project
    for folder in found.packages:
        inner = read_project(folder, {}, place)
        if isinstance(inner, Project) and (inner.aliases is None or INNER & inner.aliases.keys()):
            raise NotKnownError(f"`{place.pattern(folder, '/' + MANIFEST)}` has aliases that stand for parts of compiling")
        if not isinstance(inner, Project):
            raise NotKnownError(inner or f"there is no `{place.pattern(folder, '/' + MANIFEST)}`")
        yield inner


def working(call: Call, project: Project) -> tuple[Claim, ...]:
    """What works in the project: writes any of it, once it is compiled. Raises NotKnownError."""
    place, reason = call.place, f"`{call.key}` works in this project"
    stored = database(call, project)
    if call.only_tests and not stored and not _reports_elsewhere(project, place):
        own = _tested(call, project)
    else:
        own = (write_below(project.folder, place, reason), write_below(project.build, place, reason))
    return (*own, *written_elsewhere(call, project), *compiling(call, project), *stored)


def _tested(call: Call, project: Project) -> tuple[Claim, ...]:
    """Tests leave alone what other projects see of this one, and of the children of an umbrella."""
    place, reason = call.place, f"`{call.key}` works in this project"
    folders = (project.folder, *project.children)
    left = (place.pattern(project.build, "/**"), *(place.pattern(folder, _LINKED) for folder in folders))
    entries = (entry for folder in folders for entry in tested(folder, place, reason, _kept(folder, place)))
    return tuple(replace(entry, excluding=(*entry.excluding, *left)) for entry in entries)


@remembered(256)
def _kept(folder: str, place: Place) -> tuple[str, ...]:
    """What tests of a project leave as it is, so that its format is checked beside them; nothing where they may write sources."""
    files = files_of(folder, _PROGRAMS, (), place)
    return () if any_has(files, place, _WRITES + _REWRITING, _SOURCE + _REWRITING) else _KEPT


def _reports_elsewhere(project: Project, place: Place) -> bool:
    """Whether the configuration says where reports of tests go."""
    return any(
        name.endswith(".exs") and _REPORTS in (place.read_text(posixpath.join(project.config, name)) or "")
        for name in place.listdir(project.config)
    )


def written_elsewhere(call: Call, project: Project) -> tuple[Claim, ...]:
    """The places out of the project that its settings may name for results. Raises NotKnownError where one is not written down."""
    texts: list[str] = []
    for key in _OUTPUT_KEYS:
        for value in project.file.values(key):
            words = value if isinstance(value, tuple) else (value,)
            if value is UNKNOWN and key != "path":
                raise NotKnownError(f"`mix.exs` names a place for results by `{key}`, which only the run tells")
            texts.extend(word for word in words if isinstance(word, str))
    texts.extend(_COVERAGE.findall(call.place.read_text(posixpath.join(project.folder, "coveralls.json")) or ""))
    paths = [path for text in texts if (path := resolve_path(text, project.folder))]
    beyond = [path for path in paths if call.only_tests or not is_within(path, project.folder)]
    places = (path for path in beyond if not _is_project(path, call.place))
    return tuple(write_below(path, call.place, "the project's settings name it") for path in places)


def database(call: Call, project: Project) -> tuple[Claim, ...]:
    """The database that an application of this kind runs on, for what runs its code."""
    if DATABASE in (*call.tool.holds.split(), *call.tool.shares.split()):
        return ()
    projects = _compiled(project, call.place)
    if not any(each.uses(*_DATABASES) for each in projects):
        return ()
    return (claim(Access.EXCLUSIVE, DATABASE, f"`{call.key}` may run on the application's database"),)


def fetching(call: Call, project: Project) -> tuple[Claim, ...]:
    """Fetching packages, removing them, or changing which are locked."""
    place, reason = call.place, f"`{call.key}`: {call.tool.summary}"
    checks = call.parsed.named("--check-locked", "--check-unused")
    lock = claim(Access.READ if checks else Access.WRITE, place.pattern(project.lock), reason)
    written = () if call.key.endswith(".unlock") else (write_below(project.deps, place, reason),)
    removed = (write_below(project.build, place, reason),) if call.key.endswith((".clean", ".update", ".get")) else ()
    found = (entry for entry in settings(call, project) if entry.pattern != lock.pattern)
    packages = _manifests(project, place, reason)
    others = (path for path in project.named if path not in (project.build, project.deps, *(project.packages or ())))
    named = (read_below(path, place, "`mix.exs` names it") for path in others)
    return (lock, *written, *removed, *found, *packages, *named)
