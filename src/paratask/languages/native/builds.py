"""Build folders: whose they are, what they remember of how they were configured, and what is read of a source that has some in it.

Knows the files that cmake and meson leave in a build folder; knows nothing of what builds do.
"""

from __future__ import annotations

import posixpath
import re

from paratask.claims.model import Access
from paratask.frozen import dataclass, replace
from paratask.languages.inferred import claim, read_below
from paratask.languages.json_files import read_json
from paratask.languages.native.cmake_known import BUILDS, WRITTEN_VARIABLE
from paratask.languages.options import is_within
from paratask.languages.remembered import remembered
from paratask.languages.sources_beyond import paths_beyond
from paratask.languages.workspaces import folders_above

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from paratask.claims.model import Claim
    from paratask.plugins.hookspecs import Place

CACHE, MESON = "CMakeCache.txt", "meson-info"
_MAX_FOLDERS = 60
_SUFFIXES = (".c", ".h", ".cc", ".hh", ".cpp", ".hpp", ".cxx", ".hxx", ".ipp", ".inl", ".inc", ".m", ".mm", ".cu", ".cuh", ".S")
_ENTRY = re.compile(r"^([^#/\s:=][^:=\n]*):([A-Z]+)=(.*)$", re.MULTILINE)
_CODE = re.compile(
    r"CMAKE_TOOLCHAIN_FILE|VCPKG_CHAINLOAD_TOOLCHAIN_FILE|CMAKE_PROJECT_(?:\w+_)?(?:TOP_LEVEL_)?INCLUDES?(?:_BEFORE)?|CMAKE_USER_MAKE_RULES_OVERRIDE\w*"
)
_NAMES_A_PATH = re.compile(r"(?:PATH|DIR|DIRECTORY|ROOT|PREFIX|FILE)$", re.IGNORECASE)
PREFIX = "CMAKE_INSTALL_PREFIX"
_SOURCE = "CMAKE_HOME_DIRECTORY"
_ONLY_NAMED = frozenset({PREFIX, "CMAKE_STAGING_PREFIX"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Led:
    """Where the variables of a configuration lead: paths that are read and written, and files that are read as CMake code."""

    reads: tuple[str, ...]
    writes: tuple[str, ...]
    included: tuple[str, ...]


def cmake_source(binary: str, place: Place) -> str | None:
    """The source that is built in a folder: as its cache says; before there is one, the nearest project above."""
    cached = cache_entries(binary, place).get(_SOURCE)
    if cached:
        return posixpath.normpath(cached)
    above = folders_above(binary, place) if is_within(binary, place.root) else (binary, posixpath.dirname(binary))
    return next((folder for folder in above if place.exists(posixpath.join(folder, "CMakeLists.txt"))), None)


def meson_source(binary: str, place: Place) -> str | None:
    """The same for meson, whose projects have a `meson.build` that begins with `project(`."""
    told = (read_json(posixpath.join(binary, MESON, "meson-info.json"), place) or {}).get("directories")
    source = told.get("source") if isinstance(told, dict) else None
    if isinstance(source, str):
        return posixpath.normpath(source)
    above = folders_above(binary, place) if is_within(binary, place.root) else (binary, posixpath.dirname(binary))
    texts = ((folder, place.read_text(posixpath.join(folder, "meson.build")) or "") for folder in above)
    return next((folder for folder, text in texts if re.search(r"^project\s*\(", text, re.MULTILINE)), None)


def cache_entries(binary: str, place: Place) -> Mapping[str, str]:
    """The variables that a build folder was configured with, and its source; none where it was not. cmake's own notes are left out."""
    text = place.read_text(posixpath.join(binary, CACHE)) or ""
    found = _ENTRY.findall(text)
    return {name: value for name, kind, value in found if kind not in ("INTERNAL", "STATIC") or name == _SOURCE}


def is_configured(binary: str, place: Place) -> bool:
    """Whether the folder is a build's."""
    return place.exists(posixpath.join(binary, CACHE)) or place.exists(posixpath.join(binary, MESON))


def led(entries: Mapping[str, str], source: str, binary: str, bases: tuple[str, ...], place: Place) -> Led:
    """Where variables lead that look like paths; relative ones from any of `bases`. Installed software is no matter."""
    reads: dict[str, None] = {}
    writes: dict[str, None] = {}
    included: dict[str, None] = {}
    for name, value in entries.items():
        paths = () if name in _ONLY_NAMED else tuple(_paths(value, bases, named=_NAMES_A_PATH.search(name) is not None))
        for path in paths:
            if WRITTEN_VARIABLE.fullmatch(name) and not is_within(path, binary):
                writes[path] = None
            elif _CODE.fullmatch(name) and is_within(path, place.root) and place.exists(path):
                included[path] = None
            elif not is_within(path, source) and not is_within(path, binary) and is_within(path, place.root):
                reads[path] = None
    return Led(reads=tuple(reads), writes=tuple(writes), included=tuple(included))


def _paths(value: str, bases: tuple[str, ...], *, named: bool) -> Iterator[str]:
    for part in value.split(";"):
        if part.startswith("/"):
            yield posixpath.normpath(part)
        elif part and (named or "/" in part or part == ".."):
            yield from dict.fromkeys(posixpath.normpath(posixpath.join(base, part)) for base in bases)


def source_reads(source: str, place: Place, reason: str, *, whole: bool, named: Iterable[str] = ()) -> tuple[Claim, ...]:
    """What a build reads of its source: all but other builds' folders, unless `whole`; and beyond it what the project has `named`, and
    what the sources name from there on, with all that lies beside it, since a header includes those beside it.
    """
    entry = claim(Access.READ, place.pattern(source, "/**"), reason)
    if not whole:
        others = (place.pattern(posixpath.join(source, name), "/**") for name in _other_builds(source, place))
        entry = replace(entry, excluding=(*entry.excluding, *others))
    beyond = _beyond(source, tuple(named), place)
    if beyond is None:
        return (entry, read_below(place.root, place, "too many sources to look at which files they name"))
    return (entry, *beyond)


@remembered(256)
def _beyond(source: str, named: tuple[str, ...], place: Place) -> tuple[Claim, ...] | None:
    found: dict[Claim, None] = {read_below(path, place, "the project names it"): None for path in named}
    seen = {source}
    waiting = [source, *(path for path in named if is_within(path, place.root) and not is_within(source, path))]
    while waiting:
        folder = waiting.pop()
        paths = paths_beyond(folder, _SUFFIXES, (CACHE, MESON), place)
        if paths is None or len(seen) > _MAX_FOLDERS:
            return None
        for path in paths:
            beside = posixpath.dirname(path) if posixpath.splitext(path)[1] else path
            if any(is_within(beside, each) for each in seen):
                continue
            seen.add(beside)
            above = is_within(source, beside)
            suffix = f"/*{{{','.join(_SUFFIXES)}}}" if above else "/**"
            found[claim(Access.READ, place.pattern(beside, suffix), "sources name it")] = None
            if not above:
                waiting.append(beside)
    return tuple(found)


def _other_builds(source: str, place: Place) -> Iterator[str]:
    """Names of folders beside the sources that are builds, or will be."""
    there = place.listdir(source)
    yield from (name for name in BUILDS if name not in there)
    for name in there:
        path = posixpath.join(source, name)
        below = [posixpath.join(path, each) for each in place.listdir(path)] if "." not in name else []
        if below and (is_configured(path, place) or all(is_configured(each, place) for each in below)):
            yield name
