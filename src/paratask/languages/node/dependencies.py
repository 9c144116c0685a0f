"""Which packages of the checkout a Node package is made of: members of its monorepo that it names, and folders that it names by path.

Follows the managers' documentation ("workspaces", "workspace:", "file:", "link:", "portal:", overrides and resolutions). Every table of
dependencies counts, also of the packages depended on, and a name that is a member's means that member whatever version is asked for.
What comes from a registry is no file of the checkout. Does not know what a package imports by a name that its manifest does not have.
"""

from __future__ import annotations

import posixpath

from paratask.frozen import replace
from paratask.languages.dependencies import Dependencies, Unclear, closure, dependency_claims, not_understood
from paratask.languages.inferred import read_below
from paratask.languages.json_files import read_json
from paratask.languages.node.configurations import named_by_configurations
from paratask.languages.node.imports import imported_beyond
from paratask.languages.node.outputs import only_written
from paratask.languages.node.packages import monorepo_of, package_folder
from paratask.languages.options import Role, is_within, resolve_path
from paratask.languages.remembered import remembered
from paratask.languages.toml_files import table
from paratask.languages.tool_claims import operand_paths
from paratask.languages.tool_table import Mode
from paratask.languages.workspaces import folders_above

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from paratask.claims.model import Claim
    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Place

LEFT_OUT = ("/.*cache/**", "/node_modules/.{*cache,vite*}/**", "/**/*.tsbuildinfo")
"""What tools keep for themselves in a package; those that work in another do not look at it."""
_TABLES = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")
_REPLACING = (("resolutions",), ("overrides",), ("pnpm", "overrides"))
_BY_PATH = ("file:", "link:", "portal:", "workspace:")
_ELSEWHERE = ("npm:", "git:", "git+", "github:", "gitlab:", "bitbucket:", "gist:", "http:", "https:", "ssh:", "jsr:")
_FOLLOWED = ("package.json", "tsconfig.json")
_KEPT = "/.{*cache,vite*,tmp}/**"
_BUILD_INFORMATION = "/**/*.tsbuildinfo"
_MOST_NESTED = 8


def installed(folder: str, place: Place, reason: str) -> Claim:
    """The reading of installed packages, less what tools keep beside them for themselves: whoever reads that claims it by its own name."""
    whole = read_below(folder, place, reason)
    kept = (place.pattern(folder, _KEPT), place.pattern(place.root, _BUILD_INFORMATION))
    return replace(whole, excluding=(*whole.excluding, *kept))


def surroundings(call: Call) -> tuple[Claim, ...]:
    """What tools read beyond their package: the packages installed here and above, and those of the checkout it is made of."""
    place, own = call.place, call.workspace
    folders = [
        folder
        for folder in folders_above(own, place)
        if (folder == own and call.tool.mode is not Mode.BUILD)  # a build claims all of it anyway
        or (folder != own and place.exists(posixpath.join(folder, "package.json")))
    ]
    reason = f"`{call.key}` is installed there"
    packages = tuple(installed(posixpath.join(folder, "node_modules"), place, reason) for folder in folders)
    if not call.tool.reads_dependencies:
        return packages
    workspaces = dict.fromkeys((own, *_others(call)))
    return (*packages, *(entry for folder in workspaces for entry in node_dependency_claims(call.key, folder, place)))


def _others(call: Call) -> Iterator[str]:
    """The packages that paths in the call lie in."""
    words = [option.value for option in call.parsed.all(Role.READS, Role.WRITES)]
    paths = [path for word in words if word and (path := resolve_path(word, call.cwd)) is not None]
    for path in (*(operand_paths(call) or ()), *paths):
        if not is_within(path, call.workspace):
            yield package_folder(path, call.place)


def node_dependency_claims(name: str, own: str, place: Place) -> tuple[Claim, ...]:
    """What the tool `name` reads beyond the package in `own`."""
    found = dependencies_of(own, place)
    written = only_written(own, place).intersection(found.paths)
    if written:
        direct = (_direct(folder, place) for folder in found.packages)
        others = {path for paths in direct if not isinstance(paths, Unclear) for path in paths}
        found = replace(found, paths=tuple(path for path in found.paths if path not in written or path in others))
    return tuple(dependency_claims(name, own, found, place))


@remembered(1_024)
def dependencies_of(own: str, place: Place) -> Dependencies:
    """What the package in `own` is made of. Asked for by each command in it; a place does not change."""
    return closure(
        own,
        lambda folder: _direct(folder, place),
        lambda path: any(place.exists(posixpath.join(path, name)) for name in _FOLLOWED),
        LEFT_OUT,
    )


@remembered(8_192)
def _direct(folder: str, place: Place) -> tuple[str, ...] | Unclear:
    """The folders of packages that the one in `folder` names, and other paths."""
    path = posixpath.join(folder, "package.json")
    manifest = read_json(path, place)
    if manifest is None and place.exists(path):
        return not_understood(path, place)
    wanted = _wanted(manifest or {})
    members = member_names(folder, place)
    if isinstance(members, Unclear):
        return members
    named = named_by_configurations(folder, members, place)
    if isinstance(named, Unclear):
        return named
    imported = imported_beyond(folder, place)
    if isinstance(imported, Unclear):
        return imported
    found = [*named, *imported, *_replacing(folder, place)]
    for name, spec in wanted.items():
        by_path = _path(spec)
        resolved = None if by_path is None else resolve_path(by_path, folder)
        if by_path is None:
            found.extend([members[target]] if (target := _member(name, spec)) in members else [])
        elif resolved is None:
            return Unclear(why=f"only the run tells which folder `{by_path}` is, which `{place.pattern(path)}` names")
        else:
            found.append(resolved)
    return tuple(dict.fromkeys(found))


def given_by_path(folder: str, place: Place) -> Iterator[tuple[str, str | None]]:
    """The dependencies of the package in `folder` that are paths: as they are written, and where that is, None where only the run tells."""
    for spec in _wanted(read_json(posixpath.join(folder, "package.json"), place) or {}).values():
        path = _path(spec)
        if path is not None:
            yield spec, resolve_path(path, folder)


def _wanted(manifest: Mapping[str, object]) -> dict[str, str]:
    entries = (entry for name in _TABLES for entry in table(manifest, name).items())
    return {name: spec for name, spec in entries if isinstance(spec, str)}


def _path(spec: str) -> str | None:
    """The path that a dependency is given by; None where it is given otherwise."""
    prefix = next((prefix for prefix in _BY_PATH if spec.startswith(prefix)), "")
    rest = spec.removeprefix(prefix).split("#")[0].split("::")[0]
    if prefix in ("", "workspace:") and not rest.startswith(("./", "../", "/", "~/")) and rest not in (".", ".."):
        return None
    return rest.removeprefix("//") or "."


def _member(name: str, spec: str) -> str:
    """The name of the package that `name` stands for; empty where that one surely comes from elsewhere."""
    if spec.startswith("workspace:"):
        alias = spec.removeprefix("workspace:")
        at = alias.rfind("@")
        return alias[:at] if at > 0 else name
    if spec.startswith("npm:"):
        target = spec.removeprefix("npm:")
        at = target.find("@", 1)
        return target[:at] if at > 0 else target
    return "" if spec.startswith(_ELSEWHERE) or "://" in spec else name


def member_names(folder: str, place: Place) -> Mapping[str, str] | Unclear:
    """The members of the monorepo around the package in `folder`, by name."""
    monorepo = monorepo_of(folder, place)
    return {} if monorepo.members == () else _names(monorepo.root, place)


@remembered(64)
def _names(root: str, place: Place) -> Mapping[str, str] | Unclear:
    """A member whose manifest cannot be read may have any name."""
    members = monorepo_of(root, place).members
    if members is None:
        return Unclear(why=f"only the run tells which workspaces `{place.pattern(root, '/package.json')}` names")
    found: dict[str, str] = {}
    for folder in (root, *members):
        path = posixpath.join(folder, "package.json")
        manifest = read_json(path, place)
        if manifest is None:
            return not_understood(path, place)
        found.setdefault(str(manifest.get("name") or ""), folder)
    found.pop("", None)
    return found


def _replacing(folder: str, place: Place) -> Iterator[str]:
    """Folders that the root of the monorepo puts in the place of packages; any member may be made of these."""
    root = monorepo_of(folder, place).root
    manifest = read_json(posixpath.join(root, "package.json"), place)
    for names in _REPLACING:
        for spec in _texts_in(table(manifest, *names)):
            path = _path(spec)
            resolved = None if path is None else resolve_path(path, root)
            if resolved is not None:
                yield resolved


def _texts_in(value: object, depth: int = 0) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict) and depth < _MOST_NESTED:
        for each in value.values():
            yield from _texts_in(each, depth + 1)
