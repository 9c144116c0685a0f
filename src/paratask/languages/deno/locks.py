"""Deno's lock, and the packages beside it: whether a command finds all that it needs there, or may write them.

Any command that looks at modules adds to `deno.lock` what the lock does not have, fills `node_modules` where the configuration says `auto`, and
puts both in place whole. So a lock that names all that configurations and programs name is only read. A module of a package of JSR that was
not imported before may need another package, which no text here tells; then that command alone adds it.
"""

from __future__ import annotations

import posixpath
import re

from paratask.claims.model import Access, Claim
from paratask.frozen import replace
from paratask.languages.deno.configurations import (
    configuration_of,
    import_map_path,
    import_maps,
    is_frozen,
    keeps_packages,
    lock_path,
)
from paratask.languages.deno.sources import sources_of
from paratask.languages.inferred import claim, read_below, write_below
from paratask.languages.json_files import read_json
from paratask.languages.options import resolve_path
from paratask.languages.remembered import remembered
from paratask.languages.toml_files import table, texts
from paratask.languages.workspaces import relative

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from paratask.languages.deno.configurations import Workspace
    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Place

_VERSIONS = ("4", "5")
_SPECIFIER = re.compile(r"(npm|jsr):/?((?:@[^/@]+/)?[^/@]+)(?:@([^/]*))?(?:/.*)?")
_REMOTE = ("http://", "https://")
_UNKNOWN = ("links", "patch", "catalog", "catalogs", "jsrDepsInNodeModules", "minimumDependencyAge")
"""What changes which packages are found, in ways that are not followed here."""
_UNKNOWN_OF_PACKAGE = ("overrides", "optionalDependencies", "resolutions", "catalog", "catalogs")
_LOCAL = ("workspace:", "file:", "link:", "portal:")
_KEPT_BY_TOOLS = "/.{*cache,vite*,tmp}/**"
_INSTALLED = ".deno/.setup-cache.bin"
_TELLING_OTHERWISE = ("-c", "--config", "--no-config", "--import-map")
"""Options with which another configuration holds than the one that is found."""


def kept_claims(call: Call, workspace: Workspace) -> tuple[Claim, ...]:
    """The lock, and the packages in the checkout."""
    return (*_of_lock(call, workspace), *_of_packages(call, workspace))


def is_unclear(call: Call, workspace: Workspace) -> bool:
    """Whether which configuration holds for the call is not known, or which members it has."""
    return workspace.folders is None or bool(call.parsed.named(*_TELLING_OTHERWISE))


def keeps_to_lock(call: Call, workspace: Workspace) -> bool:
    """Whether the call surely leaves the lock as it is."""
    place = call.place
    given = [option.on for option in call.parsed.options if option.name in ("--frozen", "--frozen-lockfile")]
    if given[-1] if given else is_frozen(workspace.root, place):
        return True
    if is_unclear(call, workspace) or call.parsed.named("-r", "--reload", "--lock"):
        return False
    return is_settled(workspace, place)


def _of_lock(call: Call, workspace: Workspace) -> Iterator[Claim]:
    place = call.place
    if call.parsed.named("--no-lock"):
        return
    given = [resolve_path(option.value, call.cwd) for option in call.parsed.named("--lock")]
    path = given[-1] if given else lock_path(workspace.root, place)
    if path is None:
        return
    access = Access.READ if keeps_to_lock(call, workspace) else Access.WRITE
    reason = f"`{call.key}` {'keeps to it' if access is Access.READ else 'may bring it up to date'}"
    yield claim(access, place.pattern(path), reason)
    others = [
        posixpath.dirname(path)
        for option in call.parsed.named("-c", "--config")
        if (path := resolve_path(option.value, call.cwd))
    ]
    yield from (claim(access, place.pattern(folder, "/deno.lock"), reason) for folder in others)


def packages_kept(call: Call, workspace: Workspace) -> str:
    """Where the call has packages of npm: see `keeps_packages`."""
    given = [option.value or "auto" for option in call.parsed.options if option.name == "--node-modules-dir"]
    known = {"true": "auto", "false": "none"}
    return known.get(given[-1], given[-1]) if given else keeps_packages(workspace, call.place)


def _of_packages(call: Call, workspace: Workspace) -> Iterator[Claim]:
    """The folders of packages: read, and written where the command may have to fill them."""
    place, kept = call.place, packages_kept(call, workspace)
    root = workspace.root
    if kept != "none":
        fills = kept == "auto" and not (keeps_to_lock(call, workspace) and _is_installed(root, place))
        for folder in workspace.folders or (root,):
            if folder == root or configuration_of(folder, place).package:
                modules = posixpath.join(folder, "node_modules")
                if fills:
                    yield write_below(modules, place, f"`{call.key}` may install packages there")
                else:
                    whole = read_below(modules, place, f"packages of `{call.key}` are installed there")
                    yield replace(whole, excluding=(*whole.excluding, place.pattern(modules, _KEPT_BY_TOOLS)))
    vendors = [option.on for option in call.parsed.options if option.name == "--vendor"]
    if vendors[-1] if vendors else configuration_of(root, place).deno.get("vendor") is True:
        yield write_below(posixpath.join(root, "vendor"), place, f"`{call.key}` puts modules there that it fetches")


def _is_installed(root: str, place: Place) -> bool:
    """Whether all packages that the lock names lie where Deno installs them; those for other systems are not missed."""
    modules = posixpath.join(root, "node_modules")
    path = lock_path(root, place)
    packages = table((read_json(path, place) if path else None) or {}, "npm")
    if not place.exists(posixpath.join(modules, _INSTALLED)):
        return False
    there = frozenset(place.listdir(posixpath.join(modules, ".deno")))
    needed = (name for name, each in packages.items() if isinstance(each, dict) and not ("os" in each or "cpu" in each))
    return all(_folder(name) in there for name in needed)


def _folder(name: str) -> str:
    """The name of the folder that a package lies in, without what tells of its peers: `@x/a@1.0.0_b@2.0.0` is in `@x+a@1.0.0`."""
    at = name.find("@", 1)
    return f"{name[:at]}{name[at:].partition('_')[0]}".replace("/", "+")


def is_settled(workspace: Workspace, place: Place) -> bool:
    """Whether the lock names all that configurations and programs of the workspace name, and nothing of theirs that they name no more."""
    return workspace.folders is not None and _is_settled(workspace.root, workspace.folders, place)


def is_known(specifier: str, workspace: Workspace, place: Place) -> bool:
    """Whether the lock has the package that a command names."""
    path = lock_path(workspace.root, place)
    normal = _normal(specifier)
    return path is None or (normal is not None and _has(read_json(path, place) or {}, (normal,)))


@remembered(64)
def _is_settled(root: str, folders: tuple[str, ...], place: Place) -> bool:
    path = lock_path(root, place)
    if path is None:
        return True
    lock = read_json(path, place) if place.exists(path) else {}
    if lock is None or (lock and lock.get("version") not in _VERSIONS):
        return False
    section = table(lock, "workspace")
    if any(key in section for key in ("links", "patches", "npmOverrides")):
        return False
    known = {"": section, **{str(name): each for name, each in table(section, "members").items()}}
    for folder in folders:
        wanted = _wanted(folder, place)
        found = known.pop("" if folder == root else relative(folder, root), {})
        if wanted is None or wanted != (_listed(found), _listed(table(found, "packageJson"))):
            return False
        if not _has(lock, (*wanted[0], *wanted[1])):
            return False
    sources = sources_of(root, place)
    named = [_normal(each) for each in _named_by_programs(root, folders, place)]
    return not known and sources.is_known and all(named) and _has(lock, (each for each in named if each))


def _listed(found: object) -> frozenset[str]:
    return frozenset(texts(found.get("dependencies"))) if isinstance(found, dict) else frozenset()


def _has(lock: Mapping[str, object], named: Iterable[str]) -> bool:
    """Whether each of these has been found before."""
    known = {**table(lock, "specifiers"), **table(lock, "remote"), **table(lock, "redirects")}
    return all(each in known for each in named)


def _wanted(folder: str, place: Place) -> tuple[frozenset[str], frozenset[str]] | None:
    """The packages that the files in a folder name, as the lock would have them: of `deno.json` and of `package.json`. None where one is
    not understood.
    """
    found = configuration_of(folder, place)
    other = import_map_path(folder, place)
    unknown = (*(key in found.deno for key in _UNKNOWN), *(key in found.package for key in _UNKNOWN_OF_PACKAGE))
    if not found.is_clear or any(unknown) or (other is not None and not place.exists(other)):
        return None
    values = [value for _, names in import_maps(folder, place) for value in names.values()]
    options = table(found.deno, "compilerOptions")
    values += [options.get("jsxImportSource"), options.get("jsxImportSourceTypes"), *texts(options.get("types"))]
    named = [_normal(value) for value in values if isinstance(value, str) and value.startswith(("npm:", "jsr:", *_REMOTE))]
    tables = (table(found.package, key) for key in ("dependencies", "devDependencies"))
    packages = [_of_npm(name, spec) for each in tables for name, spec in each.items()]
    if not all(named) or None in packages:
        return None
    of_registries = frozenset(each for each in named if each and not each.startswith(_REMOTE))
    return of_registries, frozenset(each for each in packages if each)


def _named_by_programs(root: str, folders: tuple[str, ...], place: Place) -> Iterator[str]:
    """What programs, import maps and the linter's settings name that is elsewhere."""
    yield from (each for _, each in sources_of(root, place).imports if each.startswith(("npm:", "jsr:", *_REMOTE)))
    for folder in folders:
        values = (value for _, names in import_maps(folder, place) for value in names.values())
        yield from (value for value in values if isinstance(value, str) and value.startswith(_REMOTE))
        plugins = texts(table(configuration_of(folder, place).deno, "lint").get("plugins"))
        yield from (each for each in plugins if each.startswith(("npm:", "jsr:", *_REMOTE)))


def _of_npm(name: str, spec: object) -> str | None:
    """A dependency of `package.json` as the lock has it; empty where it lies in the checkout, None where it is not understood."""
    if (
        not isinstance(spec, str)
        or spec.startswith(("http", "git", "catalog:"))
        or ("/" in spec and not spec.startswith(("npm:", "jsr:", *_LOCAL)))
    ):
        return None
    if spec.startswith(_LOCAL):
        return ""
    return _normal(spec if spec.startswith(("npm:", "jsr:")) else f"npm:{name}@{spec}")


def _normal(specifier: str) -> str | None:
    """The specifier as the lock has it: without what is wanted of the package, and with its range in the shortest form. None where that is not known."""
    if specifier.startswith(_REMOTE):
        return None if specifier.endswith("/") else specifier
    found = _SPECIFIER.fullmatch(specifier)
    version = _shortest((found[3] or "*").strip()) if found else None
    return f"{found[1]}:{found[2]}@{version}" if found and version else None


def _shortest(version: str) -> str | None:
    """How Deno writes a range: `^1.0.0` is `1`, `~1.2.0` is `1.2`, `^0.2.0` is `0.2`. None for those that are made of several."""
    if re.fullmatch(r"\*|\d+(?:\.\d+){0,2}|[a-zA-Z][\w-]*", version):
        return version
    found = re.fullmatch(r"([\^~])(\d+)(?:\.(\d+))?(?:\.(\d+))?", version)
    if found is None:
        return None
    major, minor, patch = found[2], found[3] or "0", found[4] or "0"
    if found[1] == "~":
        return None if found[3] is None else f"{major}.{minor}" if patch == "0" else f"~{major}.{minor}.{patch}"
    if major != "0":
        return major if (minor, patch) == ("0", "0") else f"^{major}.{minor}.{patch}"
    if minor == "0":
        return None
    return f"0.{minor}" if patch == "0" else f"~0.{minor}.{patch}"
