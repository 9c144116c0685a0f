"""The folders that a terraform configuration is made of, found in its texts.

Every quoted text that looks like a path from the configuration's folder counts, so that local modules, templates and files are found
without reading the language; one that leaves the folder in a way that is not understood may lead anywhere. Modules that lie
in `.terraform` have been fetched, and are read with the folder.
"""

from __future__ import annotations

import posixpath
import re

from paratask.frozen import dataclass
from paratask.languages.options import resolve_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from paratask.plugins.hookspecs import Place

_ENDINGS = (".tf", ".tofu", ".tf.json", ".tofu.json")
_QUOTED = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
_OWN_FOLDER = re.compile(r"\$\{path\.module\}|\$\{path\.root\}|\$\{path\.cwd\}")
_PROGRAMS = ('"external"', '"archive_file"')
_MAX_FOLDERS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """`folders` are read, with all below them. `anywhere` when some path is not understood; `writes` when planning may write."""

    folders: tuple[str, ...]
    anywhere: bool = False
    writes: bool = False


def read_sources(root: str, place: Place) -> Sources:
    """What the configuration in the folder `root` is made of."""
    seen: dict[str, None] = {root: None}
    open_folders = [root]
    anywhere = writes = False
    while open_folders:
        folder = open_folders.pop()
        for text in _texts(folder, place):
            writes = writes or any(name in text for name in _PROGRAMS)
            for word in _QUOTED.findall(text):
                path = _path(word, folder, root)
                anywhere = anywhere or (path is None and ".." in word)
                if path is None or path in seen or len(seen) > _MAX_FOLDERS:
                    anywhere = anywhere or len(seen) > _MAX_FOLDERS
                    continue
                seen[path] = None
                open_folders.append(path)
    return Sources(folders=tuple(seen), anywhere=anywhere, writes=writes)


def _texts(folder: str, place: Place) -> Iterator[str]:
    for name in place.listdir(folder):
        if name.endswith(_ENDINGS):
            yield place.read_text(posixpath.join(folder, name)) or ""


def _path(word: str, folder: str, root: str) -> str | None:
    """The path that a quoted text names; None where it names none, or only the run tells."""
    found = _OWN_FOLDER.match(word)
    if found:
        start, word = root if "module" not in found[0] else folder, "." + word[found.end() :]
    else:
        start = folder
    if not word.startswith(("./", "../")) and word != "..":
        return None
    before, variable, _ = word.partition("${")
    if variable and ".." in word[len(before) :]:
        return None
    return resolve_path(posixpath.dirname(before) or "." if variable else word, start)
