"""Files that say which version of a program is started: asdf, mise, pyenv, tfenv and their like look for them in all folders above.

What such a name on the search path leads to depends on them, for whatever is started. So who writes one keeps its place in the written order.
Does not know which of these managers is there.
"""

from __future__ import annotations

from paratask.claims.model import Access, Claims, Evidence, unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from paratask.claims.model import Claim

_NAMES = (
    ".tool-versions .mise.toml mise.toml .mise.local.toml mise.local.toml .python-version .node-version .nvmrc .ruby-version .go-version "
    ".java-version .php-version .terraform-version .sdkmanrc"
).split()


def choice_of_versions(entries: Iterable[Claim]) -> Claims:
    """Everything, where one of these files is written by its name; else nothing."""
    for entry in entries:
        name = entry.pattern.removesuffix("/**").rpartition("/")[2]
        if entry.access is Access.WRITE and name in _NAMES:
            return unknown(f"`{name}` says which programs are started, and {entry.reason}")
    return Claims(evidence=Evidence.INFERRED)
