"""Whether a remote Taskfile may be used: what was pinned, accepted before, comes from a trusted host, or is asked for.

go-task: taskfile.Reader. Knows neither networks nor terminals.
"""

from __future__ import annotations

from hashlib import sha256

from paratask.errors import TaskfileChecksumError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from paratask.remote.addresses import Address

_UNKNOWN = "The task you are attempting to run depends on the remote Taskfile at {}."
_CHANGED = "The Taskfile at {} has changed since you last used it!"
_ADVICE = "--- Make sure you trust the source of this Taskfile before continuing ---\nContinue?"


def checksum_of(data: bytes) -> str:
    """What `checksum` of an include pins."""
    return sha256(data).hexdigest()


def verify(address: Address, data: bytes, pinned: str) -> bytes:
    """`data`, when it is what was pinned (an empty text pins nothing). Raises TaskfileChecksumError."""
    actual = checksum_of(data)
    if pinned and pinned != actual:
        message = f"the checksum of `{address.location}` does not match: got {actual}, want {pinned}"
        raise TaskfileChecksumError(message)
    return data


def question(address: Address, *, checksum: str, accepted: str, trusted_hosts: Collection[str]) -> str:
    """What to ask before these bytes are used; empty where nothing needs asking. `accepted` is the cached checksum."""
    if accepted == checksum or address.host in trusted_hosts:
        return ""
    shown = '"' + address.location.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{(_CHANGED if accepted else _UNKNOWN).format(shown)}\n{_ADVICE}"
