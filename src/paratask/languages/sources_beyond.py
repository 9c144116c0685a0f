"""Which files beyond their own folder the sources of a package name: `require_relative "../../core/lib/core"`.

Looks for pieces of text between quotation marks that climb out of a folder, in all files of a language below it. What is put
together when a program runs is not found; what only looks like a path makes claims wider, unless it is plainly compared with
(`compared_texts.py`). Knows no language's grammar.
"""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache

from paratask.languages.compared_texts import is_compared, without_prose
from paratask.languages.options import is_within
from paratask.languages.remembered import remembered
from paratask.languages.workspaces import may_be_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from paratask.plugins.hookspecs import Place

_MAX_FILES = 5_000
_MAX_NAMES = 20_000
"""How many names that may be folders are looked at: of a folder outside the checkout, nobody knows what else is in it."""
_MAX_DEPTH = 24
_SKIPPED = frozenset({"node_modules"})
_NOT_OWN = frozenset({*_SKIPPED, "vendor", "tmp", "coverage", "var", "log", "target"})
"""Right below a package; further down, code may lie in folders of such names."""
_CLIMBING = ("../", "./../", "/../")
_FILLED_IN = ("${", "#{")
_QUERY = re.compile(r"(\.\w+)\?[a-z][\w&=]*$")
"""As what a file is imported: `policy.md?raw`."""
_TAIL = 64
"""How much of what stands before a piece is kept: it is what is done with the piece."""
_BETWEEN = frozenset({",", "/", "+", "<>", ".", ".join("})
"""What may stand between two pieces of one path, but for parentheses that end."""


def paths_beyond(folder: str, suffixes: Sequence[str], manifests: Sequence[str], place: Place) -> tuple[str, ...] | None:
    """The paths outside `folder` that the files in it name; folders below that hold a manifest are passed over.

    None where there are too many files, or folders, to look at.
    """
    files = files_of(folder, tuple(suffixes), tuple(manifests), place)
    return None if files is None else tuple(dict.fromkeys(path for file in files for path in named_beyond(file, folder, place)))


@remembered(256)
def files_of(folder: str, suffixes: tuple[str, ...], manifests: tuple[str, ...], place: Place) -> tuple[str, ...] | None:
    """The files with these suffixes, but those below other manifests. None where there are too many files, or folders, to look at."""
    files: list[str] = []
    for count, (path, is_file) in enumerate(_names(folder, suffixes, manifests, place), start=1):
        if is_file:
            files.append(path)
        if len(files) > _MAX_FILES or count > _MAX_NAMES:
            return None
    return tuple(files)


def any_has(files: Sequence[str] | None, place: Place, *patterns: str) -> bool:
    """Whether one of these files has something of each pattern in it, or there were too many to look at."""
    texts = (place.read_text(file) or "" for file in files or ())
    return files is None or any(all(re.search(pattern, text) for pattern in patterns) for text in texts)


def named_beyond(path: str, folder: str, place: Place) -> tuple[str, ...]:
    """The paths outside `folder` that the file at `path` names; seen from the file, and from the folder.

    One that starts with a slash is taken to follow the file's own folder (`__DIR__ . '/../x'`).
    """
    return tuple(dict.fromkeys(mentioned_beyond(path, folder, place)))


def mentioned_beyond(path: str, folder: str, place: Place) -> list[str]:
    """The same, each as often as it is named."""
    own = posixpath.dirname(path)
    seen: list[str] = []
    for _, piece in climbing_pieces(place.read_text(path) or ""):
        bases = (own,) if piece.startswith("/") else dict.fromkeys((own, folder))
        seen.extend(posixpath.normpath(posixpath.join(base, piece.lstrip("/"))) for base in bases)
    return [path for path in seen if not is_within(path, folder) and is_within(path, place.root)]


@lru_cache(maxsize=16_384)
def climbing_pieces(text: str) -> tuple[tuple[str, str], ...]:
    """The pieces between quotation marks that are paths out of a folder, up to their first wildcard; each after the end of what stands before it."""
    pieces = without_prose(text).replace("'", '"').replace("`", '"').split('"') if ".." in text else []
    if any(mark in text for mark in _FILLED_IN):
        pieces = [_from_folder(piece) for piece in pieces]
    return tuple(
        (before[-_TAIL:], _fixed(path))
        for index, (before, piece, after) in enumerate(zip(["", *pieces], pieces, [*pieces[1:], ""], strict=False))
        if _climbs(piece) and not is_compared(before, piece, after)
        for path in dict.fromkeys((piece, *_going_on(pieces, index)))
    )


def _climbs(piece: str) -> bool:
    return piece == ".." or (piece.startswith(_CLIMBING) and _is_path(piece))


def _from_folder(piece: str) -> str:
    """`${__dirname}/../x` and `#{__dir__}/../x` as `/../x`, which follows a folder."""
    folder, mark, rest = piece.partition("}/..") if piece.startswith(_FILLED_IN) else (piece, "", "")
    return f"/..{rest}" if mark and "/" not in folder else piece


def may_leave(piece: str, file: str, folder: str) -> bool:
    """Whether a piece in a file below `folder`, seen from the file's own folder, may lead out of `folder`: most imports stay in it."""
    return piece.count("..") >= file.count("/") - folder.count("/")


def _going_on(pieces: Sequence[str], index: int) -> Iterator[str]:
    """The piece with those that climb on after it, and with what follows these: `join(__dir__, "..", "..")`, `here / ".." / "core"`.

    Every other one of `pieces` stands between quotation marks.
    """
    path, climbs = pieces[index], True
    while index + 2 < len(pieces) and pieces[index + 1].strip(") \t\r\n") in _BETWEEN and _follows(pieces[index + 2]):
        index += 2
        if climbs and not _climbs(pieces[index]):
            climbs = False
            yield path
        path = f"{path}/{pieces[index]}"
    yield path


def _follows(piece: str) -> bool:
    """Whether a piece may be the next part of a path."""
    return _climbs(piece) or (piece != "" and _is_path(piece) and not piece.startswith("/"))


def _fixed(piece: str) -> str:
    piece = _QUERY.sub(r"\1", piece)
    parts = piece.split("/")
    wild = next((index for index, part in enumerate(parts) if not {"*", "{", "?", "$", "#"}.isdisjoint(part)), None)
    return piece if wild is None else "/".join(parts[:wild])


def _is_path(piece: str) -> bool:
    return len(piece) < 256 and not any(char.isspace() or char in "<>|;\\" for char in piece)


def _names(
    folder: str, suffixes: tuple[str, ...], manifests: Sequence[str], place: Place, depth: int = 0
) -> Iterator[tuple[str, bool]]:
    """The files of a language below `folder`, and whatever else may be a folder; each with whether it is such a file."""
    for name in place.listdir(folder):
        path = f"{folder}/{name}"
        if name.endswith(suffixes):
            yield path, True
        elif depth < _MAX_DEPTH and name not in (_SKIPPED if depth else _NOT_OWN) and may_be_folder(name):
            yield path, False
            if not any(place.exists(f"{path}/{each}") for each in manifests):
                yield from _names(path, suffixes, manifests, place, depth + 1)
