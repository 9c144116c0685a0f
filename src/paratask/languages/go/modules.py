"""`go.mod` and `go.work`, parsed. The Go Modules Reference, "go.mod files" and "Workspaces".

Both have one grammar: a directive a line, or several in parentheses after its verb; words are bare, quoted or in backquotes;
`//` starts a comment. Reads through `Place`. Knows which modules are required, replaced and used; nothing of versions.
"""

from __future__ import annotations

import posixpath
from functools import lru_cache

from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from paratask.plugins.hookspecs import Place

_PUNCTUATION = "()"
_FOLDERS = ("./", "../", "/")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleFile:
    """What one of the files says. Folders are absolute; `replaced` holds only modules that are replaced by a folder."""

    folder: str
    module: str
    required: tuple[str, ...]
    replaced: Mapping[str, str]
    used: tuple[str, ...]
    tools: tuple[str, ...]


def read_module(folder: str, place: Place, instead: str = "") -> ModuleFile | None:
    """`go.mod` in `folder`, or the file that `instead` names as that module's; None where there is none or it cannot be parsed."""
    return _read(folder, instead or "go.mod", place)


def read_work(folder: str, place: Place) -> ModuleFile | None:
    """`go.work` in `folder`; None where there is none or it cannot be parsed."""
    return _read(folder, "go.work", place)


@lru_cache(maxsize=4_096)
def parse_directives(text: str) -> tuple[tuple[str, ...], ...] | None:
    """Each directive as its words, the verb first. None where a string or a parenthesis is not closed."""
    found: list[tuple[str, ...]] = []
    block: str | None = None
    for line in text.splitlines():
        words = split_words(line)
        if words is None:
            return None
        if block is not None and words == [")"]:
            block = None
        elif block is None and len(words) == 2 and words[1] == "(":
            block = words[0]
        elif block is None and words[1:] == ["(", ")"]:
            continue
        elif "(" in words or ")" in words:
            return None
        elif words:
            found.append((block, *words) if block is not None else tuple(words))
    return None if block is not None else tuple(found)


def split_words(line: str, *, comments: bool = True) -> list[str] | None:
    """The words of a line, without its comment; None where a string is not closed."""
    words: list[str] = []
    position = 0
    while position < len(line) and not (comments and line.startswith("//", position)):
        char = line[position]
        if char.isspace():
            position += 1
            continue
        taken = _quoted(line, position) if char in '"`' else _bare(line, position, comments=comments)
        if taken is None:
            return None
        word, position = taken
        words.append(word)
    return words


def _read(folder: str, name: str, place: Place) -> ModuleFile | None:
    text = place.read_text(posixpath.join(folder, name))
    directives = None if text is None else parse_directives(text)
    if directives is None:
        return None
    return ModuleFile(
        folder=folder,
        module=next((words[1] for words in directives if words[0] == "module" and len(words) > 1), ""),
        required=tuple(words[1] for words in directives if words[0] == "require" and len(words) > 1),
        replaced=dict(_replacements(folder, directives)),
        used=tuple(_join(folder, words[1]) for words in directives if words[0] == "use" and len(words) > 1),
        tools=tuple(words[1] for words in directives if words[0] == "tool" and len(words) > 1),
    )


def _replacements(folder: str, directives: tuple[tuple[str, ...], ...]) -> Iterator[tuple[str, str]]:
    """`replace old [version] => path`: what stands after the arrow is a folder where it starts as one."""
    for words in directives:
        if words[0] != "replace" or "=>" not in words:
            continue
        arrow = words.index("=>")
        by = words[arrow + 1] if arrow + 1 < len(words) else ""
        if arrow > 1 and (by in (".", "..") or by.startswith(_FOLDERS)):
            yield words[1], _join(folder, by)


def _join(folder: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(folder, path))


def _quoted(line: str, start: int) -> tuple[str, int] | None:
    """A string and where it ends; a backslash keeps the next character, except in backquotes."""
    quote, found, position = line[start], "", start + 1
    while position < len(line) and line[position] != quote:
        position += line[position] == "\\" and quote == '"'
        found += line[position : position + 1]
        position += 1
    return (found, position + 1) if position < len(line) else None


def _bare(line: str, start: int, *, comments: bool) -> tuple[str, int]:
    """A word without quotes. Punctuation and comments count where the line is one of a module's file."""
    if comments and line[start] in _PUNCTUATION:
        return line[start], start + 1
    end = start
    while end < len(line) and not line[end].isspace() and not (comments and _ends_word(line, end)):
        end += 1
    return line[start:end], end


def _ends_word(line: str, position: int) -> bool:
    return line[position] in _PUNCTUATION or line.startswith("//", position)
