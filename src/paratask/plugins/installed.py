"""Language plugins that other packages offer, under the entry point group "paratask.languages".

Looks into the folders of the path itself first: asking importlib.metadata takes as long as a short run, and hardly any machine
has a plugin. Loads nothing.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Protocol

    class EntryPoint(Protocol):
        """The part of `importlib.metadata.EntryPoint` that is used."""

        @property
        def name(self) -> str:
            """What the package calls its plugin."""

        def load(self) -> object:
            """The plugin; raises whatever its module raises."""


ENTRY_POINTS = "paratask.languages"
_METADATA = (".dist-info", ".egg-info")


def installed_plugins() -> Iterable[EntryPoint]:
    """What other packages offer."""
    if not any(map(_offers_plugins, sys.path)):
        return ()
    import importlib.metadata

    return importlib.metadata.entry_points(group=ENTRY_POINTS)


def _offers_plugins(folder: str) -> bool:
    """Whether a package that is installed in a folder of the path, or in an archive, may have plugins."""
    try:
        names = os.listdir(folder or ".")
    except NotADirectoryError:
        return True
    except OSError:
        return False
    return any(_mentions_us(os.path.join(folder, name, "entry_points.txt")) for name in names if name.endswith(_METADATA))


def _mentions_us(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            return ENTRY_POINTS.encode() in file.read()
    except OSError:
        return False
