"""What the sources of a package say that decides whether its tests run beside those who look at programs: which snapshots tests may put
into them, whether tests write programs, and which data they import.

Looks at the text of all programs in a folder, packages below it included, as tests of the root run theirs too. Knows no tool.
"""

from __future__ import annotations

import posixpath
import re

from paratask.frozen import dataclass
from paratask.languages.node.imports import SOURCES
from paratask.languages.remembered import remembered
from paratask.languages.sources_beyond import files_of
from paratask.languages.workspaces import folders_above

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from paratask.plugins.hookspecs import Place

_MOST_FILES = 2_000
_OF_ANY_NAME = r"FileSnapshot|toMatchFile\b|SpecificSnapshot"
"""Snapshots in files whose names the source says."""
_NEW = r"""InlineSnapshot(?!\(\s*(?:`[^`]|"[^"]|'[^']))"""
"""Those in the source itself that are not there yet; one that is there is written anew only where tests are told to."""
_DATA = r"""\b(from|import|require)(\s*(?:\(\s*)?)["']([^"'\n]*\.json)["']"""
_OF_TESTS = r"(?i)[/._-](?:tests?|specs?|__tests__|e2e|integration)(?:[/._-]|$)|[/.-](?:setup|teardown)\b|/__\w+__/"
_WRITES = (
    r"\b(?:(?:write|append|copy|output)File(?:Sync)?|cp(?:Sync)?|rename(?:Sync)?|createWriteStream|outputFileSync|Bun\.write)\("
)
_PROGRAM = r"""^(?![^\n]*(?:\bfrom\b|\bimport\b|\brequire\b|\bmock\())[^\n]*\.(?:[cm]?[tj]s|[tj]sx|vue|svelte|astro|css|s[ac]ss|less|graphql|gql)["'`]"""
_ELSEWHERE = r"(?i)tmp|(?:\b|mkd|_)temp(?!la)|temp_?(?:dir|file|folder|path)|mock|memfs|vol\.|virtual"
"""Tests that write programs mostly do so in a folder for what does not last, or for their looks only."""
_ALIASES = ("@", "~", "#", "$")
_BASES = ("", "src", "app", "lib")
"""Where names that are short for a folder mostly lead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """`snapshots` are the absolute paths that tests may put new ones into, folders where the second is "/**", None where that may be anywhere;
    `writes_programs` is whether they may write others. `data` are the absolute paths of files in JSON that they import, None where only a compiler tells which one is
    meant; `first` are those that are there before anything of a program runs.
    """

    snapshots: tuple[tuple[str, str], ...] | None
    writes_programs: bool
    data: tuple[str, ...] | None
    first: tuple[str, ...] = ()


_UNKNOWN = Sources(snapshots=None, writes_programs=True, data=None)


@remembered(256)
def sources_of(folder: str, place: Place) -> Sources:
    """What is said by the programs in `folder`. Where there are too many to look at, anything may be."""
    files = files_of(folder, SOURCES, (), place)
    if files is None or len(files) > _MOST_FILES:
        return _UNKNOWN
    writes = False
    snapshots: list[tuple[str, str]] = []
    found: list[tuple[str | None, bool]] = []
    for file in files:
        text = place.read_text(file) or ""  # one that is too large to look at was not written by hand
        snapshots.extend(_snapshots(file, text) if "Snapshot" in text or "toMatchFile" in text else ())
        writes = writes or _writes_programs(file[len(folder) :], text)
        found.extend(_data_in(text, file, folder, place) if ".json" in text else ())
    is_known = all(path for path, _ in found)
    return Sources(
        snapshots=tuple(dict.fromkeys(snapshots)),
        writes_programs=writes,
        data=tuple(dict.fromkeys(path for path, _ in found if path)) if is_known else None,
        first=tuple(dict.fromkeys(path for path, is_first in found if path and is_first)),
    )


def _snapshots(file: str, text: str) -> Iterator[tuple[str, str]]:
    if re.search(_OF_ANY_NAME, text):
        yield posixpath.dirname(file), "/**"
    elif re.search(_NEW, text):
        yield file, ""


def _writes_programs(path: str, text: str) -> bool:
    """Whether a source of tests may write programs among those of the package."""
    if re.search(_OF_TESTS, path) is None or re.search(_WRITES, text) is None or re.search(_ELSEWHERE, text):
        return False
    return re.search(_PROGRAM, text, re.MULTILINE) is not None


def _data_in(text: str, file: str, folder: str, place: Place) -> Iterator[tuple[str | None, bool]]:
    """Each file in JSON that a source imports, and whether that is done before anything else."""
    for word, call, piece in re.findall(_DATA, text):
        is_first = word != "require" and "(" not in call
        if piece.startswith(("./", "../")):
            yield posixpath.normpath(posixpath.join(posixpath.dirname(file), piece)), is_first
        elif not _is_installed(piece, folder, place):
            yield _short_for(piece, folder, place), is_first


def _is_installed(piece: str, folder: str, place: Place) -> bool:
    return any(place.exists(posixpath.join(above, "node_modules", piece)) for above in folders_above(folder, place))


def _short_for(piece: str, folder: str, place: Place) -> str | None:
    """The file that is meant by a name which begins with one that is short for a folder (`@/data/x.json`)."""
    rest = piece.partition("/")[2] if piece.startswith(_ALIASES) else piece
    paths = (posixpath.join(folder, base, rest) for base in _BASES)
    return next((path for path in paths if place.exists(path)), None)
