"""Programs that npx fetches because they are not installed: which, by the names of their packages.

Up to version 10, npm lets two calls put one package into its cache at the same time, and either may then start it half written, or fail.
So who fetches a package has its name alone. Does not know what the cache holds already.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access
from paratask.languages.inferred import claim
from paratask.languages.json_files import read_json
from paratask.languages.toml_files import table
from paratask.languages.workspaces import folders_above

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from paratask.claims.model import Claim
    from paratask.languages.options import Word
    from paratask.languages.tool_calls import Call

_FETCHING = frozenset({"npx", "npm exec", "npm x"})
_PACKAGES = ("-p", "--package")
_ONLY_INSTALLED = ("--no-install", "--no")
_TABLES = ("dependencies", "devDependencies", "optionalDependencies")


def fetching(call: Call, program: Word, name: str) -> tuple[Claim, ...]:
    """What a call that starts `program` claims for fetching its package; `name` is what the program is called."""
    if call.key not in _FETCHING or call.parsed.named(*_ONLY_INSTALLED):
        return ()
    given = [option.value for option in call.parsed.named(*_PACKAGES)] or [program]
    reason = f"`{call.key}` fetches it where it is not installed"
    return tuple(
        claim(Access.EXCLUSIVE, f"npx:{_package(word)}", reason)
        for word in given
        if word and not _is_installed(word, name, call)
    )


def _package(word: str) -> str:
    """The name of a package without a version."""
    at = word.find("@", 1)
    return word[:at] if at > 0 else word


def _is_installed(word: str, name: str, call: Call) -> bool:
    """Whether it is there, or a manifest asks for it, so that whoever installed the rest installed it. A version may be another one."""
    package = _package(word)
    if package != word:
        return False
    return any(
        call.place.exists(posixpath.join(folder, "node_modules", ".bin", name)) or package in _asked(folder, call)
        for folder in folders_above(call.cwd, call.place)
    )


def _asked(folder: str, call: Call) -> Iterator[str]:
    manifest = read_json(posixpath.join(folder, "package.json"), call.place) or {}
    return (package for each in _TABLES for package in table(manifest, each))
