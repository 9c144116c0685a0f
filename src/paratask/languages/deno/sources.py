"""What the programs in a folder import, as their text says: by paths, by names, and from elsewhere (`npm:`, `jsr:`, `https:`).

Imports that are put together when a program runs are not found. Does not know where a name leads.
"""

from __future__ import annotations

import posixpath
import re

from paratask.frozen import dataclass
from paratask.languages.deno.tools import SUFFIXES
from paratask.languages.remembered import remembered
from paratask.languages.sources_beyond import files_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.plugins.hookspecs import Place

_IMPORTED = re.compile(
    r"""(?:\b(?:from|import)\s*|\b(?:import|resolve|require|URL)\(\s*(?:/\*.{0,200}?\*/\s*)?|\b(?:types|path)\s*=\s*)["'`]([^"'`\n]+)["'`]"""
    r"""|@jsxImportSource(?:Types)?\s+([^\s*]+)"""
)
_ELSEWHERE = re.compile(r"""["'`]((?:npm|jsr):/?@?\w[^\s"'`]*)""")
"""Packages are also named where they are imported later."""
_WRITES = re.compile(
    r"\b(?:(?:write|copy|append|output)\w{0,40}?File\w{0,40}|rename(?:Sync)?|create(?:Sync|WriteStream)?|copy(?:Sync)?|cp(?:Sync)?|move(?:Sync)?|open(?:Sync)?)\("
)
_PROGRAM = re.compile(
    r"""^(?![^\n]*(?:\bfrom\b|\bimport\b|\bDeno\.(?:test|bench)\())[^\n]*\.(?:[cm]?[tj]s|[tj]sx)["'`]""", re.MULTILINE
)
_LASTING_NOT = re.compile(r"(?i)makeTemp|tmp|(?:\b|mkd|_)temp(?!la)|mock|memfs|virtual")
"""Tests that write programs mostly do so in a folder for what does not last."""
_OF_TESTS = re.compile(r"(?i)(?:[/._-]|^)(?:tests?|bench|specs?|__tests__|e2e|integration|testing)(?:[/._-]|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """`imports` are pairs of a folder and what a program in it imports, as written. `is_known` is whether all programs could be looked at;
    `writes_programs` is whether tests may write others.
    """

    imports: tuple[tuple[str, str], ...]
    is_known: bool = True
    writes_programs: bool = False


@remembered(512)
def sources_of(path: str, place: Place) -> Sources:
    """Of a folder and all below it, or of one file."""
    files = files_of(path, SUFFIXES, (), place) if place.listdir(path) else (path,) if path.endswith(SUFFIXES) else ()
    if files is None:
        return Sources(imports=(), is_known=False, writes_programs=True)
    found: dict[tuple[str, str], None] = {}
    is_known, writes = True, False
    for file in files:
        text = place.read_text(file)
        if text is None:
            is_known = is_known and not place.exists(file)
            continue
        folder = posixpath.dirname(file)
        named = (each for match in _IMPORTED.findall(text) for each in match if each)
        found.update(dict.fromkeys((folder, each) for each in (*named, *_ELSEWHERE.findall(text))))
        writes = writes or _writes_programs(file[len(path) :], text)
    return Sources(imports=tuple(found), is_known=is_known, writes_programs=writes)


def _writes_programs(path: str, text: str) -> bool:
    """Whether a program of tests may write others among those of the project."""
    if _OF_TESTS.search(path) is None or _WRITES.search(text) is None or _LASTING_NOT.search(text):
        return False
    return _PROGRAM.search(text) is not None
