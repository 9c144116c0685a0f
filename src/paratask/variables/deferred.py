"""What a deferred command may come to, for plans: EXIT_CODE is known when it runs, and then only if something has failed."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

ANY_CODE = "${EXIT_CODE}"
"""Stands for an exit code: to templates it is a value as any other, to the shell a word that nobody knows."""

_ACTION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_PLAINLY = re.compile(r"\{\{-?\s*(?:(?:else\s+)?if\s+(?:not\s+)?)?\.EXIT_CODE\s*-?\}\}")


def deferred_texts(text: str, fill: Callable[[str | None], str | None]) -> tuple[str | None, ...]:
    """All that the text may come to; None for what is not known. `fill` fills it in, with an exit code or without.

    An exit code that is written out, or asked for, may be any. Where more is done with it, only a run tells.
    """
    actions = [action for action in _ACTION.findall(text) if "EXIT_CODE" in action]
    if not actions:
        return (fill(None),)
    return (fill(None), fill(ANY_CODE) if all(map(_PLAINLY.fullmatch, actions)) else None)
