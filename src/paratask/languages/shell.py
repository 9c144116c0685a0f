"""The plugin for everyday commands: what they read, write and start. See "Claims" in docs/design.md.

Sorts a call to the module that knows its program; a program is known by its plain name, or below a folder of installed programs
(`/usr/bin/env`). Knows no language's tools: those have plugins of their own.
"""

from __future__ import annotations

from paratask.languages import shell_checkers, shell_programs, shell_readers, shell_remote, shell_starters, shell_writers
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
        script = program if program and shell_starters.is_shell_script(program, invocation, place) else None
        return shell_starters.recognise_script(script, invocation, place) if script else None
    if name in _ALONE:
        return _ALONE[name](words, invocation, place)
    if name in shell_readers.DRAWERS:
        return shell_readers.recognise_drawer(name, words)
    if name in shell_readers.SILENT:
        return shell_readers.recognise_silent(name, words)
    if name in shell_remote.OUTSIDE or name in shell_remote.OUTSIDE_SUBCOMMANDS:
        return shell_remote.recognise_outside(name, words)
    for names, recogniser in _FAMILIES:
        if name in names:
            return recogniser(name, words, invocation, place)
    return None


@hookimpl
def manifests() -> Sequence[str]:
    """The shell has none."""
    return ()


_ALONE: Mapping[str, Recogniser] = {
    "date": lambda words, _invocation, _place: shell_readers.recognise_date(words),
    "uniq": shell_readers.recognise_uniq,
    "find": shell_programs.recognise_find,
    "sed": shell_programs.recognise_sed,
    "awk": shell_programs.recognise_awk,
    "tar": shell_programs.recognise_tar,
    "mktemp": lambda words, _invocation, _place: shell_readers.recognise_mktemp(words),
    "rsync": lambda words, _invocation, _place: shell_remote.recognise_rsync(words),
    **dict.fromkeys(shell_starters.SHELLS, shell_starters.recognise_shell),
}
_FAMILIES = (
    (shell_readers.PRINTERS, shell_readers.recognise_printer),
    (shell_readers.TESTS, shell_readers.recognise_test),
    (shell_readers.READERS, shell_readers.recognise_reader),
    (shell_writers.WRITERS, shell_writers.recognise_writer),
    (shell_starters.STARTERS, shell_starters.recognise_starter),
    (shell_checkers.CHECKERS, shell_checkers.recognise_checker),
)
