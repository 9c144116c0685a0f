"""The plugin for C and C++: recognises cmake and what comes with it, ninja, meson, make, and checkers of sources. See docs/plugins.md.

What is recognised is in the table (`TOOLS`); here each call goes to what knows its kind. Does not know compilers that are called by
hand with options that only one of them has, nor what a script in CMake's language does (`cmake -P`).
"""

from __future__ import annotations

from paratask.languages.native import cmake, compilers, make, meson, ninja
from paratask.languages.native.checking import checked
from paratask.languages.native.tools import TOOLS
from paratask.languages.native.words import own_environment, with_values
from paratask.languages.options import Role
from paratask.languages.tool_answers import with_root
from paratask.languages.tool_calls import Language, program_name, resolve_call
from paratask.languages.tool_claims import recognise_call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import TypeAlias

    from paratask.languages.options import Word
    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Delegation, Invocation, Place, Recognition

    Act: TypeAlias = Callable[[Call, Mapping[str, Word]], Recognition | Delegation | None]

MANIFESTS = ("CMakeLists.txt", "meson.build")
PROGRAMS = (*tuple(dict.fromkeys(name.partition(" ")[0] for name in TOOLS)), "gmake")


_LANGUAGE = Language(name="native", tools=TOOLS, manifests=MANIFESTS, settings="")


def manifests() -> Sequence[str]:
    """Files that make a folder a project, or a part of one."""
    return MANIFESTS


def recognise(invocation: Invocation, place: Place) -> Recognition | Delegation | None:
    """See the hook's specification."""
    name = program_name(invocation.words[0]) if invocation.words else None
    if name is None or name not in PROGRAMS:
        return None
    words = invocation.words[1:]
    key = "make" if name == "gmake" else name
    if name == "cmake":
        if words[:1] == ("-E",):
            return cmake.everyday(words[1:], invocation, place)
        if found := cmake.not_followed(words):
            return found
        key, words = cmake.way_of(words)
    by_hand = key in compilers.COMPILERS and words[:1] not in (("--version",), ("--help",))
    prepared = () if by_hand else with_values(key, words)
    call = None if prepared is None else resolve_call(key, prepared, invocation, _LANGUAGE, place)
    if call is None:
        return None
    if call.parsed.all(Role.INFORMS):
        return recognise_call(call)
    environment = own_environment(call)
    return None if environment is None else with_root(_ACTS[call.key](call, environment), place)


_ACTS: Mapping[str, Act] = {
    "cmake": cmake.configured,
    "cmake --build": cmake.built,
    "cmake --install": cmake.installed,
    "cmake --workflow": cmake.workflow,
    "ctest": cmake.tested,
    "cpack": cmake.packed,
    "ninja": ninja.built,
    **dict.fromkeys(("meson setup", "meson compile", "meson test", "meson introspect"), meson.answered),
    "make": make.answered,
    **dict.fromkeys(compilers.COMPILERS, compilers.compiled),
    **dict.fromkeys(("clang-tidy", "cppcheck"), checked),
}
