"""What `package.json` says: scripts, and which packages form a monorepo.

Reads manifests through `Place`, with JSON and YAML parsers. Does not know how a package manager is configured beyond its
manifests (`.npmrc`, `.yarnrc.yml`).
"""

from __future__ import annotations

import posixpath
from functools import lru_cache

from paratask.frozen import dataclass
from paratask.languages.json_files import read_json
from paratask.languages.node.plain_lists import plain_lists
from paratask.languages.remembered import remembered
from paratask.languages.workspaces import folders_above, members, relative, workspace_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from paratask.plugins.hookspecs import Place

MANIFESTS = ("package.json",)
_PNPM_WORKSPACE = "pnpm-workspace.yaml"
_OPERATORS = frozenset("*?[{!^.~")


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One `package.json`. `workspaces` are the globs of its members."""

    folder: str
    name: str
    scripts: Mapping[str, str]
    workspaces: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Monorepo:
    """The folder that packages are installed from, and its members; `members` is None where the globs were not understood."""

    root: str
    members: tuple[str, ...] | None


def package_folder(folder: str, place: Place) -> str:
    """The folder of the package that `folder` belongs to."""
    return workspace_of(folder, MANIFESTS, place)


def read_package(folder: str, place: Place) -> Package | None:
    """The package in `folder`; None where there is no manifest or it cannot be parsed."""
    manifest = read_json(posixpath.join(folder, "package.json"), place)
    if manifest is None:
        return None
    scripts = manifest.get("scripts")
    scripts = scripts if isinstance(scripts, dict) else {}
    return Package(
        folder=folder,
        name=str(manifest.get("name") or ""),
        scripts={name: text for name, text in scripts.items() if isinstance(text, str)},
        workspaces=_globs(manifest.get("workspaces")) + _pnpm_globs(folder, place),
    )


def _globs(value: object) -> tuple[str, ...]:
    if isinstance(value, dict):
        value = value.get("packages")
    return tuple(text for text in value if isinstance(text, str)) if isinstance(value, list) else ()


def _pnpm_globs(folder: str, place: Place) -> tuple[str, ...]:
    text = place.read_text(posixpath.join(folder, _PNPM_WORKSPACE))
    return () if text is None else _parsed_globs(text)


@lru_cache(maxsize=256)
def _parsed_globs(text: str) -> tuple[str, ...]:
    """Of pnpm-workspace.yaml; everything where it cannot be parsed."""
    plain = plain_lists(text)
    if plain is not None:
        return tuple(plain.get("packages", ()))
    import yaml

    try:
        return _globs(yaml.safe_load(text))
    except yaml.YAMLError:
        return ("**",)


def monorepo_of(folder: str, place: Place) -> Monorepo:
    """The monorepo that the package around `folder` belongs to; the package alone where it belongs to none."""
    own = package_folder(folder, place)
    for above in folders_above(own, place):
        declared = _declared(above, place)
        if declared is None:
            continue
        monorepo, members_of_it = declared
        if monorepo.members is None or above == own or own in members_of_it:
            return monorepo
    return Monorepo(root=own, members=())


@remembered(64)
def _declared(folder: str, place: Place) -> tuple[Monorepo, frozenset[str]] | None:
    """The monorepo that the manifest in `folder` declares, and its members. Asked for by each of these; a place does not change."""
    package = read_package(folder, place)
    globs = package.workspaces if package else _pnpm_globs(folder, place)
    if not globs:
        return None
    found = _members(folder, globs, place)
    return Monorepo(root=folder, members=found), frozenset(found or ())


def pnpm_workspace(folder: str, place: Place) -> Monorepo | None:
    """The workspace of the nearest `pnpm-workspace.yaml`, whether `folder` is in one of its members or not."""
    above = next((each for each in folders_above(folder, place) if place.exists(posixpath.join(each, _PNPM_WORKSPACE))), None)
    return None if above is None else Monorepo(root=above, members=_members(above, _pnpm_globs(above, place), place))


def _members(folder: str, globs: tuple[str, ...], place: Place) -> tuple[str, ...] | None:
    found = members(folder, globs, place)
    if found is None:
        return None
    return tuple(folder for folder in found if place.exists(posixpath.join(folder, "package.json")))


def select_members(selector: str, monorepo: Monorepo, cwd: str, place: Place) -> tuple[str, ...] | None:
    """The members that `--workspace` or `--filter` selects: one by name or folder, all for what is no plain name, else None."""
    if monorepo.members is None:
        return None
    path = posixpath.normpath(posixpath.join(cwd, selector))
    for folder in monorepo.members:
        package = read_package(folder, place)
        if folder == path or (package and selector == package.name) or relative(folder, monorepo.root) == selector:
            return (folder,)
    if not _OPERATORS.isdisjoint(selector):
        return (monorepo.root, *monorepo.members)
    return None
