"""Paths as Taskfiles write them: what they are relative to (go-task: SmartJoin), and `~`, `$HOME/x` and `${X}` filled in from the
environment (go-task: execext.ExpandLiteral).

Knows nothing of the file system.
"""

from __future__ import annotations

import posixpath

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


STDIN = "__stdin__"
"""The location of a Taskfile that came from stdin."""

KNOWN_ABSOLUTE = (".ROOT_DIR", ".TASKFILE_DIR", ".USER_WORKING_DIR")
"""Variables whose values are absolute paths."""


def is_address(location: str) -> bool:
    """Whether a Taskfile's location is an address, and not a path: no folder is its own."""
    return "://" in location or location == STDIN


def smart_join(folder: str, path: str) -> str:
    """`path` below `folder`, or itself where it is absolute, or will be once its template is filled in."""
    if path and (path.startswith("/") or any(name in path for name in KNOWN_ABSOLUTE)):
        return path
    return cleaned(posixpath.join(folder, path) if path else folder)


def cleaned(path: str) -> str:
    """The path by its words alone, `//` at its beginning being `/`: posixpath keeps that one. Go: filepath.Clean."""
    path = posixpath.normpath(path)
    return path[1:] if path.startswith("//") else path


def expand_path(text: str, environ: Mapping[str, str]) -> str:
    """`text` with a leading `~` and all variables filled in; unset ones are empty. Raises VariableError."""
    if not (text.startswith("~") or any(char in text for char in "$`\\")):
        return text
    from paratask.taskfile.expansion import expanded

    return expanded(text, environ)


def expand_variables(text: str, environ: Mapping[str, str]) -> str:
    """A glob, without its quotes, with all variables filled in; unset ones are empty. Where that cannot be, it is as written: a command
    names no files there, and a checkout's own folder may have a backquote in its name.
    """
    if "$" not in text:
        return text
    from paratask.errors import VariableError
    from paratask.taskfile.expansion import filled

    try:
        return filled(text, environ)
    except VariableError:
        return text


def unquoted(pattern: str, literal: Callable[[str], str]) -> str:
    """A glob without the shell's quotes and backslashes: each character that they kept from meaning something is what `literal` makes of it.

    Variables mean something between double quotes as well, up to the brace that closes a `${`.
    """
    if not set("'\"\\") & set(pattern):
        return pattern
    out: list[str] = []
    quote = ""
    depth = 0
    chars = iter(pattern)
    for char in chars:
        depth += char == "{" and out[-1:] == ["$"]
        if char == quote:
            quote = ""
        elif not quote and char in "'\"":
            quote = char
        elif char == "\\" and quote != "'":
            out.append(literal(next(chars, "")))
        else:
            out.append(literal(char) if quote == "'" or (quote and char != "$" and not depth) else char)
        depth -= char == "}" and depth > 0
    return "".join(out)
