"""What tests of Rust packages write there: not their sources and settings, so that the format is checked beside them. See "Claims" in docs/design.md.

Some crates' tests do: those that generate sources, which are found by their text, and those that are told to bring up to date what they
compare with, which variables tell them. Knows no options; what build scripts write is another claim.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access, Claim
from paratask.frozen import replace
from paratask.languages.remembered import remembered
from paratask.languages.rust.sources import sources_of
from paratask.languages.sources_beyond import any_has

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.languages.rust.packages import Selection
    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Place

_KEPT = "/**/{*.rs,*.toml,rust-toolchain,.cargo/config}"
_WRITES = (
    r"\bfs(?:_err)?::(?:write|copy|rename|hard_link)\b|\bFile::(?:create(?:_new)?|options)\b|\bOpenOptions\b|\bout_dir\(|\bsourcegen\b|"
    r"\bwrite(?:_to)?_file\(|\bmacrotest\b|\"rustfmt\""
)
_A_SOURCE = r'\.rs"|extension\("rs"\)'
_SCRIPT = "build.rs"


def testing(call: Call, selection: Selection, written: tuple[Claim, ...]) -> tuple[Claim, ...]:
    """What tests write of their packages, given `written`, which is all of them."""
    if not call.only_tests:
        return written
    folders = {call.place.pattern(folder, "/**"): folder for folder in selection.packages}
    return tuple(_less(entry, folders.get(entry.pattern), call.place) for entry in written)


def _less(entry: Claim, folder: str | None, place: Place) -> Claim:
    if folder is None or entry.access is not Access.WRITE or _writes_sources(folder, place):
        return entry
    return replace(entry, excluding=(*entry.excluding, place.pattern(folder, _KEPT)))


@remembered(1_024)
def _writes_sources(folder: str, place: Place) -> bool:
    """Whether the package has code that may write sources, or too many of them to look at."""
    files = sources_of(folder, place)
    own = None if files is None else [file for file in files if posixpath.basename(file) != _SCRIPT]
    return any_has(own, place, _A_SOURCE, _WRITES)
