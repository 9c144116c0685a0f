"""CMake's language, cut into commands: their names, their arguments as written, and the lines they stand in.

Knows quoted, bracket and plain arguments, and comments; knows nothing of what any command does. What is filled into an argument
(`${NAME}`) stays as it is written; `filled` puts in what is known.
"""

from __future__ import annotations

import re
from functools import lru_cache

from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_SKIPPED = re.compile(r"#\[(=*)\[.*?\]\1\]|#[^\n]*|\s+", re.DOTALL)
_NAME = re.compile(r"([A-Za-z_]\w*)[ \t]*\(")
_BRACKET = re.compile(r"\[(=*)\[\n?(.*?)\]\1\]", re.DOTALL)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_PLAIN = re.compile(r'(?:\$\([^)\s]*\)|[^\s()#"\\]|\\.|(?<=[^\s()])"[^"\n]*")+')
_REFERENCE = re.compile(r"\$\{([\w./+-]*)\}")
_SPECIAL = frozenset("$@\\")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """One argument as written, without its quotes. `plain` is one without any, which may become several; `fixed` has nothing filled in."""

    text: str
    plain: bool = True
    fixed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command, its name in lower case."""

    name: str
    arguments: tuple[Argument, ...]
    line: int

    @property
    def texts(self) -> tuple[str, ...]:
        """The arguments as written."""
        return tuple(argument.text for argument in self.arguments)


@lru_cache(maxsize=2_048)
def commands(text: str) -> tuple[Command, ...] | None:
    """The commands of a file in written order; None where it cannot be read."""
    text = text.replace("\r\n", "\n").removeprefix("\ufeff")
    found: list[Command] = []
    position = counted = 0
    line = 1
    while position < len(text):
        if skipped := _SKIPPED.match(text, position):
            position = skipped.end()
            continue
        name = _NAME.match(text, position)
        taken = None if name is None else _arguments(text, name.end())
        if name is None or taken is None:
            return None
        line, counted = line + text.count("\n", counted, position), position
        found.append(Command(name=name[1].lower(), arguments=taken[0], line=line))
        position = taken[1]
    return tuple(found)


def _arguments(text: str, position: int) -> tuple[tuple[Argument, ...], int] | None:
    """The arguments up to the parenthesis that closes, and the position after it."""
    found: list[Argument] = []
    depth = 1
    while position < len(text):
        if skipped := _SKIPPED.match(text, position):
            position = skipped.end()
        elif text[position] in "()":
            depth += 1 if text[position] == "(" else -1
            position += 1
            if depth == 0:
                return tuple(found), position
        elif bracket := _BRACKET.match(text, position):
            found.append(Argument(text=bracket[2], plain=False, fixed=True))
            position = bracket.end()
        elif quoted := _QUOTED.match(text, position):
            found.append(Argument(text=quoted[1].replace("\\\n", ""), plain=False))
            position = quoted.end()
        elif plain := _PLAIN.match(text, position):
            found.append(Argument(text=plain[0]))
            position = plain.end()
        else:
            return None
    return None


def filled(argument: Argument, value: Callable[[str], str | None]) -> tuple[str, bool]:
    """What is known of an argument: all of it, and True; or what stands before the first part that only the run tells, and False."""
    text = substituted(argument, value)
    if argument.fixed or _SPECIAL.isdisjoint(text):
        return text, True
    cut = min((index for index in map(text.find, ("${", "$<", "$ENV{", "$CACHE{", "@", "$(")) if index >= 0), default=-1)
    return (_ESCAPE.sub(r"\1", text), True) if cut < 0 else (_ESCAPE.sub(r"\1", text[:cut]), False)


def substituted(argument: Argument, value: Callable[[str], str | None]) -> str:
    """An argument with the variables filled in that are known, and the others as they are written."""
    text = argument.text
    if argument.fixed or "${" not in text:
        return text
    for _ in range(16):
        changed = _REFERENCE.sub(lambda found: found[0] if (known := value(found[1])) is None else known, text)
        if changed == text:
            break
        text = changed
    return text
