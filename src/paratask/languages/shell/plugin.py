"""The plugin for everyday commands: what they read, write and start. See "Claims" in docs/design.md.

Sorts a call to the module that knows its program, and loads no more of them than it has to; a program is known by its plain name, or
below a folder of installed programs (`/usr/bin/env`). Knows no language's tools: those have plugins of their own.
"""

from __future__ import annotations

import importlib

from paratask.languages.tool_calls import program_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import TypeAlias

    from paratask.languages.options import Word
    from paratask.plugins.hookspecs import Delegation, Invocation, Place, Recognition

    Recogniser: TypeAlias = Callable[[str, Sequence[Word], Invocation, Place], Recognition | Delegation | None]

FAMILIES = ("readers", "writers", "starters", "programs", "remote", "transfers", "checkers")
"""The modules that know programs, each by a table `RECOGNISERS`; no two know the same one. The most common first."""


def recognise(invocation: Invocation, place: Place) -> Recognition | Delegation | None:
    """See `paratask.plugins.hookspecs`."""
    program, words = invocation.words[0], invocation.words[1:]
    name = program_name(program)
    if name is None:
        return _script(program, invocation, place) if program else None
    for family in FAMILIES:
        known = recognisers(family)
        if name in known:
            return known[name](name, words, invocation, place)
    return None


def recognisers(family: str) -> Mapping[str, Recogniser]:
    """What one of FAMILIES knows."""
    found: Mapping[str, Recogniser] = importlib.import_module(f"paratask.languages.shell.{family}").RECOGNISERS
    return found


def _script(program: str, invocation: Invocation, place: Place) -> Delegation | None:
    from paratask.languages.shell import starters

    return (
        starters.recognise_script(program, invocation.words[1:], invocation, place)
        if starters.is_shell_script(program, invocation, place)
        else None
    )


def manifests() -> Sequence[str]:
    """The shell has none."""
    return ()
