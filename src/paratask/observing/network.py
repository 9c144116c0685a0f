"""What a system call says to the network: which port it took, and with whom it spoke. Pure; knows no jobs."""

from __future__ import annotations

import re

from paratask.observing.system_calls import STRING, unescaped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.observing.system_calls import SystemCall

_PORT = re.compile(r"sin6?_port=htons\((\d+)\)")
_ADDRESS = re.compile(r'inet_addr\("([^"]*)"\)|inet_pton\(AF_INET6, "([^"]*)"')
_SOCKET = re.compile(rf"sun_path={STRING}")
_ENGINES = ("docker.sock", "podman.sock", "containerd.sock", "buildkitd.sock", "crio.sock")
_DNS = 53


def bound_port(call: SystemCall) -> int | None:
    """The port that it listens on from now on, where it asked for one by its number."""
    port = _PORT.search(call.arguments)
    return (int(port.group(1)) or None) if port and call.name == "bind" and call.succeeded else None


def own_port(call: SystemCall) -> int | None:
    """The port that a socket turned out to have, asked of the kernel."""
    port = _PORT.search(call.arguments)
    return (int(port.group(1)) or None) if port and call.name == "getsockname" and call.succeeded else None


def bound_socket(call: SystemCall) -> str | None:
    """The path of the socket that it made, as it was given."""
    found = _SOCKET.search(call.arguments)
    return unescaped(found.group(1)) if found and call.name == "bind" and call.succeeded else None


def contact(call: SystemCall) -> str | None:
    """Whom it spoke with beyond this machine: an address, or a container engine's socket."""
    if call.name != "connect":
        return None
    port = _PORT.search(call.arguments)
    if port is None:
        found = _SOCKET.search(call.arguments)
        path = unescaped(found.group(1)) if found else ""
        return path if path.endswith(_ENGINES) else None
    found = _ADDRESS.search(call.arguments)
    address = (found.group(1) or found.group(2) or "") if found else ""
    return address if int(port.group(1)) not in (0, _DNS) and not is_loopback(address) else None


def is_loopback(address: str) -> bool:
    """Whether an address leads back to this machine."""
    address = address.removeprefix("::ffff:")
    return address in ("::1", "::", "0.0.0.0") or address.startswith("127.")  # noqa: S104 - nobody binds here
