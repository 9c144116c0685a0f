"""What packing, publishing, raising a version and changing manifests claim beyond their entries: the packages that a call selects, and
the scripts of their manifests that it runs on the way (`prepack`, `prepare`, `prepublishOnly`, `preversion`).

Does not know what an archive holds, nor what tools that publish by themselves run before they do.
"""

from __future__ import annotations

from paratask.claims.model import Claims, Evidence, union
from paratask.languages.inferred import unique, write_below
from paratask.languages.node.packages import package_folder, read_package
from paratask.languages.node.running import selected_folders
from paratask.languages.node.scripts import script_claims
from paratask.languages.options import Role, is_within, resolve_path
from paratask.plugins.hookspecs import Delegation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Recognition

_MANAGERS = frozenset({"npm", "pnpm", "yarn", "bun"})
_PACKING = ("prepack", "prepare", "postpack")
_RUNS: Mapping[str, tuple[str, ...]] = {
    "pack": _PACKING,
    "publish": ("prepublishOnly", "prepublish", *_PACKING, "publish", "postpublish"),
    "version": ("preversion", "version", "postversion"),
    "set": (),
    "delete": (),
    "fix": (),
}
"""The scripts that each subcommand runs; npm's, of which the others run fewer."""


def packed(call: Call, found: Recognition) -> Recognition | Delegation | None:
    """`found` with what the call does in the packages that it works on. None where these are not known, or a script may reach what
    nothing tells.
    """
    sub = "publish" if call.key == "yarn npm" and call.parsed.operands[:1] == ("publish",) else call.key.split()[-1]
    if call.program not in _MANAGERS or sub not in _RUNS:
        return found
    folders = _folders(call)
    if folders is None:
        return None
    written = (write_below(folder, call.place, f"`{call.key}` works on it") for folder in folders)
    beyond = (entry for folder, entry in zip(folders, written, strict=True) if not is_within(folder, call.workspace))
    parts = [] if call.parsed.named("--ignore-scripts") else [_of_scripts(_RUNS[sub], folder, call) for folder in folders]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    own = Claims(
        entries=unique((*found.claims, *beyond)), evidence=Evidence.INFERRED, effect=found.effect, effect_reason=found.reason
    )
    return Delegation(claims=union([own, *known]), reason=found.reason, cpu=found.cpu)


def _folders(call: Call) -> tuple[str, ...] | None:
    """The packages that options select, or those that operands name, or the one that the call is made in."""
    if call.parsed.all(Role.MEMBERS, Role.ALL_MEMBERS, Role.ROOT_MEMBER):
        return selected_folders(call.parsed.options, call)
    paths = [path for word in call.parsed.operands if (path := resolve_path(word, call.cwd))]
    return tuple(path for path in paths if read_package(path, call.place)) or (package_folder(call.cwd, call.place),)


def _of_scripts(names: tuple[str, ...], folder: str, call: Call) -> Claims | None:
    package = read_package(folder, call.place)
    parts = [script_claims(name, (), folder, call.place) for name in names if package and name in package.scripts]
    is_known = all(part.evidence > Evidence.NONE for part in parts)
    return union([Claims(evidence=Evidence.INFERRED), *parts]) if is_known else None
