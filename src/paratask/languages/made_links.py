"""The links that a shell text makes, and where they will lead, for those who go through them later on. See "Claims" in docs/design.md.

Loaded for texts that make links, or move what may be one. Knows what the words of `ln`, `cp` and `mv` say; of files only where links lead now.
"""

from __future__ import annotations

import posixpath
import re

from paratask.claims.model import Link
from paratask.claims.overlap import escape
from paratask.languages.patterns import WILDCARDS, word_pattern
from paratask.plugins.hookspecs import Invocation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from paratask.claims.model import Claim
    from paratask.languages.commands import PathUse
    from paratask.languages.options import Word
    from paratask.plugins.hookspecs import Place

_SYMBOLIC = re.compile(r"-\w*s\w*|--symbolic(-link)?")
_HARD = re.compile(r"-\w*l\w*|--link")
_RELATIVE = re.compile(r"-\w*r\w*|--relative")
_AS_IT_IS = re.compile(r"-\w*[nT]\w*|--no-dereference|--no-target-directory")
_KEEPS_LINKS = re.compile(r"-\w*[adPRr]\w*|--(archive|recursive|no-dereference)")
_FOLDER = ("-t", "--target-directory")
_PROGRAMS = ("ln", "cp", "mv")


def links_made(items: Iterable[Invocation | PathUse], within: tuple[Claim, ...], place: Place) -> tuple[Link, ...]:
    """The links that calls of a text make, whose claims are `within`."""
    found = (link for item in items if isinstance(item, Invocation) for link in _made(item, within, place))
    return tuple(dict.fromkeys(found))


def _made(call: Invocation, within: tuple[Claim, ...], place: Place) -> Iterator[Link]:
    program = next((word for word in call.words if word in _PROGRAMS), None)
    words = call.words[call.words.index(program) + 1 :] if program else ()
    if program == "cp" and not _has(words, _SYMBOLIC, _HARD, _KEEPS_LINKS):
        return
    is_symbolic = program != "mv" and _has(words, _SYMBOLIC)
    for source, name in _named(call.cwd, words):
        targets = [at for at in dict.fromkeys((_entry(name, place), word_pattern(name, "/", place))) if at]
        if is_symbolic:
            from_folder = call.cwd if program == "ln" and _has(words, _RELATIVE) else posixpath.dirname(name)
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
            yield Link(at=real, leads_to=at, within=within)
            continue
        if own and own != real:
            is_beside = posixpath.dirname(at) == posixpath.dirname(own)
            yield Link(at=at, leads_to=real if is_beside or real.startswith("/") else None, within=within)
        yield Link(at=at, leads_to=own or real, within=within, carries=True)


def _named(cwd: str, words: Sequence[Word]) -> Iterator[tuple[Word, str]]:
    """What gets another name, and the absolute path of that; where it may be one or the other, both."""
    folder, operands = _operands(words)
    *sources, target = operands if folder is None else (*operands, folder)
    if not sources:
        sources, target = [target], "."
    if target is None:
        return  # nobody understands that call
    path = posixpath.normpath(posixpath.join(cwd, target))
    is_folder = folder is not None or len(sources) > 1 or target.endswith("/") or f"{cwd}/".startswith(f"{path}/")
    for source in sources:
        if not is_folder:
            yield source, path
        if is_folder or not _has(words, _AS_IT_IS):
            name = "*" if source is None else posixpath.basename(source.rstrip("/"))
            yield source, posixpath.join(path, name if name not in ("", ".", "..") else "*")


def _operands(words: Sequence[Word]) -> tuple[Word, list[Word]]:
    """The folder of `-t`, and what is no option."""
    folder: Word = None
    operands: list[Word] = []
    rest = iter(words)
    for word in rest:
        if word in _FOLDER:
            folder = next(rest, None)
        elif word is not None and word.startswith("--target-directory="):
            folder = word.partition("=")[2]
        elif word is None or not word.startswith("-"):
            operands.append(word)
    return folder, operands or [None]


def _is_hard(program: str | None, words: Sequence[Word]) -> bool:
    return program == "ln" or (program == "cp" and _has(words, _HARD))


def _has(words: Sequence[Word], *options: re.Pattern[str]) -> bool:
    return any(word and option.fullmatch(word) for word in words for option in options)


def _entry(path: str, place: Place) -> str:
    """The pattern of a name itself, in the real folder that it is in, whatever it leads to; empty where that is not plain."""
    folder, name = posixpath.split(path)
    if not WILDCARDS.isdisjoint(path) or not name:
        return ""
    return place.pattern(folder, f"/{escape(name)}")
