"""Tools, packages, workloads and settings that commands of `dotnet` install, list or send, beside any project."""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access
from paratask.frozen import replace
from paratask.languages.dotnet.packages import CONFIGURATIONS
from paratask.languages.dotnet.tools import PACKAGES, SDK
from paratask.languages.inferred import claim, read_below, write_below
from paratask.languages.options import Role, resolve_path
from paratask.languages.tool_answers import answer
from paratask.languages.tool_claims import operand_paths
from paratask.languages.tool_table import Mode
from paratask.languages.workspaces import folders_above

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from paratask.claims.model import Claim
    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Place, Recognition

MANIFESTS = (".config/dotnet-tools.json", "dotnet-tools.json")


def manifests_read(cwd: str, place: Place, reason: str) -> tuple[Claim, ...]:
    """Reading the manifests of tools that hold in a folder: they may be in any above it."""
    return tuple(
        claim(Access.READ, place.pattern(folder, "/{.config/dotnet-tools.json,dotnet-tools.json}"), reason)
        for folder in folders_above(cwd, place)
    )


def recognise_tool(call: Call) -> Recognition | None:
    """`dotnet tool`: the manifest of a checkout, or the user's own tools."""
    reason = f"`{call.key}` reads it"
    named = [resolve_path(option.value, call.cwd) for option in call.parsed.all(Role.PROJECT)]
    if None in named:
        return None
    read = manifests_read(call.cwd, call.place, reason)
    settings = tuple(
        claim(Access.READ, call.place.pattern(folder, "/[Nn]u[Gg]et.[Cc]onfig"), reason)
        for folder in folders_above(call.cwd, call.place)
    )
    changes = call.key not in ("dotnet tool restore", "dotnet tool list")
    elsewhere = call.parsed.named("-g", "--global", "--tool-path")
    if not changes or elsewhere:
        own = (read_below(path, call.place, reason) for path in named if path)
        return answer(call, (*read, *settings, *own))
    manifest = next((path for path in named if path), None) or _manifest(call)
    written = (claim(Access.WRITE, call.place.pattern(path), f"`{call.key}` changes it") for path in _either(manifest, call))
    return answer(call, (*read, *settings, *written))


def _manifest(call: Call) -> str | None:
    for folder in folders_above(call.cwd, call.place):
        for name in MANIFESTS:
            path = posixpath.join(folder, name)
            if call.place.exists(path):
                return path
    return None


def _either(manifest: str | None, call: Call) -> tuple[str, ...]:
    """The manifest, or where one would be made."""
    return (manifest,) if manifest else tuple(posixpath.join(call.cwd, name) for name in MANIFESTS)


def recognise_nuget(call: Call) -> Recognition | None:
    """`dotnet nuget`."""
    if call.key == "dotnet nuget locals":
        looks = call.parsed.named("-l", "--list")
        return answer(replace(call, tool=replace(call.tool, holds="", shares=f"{SDK} {PACKAGES}")) if looks else call, ())
    if call.key.endswith(" source"):
        access = Access.READ if call.tool.mode is Mode.NOTHING else Access.WRITE
        return answer(call, tuple(_configured(call, access)))
    paths = operand_paths(call)
    if paths is None:
        return None
    below = write_below if call.tool.mode is Mode.EDIT else read_below
    own = [below(path, call.place, f"`{call.key}` is given it") for path in paths]
    if call.key == "dotnet nuget why":
        own.append(read_below(call.cwd, call.place, f"`{call.key}` reads it"))
    if call.key == "dotnet nuget push":
        own.extend(_feeds(call))
    return answer(call, own)


def _configured(call: Call, access: Access) -> Iterator[Claim]:
    for folder in folders_above(call.cwd, call.place):
        pattern = call.place.pattern(folder, f"/{{{','.join(CONFIGURATIONS)}}}")
        yield claim(access, pattern, f"`{call.key}` {'reads' if access is Access.READ else 'changes'} it")


def _feeds(call: Call) -> Iterator[Claim]:
    """A folder that packages are put into."""
    for option in call.parsed.named("-s", "--source"):
        path = resolve_path(option.value, call.cwd)
        if path is not None and "://" not in (option.value or "") and "/" in (option.value or ""):
            yield write_below(path, call.place, f"`{call.key}` puts packages there")
