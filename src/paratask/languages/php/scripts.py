"""Scripts of `composer.json`: what running one claims, and which run while packages are installed.

A script is a list of shell texts, of `@php`, `@composer` and names of other scripts, and of PHP methods. What a method does is not
known, but for those that come with frameworks. That scripts which run each other come to an end is for `Place` to see to.
"""

from __future__ import annotations

import shlex

from paratask.claims.model import Claims, Evidence
from paratask.languages.inferred import write_below

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from paratask.languages.php.packages import Package
    from paratask.plugins.hookspecs import Place

_AUTOLOAD = ("pre-autoload-dump", "post-autoload-dump")
_PACKAGES = (
    "pre-operations-exec", "pre-package-install", "post-package-install", "pre-package-update", "post-package-update",
    "pre-package-uninstall", "post-package-uninstall", "pre-file-download", "post-file-download", "pre-pool-create", "init",
    "pre-dependencies-solving", "post-dependencies-solving", "command",
)  # fmt: skip
_INSTALL, _UPDATE = ("pre-install-cmd", "post-install-cmd"), ("pre-update-cmd", "post-update-cmd")
_EVENTS = {
    "install": (*_INSTALL, *_AUTOLOAD, *_PACKAGES),
    "update": (*_UPDATE, *_AUTOLOAD, *_PACKAGES),
    "autoload": _AUTOLOAD,
    "none": (),
}
_METHODS = {
    "Composer\\Config::disableProcessTimeout": "",
    "Illuminate\\Foundation\\ComposerScripts::postAutoloadDump": "bootstrap/cache",
    "Illuminate\\Foundation\\ComposerScripts::postInstall": "bootstrap/cache",
    "Illuminate\\Foundation\\ComposerScripts::postUpdate": "bootstrap/cache",
}
"""Methods that are known, and the folder that they write."""
_MAX_NESTED = 16


def watched(package: Package | None) -> bool:
    """Whether scripts run at each command of Composer, whatever it is."""
    return package is not None and any(name in package.scripts for name in ("init", "pre-command-run", "command"))


def event_claims(kind: str, package: Package, place: Place) -> list[Claims] | None:
    """What the scripts claim that run on the way of a command of this kind; None where one may do anything."""
    names = list(_EVENTS[kind])
    if kind == "install" and not package.locked:
        names.extend(_UPDATE)
    found: list[Claims] = []
    for name in names:
        if name in package.scripts:
            claims = script_claims(name, (), package, place)
            if claims is None:
                return None
            found.extend(claims)
    return found


def script_claims(name: str, arguments: Sequence[str], package: Package, place: Place, depth: int = 0) -> list[Claims] | None:
    """What each entry of a script claims, with arguments handed to it; None where one may do anything."""
    if depth > _MAX_NESTED:
        return None
    found: list[Claims] = []
    for text in _entries(package.scripts.get(name)):
        claims = None if text is None else _entry(text, arguments, package, place, depth)
        if claims is None or any(each.evidence is Evidence.NONE for each in claims):
            return None
        found.extend(claims)
    return found


def _entries(script: object) -> Iterator[str | None]:
    for entry in script if isinstance(script, list) else [script]:
        yield entry if isinstance(entry, str) else None


def _entry(text: str, arguments: Sequence[str], package: Package, place: Place, depth: int) -> list[Claims] | None:
    head, _, rest = text.partition(" ")
    if head in ("@php", "@composer"):
        return [place.command_claims(_with(f"{head[1:]} {rest}", arguments), package.folder)]
    if head == "@putenv":
        name, _, value = rest.partition("=")
        return None if "/" in value or name.startswith("COMPOSER") else []
    if head.startswith("@"):
        return _other(head[1:], rest, arguments, package, place, depth)
    if "::" in text and not rest:
        return _method(text, package, place)
    return [place.command_claims(_with(text, arguments), package.folder)]


def _other(name: str, rest: str, arguments: Sequence[str], package: Package, place: Place, depth: int) -> list[Claims] | None:
    if name not in package.scripts or "@" in rest or "$" in rest:
        return None
    try:
        words = shlex.split(rest)
    except ValueError:
        return None
    return script_claims(name, (*words, *arguments), package, place, depth + 1)


def _method(text: str, package: Package, place: Place) -> list[Claims] | None:
    folder = _METHODS.get(text.lstrip("\\"))
    if folder is None:
        return None
    entries = (write_below(f"{package.folder}/{folder}", place, f"`{text}` empties it"),) if folder else ()
    return [Claims(entries=entries, evidence=Evidence.INFERRED)]


def _with(text: str, arguments: Sequence[str]) -> str:
    return " ".join((text, *map(shlex.quote, arguments)))
