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
_NAMED_AS_IT_IS = frozenset({"command", "builtin"})
_FROM_ANOTHER = re.compile(r"-[aers]*u")
_INTERACTIVE = re.compile(r"-[a-su-zA-RT-Z]*[iI]|--interactive(?!=never)")


def asking(words: Sequence[Word]) -> str | None:
    """The program that reads standard input, or asks before it does its work; None where the command does neither."""
    at = next((index for index, word in enumerate(words) if word not in _NAMED_AS_IT_IS), len(words))
    name = words[at] if at < len(words) else None
    if name not in _READING and name not in _ASKING:
        return None
    options = [word for word in words[at + 1 :] if word and word.startswith("-")]
    if name in _READING:
        return None if any(map(_FROM_ANOTHER.match, options)) else name
    return name if any(map(_INTERACTIVE.match, options)) else None
