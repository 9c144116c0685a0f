"""What can be done in a Node workspace: the scripts of its package.json, run by the manager whose lock file is there."""

from __future__ import annotations

import posixpath

from paratask.languages.json_files import read_json
from paratask.languages.node.packages import read_package
from paratask.languages.toml_files import table
from paratask.languages.workspaces import members
from paratask.scaffolding.recipe import Recipe, first_above

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from paratask.plugins.hookspecs import Place

LOCKS = {
    "pnpm-lock.yaml": "pnpm",
    "pnpm-workspace.yaml": "pnpm",
    "yarn.lock": "yarn",
    "bun.lock": "bun",
    "bun.lockb": "bun",
    "package-lock.json": "npm",
    "npm-shrinkwrap.json": "npm",
}
FROZEN = {
    "npm": "npm ci",
    "pnpm": "pnpm install --frozen-lockfile",
    "yarn": "yarn install --frozen-lockfile",
    "bun": "bun install --frozen-lockfile",
}
SCRIPTS = {
    "format": ("format", "fmt", "prettier"),
    "lint": ("lint", "eslint"),
    "typecheck": ("typecheck", "type-check", "check-types", "check:types", "types", "tsc"),
    "test": ("test:unit", "test:ci", "test"),
    "build": ("build",),
}
"""By verb, the names of scripts that do it, the best one first."""
NO_TEST = "no test specified"


def node_commands(folder: str, place: Place) -> Recipe:
    """None for scripts that only say that there is nothing."""
    package = read_json(posixpath.join(folder, "package.json"), place) or {}
    lock = first_above(folder, LOCKS, place)
    manager = _named_manager(package) or (LOCKS[posixpath.basename(lock)] if lock else "npm")
    commands = {}
    if _needs_setup(package, folder, lock, place):
        own_lock = lock is not None and posixpath.basename(lock) != "pnpm-workspace.yaml"
        commands["setup"] = FROZEN[manager] if own_lock else f"{manager} install"
    scripts = table(package, "scripts")
    for verb, names in SCRIPTS.items():
        name = next((name for name in names if name in scripts and NO_TEST not in str(scripts[name])), None)
        if name is not None:
            commands[verb] = f"{manager} run {name}"
    is_umbrella = "workspaces" in package or place.exists(posixpath.join(folder, "pnpm-workspace.yaml"))
    return Recipe(commands=commands, is_umbrella=is_umbrella, left_out=_left_out(folder, place) if is_umbrella else ())


def _left_out(folder: str, place: Place) -> tuple[str, ...]:
    """What the globs of members take away again: `!packages/old`."""
    declared = read_package(folder, place)
    globs = [glob[1:] for glob in declared.workspaces if glob.startswith("!")] if declared is not None else []
    return tuple(left_out for glob in globs for left_out in members(folder, (glob,), place) or ())


def _named_manager(package: Mapping[str, object]) -> str:
    """`packageManager`, as corepack reads it."""
    name = str(package.get("packageManager", "")).split("@", maxsplit=1)[0]
    return name if name in FROZEN else ""


def _needs_setup(package: Mapping[str, object], folder: str, lock: str | None, place: Place) -> bool:
    """Members of a workspace are installed by the folder that has the lock file."""
    if lock is not None:
        return posixpath.dirname(lock) == folder
    above = posixpath.dirname(folder)
    root = first_above(above, ("package.json",), place) if folder != place.root else None
    is_member = root is not None and "workspaces" in (read_json(root, place) or {})
    return not is_member and any(package.get(key) for key in ("dependencies", "devDependencies", "workspaces"))
