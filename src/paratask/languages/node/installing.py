"""What installing packages claims: `node_modules` folders, lock files, manifests, and the scripts that an install runs.

Knows monorepos as their manifests declare them, and which managers cannot share their cache. Does not know where a manager's own
configuration puts its store.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access, Claims, Evidence, union
from paratask.frozen import replace
from paratask.languages.inferred import claim, read_below, unique, write_below
from paratask.languages.json_files import read_json
from paratask.languages.node.dependencies import given_by_path
from paratask.languages.node.packages import Monorepo, monorepo_of, package_folder, pnpm_workspace, read_package
from paratask.languages.node.scripts import script_claims
from paratask.languages.options import Role, resolve_path
from paratask.languages.tool_claims import in_own_folder, of_environment, of_options, of_resources
from paratask.languages.workspaces import folders_above
from paratask.plugins.hookspecs import Delegation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from paratask.claims.model import Claim
    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Place

_LIFECYCLE = ("preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare")
_NEVER_PACKED = ("/node_modules/**", "/{package-lock.json,pnpm-lock.yaml,yarn.lock,bun.lock{,b}}")
_FOLLOWING = ("npm ci", "npm clean-install")
_LOCAL = (".", "/", "~", "file:", "link:", "portal:")


def install(call: Call) -> Delegation | None:
    """Everything that the call installs, into the root of its monorepo."""
    monorepo = _monorepo(call)
    options = of_options(call)
    environment = of_environment(call.invocation.environment, call.cwd, call.place, call.reader)
    local = _local_packages(call)
    scripts = _lifecycle(call, monorepo)
    if options is None or environment is None or local is None or scripts is None:
        return None
    files = _files(call, monorepo)
    own = unique(
        (
            *files,
            *local,
            *_given_by_path(call, monorepo),
            *options,
            *environment,
            *_caches(call, monorepo),
            *in_own_folder(call),
        )
    )
    claims = union([Claims(entries=own, evidence=Evidence.INFERRED), scripts])
    return Delegation(claims=claims, reason=f"`{call.key}`: {call.tool.summary}")


def _monorepo(call: Call) -> Monorepo:
    """What the call installs for: the monorepo around, or with pnpm's `--ignore-workspace` the package alone.

    In a package that is no member, pnpm up to 11 installs the workspace around it all the same, and newer ones the package.
    """
    own = package_folder(call.cwd, call.place)
    if call.parsed.named("--ignore-workspace") and not call.parsed.all(Role.ALL_MEMBERS, Role.MEMBERS, Role.ROOT_MEMBER):
        return Monorepo(root=own, members=())
    found = monorepo_of(call.cwd, call.place)
    around = pnpm_workspace(call.cwd, call.place) if call.program == "pnpm" and found.root == own else None
    if around is None or around.root == own:
        return found
    return replace(around, members=None if around.members is None else (*around.members, own))


def _files(call: Call, monorepo: Monorepo) -> tuple[Claim, ...]:
    """Folders of packages, lock files and manifests."""
    place, reason = call.place, f"`{call.key}` installs packages"
    if monorepo.members is None:
        return (write_below(monorepo.root, place, f"{reason} in workspaces that are not known"),)
    folders = (monorepo.root, *(folder for folder in monorepo.members if folder != monorepo.root))
    installed = [write_below(posixpath.join(folder, "node_modules"), place, reason) for folder in folders]
    changed = _changes_manifest(call)
    access = Access.WRITE if changed else Access.READ
    manifests = [claim(access, place.pattern(folder, "/package.json"), reason) for folder in folders]
    names = list(call.tool.writes.split())
    if call.key.startswith("yarn"):
        names.extend((".pnp.*", ".yarn/**"))
    kept = Access.READ if _keeps_lock(call) else Access.WRITE
    own = package_folder(call.cwd, place) if call.program == "pnpm" else monorepo.root
    locks = [
        claim(kept if name in call.tool.writes.split() else Access.WRITE, place.pattern(folder, f"/{name}"), reason)
        for name in names
        for folder in dict.fromkeys((monorepo.root, own))
    ]
    return (*installed, *locks, *manifests)


def _caches(call: Call, monorepo: Monorepo) -> tuple[Claim, ...]:
    """Where downloads are kept. Yarn 1 puts packages there piece by piece, and one install then finds what another is writing."""
    found = of_resources(call)
    if not call.key.startswith("yarn") or not _is_classic(monorepo.root, call.place):
        return found
    return tuple(
        replace(entry, access=Access.EXCLUSIVE, reason=f"{entry.reason}, and Yarn 1 does not lock it") for entry in found
    )


def _is_classic(root: str, place: Place) -> bool:
    """Whether Yarn 1 installs there, as it does where nothing asks for a newer one."""
    for folder in folders_above(root, place):
        wanted = (read_json(posixpath.join(folder, "package.json"), place) or {}).get("packageManager")
        if isinstance(wanted, str) and wanted.startswith("yarn@"):
            return wanted.startswith("yarn@1.")
        if place.exists(posixpath.join(folder, ".yarnrc.yml")):
            return False
    return "__metadata:" not in (place.read_text(posixpath.join(root, "yarn.lock")) or "")


def _keeps_lock(call: Call) -> bool:
    """Whether the lock is followed and never written: it fails instead. npm ci; the others' `--frozen-lockfile`, `--immutable`."""
    return call.key in _FOLLOWING or bool(not _changes_manifest(call) and call.parsed.named("--frozen-lockfile", "--immutable"))


def _changes_manifest(call: Call) -> bool:
    return call.tool.environment == "manifest" or bool(call.parsed.operands)


def _local_packages(call: Call) -> tuple[Claim, ...] | None:
    """Packages given as folders, which are linked or packed."""
    found: list[Claim] = []
    for word in call.parsed.operands:
        if not word.startswith(_LOCAL):
            continue
        path = resolve_path(word.removeprefix("file:").removeprefix("link:").removeprefix("portal:"), call.cwd)
        if path is None:
            return None
        found.append(read_below(path, call.place, f"`{call.key}` installs it"))
    return tuple(found)


def _given_by_path(call: Call, monorepo: Monorepo) -> Iterator[Claim]:
    """Dependencies that are archives or folders of the checkout. Of a folder npm makes a link, as all do for `link:`; the others copy what would be packed."""
    place = call.place
    links = call.program == "npm" and not call.parsed.named("--install-links")
    for folder in dict.fromkeys((monorepo.root, package_folder(call.cwd, place), *(monorepo.members or ()))):
        for spec, path in given_by_path(folder, place):
            reason = f"`{call.key}` installs it"
            if path is None:
                yield read_below(place.root, place, f"{reason}, and only the run tells where that is")
            elif path.endswith((".tgz", ".tar.gz")):
                yield claim(Access.READ, place.pattern(path), reason)
            elif links or spec.startswith(("link:", "portal:", "workspace:")):
                yield claim(Access.READ, place.pattern(path, "/package.json"), reason)
            else:
                copied = read_below(path, place, reason)
                yield replace(copied, excluding=(*copied.excluding, *(place.pattern(path, name) for name in _NEVER_PACKED)))


def _lifecycle(call: Call, monorepo: Monorepo) -> Claims | None:
    """What the scripts claim that an install runs in the packages of the monorepo."""
    if any(
        option.name in ("--ignore-scripts", "--package-lock-only", "--lockfile-only") for option in call.parsed.all(Role.FLAG)
    ):
        return Claims(evidence=Evidence.INFERRED)
    folders = dict.fromkeys((monorepo.root, package_folder(call.cwd, call.place), *(monorepo.members or ())))
    packages = [package for folder in folders if (package := read_package(folder, call.place))]
    parts = [
        script_claims(name, (), package.folder, call.place)
        for package in packages
        for name in _LIFECYCLE
        if name in package.scripts
    ]
    is_known = all(part.evidence > Evidence.NONE for part in parts)
    return union([Claims(evidence=Evidence.INFERRED), *parts]) if is_known else None
