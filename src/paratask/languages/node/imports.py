"""Which packages and files beyond its folder a package's sources import by a relative path: `import { sites } from "../../core/src/sites"`.

That works without a word in any manifest, as long as both lie in one checkout; what is imported is often generated. Paths that are put
together are not found, nor what a compiler's settings make of names, which is in `configurations.py`.
"""

from __future__ import annotations

import posixpath
import re

from paratask.languages.dependencies import Unclear
from paratask.languages.node.configurations import whole_package
from paratask.languages.options import is_within
from paratask.languages.remembered import remembered
from paratask.languages.sources_beyond import climbing_pieces, files_of, may_leave

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from paratask.plugins.hookspecs import Place

SOURCES = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".vue", ".svelte", ".astro")
_STYLES = (".css", ".scss", ".sass", ".less")
_IMPORTED = re.compile(
    r"(?:\b(?:from|import)|@(?:use|forward|reference|source|config|plugin)|\b(?:import|require|URL|url|meta\.glob)\(|\*/)\s*$"
)
"""Also what bundlers put in place of a `new URL(…)`, and what styles name (Sass, Tailwind); a comment may tell them how to import (`/* webpackChunkName: "x" */`)."""
_TAIL = 16
IMPORTED = r"""(?:\bfrom\s*|\bimport\b\s*(?:\(\s*)?|\brequire\(\s*|\bpreset["']?\s*:\s*)["']([^"'\n]+)["']"""
"""What a configuration is made of besides its own text."""
CODE = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts")
"""How programs end, in the order in which a configuration is looked for."""
_ENDINGS = ("", *CODE, ".json", *(f"/jest-preset{kind}" for kind in (".json", *CODE)))
ROOT = "<rootDir>/"
"""How jest names the package."""


@remembered(8_192)
def imported_beyond(folder: str, place: Place) -> tuple[str, ...] | Unclear:
    """The packages that the sources in `folder` import from, and files of none."""
    if is_within(place.root, folder):
        return ()
    files = files_of(folder, (*SOURCES, *_STYLES), ("package.json",), place)
    if files is None:
        return Unclear(why=f"there are too many sources in `{place.pattern(folder)}` to look at what they import")
    return tuple(dict.fromkeys(path for file in files for path in _imported(file, folder, place)))


def _imported(file: str, folder: str, place: Place) -> Iterator[str]:
    own = posixpath.dirname(file)
    for before, piece in climbing_pieces(place.read_text(file) or ""):
        if not may_leave(piece, file, folder):
            continue
        path = posixpath.normpath(posixpath.join(own, piece))
        if _IMPORTED.search(before[-_TAIL:]) and not is_within(path, folder) and is_within(path, place.root):
            yield from _read(path, folder, place)


def _read(path: str, folder: str, place: Place) -> Iterator[str]:
    """The package that an imported path lies in, and the file, which may be in a folder that is not there yet, whatever its suffix."""
    package = whole_package(path, folder, place)
    if package != path:
        yield package
    if not is_within(folder, path):
        yield from (path, *(f"{path}{suffix}" for suffix in SOURCES if place.exists(f"{path}{suffix}")))


def imported_by(path: str, text: str, place: Place) -> Iterator[str | None]:
    """The files that a configuration is made of, by paths whose endings may be left out; None for one that is not there."""
    own = posixpath.dirname(path)
    for piece in re.findall(IMPORTED, text):
        if piece.startswith((".", ROOT)):
            named = posixpath.normpath(posixpath.join(own, piece.removeprefix(ROOT)))
            yield next((each for end in _ENDINGS if place.read_text(each := named + end) is not None), None)
