"""The links that a shell text makes, and where they will lead, for those who go through them later on. See "Claims" in docs/design.md.

Loaded for texts that make links, or move what may be one. Knows what the words of `ln`, `cp` and `mv` say; of files only where links lead now.
"""

from __future__ import annotations

import posixpath
import re

from paratask.claims.model import Link
from paratask.claims.overlap import escape
from paratask.languages.patterns import WILDCARDS, word_pattern
from paratask.languages.shell.naming import SYMBOLIC, has, named, naming
from paratask.plugins.hookspecs import Invocation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from paratask.claims.model import Claim
    from paratask.languages.commands import PathUse
    from paratask.languages.options import Word
    from paratask.plugins.hookspecs import Place

_HARD = re.compile(r"-\w*l\w*|--link")
_RELATIVE = re.compile(r"-\w*r\w*|--relative")
_KEEPS_LINKS = re.compile(r"-\w*[adPRr]\w*|--(archive|recursive|no-dereference)")


def links_made(items: Iterable[Invocation | PathUse], within: tuple[Claim, ...], place: Place) -> tuple[Link, ...]:
    """The links that calls of a text make, whose claims are `within`."""
    found = (link for item in items if isinstance(item, Invocation) for link in _made(item, within, place))
    return tuple(dict.fromkeys(found))


def _made(call: Invocation, within: tuple[Claim, ...], place: Place) -> Iterator[Link]:
    program, words = naming(call)
    if program == "cp" and not has(words, SYMBOLIC, _HARD, _KEEPS_LINKS):
        return
    is_symbolic = program != "mv" and has(words, SYMBOLIC)
    for source, target, below in named(call.cwd, words):
        name = posixpath.normpath(posixpath.join(call.cwd, target))
        name = posixpath.join(name, "*" if below is None else below) if below != "" else name
        targets = [at for at in dict.fromkeys((_entry(name, place), word_pattern(name, "/", place))) if at]
        if is_symbolic:
            from_folder = call.cwd if program == "ln" and has(words, _RELATIVE) else posixpath.dirname(name)
            leads_to = None if source is None else word_pattern(source, from_folder, place)
            yield from (Link(at=at, leads_to=leads_to, within=within) for at in targets)
        elif source is not None:
            yield from _other_name(
                posixpath.join(call.cwd, source), targets, within, place, is_moved=not _is_hard(program, words)
            )


def _other_name(
    path: str, targets: Sequence[str], within: tuple[Claim, ...], place: Place, *, is_moved: bool
) -> Iterator[Link]:
    """What stands at `path` gets other names: the same file, or the same links, of which one may be there now."""
    real, own = word_pattern(path, "/", place), _entry(posixpath.normpath(path), place)
    for at in targets:
        if not is_moved:
            yield Link(at=at, leads_to=real, within=within)
            continue
        if own and own != real:
            is_beside = posixpath.dirname(at) == posixpath.dirname(own)
            yield Link(at=at, leads_to=real if is_beside or real.startswith("/") else None, within=within)
        yield Link(at=at, leads_to=own or real, within=within, carries=True)


def _is_hard(program: str, words: Sequence[Word]) -> bool:
    return program == "ln" or (program == "cp" and has(words, _HARD))


def _entry(path: str, place: Place) -> str:
    """The pattern of a name itself, in the real folder that it is in, whatever it leads to; empty where that is not plain."""
    folder, name = posixpath.split(path)
    if not WILDCARDS.isdisjoint(path) or not name:
        return ""
    return place.pattern(folder, f"/{escape(name)}")
