"""The programs that a shell text calls by itself, by name and folder. Knows no PATH, and not whether there are any."""

from __future__ import annotations

from paratask.languages.commands import NotUnderstood, parse_commands
from paratask.plugins.hookspecs import Invocation


def called_programs(text: str, folder: str) -> frozenset[tuple[str, str]]:
    """As written, each with the absolute folder that it is called in; those whose names are not known are left out.

    None at all where the text is not understood, or names a PATH of its own.
    """
    items = parse_commands(text, folder)
    if isinstance(items, NotUnderstood) or "PATH=" in text:
        return frozenset()
    invocations = [item for item in items if isinstance(item, Invocation)]
    return frozenset((item.words[0], item.cwd) for item in invocations if item.words and item.words[0])
