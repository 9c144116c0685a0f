"""Starts a program that sees other folders in the place of some: `python -I private_mounts.py SPEC`.

SPEC is JSON: `mounts` (pairs: what is shown, and in whose place), `folder`, `argv`. The mounts are in a mount
namespace of this process and its children, so that nobody else sees them; without privileges, in a user namespace that maps the
user to itself. Exits with 125 where the machine does not allow that. Linux only; see user_namespaces(7), mount_namespaces(7).
Run as a file, it needs
the standard library only. Knows nothing of what it starts.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

CLONE_NEWNS, CLONE_NEWUSER = 0x00020000, 0x10000000
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18
NOT_ALLOWED = 125


def main(spec: str) -> None:
    """Never returns."""
    wanted = json.loads(spec)
    try:
        enter(wanted["mounts"])
    except (OSError, AttributeError) as error:
        sys.stderr.write(f"paratask: no private mounts here: {getattr(error, 'strerror', None) or error}\n")
        raise SystemExit(NOT_ALLOWED) from None
    os.chdir(wanted["folder"])
    os.execv(wanted["argv"][0], wanted["argv"])


def enter(mounts: Sequence[tuple[str, str]]) -> None:
    """From here on this process sees the first of each pair where the second is. Raises OSError."""
    library = ctypes.CDLL(None, use_errno=True)
    uid, gid = os.geteuid(), os.getegid()
    if library.unshare(CLONE_NEWNS) != 0:
        _check(library.unshare(CLONE_NEWUSER | CLONE_NEWNS))
        _write("/proc/self/setgroups", "deny")
        _write("/proc/self/uid_map", f"{uid} {uid} 1")
        _write("/proc/self/gid_map", f"{gid} {gid} 1")
    _mount(library, None, "/", MS_REC | MS_PRIVATE)
    for shown, place in mounts:
        _mount(library, shown, place, MS_BIND)


def _mount(library: ctypes.CDLL, source: str | None, target: str, flags: int) -> None:
    encoded = None if source is None else os.fsencode(source)
    _check(library.mount(encoded, os.fsencode(target), None, ctypes.c_ulong(flags), None))


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def _check(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


if __name__ == "__main__":
    main(sys.argv[1])
