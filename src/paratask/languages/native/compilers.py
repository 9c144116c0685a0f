"""Compilers of C and C++ that are called by hand: what they read, and what they leave.

Knows the options that gcc and clang share and that lead nowhere but to the paths they name; another one is not understood. Headers are
looked for beside the sources, in the folders that `-I` names, and where `#include` climbs to from there.
"""

from __future__ import annotations

import posixpath
import re

from paratask.claims.model import Access
from paratask.languages.inferred import claim, read_below, write_below
from paratask.languages.native.builds import source_reads
from paratask.languages.native.claims import delegation, looking_for_libraries
from paratask.languages.options import resolve_path
from paratask.languages.patterns import is_stream

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from paratask.claims.model import Claim
    from paratask.languages.options import Word
    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Delegation

COMPILERS = ("cc", "c++", "gcc", "g++", "clang", "clang++")
_HARMLESS = re.compile(
    r"-(?:[cSEvws]|O[0-3sgz]?|Ofast|g(?:gdb|dwarf(?:-\d)?|line-tables-only)?[0-3]?|W(?![lap],)[\w+=-]*|D.+|U.+|l[\w.+-]+|std=[\w+:]+|stdlib=[\w+]+|"
    r"ansi|pedantic(?:-errors)?|pthread|shared|static(?:-\w+)?|pie|no-pie|rdynamic|nostdlib|nostdinc|pipe|MP|MMD|MD|MM|M|m[\w=+.-]+|"
    r"f(?:no-[\w-]+|PIC|PIE|pic|pie|sanitize=[\w,-]+|stack-protector[\w-]*|visibility[\w=-]*|omit-frame-pointer|exceptions|rtti|lto(?:=\w+)?|"
    r"strict-aliasing|common|data-sections|function-sections|inline-functions|permissive|(?:un)?signed-char|wrapv|openmp|fast-math|freestanding|"
    r"diagnostics-color(?:=\w+)?|color-diagnostics|cf-protection(?:=\w+)?|stack-clash-protection|char8_t|concepts|coroutines|short-enums|"
    r"unroll-loops|tree-vectorize|asynchronous-unwind-tables|max-errors=\d+)|"
    r"Wl(?:,[\w./$+:-]+)+)"
)
_LEAVES_MORE = re.compile(
    r",-{1,2}(?:Map|M$|out-implib|o(?:,|$)|output|dependency-file|version-script|T|script|plugin|reproduce|save-temps|time-trace|stats)"
)
"""Options for the linker by which it writes, or reads, something else."""
_WITH_PATH = {"-I": "read", "-L": "read", "-iquote": "read", "-isystem": "read", "-idirafter": "read", "-include": "file", "-imacros": "file",
              "--sysroot": "read", "-isysroot": "read", "-o": "output", "-MF": "written"}  # fmt: skip
_WITH_VALUE = frozenset({"-MT", "-MQ", "-x", "-D", "-U", "-l", "-arch", "-target", "-framework", "-Xlinker", "-u", "-z"})
_ENDS = {"-c": ".o", "-S": ".s", "-E": ""}


def compiled(call: Call, environment: Mapping[str, Word]) -> Delegation | None:
    """One call of a compiler, which stops where an option is not known."""
    sorted_out = _sorted(call.invocation.words[1:])
    if sorted_out is None:
        return None
    flags, named, sources = sorted_out
    own: list[Claim] = [looking_for_libraries(call)]
    outputs = [word for kind, word in named if kind in ("output", "written")] or _left(flags, sources)
    found = [
        *((word, "written") for word in (*outputs, *_dependencies(flags, named, sources))),
        *((word, kind) for kind, word in named if kind in ("read", "file")),
        *((word, "source") for word in sources),
    ]
    for word, kind in found:
        path = resolve_path(word, call.cwd)
        if path is None or word == "-":
            return None
        own += _claimed(path, kind, call)
    return delegation(call, [], own, environment) if sources else None


def _sorted(words: Sequence[Word]) -> tuple[list[str], list[tuple[str, str]], list[str]] | None:
    """The plain options, the paths that options name, and the operands; None where one is not known."""
    flags: list[str] = []
    named: list[tuple[str, str]] = []
    operands: list[str] = []
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word is None or word.startswith("@"):
            return None
        attached = next(
            (name for name in ("-I", "-L", "-o", "--sysroot=", "-isystem") if word.startswith(name) and word != name), ""
        )
        if not word.startswith("-") or word == "-":
            operands.append(word)
        elif word in _WITH_PATH or word in _WITH_VALUE:
            value = rest.pop(0) if rest else None
            if value is None or word == "-Xlinker":
                return None
            named += [(_WITH_PATH[word], value)] if word in _WITH_PATH else []
        elif attached:
            named.append((_WITH_PATH[attached.rstrip("=")], word[len(attached) :]))
        elif _HARMLESS.fullmatch(word) and not (word.startswith("-Wl,") and _LEAVES_MORE.search(word)):
            flags.append(word)
        else:
            return None
    return flags, named, operands


def _left(flags: Sequence[str], sources: Sequence[str]) -> list[str]:
    """What is left in the folder of the call where nothing is named."""
    kinds = [flag for flag in flags if flag in _ENDS]
    if not kinds:
        return [] if {"-M", "-MM"} & {*flags} else ["a.out"]
    ending = _ENDS[kinds[-1]]
    return [posixpath.splitext(posixpath.basename(source))[0] + ending for source in sources] if ending else []


def _dependencies(flags: Sequence[str], named: Sequence[tuple[str, str]], sources: Sequence[str]) -> Iterator[str]:
    """Lists of headers that are left beside what is made."""
    if not {"-MD", "-MMD"} & {*flags} or any(kind == "written" for kind, _ in named):
        return
    outputs = [word for kind, word in named if kind == "output"]
    for output in outputs or (posixpath.basename(source) for source in sources):
        yield posixpath.splitext(output)[0] + ".d"
    for output in outputs:
        for source in sources:
            yield f"{output}-{posixpath.splitext(posixpath.basename(source))[0]}.d"


def _claimed(path: str, kind: str, call: Call) -> Iterator[Claim]:
    place, reason = call.place, f"`{call.key}` reads it"
    if kind in ("written", "output"):
        if is_stream(path):
            return
        yield write_below(path, place, f"`{call.key}` writes it")
    elif kind == "source" and posixpath.splitext(path)[1] in (".o", ".a", ".so", ".obj", ".lib", ".dylib"):
        yield claim(Access.READ, place.pattern(path), reason)
    elif kind in ("source", "file"):
        yield from source_reads(posixpath.dirname(path), place, f"`{call.key}` reads it with what lies beside it", whole=False)
    else:
        yield read_below(path, place, reason)
        yield from source_reads(path, place, reason, whole=True)
