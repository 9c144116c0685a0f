"""Which files beyond their package tests open, as its sources say: `readFileSync(join(__dirname, "../../../core/sites.json"))`.

Tests of one package look at data, documents and results of another. A path in a source is seen from the folder of that source where it
is imported, or where the source asks for its own place; else from the package's as well, in which tests mostly run. What is put together
otherwise is not found. Configurations of tools are left out, as they name results too and are followed elsewhere. Go's tests are in
`go/sources.py`, which knows where they run.
"""

from __future__ import annotations

import posixpath
import re

from paratask.languages.inferred import read_below
from paratask.languages.options import is_within
from paratask.languages.remembered import remembered
from paratask.languages.sources_beyond import climbing_pieces, files_of, may_leave

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from paratask.claims.model import Claim
    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Place

_IMPORTED = re.compile(r"(?:\b(?:from|import)|(?:import|require|require\.resolve|[mM]ock|[aA]ctual|[mM]odules?)\(|>\()\s*$")
_SELECTED = re.compile(r"\.locator\(\s*$")
"""What is given here is a place in a page: its parent."""
_OWN_PLACES = ("__dirname", "__filename", "__file__", "import.meta")
_CONFIGURATION = ".config."
_WORKING_FOLDERS = ("cwd(",)
_TAIL = 48


def opened_by_tests(call: Call, suffixes: Sequence[str]) -> tuple[Claim, ...]:
    """What the tests of the call's package may read beyond it."""
    place = call.place
    if is_within(place.root, call.workspace):
        return ()
    paths = _opened(call.workspace, tuple(suffixes), call.language.manifests, place)
    if paths is None:
        return (read_below(place.root, place, "too many sources to look at which files they name"),)
    return tuple(read_below(path, place, f"sources name it, and `{call.key}` may open it") for path in paths)


@remembered(256)
def _opened(folder: str, suffixes: tuple[str, ...], manifests: tuple[str, ...], place: Place) -> tuple[str, ...] | None:
    files = files_of(folder, suffixes, manifests, place)
    if files is None:
        return None
    sources = (file for file in files if _CONFIGURATION not in posixpath.basename(file))
    named = dict.fromkeys(path for file in sources for path in _named(file, folder, place.read_text(file) or ""))
    return tuple(path for path in named if not is_within(path, folder) and is_within(path, place.root))


def _named(file: str, folder: str, text: str) -> Iterator[str]:
    own = posixpath.dirname(file)
    knows_its_place = any(word in text for word in _OWN_PLACES) and not any(word in text for word in _WORKING_FOLDERS)
    for before, piece in climbing_pieces(text):
        if _SELECTED.search(before[-_TAIL:]):
            continue
        is_own = knows_its_place or _IMPORTED.search(before[-_TAIL:]) is not None
        if is_own and not may_leave(piece, file, folder):
            continue
        for base in (own,) if is_own else (own, folder):
            yield posixpath.normpath(posixpath.join(base, piece.lstrip("/")))
