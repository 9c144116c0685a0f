"""The interfaces of Rust's types that tests write for another language: `#[ts(export_to = "../web/types/")]` of ts-rs, and specta's.

The documentation of ts-rs says where: seen from what TS_RS_EXPORT_DIR names, in cargo's configuration or before the command, else from
`bindings` in the package, up to version 6 from the package. What is put together by a program is not found.
"""

from __future__ import annotations

import posixpath
import re

from paratask.claims.model import Access
from paratask.languages.inferred import claim, write_below
from paratask.languages.options import is_within, resolve_path
from paratask.languages.remembered import remembered
from paratask.languages.rust.configuration import variable
from paratask.languages.rust.sources import sources_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from paratask.claims.model import Claim
    from paratask.languages.rust.packages import Selection
    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Place

_FOLDER = "TS_RS_EXPORT_DIR"
_USUAL = "bindings"
_EXPORTED = re.compile(r"\bts\s*\([^)]{0,400}?\bexport")
_NAMED = re.compile(r'\bexport_to\s*=\s*"([^"\n]+)"')
_SPECTA = "specta"
_HANDED_OVER = re.compile(r'\bexport(?:_to|_for|_ts|_as)?\([^;"]{0,400}?"(\.{0,2}/?[^"\n]*\.(?:[cm]?[tj]s|d\.ts))"')


def interfaces_written(call: Call, selection: Selection) -> Iterator[Claim]:
    """What tests and programs of the packages write beyond them; types of those that they depend on come along."""
    place, reason = call.place, f"interfaces are written there by what `{call.key}` runs"
    names = [name for folder in selection.reached for name in _names(folder, place)]
    if not names:
        return
    paths = {path: path.endswith("/") for folder in selection.packages for path in _paths(folder, names, call)}
    for path, is_folder in paths.items():
        real = path.rstrip("/")
        if not any(is_within(real, folder) for folder in selection.packages):
            yield write_below(real, place, reason) if is_folder else claim(Access.WRITE, place.pattern(real), reason)


def _paths(folder: str, names: list[tuple[str, bool]], call: Call) -> Iterator[str]:
    """The files and, with a slash at their end, the folders."""
    named = call.invocation.environment.get(_FOLDER)
    given = resolve_path(named, folder) if named else variable(_FOLDER, folder, call.place)
    bases = (given,) if given else (posixpath.join(folder, _USUAL), folder)
    for name, is_seen_from_folder in names:
        for base in (folder,) if is_seen_from_folder else bases:
            yield posixpath.normpath(posixpath.join(base, name)) + ("/" if name.endswith("/") else "")


@remembered(1_024)
def _names(folder: str, place: Place) -> tuple[tuple[str, bool], ...]:
    """The names that the sources of a package give interfaces, each with whether it is seen from the package whose tests run."""
    found: dict[tuple[str, bool], None] = {}
    for file in sources_of(folder, place) or ():
        text = place.read_text(file) or ""
        if "export" not in text:
            continue
        if _EXPORTED.search(text):
            found["./", False] = None
            found.update(dict.fromkeys((name, False) for name in _NAMED.findall(text)))
        if _SPECTA in text:
            found.update(dict.fromkeys((name, True) for name in _HANDED_OVER.findall(text)))
    return tuple(found)
