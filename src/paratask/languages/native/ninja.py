"""Calls of ninja, in build folders that cmake or meson made. Another build.ninja is not followed."""

from __future__ import annotations

import posixpath

from paratask.frozen import replace
from paratask.languages.native import meson
from paratask.languages.native.builds import CACHE, MESON
from paratask.languages.native.claims import obscure, prefix_of
from paratask.languages.native.cmake import answer_works, work_in
from paratask.plugins.hookspecs import Delegation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from paratask.languages.options import Word
    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Recognition

_TOOLS = frozenset({"clean", "cleandead", "compdb", "targets", "query", "graph", "commands", "deps", "inputs", "list", "rules"})
_NOT_TARGETS = frozenset({"uninstall", "dist", "scan-build"})


def built(call: Call, environment: Mapping[str, Word]) -> Recognition | Delegation | None:
    """`ninja -C build`."""
    if any(option.value not in _TOOLS for option in call.parsed.named("-t")):
        return None
    return in_build(call, call.parsed.operands, environment)


def in_build(call: Call, targets: tuple[str, ...], environment: Mapping[str, Word]) -> Recognition | Delegation | None:
    """Building in the folder of the call, as cmake's or meson's build does."""
    place, binary = call.place, call.cwd
    text = place.read_text(posixpath.join(binary, "build.ninja"))
    of_cmake = place.exists(posixpath.join(binary, CACHE))
    of_meson = place.exists(posixpath.join(binary, MESON))
    if text is not None and not (of_cmake or of_meson):
        return obscure(call.key, "its build.ninja was made by neither cmake nor meson")
    if of_meson or (not of_cmake and not _is_of_cmake(binary, call)):
        return meson.built_in(call, targets, environment)
    if _NOT_TARGETS & {*targets}:
        return None
    work = work_in(call, binary, targets)
    if isinstance(work, Delegation):
        return work
    prefix = prefix_of(work.entries, None, call.cwd, environment.get("DESTDIR", ""))
    return answer_works(call, [replace(work, prefix=prefix)], [], environment)


def _is_of_cmake(binary: str, call: Call) -> bool:
    """Which kind of project the folder lies in, before it is configured."""
    folder = binary
    while True:
        if call.place.exists(posixpath.join(folder, "CMakeLists.txt")):
            return True
        if call.place.exists(posixpath.join(folder, "meson.build")) or folder == posixpath.dirname(folder):
            return False
        folder = posixpath.dirname(folder)
