"""What the TypeScript compiler claims beyond its entry, by its configuration: results elsewhere, other projects, build information.

What a configuration says is for node_tsconfig. A configuration that cannot be read may refer to anything in the repository.
"""

from __future__ import annotations

import posixpath
import re

from paratask.claims.model import Access
from paratask.frozen import replace
from paratask.languages.dependencies import Dependencies, Unclear, dependency_claims, read_package_of
from paratask.languages.inferred import claim, own, unique, write_below
from paratask.languages.node.configurations import named_by_typescript, nearest_typescript
from paratask.languages.node.dependencies import LEFT_OUT, member_names, node_dependency_claims
from paratask.languages.node.looking import as_programs
from paratask.languages.node.packages import package_folder
from paratask.languages.node.tsconfig import build_info_beside, read_projects
from paratask.languages.options import Option, Role, is_within, resolve_path
from paratask.languages.tool_claims import mode_of
from paratask.languages.tool_table import Mode
from paratask.plugins.hookspecs import Recognition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from paratask.claims.model import Claim
    from paratask.languages.node.tsconfig import Project
    from paratask.languages.tool_calls import Call

_NAMED = "the compiler's configuration names it"
_WITH_DATA = r""""(?:include|files)"\s*:\s*\[[^\]]*\.json"|xtensions"\s*:\s*\["""
"""Files in JSON among the sources, or kinds of files that other tools give their programs."""
_LONGEST = 131_072
_INSTALLED = "/node_modules/"
_BUILD_INFO = ".tsbuildinfo"
_EMITTING = frozenset({"--noEmit", "--noemit", "--init", "-d", "--declaration", "--emitDeclarationOnly"})
"""Options with which a configuration is not asked whether it compiles to anything."""


def as_configured(call: Call) -> Call:
    """The call with `--noEmit` where the configurations of all projects that it compiles say so, and no option says otherwise."""
    tree, options = bool(call.parsed.all(Role.TREE)), call.parsed.options
    if any(option.name in _EMITTING for option in options) or (call.parsed.operands and not tree):
        return call
    found = [_projects(path, call) for path in _configurations(call) or ()]
    known = [projects for projects in found if not isinstance(projects, Unclear)]
    compiled = [project for projects in known for project in projects[: None if tree else 1]]
    if not compiled or len(known) < len(found) or any(project.emits for project in compiled):
        return call
    told = Option(name="--noEmit", role=Role.CHECKS)
    return replace(call, parsed=replace(call.parsed, options=(*options, told)))


def typescript(call: Call, found: Recognition) -> Recognition | None:
    """`found` with what the configuration adds. None where the words of the call are not understood."""
    if any(word in ("true", "false") for word in call.parsed.operands):
        return None
    paths = _configurations(call)
    if paths is None:
        return None
    tree = bool(call.parsed.all(Role.TREE))
    entries = [entry for path in paths for entry in (_tree(path, call) if tree else _alone(path, call))]
    if tree and _only_checks(call):
        entries.append(_build_info(call.workspace, call))
    elif tree or (mode_of(call) is Mode.BUILD and call.parsed.named("--incremental", "-i")):
        entries.append(write_below(call.workspace, call.place, f"`{call.key}` keeps build information"))
    elif call.parsed.named("--incremental", "-i"):
        entries.append(_build_info(call.workspace, call))
    own = _as_programs(paths, call, found.claims) if mode_of(call) is Mode.READ else found.claims
    return Recognition(claims=unique((*own, *entries)), effect=found.effect, reason=found.reason, cpu=found.cpu)


def _as_programs(paths: tuple[str, ...], call: Call, entries: tuple[Claim, ...]) -> tuple[Claim, ...]:
    """What is only checked, less what compilers do not look at, unless a configuration has them look at data."""
    found = [_projects(path, call) for path in paths]
    projects = [project for each in found if not isinstance(each, Unclear) for project in each]
    described = (path for project in projects for path in (project.path, *project.reads) if path.endswith(".json"))
    texts = (call.place.read_text(path) or "" for path in dict.fromkeys((*paths, *described)))
    if any(len(text) > _LONGEST or re.search(_WITH_DATA, text) for text in texts):
        return entries
    typed = all(project.typed for project in projects)
    is_known = not any(isinstance(each, Unclear) for each in found)
    return as_programs(call, entries, passes_over=typed and is_known and not call.parsed.named("--allowJs", "--checkJs"))


def _configurations(call: Call) -> tuple[str, ...] | None:
    """The files that configure the call, whether they are there or not. None where one is not known."""
    given = [option.value for option in call.parsed.named("-p", "--project")]
    given.extend(call.parsed.operands if call.parsed.all(Role.TREE) else ())
    if not given:
        nearest = nearest_typescript(call.cwd, call.place)
        return (nearest or posixpath.join(call.cwd, "tsconfig.json"),)
    paths = [resolve_path(word, call.cwd) for word in given]
    known = tuple(path if path.endswith(".json") else posixpath.join(path, "tsconfig.json") for path in paths if path)
    return known if len(known) == len(paths) else None


def _projects(path: str, call: Call) -> tuple[Project, ...] | Unclear:
    """The projects that one configuration leads to."""
    members = member_names(package_folder(posixpath.dirname(path), call.place), call.place)
    if isinstance(members, Unclear):
        return members
    return read_projects(path, members, call.place)


def _tree(path: str, call: Call) -> Iterator[Claim]:
    """`--build` builds all projects that one refers to."""
    place = call.place
    projects = _projects(path, call)
    if isinstance(projects, Unclear):
        yield write_below(place.root, place, f"`{call.key} --build` builds what it refers to, and {projects.why}")
        return
    checks = _only_checks(call)
    for project in projects:
        package = package_folder(project.folder, place)
        if checks:
            yield from _checked(project, package, call)
            continue
        if package != call.workspace:
            yield write_below(package, place, f"`{call.key} --build` builds the project there")
            yield from node_dependency_claims(call.key, package, place)
        yield from _elsewhere(project, package, call)
        yield from _kept_elsewhere(project, package, call)
    yield from _reads(path, call)


def _only_checks(call: Call) -> bool:
    return mode_of(call) is Mode.READ


def _checked(project: Project, package: str, call: Call) -> Iterator[Claim]:
    """A project that `--build` compiles to nothing: it is read, and its build information is kept."""
    place = call.place
    yield _build_info(package, call)
    for path in project.build_info:
        if not (is_within(path, package) and path.endswith(_BUILD_INFO)):
            yield own(claim(Access.WRITE, place.pattern(path), _NAMED))
    yield from (entry for path in project.build_info for entry in _made(posixpath.dirname(path), call))
    if package != call.workspace:
        yield read_package_of(package, LEFT_OUT, place, f"`{call.key} --build` checks the project there")
        yield from node_dependency_claims(call.key, package, place)


def _made(folder: str, call: Call) -> Iterator[Claim]:
    """The folders that have to be made to keep something in `folder`, but for those of installed packages: nobody minds what is hidden there."""
    place = call.place
    while folder != place.root and is_within(folder, place.root) and not place.exists(folder):
        if _INSTALLED not in f"{folder}/":
            yield claim(Access.ADD, place.pattern(folder), f"`{call.key}` makes it for build information")
        folder = posixpath.dirname(folder)


def _alone(path: str, call: Call) -> Iterator[Claim]:
    """Compiling one project: those it refers to are read."""
    place, folder = call.place, posixpath.dirname(path)
    package = package_folder(folder, place)
    builds = mode_of(call) is Mode.BUILD
    projects = _projects(path, call)
    for project in () if isinstance(projects, Unclear) else projects[:1]:
        if builds:
            yield from _elsewhere(project, package, call)
        if project.keeps_build_info or call.parsed.named("--incremental", "-i", "--composite"):
            yield _build_info(package, call)
            yield from _kept_elsewhere(project, package, call)
    if not is_within(folder, call.workspace):
        reason = f"the configuration of `{call.key}` lies there"
        yield write_below(package, place, reason) if builds else read_package_of(package, LEFT_OUT, place, reason)
        yield from node_dependency_claims(call.key, package, place)
    yield from _reads(path, call)


def _reads(path: str, call: Call) -> Iterator[Claim]:
    """What the configuration names beyond its package."""
    place = call.place
    own = package_folder(posixpath.dirname(path), place)
    members = member_names(own, place)
    named: tuple[str, ...] | Unclear = ()
    if isinstance(members, Unclear):
        named = members
    elif place.exists(path):
        named = named_by_typescript(path, own, members, place)
    known = Dependencies(unclear=named.why) if isinstance(named, Unclear) else Dependencies(packages=named, left_out=LEFT_OUT)
    yield from dependency_claims(call.key, own, known, place)


def _elsewhere(project: Project, package: str, call: Call) -> Iterator[Claim]:
    """Results that do not lie in the project's own package."""
    for path in project.outputs:
        if not is_within(path, package):
            yield write_below(path, call.place, _NAMED)


def _kept_elsewhere(project: Project, package: str, call: Call) -> Iterator[Claim]:
    """Build information where nothing else says that it is written; that of two projects may lie in the same place."""
    written = (package, *project.outputs) if mode_of(call) is Mode.BUILD else ()
    paths = project.build_info
    given = {name: option.value for name in ("--outDir", "--rootDir") for option in call.parsed.named(name)}
    if given and not call.parsed.all(Role.TREE):
        results, roots = (resolve_path(given[name], call.cwd) if name in given else None for name in ("--outDir", "--rootDir"))
        paths = (*paths, *build_info_beside(project.path, results or project.results, roots or project.roots))
    found = (path for path in paths if not any(is_within(path, folder) for folder in written))
    yield from (own(write_below(path, call.place, _NAMED)) for path in found)


def _build_info(folder: str, call: Call) -> Claim:
    reason = f"`{call.key}` keeps build information"
    return own(claim(Access.WRITE, call.place.pattern(folder, f"/**/*{_BUILD_INFO}"), reason))
