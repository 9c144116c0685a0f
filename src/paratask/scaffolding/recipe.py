"""What a manifest gives: commands by verb. See workspaces.py."""

from __future__ import annotations

import posixpath

from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from paratask.plugins.hookspecs import Place

VERBS = {
    "setup": "Install what is needed",
    "format": "Format the code",
    "lint": "Look for mistakes",
    "typecheck": "Check types",
    "test": "Run the tests",
    "build": "Build what there is to ship",
}
"""In the order in which they are written, with what they are for."""
CHECKS = ("lint", "typecheck", "test")
"""What `check` is made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Commands by verb, run in the workspace's folder.

    `covers` is for those that do the work of all workspaces of their language below them, but for `apart`; `is_umbrella` for those that
    stand above members which do it themselves. `left_out` are folders that their manifest says are none of its members. Both are paths.
    """

    commands: Mapping[str, str]
    covers: bool = False
    is_umbrella: bool = False
    apart: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def folders_up(folder: str, place: Place) -> Iterator[str]:
    """`folder` and those above it, up to the checkout's root."""
    while True:
        yield folder
        if folder == place.root or posixpath.dirname(folder) == folder:
            return
        folder = posixpath.dirname(folder)


def first_above(folder: str, names: Iterable[str], place: Place) -> str | None:
    """The nearest of such files, at or above `folder`."""
    names = tuple(names)
    paths = (posixpath.join(above, name) for above in folders_up(folder, place) for name in names)
    return next((path for path in paths if place.exists(path)), None)
