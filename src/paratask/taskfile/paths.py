"""Paths as Taskfiles write them: `~`, `$HOME/x`, `${X}` filled in from the environment (go-task: execext.ExpandLiteral).

Knows nothing of the file system.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


STDIN = "__stdin__"
"""The location of a Taskfile that came from stdin."""


def is_address(location: str) -> bool:
    """Whether a Taskfile's location is an address, and not a path: no folder is its own."""
    return "://" in location or location == STDIN


def expand_path(text: str, environ: Mapping[str, str]) -> str:
    """`text` with a leading `~` and all variables filled in; unset ones are empty. A backslash keeps the next character."""
    if not any(char in text for char in "~$\\"):
        return text
    if text == "~" or text.startswith("~/"):
        text = environ.get("HOME", "~") + text[1:]
    return expand_variables(text, environ)


def expand_variables(text: str, environ: Mapping[str, str]) -> str:
    """`text` with all variables filled in; unset ones are empty. A backslash keeps the next character."""
    out: list[str] = []
    at = 0
    while at < len(text):
        char = text[at]
        if char == "\\" and at + 1 < len(text):
            out.append(text[at + 1])
            at += 2
        elif char == "$" and text[at + 1 : at + 2] == "{" and "}" in text[at:]:
            end = text.index("}", at)
            name, _, default = text[at + 2 : end].partition(":-")
            out.append(environ.get(name) or default)
            at = end + 1
        elif char == "$" and (text[at + 1 : at + 2].isalpha() or text[at + 1 : at + 2] == "_"):
            end = at + 1
            while end < len(text) and (text[end].isalnum() or text[end] == "_"):
                end += 1
            out.append(environ.get(text[at + 1 : end], ""))
            at = end
        else:
            out.append(char)
            at += 1
    return "".join(out)


def unquoted(pattern: str, literal: Callable[[str], str]) -> str:
    """A glob without the shell's quotes and backslashes: each character that they kept from meaning something is what `literal` makes of it."""
    if not set("'\"\\") & set(pattern):
        return pattern
    out: list[str] = []
    quote = ""
    chars = iter(pattern)
    for char in chars:
        if char == quote:
            quote = ""
        elif not quote and char in "'\"":
            quote = char
        elif char == "\\" and quote != "'":
            out.append(literal(next(chars, "")))
        else:
            out.append(literal(char) if quote else char)
    return "".join(out)
