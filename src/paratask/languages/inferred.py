"""Inferred claims of the usual forms: what is read and written below a path, and what a tool keeps for itself.

Knows no tools, and not what is in the checkout.
"""

from __future__ import annotations

import re

from paratask.claims.model import Access, Claim, Evidence, Worth
from paratask.frozen import replace
from paratask.languages.kept_caches import passed_over

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from paratask.plugins.hookspecs import Place

BUT_CACHES = "/{[!.]*,.[!em]*,.e[!s]*,.m[!y]*}/**"
"""All of a folder but `.mypy_cache` and `.eslintcache` (and what else starts with `.my` and `.es`), so that one linter's cache
is not in the way of another's reading."""

_OF_DATA = frozenset("json xml txt md rst log sarif svg yml yaml toml coverage".split())
_OF_SOURCES = frozenset("py pyi js mjs cjs ts tsx css info sh".split())
"""Endings that folders may have, too, which are called after a library or a site: `chart.js`, `animate.css`, `example.info`."""
_NAMES_FOLDERS = re.compile(r"dir|dest|^-d$|^--out$", re.IGNORECASE)
"""Options that results are put into a folder with."""


def claim(access: Access, pattern: str, reason: str) -> Claim:
    """An inferred claim. What is read of whole folders is so without what tools pass over."""
    excluding = passed_over(pattern) if access is Access.READ and pattern.endswith("**") else ()
    return Claim(access=access, pattern=pattern, evidence=Evidence.INFERRED, reason=reason, excluding=excluding)


def read_below(path: str, place: Place, reason: str) -> Claim:
    """Reading `path` and all below it."""
    return claim(Access.READ, place.pattern(path, "/**"), reason)


def write_below(path: str, place: Place, reason: str) -> Claim:
    """Writing `path` and all below it."""
    return claim(Access.WRITE, place.pattern(path, "/**"), reason)


def only_file(below: Claim, path: str, place: Place, option: str = "") -> Claim:
    """A claim on `path` and all below it, as one on the file alone where no folder would be called so; `option` is what names it."""
    ending = path.rpartition(".")[2]
    is_file = ending in _OF_DATA or (ending in _OF_SOURCES and (place.exists(path) or not _NAMES_FOLDERS.search(option)))
    return replace(below, pattern=place.pattern(path)) if is_file and not place.listdir(path) else below


def own(written: Claim) -> Claim:
    """The same, of what only the tool uses that writes it, and can lose at any time."""
    return replace(written, worth=Worth.OWN)


def read_sources(folder: str, place: Place, reason: str) -> Claim:
    """Reading a workspace but for the caches of linters."""
    return claim(Access.READ, place.pattern(folder, BUT_CACHES), reason)


def unique(entries: Iterable[Claim]) -> tuple[Claim, ...]:
    """Each claim once, in order."""
    return tuple(dict.fromkeys(entries))
