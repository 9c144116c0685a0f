"""The plugin for everyday commands: what they read, write and start. See "Claims" in docs/design.md.

Sorts a call to the module that knows its program; a program is known by its plain name, or below a folder of installed programs
(`/usr/bin/env`). Knows no language's tools: those have plugins of their own.
"""

from __future__ import annotations

from paratask.languages.shell import checkers, programs, readers, remote, starters, transfers, writers
from paratask.languages.tool_calls import program_name
from paratask.plugins.hookspecs import hookimpl

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import TypeAlias

    from paratask.languages.options import Word
    from paratask.plugins.hookspecs import Delegation, Invocation, Place, Recognition

    Recogniser: TypeAlias = Callable[[Sequence[Word], Invocation, Place], Recognition | Delegation | None]


@hookimpl
def recognise(invocation: Invocation, place: Place) -> Recognition | Delegation | None:
    """See `paratask.plugins.hookspecs`."""
    program, words = invocation.words[0], invocation.words[1:]
    name = program_name(program)
    if name is None:
        script = program if program and starters.is_shell_script(program, invocation, place) else None
        return starters.recognise_script(script, invocation, place) if script else None
    if name in _ALONE:
        return _ALONE[name](words, invocation, place)
    if name in readers.DRAWERS:
        return readers.recognise_drawer(name, words)
    if name in readers.SILENT:
        return readers.recognise_silent(name, words)
    if name in remote.OUTSIDE or name in remote.OUTSIDE_SUBCOMMANDS:
        return remote.recognise_outside(name, words)
    for names, recogniser in _FAMILIES:
        if name in names:
            return recogniser(name, words, invocation, place)
    return None


@hookimpl
def manifests() -> Sequence[str]:
    """The shell has none."""
    return ()


_ALONE: Mapping[str, Recogniser] = {
    "date": lambda words, _invocation, _place: readers.recognise_date(words),
    "uniq": readers.recognise_uniq,
    "find": programs.recognise_find,
    "sed": programs.recognise_sed,
    "awk": programs.recognise_awk,
    "tar": programs.recognise_tar,
    "mktemp": lambda words, _invocation, _place: readers.recognise_mktemp(words),
    **dict.fromkeys(("task", "go-task"), readers.recognise_task),
    "rsync": transfers.recognise_rsync,
    **dict.fromkeys(starters.SHELLS, starters.recognise_shell),
}
_FAMILIES = (
    (readers.PRINTERS, readers.recognise_printer),
    (readers.TESTS, readers.recognise_test),
    (readers.READERS, readers.recognise_reader),
    (transfers.DOWNLOADERS, transfers.recognise_download),
    (writers.WRITERS, writers.recognise_writer),
    (starters.STARTERS, starters.recognise_starter),
    (checkers.CHECKERS, checkers.recognise_checker),
)
