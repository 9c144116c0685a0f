"""The folders, volumes and ports that `docker run` gives a container."""

from __future__ import annotations

from paratask.claims.model import Access
from paratask.languages.docker.options import fields
from paratask.languages.inferred import claim, read_below, write_below
from paratask.languages.options import resolve_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from paratask.claims.model import Claim
    from paratask.languages.tool_calls import Call

_READ_ONLY = frozenset({"ro", "readonly"})
_MAX_PORTS = 64


def mount_claims(call: Call) -> tuple[Claim, ...] | None:
    """What `-v` and `--mount` let the container read or write; None where one is not known."""
    found: list[Claim] = []
    for option in call.parsed.named("-v", "--volume", "--mount"):
        if option.value is None:
            return None
        source, only_read = _mount(option.value) if option.name == "--mount" else _volume(option.value)
        if not source:
            continue
        reason = f"`{call.key} {option.name}` gives it to the container"
        if not source.startswith(("/", ".", "~")):
            found.append(claim(Access.EXCLUSIVE, f"docker-volume:{source}", reason))
            continue
        path = resolve_path(source, call.cwd)
        if path is None:
            return None
        found.append((read_below if only_read else write_below)(path, call.place, reason))
    return tuple(found)


def _volume(value: str) -> tuple[str, bool]:
    """`source:target:options`; a lone target is a volume without a name."""
    parts = value.split(":")
    if len(parts) == 1:
        return "", False
    return parts[0], any(not _READ_ONLY.isdisjoint(part.split(",")) for part in parts[2:])


def _mount(value: str) -> tuple[str, bool]:
    """`type=bind,source=…,target=…,readonly`. A path is told by its kind, whatever it looks like."""
    given = fields(value)
    source = given.get("source") or given.get("src") or ""
    if given.get("type") == "tmpfs":
        return "", False
    if given.get("type") == "bind" and not source.startswith(("/", ".", "~")):
        source = f"./{source}"
    return source, any(given.get(name, "false") in ("", "true", "1") for name in _READ_ONLY)


def port_claims(call: Call) -> Iterator[Claim]:
    """The ports of this machine that `-p` takes; those that are not known are not claimed."""
    for option in call.parsed.named("-p", "--publish"):
        host, _, container = (option.value or "").partition("/")[0].rpartition(":")
        taken = host.rpartition(":")[2]
        first, _, last = taken.partition("-")
        if not container or not first.isdigit() or not (last or first).isdigit():
            continue
        for port in range(int(first), min(int(last or first), int(first) + _MAX_PORTS) + 1):
            yield claim(Access.EXCLUSIVE, f"port:{port}", f"`{call.key} {option.name}` listens on it")
