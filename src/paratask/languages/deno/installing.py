"""What installing packages claims, and fetching what modules import: the lock, `node_modules`, `vendor`, and manifests where they change.

Scripts of packages run only where an option or the configuration lets them, and work in their package. Programs for the user lie outside
the checkout.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access
from paratask.languages.deno.configurations import configuration_of
from paratask.languages.deno.locks import keeps_to_lock, kept_claims, packages_kept
from paratask.languages.inferred import claim, read_below, write_below
from paratask.languages.options import resolve_path
from paratask.languages.tool_claims import in_own_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from paratask.claims.model import Claim
    from paratask.languages.deno.configurations import Workspace
    from paratask.languages.tool_calls import Call

_PROGRAMS = "deno-programs"
_FROZEN = "deno ci"
_FETCHING = ("deno cache",)
_MANIFESTS = "{deno.json,deno.jsonc,package.json}"
_FROM_FILES = ("-e", "--entrypoint")
_UPDATING = ("deno outdated", "deno update")


def is_for_user(call: Call) -> bool:
    """Whether the call installs or removes a program of the user."""
    return bool(call.parsed.named("-g", "--global", "--root"))


def looks_at_modules(call: Call) -> bool:
    """Whether the call fetches what modules import, and no more."""
    return call.key in _FETCHING or bool(call.parsed.named(*_FROM_FILES))


def installed(call: Call, workspace: Workspace) -> Iterator[Claim]:
    """What the call writes, less the cache."""
    place, reason = call.place, f"`{call.key}` installs packages"
    if is_for_user(call):
        yield claim(Access.EXCLUSIVE, _PROGRAMS, reason)
        paths = (resolve_path(word, call.cwd) for word in call.parsed.operands if word.startswith((".", "/")))
        yield from (read_below(posixpath.dirname(path), place, reason) for path in paths if path)
        return
    if call.key == "deno outdated" and not call.parsed.named("-u", "--update"):
        yield from kept_claims(call, workspace)
        return
    yield from _kept(call, workspace, reason)
    yield from in_own_folder(call)
    if _changes_manifest(call):
        own = (call.workspace, call.cwd, workspace.root, *(workspace.folders or () if call.key in _UPDATING else ()))
        yield from (claim(Access.WRITE, place.pattern(folder, f"/{_MANIFESTS}"), reason) for folder in dict.fromkeys(own))
        maps = (configuration_of(folder, place).deno.get("importMap") for folder in dict.fromkeys(own))
        paths = (resolve_path(value, workspace.root) for value in maps if isinstance(value, str))
        yield from (claim(Access.WRITE, place.pattern(path), reason) for path in paths if path)


def _kept(call: Call, workspace: Workspace, reason: str) -> Iterator[Claim]:
    """The lock and all folders of packages."""
    frozen = call.key == _FROZEN or (not _changes_manifest(call) and keeps_to_lock(call, workspace))
    for entry in kept_claims(call, workspace):
        yield entry if frozen or not entry.pattern.endswith(".lock") else claim(Access.WRITE, entry.pattern, reason)
    if packages_kept(call, workspace) == "none":
        return
    for folder in workspace.folders or (workspace.root,):
        if folder == workspace.root or configuration_of(folder, call.place).package:
            yield write_below(posixpath.join(folder, "node_modules"), call.place, reason)


def _changes_manifest(call: Call) -> bool:
    names_packages = bool(call.parsed.operands) and call.key == "deno install" and not looks_at_modules(call)
    return call.tool.environment == "manifest" or names_packages or call.key == "deno outdated"
