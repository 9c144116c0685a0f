"""The words of a call made ready for the table: options whose value may be left out, and what follows `--` for another program.

And the variables of the environment that these programs read, of which each stands for something that is known.
"""

from __future__ import annotations

from paratask.languages.options import Role, parse, roles

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from paratask.languages.options import Word
    from paratask.languages.tool_calls import Call

_JOBS = frozenset({"-j", "--parallel", "--jobs"})
_SEVERAL = frozenset({"--target", "-t"})
_NATIVE = {
    Role.FLAG: "-v -s -k --silent --no-print-directory",
    Role.VALUE: "-l",
    Role.CORES: "-j",
}
_FLAGS = frozenset("CC CXX CFLAGS CXXFLAGS CPPFLAGS LDFLAGS LDLIBS ASFLAGS AR CMAKE_GENERATOR CMAKE_BUILD_TYPE CMAKE_BUILD_PARALLEL_LEVEL "
    "CMAKE_COLOR_DIAGNOSTICS CMAKE_EXPORT_COMPILE_COMMANDS CMAKE_CONFIGURATION_TYPES CMAKE_C_COMPILER_LAUNCHER CMAKE_CXX_COMPILER_LAUNCHER "
    "CTEST_OUTPUT_ON_FAILURE CTEST_PARALLEL_LEVEL CTEST_PROGRESS_OUTPUT CTEST_NO_TESTS_ACTION NINJA_STATUS MAKEFLAGS GNUMAKEFLAGS MFLAGS "
    "CMAKE_GENERATOR_PLATFORM CMAKE_GENERATOR_TOOLSET CMAKE_TLS_VERIFY CMAKE_INSTALL_MODE CMAKE_MSVCIDE_RUN_PATH DESTDIR".split())  # fmt: skip
"""Variables that lead no build elsewhere, or that those look at themselves whom they concern."""


def with_values(key: str, words: Sequence[Word]) -> tuple[Word, ...] | None:
    """`-j` with its number, or `auto`; each of several targets after an option of its own. None where what follows `--` is not known."""
    end = words.index("--") if key == "cmake --build" and "--" in words else len(words)
    if end < len(words) and not _harmless(words[end + 1 :]):
        return None
    found: list[Word] = []
    rest = list(words[:end])
    while rest:
        word = rest.pop(0)
        if word in _JOBS and key != "meson test":
            number = rest.pop(0) if rest and rest[0] and rest[0].isdigit() else "auto"
            found.append(f"{word}={number}")
        elif word in _SEVERAL and key == "cmake --build":
            while rest and rest[0] and not rest[0].startswith("-"):
                found.append(f"--target={rest.pop(0)}")
            if rest and rest[0] is None:
                return None
        else:
            found.append(word)
    return tuple(found)


def _harmless(words: Sequence[Word]) -> bool:
    """Whether the options for the program that builds change nothing but how it does so."""
    parsed = parse(with_values("", words) or (), roles(_NATIVE))
    return parsed is not None and all(word in ("VERBOSE=1", "V=1") for word in parsed.operands)


def own_environment(call: Call) -> Mapping[str, Word] | None:
    """The variables written before the program, but for those that are no matter here; None where one may lead it elsewhere."""
    if "MAKEFILES" in call.invocation.environment:
        return None
    return {name: value for name, value in call.invocation.environment.items() if name not in _FLAGS or name == "DESTDIR"}
