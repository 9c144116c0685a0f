"""Which commands wait for what somebody types.

In a set nobody can type: standard input is empty there. So who asks keeps its place, as a task with `prompt` does. Only what surely asks
counts (`read`, `rm -i`); a program that may ask is not told from one that does not.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from paratask.languages.shell.words import Word

_READING = frozenset({"read", "mapfile", "readarray"})
_ASKING = frozenset({"rm", "cp", "mv", "ln"})
_NAMED_AS_IT_IS = (["command"], ["builtin"])
_FROM_ANOTHER = re.compile(r"-[aers]*u")
_INTERACTIVE = re.compile(r"-[A-Za-z]*[iI]|--interactive(?!=never)")


def asks(words: Sequence[Word]) -> bool:
    """Whether the command reads standard input, or asks before it does its work."""
    words = list(words)
    while words[:1] in _NAMED_AS_IT_IS:
        words = words[1:]
    name = words[0] if words else None
    if name not in _READING and name not in _ASKING:
        return False
    options = [word for word in words[1:] if word and word.startswith("-")]
    if name in _READING:
        return not any(map(_FROM_ANOTHER.match, options))
    return any(map(_INTERACTIVE.match, options))
