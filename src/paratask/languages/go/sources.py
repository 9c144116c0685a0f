"""Which files of a module its packages are made of, and which commands `go generate` would run in it.

The go command compiles files by their suffix, and what `//go:embed` names; modules below a module are no part of it. So a
module's reading can be told closely, but for cgo, which may include anything. Reads sources through `Place`; does not parse Go.
"""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache
from itertools import takewhile

from paratask.claims.model import Access
from paratask.frozen import dataclass
from paratask.languages.compared_texts import is_compared, without_prose
from paratask.languages.go.modules import split_words
from paratask.languages.inferred import claim, read_below
from paratask.languages.name_patterns import all_but
from paratask.languages.options import is_within, resolve_path
from paratask.languages.remembered import remembered
from paratask.languages.workspaces import may_be_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from paratask.claims.model import Claim
    from paratask.plugins.hookspecs import Place

SUFFIXES = "/*.{go,mod,sum,pgo,s,h,syso,swig,swigcxx}"
"""What go compiles, or reads on the way. Files of other languages count only where cgo is used."""
_FOREIGN = (
    "package.json",
    "pyproject.toml",
    "Cargo.toml",
    "composer.json",
    "Gemfile",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
)
_SKIPPED = frozenset({"vendor", "testdata", "node_modules"})
_MAX_FILES = 5_000
_MAX_DEPTH = 24
_LINES_FOR_C = re.compile(r"^[ \t]*(?://)?[ \t]*#[ \t]*(?:cgo|include)\b(.*)$", re.MULTILINE)
_PATHS_FOR_C = re.compile(r"(?:/|\.\./|\./)[^\s,:\"'<>]*")
_IMPORTS_C = re.compile(r"""(?:^|\bimport\b[ \t]*\(?|;|\*/)[ \t]*["`]C["`][ \t\r]*(?:$|[;)/])""", re.MULTILINE)
"""`import "C"`, also within the parentheses of several; elsewhere a comma or an operator follows the text."""
_WILD, _CLASS = frozenset("*?[\\"), frozenset("[\\")
_EMBED, _GENERATE = "//go:embed", "//go:generate"
_CLIMBING = re.compile(
    r"""(?:\bJoin\((?P<head>[^;]{0,200}?))?(?P<quote>["`])(?P<piece>\.\.(?:/[^"`\s]*)?)(?P=quote)(?P<rest>(?:\s*,\s*"[^"\s]*")*)"""
)
_PIECE = re.compile(r'"([^"\s]*)"')
_DOTS = frozenset("./")
_TAIL = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Directive:
    """One `//go:generate` line: the words of its command, and the folder that it runs in. A word is None where it is not known."""

    words: tuple[str | None, ...]
    folder: str


def module_reads(folder: str, place: Place, reason: str) -> tuple[Claim, ...]:
    """What compiling the packages of the module in `folder` reads."""
    embedded: list[str] = []
    files = list(go_files(folder, place))
    if len(files) > _MAX_FILES:
        return (read_below(folder, place, reason),)
    with_c = [path for path in files if _beyond_go(place.read_text(path) or "")[0]]
    if with_c:
        beyond = dict.fromkeys(named for path in with_c for named in _named_for_c(path, folder, place))
        return (
            read_below(folder, place, f"{reason}; cgo may read all of it"),
            *(read_below(path, place, "cgo is told to look here") for path in beyond),
        )
    for path in files:
        named = _embedded_by(path, place)
        if named is None:
            return (read_below(folder, place, reason),)
        embedded.extend(named)
    own = (f"/{all_but(_left_out(folder, place))}/**{SUFFIXES}", SUFFIXES)
    return (
        *(claim(Access.READ, place.pattern(folder, suffix), reason) for suffix in own),
        *(claim(Access.READ, pattern, "`//go:embed` names it") for pattern in dict.fromkeys(embedded)),
    )


@remembered(1_024)
def built_in(folder: str, place: Place) -> tuple[str, ...]:
    """Patterns of what the programs of the module in `folder` have built in, but for what tests have, and for whole packages' folders."""
    found: dict[str, None] = {}
    for path in list(go_files(folder, place))[:_MAX_FILES]:
        own = posixpath.dirname(path)
        named = () if path.endswith("_test.go") else _embedded_by(path, place) or ()
        found.update(
            dict.fromkeys(each for each in named if each not in (place.pattern(own, "/**"), place.pattern(own, "/*/**")))
        )
    return tuple(found)


def _embedded_by(path: str, place: Place) -> list[str] | None:
    """Patterns of what a file embeds; None where a line that does so is not understood."""
    found: list[str] = []
    for line in _beyond_go(place.read_text(path) or "")[1]:
        named = _embedded(line, posixpath.dirname(path), place)
        if named is None:
            return None
        found.extend(named)
    return found


def go_files(folder: str, place: Place, depth: int = 0) -> Iterator[str]:
    """The Go files of the module in `folder`, in the order of their paths; a few more than are looked at, at most."""
    count = 0
    for name in place.listdir(folder):
        path = posixpath.join(folder, name)
        if name.endswith(".go"):
            yield path
        elif (
            depth < _MAX_DEPTH
            and name not in _SKIPPED
            and may_be_folder(name)
            and not place.exists(posixpath.join(path, "go.mod"))
        ):
            for found in go_files(path, place, depth + 1):
                yield found
                count += 1
                if count > _MAX_FILES:
                    return


def named_by_tests(folder: str, place: Place) -> tuple[str, ...] | None:
    """The paths beyond the module in `folder` that texts in its sources name, as tests open them, which run in the folder of their package.

    What climbs only (`..`) is seen from there alone, unless it is joined to something (`Join(root, "..", "docs")`), which may be the
    module's folder as well. None where there are too many files to look at.
    """
    found: dict[str, None] = {}
    for count, path in enumerate(go_files(folder, place), start=1):
        if count > _MAX_FILES:
            return None
        own = posixpath.dirname(path)
        for piece, is_joined in _climbing(place.read_text(path) or ""):
            bases = (own,) if _DOTS.issuperset(piece) and not is_joined else (own, folder)
            found.update(dict.fromkeys(posixpath.normpath(posixpath.join(base, piece)) for base in bases))
    return tuple(path for path in found if not is_within(path, folder) and is_within(path, place.root))


@lru_cache(maxsize=16_384)
def _climbing(text: str) -> tuple[tuple[str, bool], ...]:
    """The texts in a source that climb out of a folder, with what is joined to them, and whether they are joined to something."""
    found: list[tuple[str, bool]] = []
    text = without_prose(text)
    for match in _CLIMBING.finditer(text) if ".." in text else ():
        head, piece, start = match["head"], match["piece"], match.start("quote")
        if not is_compared(text[max(0, start - _TAIL) : start], piece):
            joins = head is not None and head.count("(") == head.count(")")
            rest = _PIECE.findall(match["rest"]) if joins else ()
            found.append(("/".join((piece, *rest)), joins and bool((head or "").strip())))
    return tuple(found)


def is_always_built(path: str, place: Place) -> bool:
    """Whether the file at `path` belongs to its package whatever is built, and no test or constraint leaves it out."""
    name = posixpath.basename(path)
    text = place.read_text(path) or ""
    return "_" not in name and not name.startswith(".") and "//go:build" not in text and "+build" not in text


def directives(path: str, place: Place) -> tuple[Directive, ...]:
    """The commands that `go generate` runs for the file at `path`, with its variables filled in."""
    text = place.read_text(path) or ""
    if _GENERATE not in text:
        return ()
    folder, file = posixpath.split(path)
    lines = text.splitlines()
    package = next((line.split()[1] for line in lines if line.startswith("package ") and len(line.split()) > 1), "")
    variables = {"GOFILE": file, "GOPACKAGE": package, "DOLLAR": "$"}
    found: list[Directive] = []
    commands: dict[str, tuple[str | None, ...]] = {}
    for line in lines:
        if not line.startswith((_GENERATE + " ", _GENERATE + "\t")):
            continue
        words = split_words(line[len(_GENERATE) :], comments=False)
        filled = (None,) if words is None else tuple(_filled(word, variables) for word in words)
        if filled[:1] == ("-command",) and len(filled) > 2 and filled[1]:
            commands[filled[1]] = filled[2:]
        elif filled:
            found.append(Directive(words=(*commands.get(filled[0] or "", filled[:1]), *filled[1:]), folder=folder))
    return tuple(found)


@lru_cache(maxsize=16_384)
def _beyond_go(text: str) -> tuple[bool, tuple[str, ...]]:
    """Whether a file may use cgo, and its lines that embed something."""
    lines = text.splitlines() if _EMBED in text else ()
    with_c = ('"C"' in text or "`C`" in text) and _IMPORTS_C.search(text) is not None
    return with_c, tuple(line for line in lines if line.startswith((_EMBED + " ", _EMBED + "\t")))


def _named_for_c(path: str, folder: str, place: Place) -> Iterator[str]:
    """The paths beyond the module in `folder` that the file's `#cgo` and `#include` lines name, seen from its own folder."""
    for words in _LINES_FOR_C.findall(place.read_text(path) or ""):
        yield from (named for named in paths_for_c(words, posixpath.dirname(path)) if not is_within(named, folder))


def paths_for_c(words: str, folder: str) -> Iterator[str]:
    """The paths in flags for a C compiler that works in `folder` (`-I../include -L${SRCDIR}/lib`)."""
    for word in _PATHS_FOR_C.findall(words.replace("${SRCDIR}", folder)):
        yield posixpath.normpath(posixpath.join(folder, word))


def _embedded(line: str, folder: str, place: Place) -> list[str] | None:
    """The patterns of what a line embeds, folders with all that is in them; None where one is not understood."""
    found: list[str] = []
    for word in split_words(line[len(_EMBED) :], comments=False) or (None,):
        parts = [] if word is None else word.removeprefix("all:").split("/")
        plain = list(takewhile(_WILD.isdisjoint, parts))
        path = resolve_path("/".join(plain) or ".", folder)
        if word is None or path is None:
            return None
        wild = parts[len(plain) :] if _CLASS.isdisjoint(word) else ()
        found.append(place.pattern(path, "/".join(("", *wild, "**"))))
    return found


def _filled(word: str, variables: dict[str, str]) -> str | None:
    """A word with the variables that go sets; None where another stands in it."""
    for name, value in variables.items():
        if value:
            word = word.replace("${" + name + "}", value).replace("$" + name, value) if value != "$" else word
    return None if "$" in word else word


def _left_out(folder: str, place: Place) -> Iterator[str]:
    """Folders in a module's that are no part of it: modules of their own, and workspaces of other languages without Go files."""
    for name in place.listdir(folder):
        path = posixpath.join(folder, name)
        if "." not in name and (place.exists(posixpath.join(path, "go.mod")) or _is_foreign(path, place)):
            yield name


def _is_foreign(folder: str, place: Place) -> bool:
    foreign = any(place.exists(posixpath.join(folder, name)) for name in _FOREIGN)
    return foreign and next(go_files(folder, place), None) is None
