"""Which files beyond their own folder the sources of a package name: `require_relative "../../core/lib/core"`.

Looks for pieces of text between quotation marks that climb out of a folder, in all files of a language below it. What is put
together when a program runs is not found; what only looks like a path makes claims wider, unless it is plainly compared with
(`compared_texts.py`). Knows no language's grammar.
"""

from __future__ import annotations

import posixpath
from functools import lru_cache

from paratask.languages.compared_texts import is_compared
from paratask.languages.options import is_within

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from paratask.plugins.hookspecs import Place

_MAX_FILES = 5_000
_MAX_DEPTH = 24
_SKIPPED = frozenset({"node_modules", "vendor", "tmp", "coverage", "var", "log"})
_CLIMBING = ("../", "./../", "/../")


def paths_beyond(folder: str, suffixes: Sequence[str], manifests: Sequence[str], place: Place) -> tuple[str, ...] | None:
    """The paths outside `folder` that the files in it name; folders below that hold a manifest are passed over.

    None where there are too many files to look at.
    """
    found: dict[str, None] = {}
    for count, path in enumerate(_files(folder, tuple(suffixes), manifests, place), start=1):
        if count > _MAX_FILES:
            return None
        found.update(dict.fromkeys(named_beyond(path, folder, place)))
    return tuple(found)


def named_beyond(path: str, folder: str, place: Place) -> tuple[str, ...]:
    """The paths outside `folder` that the file at `path` names; seen from the file, and from the folder.

    One that starts with a slash is taken to follow the file's own folder (`__DIR__ . '/../x'`).
    """
    return tuple(dict.fromkeys(mentioned_beyond(path, folder, place)))


def mentioned_beyond(path: str, folder: str, place: Place) -> list[str]:
    """The same, each as often as it is named."""
    own = posixpath.dirname(path)
    seen: list[str] = []
    for piece in _climbing(place.read_text(path) or ""):
        bases = (own,) if piece.startswith("/") else dict.fromkeys((own, folder))
        seen.extend(posixpath.normpath(posixpath.join(base, piece.lstrip("/"))) for base in bases)
    return [path for path in seen if not is_within(path, folder) and is_within(path, place.root)]


@lru_cache(maxsize=16_384)
def _climbing(text: str) -> tuple[str, ...]:
    """The pieces between quotation marks that are paths out of a folder, up to their first wildcard."""
    pieces = text.replace("'", '"').replace("`", '"').split('"') if ".." in text else []
    return tuple(
        _fixed(piece)
        for before, piece in zip(["", *pieces], pieces, strict=False)
        if (piece == ".." or (piece.startswith(_CLIMBING) and _is_path(piece))) and not is_compared(before, piece)
    )


def _fixed(piece: str) -> str:
    parts = piece.split("/")
    wild = next((index for index, part in enumerate(parts) if not {"*", "{", "?", "$", "#"}.isdisjoint(part)), None)
    return piece if wild is None else "/".join(parts[:wild])


def _is_path(piece: str) -> bool:
    return len(piece) < 256 and not any(char.isspace() or char in "<>|;\\" for char in piece)


def _files(folder: str, suffixes: tuple[str, ...], manifests: Sequence[str], place: Place, depth: int = 0) -> Iterator[str]:
    for name in place.listdir(folder):
        path = f"{folder}/{name}"
        if name.endswith(suffixes):
            yield path
        elif depth < _MAX_DEPTH and _may_be_folder(name) and not any(place.exists(f"{path}/{each}") for each in manifests):
            yield from _files(path, suffixes, manifests, place, depth + 1)


def _may_be_folder(name: str) -> bool:
    """Files have a suffix that starts with a letter; folders seldom do."""
    suffix = posixpath.splitext(name)[1]
    return not name.startswith(".") and name not in _SKIPPED and not suffix[1:2].isalpha()
