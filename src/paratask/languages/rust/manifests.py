"""What `Cargo.toml` says: packages, the workspace they belong to, and which of them are made of which.

Reads manifests through `Place`, as the Cargo Book describes them ("Workspaces", "Specifying Dependencies"): looked for in the
folders above as cargo does, also above the root Taskfile's. Dependencies are those with a path, whatever their table (ordinary,
build, dev, of a target, inherited from the workspace, patched); what comes from a registry is no file of the checkout. Does not
know features: an optional dependency counts.
"""

from __future__ import annotations

import posixpath

from paratask.frozen import dataclass
from paratask.languages.options import is_within
from paratask.languages.toml_files import read_toml, table, texts
from paratask.languages.workspaces import members

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from paratask.plugins.hookspecs import Place

MANIFESTS = ("Cargo.toml",)
_BUILD_DEPENDENCIES = ("build-dependencies", "build_dependencies")
_DEPENDENCIES = ("dependencies", "dev-dependencies", "dev_dependencies", *_BUILD_DEPENDENCIES)
_TARGETS = ("bin", "example", "test", "bench")
_WILDCARDS = frozenset("*?[")


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One `[package]`. `build_script` is its path, empty where there is none; `sources` are files of it that lie elsewhere.

    `build_dependencies` are those of its `dependencies` that the build script has; `is_macro` says that compilers run its code.
    """

    folder: str
    name: str
    dependencies: tuple[str, ...]
    build_dependencies: tuple[str, ...]
    build_script: str
    is_macro: bool
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """A workspace; a package that belongs to none is one of its own.

    `members` and `default` are folders of packages: all of them, and those that a command works on when called at the root.
    `patched` are the folders that stand in for packages of a registry.
    """

    root: str
    members: tuple[str, ...]
    default: tuple[str, ...]
    patched: tuple[str, ...]
    inherited: Mapping[str, object]


def find_manifest(folder: str, place: Place) -> str | None:
    """The nearest folder at or above `folder` that holds a manifest."""
    return next((above for above in folders_to_top(folder) if place.exists(posixpath.join(above, "Cargo.toml"))), None)


def folders_to_top(folder: str) -> Iterator[str]:
    """`folder` and all above it."""
    yield folder
    while folder != posixpath.dirname(folder):
        folder = posixpath.dirname(folder)
        yield folder


def read_workspace(folder: str, place: Place) -> Workspace | None:
    """The workspace that the manifest in `folder` belongs to. None where a manifest cannot be parsed or is not understood."""
    own = _read(folder, place)
    root = None if own is None else _root_of(folder, own, place)
    manifest = None if root is None else _read(root, place)
    if root is None or manifest is None:
        return None
    declared = table(manifest, "workspace")
    left_out = _excluded(root, declared)
    named = _expanded(root, texts(declared.get("members")), place)
    default = _expanded(root, texts(declared.get("default-members")), place)
    if named is None or default is None:
        return None
    inherited = table(declared, "dependencies")
    first = [
        *([root] if "package" in manifest else []),
        *(folder for folder in named if not _is_excluded(folder, left_out, root, declared)),
    ]
    within = [
        path
        for path in closure(first, root, inherited, place)
        if path in first or (is_within(path, root) and not _is_excluded(path, left_out, root, declared))
    ]
    return Workspace(
        root=root,
        members=tuple(within),
        default=default or ((root,) if "package" in manifest else tuple(within)),
        patched=tuple(_patched(root, manifest)),
        inherited=inherited,
    )


def read_package(folder: str, root: str, inherited: Mapping[str, object], place: Place) -> Package | None:
    """The package in `folder`, which inherits from the workspace at `root`. None where there is none."""
    manifest = _read(folder, place)
    if manifest is None or "package" not in manifest:
        return None
    about = table(manifest, "package")
    return Package(
        folder=folder,
        name=str(about.get("name") or ""),
        dependencies=tuple(dict.fromkeys(_dependencies(folder, manifest, root, inherited, _DEPENDENCIES))),
        build_dependencies=tuple(dict.fromkeys(_dependencies(folder, manifest, root, inherited, _BUILD_DEPENDENCIES))),
        build_script=_build_script(folder, about.get("build"), place),
        is_macro=any(table(manifest, "lib").get(name) is True for name in ("proc-macro", "proc_macro")),
        sources=tuple(path for path in _target_paths(folder, manifest) if not is_within(path, folder)),
    )


def closure(folders: Iterable[str], root: str, inherited: Mapping[str, object], place: Place) -> tuple[str, ...]:
    """`folders` and those of all packages that these depend on by path."""
    found = dict.fromkeys(folders)
    waiting = list(found)
    while waiting:
        package = read_package(waiting.pop(), root, inherited, place)
        new = [path for path in (package.dependencies if package else ()) if path not in found]
        found.update(dict.fromkeys(new))
        waiting.extend(new)
    return tuple(found)


def _read(folder: str, place: Place) -> Mapping[str, object] | None:
    return read_toml(posixpath.join(folder, "Cargo.toml"), place)


def _root_of(folder: str, own: Mapping[str, object], place: Place) -> str | None:
    """The root of the workspace; None where a manifest above cannot be parsed, since that may be it."""
    for above in folders_to_top(folder):
        manifest = own if above == folder else _read(above, place)
        if manifest is None:
            if place.exists(posixpath.join(above, "Cargo.toml")):
                return None
            continue
        pointer = table(manifest, "package").get("workspace")
        if isinstance(pointer, str):
            return _join(above, pointer)
        declared = table(manifest, "workspace")
        if "workspace" in manifest and not _is_excluded(folder, _excluded(above, declared), above, declared):
            return above
    return folder


def _excluded(root: str, declared: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(_join(root, path) for path in texts(declared.get("exclude")))


def _is_excluded(folder: str, left_out: Sequence[str], root: str, declared: Mapping[str, object]) -> bool:
    """cargo: a path that `members` names outweighs `exclude`."""
    named = any(is_within(folder, _join(root, path)) for path in texts(declared.get("members")) if _WILDCARDS.isdisjoint(path))
    return folder != root and not named and any(is_within(folder, path) for path in left_out)


def _expanded(root: str, paths: Sequence[str], place: Place) -> tuple[str, ...] | None:
    """The folders that `members` or `default-members` name; None where a glob is not understood."""
    found: list[str] = []
    for path in paths:
        if _WILDCARDS.isdisjoint(path):
            found.append(_join(root, path))
            continue
        matching = members(root, [path], place)
        if matching is None or path.startswith("!"):
            return None
        found.extend(folder for folder in matching if place.exists(posixpath.join(folder, "Cargo.toml")))
    return tuple(dict.fromkeys(found))


def _dependencies(
    folder: str, manifest: Mapping[str, object], root: str, inherited: Mapping[str, object], kinds: Sequence[str]
) -> Iterator[str]:
    owners = [manifest, *(target for target in table(manifest, "target").values() if isinstance(target, dict))]
    for owner in owners:
        for kind in kinds:
            for name, wanted in table(owner, kind).items():
                if isinstance(wanted, dict) and wanted.get("workspace"):
                    yield from _path(root, inherited.get(name))
                else:
                    yield from _path(folder, wanted)


def _path(folder: str, wanted: object) -> Iterator[str]:
    path = wanted.get("path") if isinstance(wanted, dict) else None
    if isinstance(path, str):
        yield _join(folder, path)


def _patched(root: str, manifest: Mapping[str, object]) -> Iterator[str]:
    tables = [table(manifest, "replace"), *(table(manifest, "patch", source) for source in table(manifest, "patch"))]
    for replacing in tables:
        for wanted in replacing.values():
            yield from _path(root, wanted)


def _build_script(folder: str, declared: object, place: Place) -> str:
    """cargo: `build.rs` where there is one, unless `build` names another, or is false."""
    if isinstance(declared, str):
        return _join(folder, declared)
    path = posixpath.join(folder, "build.rs")
    return path if declared is not False and place.exists(path) else ""


def _target_paths(folder: str, manifest: Mapping[str, object]) -> Iterator[str]:
    targets = [table(manifest, "lib")]
    for kind in _TARGETS:
        several = manifest.get(kind)
        targets.extend(target for target in several if isinstance(target, dict)) if isinstance(several, list) else None
    for target in targets:
        yield from _path(folder, target)


def _join(folder: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(folder, path))
