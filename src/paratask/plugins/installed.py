"""Plugins that other packages offer: in the entry point group "paratask.languages", and reporters in "paratask.reporters".

Looks into the folders of the path itself first: asking importlib.metadata takes as long as a short run, and hardly any machine
has a plugin. Loads nothing before it is asked to.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Protocol

    class EntryPoint(Protocol):
        """The part of `importlib.metadata.EntryPoint` that is used."""

        @property
        def name(self) -> str:
            """What the package calls its plugin."""

        def load(self) -> object:
            """The plugin; raises whatever its module raises."""


ENTRY_POINTS = "paratask.languages"
REPORTERS = "paratask.reporters"
_METADATA = (".dist-info", ".egg-info")


def installed_plugins() -> Iterable[EntryPoint]:
    """Language plugins of other packages."""
    if not any(next(_files(folder, ENTRY_POINTS), None) is not None for folder in sys.path):
        return ()
    import importlib.metadata

    return importlib.metadata.entry_points(group=ENTRY_POINTS)


def installed_reporters() -> dict[str, str]:
    """Where each reporter is to be found (`module:attribute`), by its name. Of two with one name the first on the path counts."""
    found: dict[str, str] = {}
    for folder in sys.path:
        for path in _files(folder, REPORTERS):
            for name, where in _named_in(path, folder):
                found.setdefault(name, where)
    return found


def load(where: str) -> object:
    """What is at `module:attribute`. Raises whatever the module raises."""
    import importlib

    module, _, attributes = where.partition("[")[0].partition(":")
    found: object = importlib.import_module(module.strip())
    for attribute in filter(None, attributes.strip().split(".")):
        found = getattr(found, attribute)
    return found


def _files(folder: str, group: str) -> Iterator[str]:
    """Lists of entry points in a folder of the path that mention the group; the folder itself where it is an archive."""
    try:
        names = os.listdir(folder or ".")
    except NotADirectoryError:
        yield folder
        return
    except OSError:
        return
    for name in names:
        path = os.path.join(folder, name, "entry_points.txt")
        if name.endswith(_METADATA) and _mentions(path, group):
            yield path


def _mentions(path: str, group: str) -> bool:
    try:
        with open(path, "rb") as file:
            return group.encode() in file.read()
    except OSError:
        return False


def _named_in(path: str, folder: str) -> Iterator[tuple[str, str]]:
    """Names and places of the reporters in one list, or in an archive of the path."""
    if path == folder:
        import importlib.metadata

        for distribution in importlib.metadata.distributions(path=[folder]):
            yield from ((one.name, one.value) for one in distribution.entry_points if one.group == REPORTERS)
        return
    section = ""
    for line in _lines(path):
        if line.startswith("["):
            section = line.strip("[] ")
        elif section == REPORTERS and not line.startswith(("#", ";")):
            name, _, where = line.partition("=")
            if name.strip() and where.strip():
                yield name.strip(), where.strip()


def _lines(path: str) -> list[str]:
    try:
        with open(path, encoding="utf-8") as file:
            return [line.strip() for line in file]
    except (OSError, ValueError):
        return []
