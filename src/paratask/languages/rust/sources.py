"""Which files beyond their own folder the sources of a package name: `include_str!("../../schema.sql")`, `#[path]`, `folder`.

Looks for pieces of text between quotation marks that climb out of a folder, in all `.rs` files of the package, and in Tauri's
settings, which name what is built into the program: the web pages in `frontendDist`, resources, other programs. What is put
together when the program is compiled or run is not found; what only looks like a path makes claims wider, unless it is plainly compared
with (`compared_texts.py`), or opened only where the program runs, and it does not.
"""

from __future__ import annotations

import posixpath
import re

from paratask.languages.options import is_within
from paratask.languages.sources_beyond import climbing_pieces, files_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from paratask.plugins.hookspecs import Place

_MAX_FILES = 5_000
_SETTINGS = re.compile(r"tauri\.(\w+\.)?conf\.json5?|Tauri(\.\w+)?\.toml")
_SCHEMA = "schema.json"
_OWN_FOLDER = "$CARGO_MANIFEST_DIR/"
_WHEN_RUN = re.compile(r"(?:\.(?:join|push|arg|current_dir)|\b(?:Path::new|PathBuf::from|File::\w+|fs::\w+))\(\s*&?$")
"""How paths are made and opened by a program that runs; macros and attributes, which the compiler sees, are given texts alone."""
_TAIL = 48
_PARTS = frozenset({"src", "tests", "benches", "examples"})
"""Folders of a package in which its build script has nothing, unless it says so."""
_REACHING = ("#[path", "include!")


def paths_beyond(folders: Sequence[str], place: Place, *, running: Container[str] | None = None) -> tuple[str, ...] | None:
    """The paths outside `folders` that the sources in them name. None where there are too many files to look at.

    Where only some packages' code is run, as macros and build scripts are when others are compiled, these are `running`.
    """
    found: dict[str, None] = {}
    count = 0
    for folder in folders:
        runs = running is None or folder in running
        files = sources_of(folder, place)
        if files is None or count + len(files) > _MAX_FILES:
            return None
        count += len(files)
        for path in files:
            found.update(
                dict.fromkeys(named_beyond(path, folder, place, runs=runs or not _is_compiled_only(path, folder, place)))
            )
        found.update(dict.fromkeys(_built_in(folder, place)))
    return tuple(path for path in found if not any(is_within(path, folder) for folder in folders))


def sources_of(folder: str, place: Place) -> tuple[str, ...] | None:
    """The sources of the package in `folder`. None where there are too many files to look at."""
    return files_of(folder, (".rs",), ("Cargo.toml",), place)


def _is_compiled_only(path: str, folder: str, place: Place) -> bool:
    """Whether a file is none of the package's build script's."""
    part = path[len(folder) + 1 :].partition("/")[0]
    script = place.read_text(f"{folder}/build.rs") or ""
    return part in _PARTS and not any(word in script for word in _REACHING)


def named_beyond(path: str, folder: str, place: Place, *, runs: bool = True) -> tuple[str, ...]:
    """The paths outside `folder`, a package's, that the file at `path` names; seen from the file, and from the package."""
    bases = (posixpath.dirname(path), folder)
    pieces = _climbing(place.read_text(path) or "", runs)
    seen = (posixpath.normpath(posixpath.join(base, piece)) for piece in pieces for base in bases)
    return tuple(dict.fromkeys(path for path in seen if not is_within(path, folder) and _may_be(path, place)))


def _built_in(folder: str, place: Place) -> Iterator[str]:
    """What Tauri's settings in the folder name; a schema is for editors."""
    for name in place.listdir(folder):
        if _SETTINGS.fullmatch(name):
            named = named_beyond(f"{folder}/{name}", folder, place)
            yield from (path for path in named if not path.endswith(_SCHEMA))


def _climbing(text: str, runs: bool) -> Iterator[str]:
    """The pieces that are paths out of a folder, and matter to who compiles or `runs` it."""
    for before, piece in climbing_pieces(text.replace(_OWN_FOLDER, "/") if _OWN_FOLDER in text else text):
        if runs or _WHEN_RUN.search(before[-_TAIL:]) is None:
            yield piece.lstrip("/")


def _may_be(path: str, place: Place) -> bool:
    """Whether there is such a file, or it lies where a step may put it."""
    return is_within(path, place.root) or place.exists(path)
