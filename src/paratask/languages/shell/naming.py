"""What the words of `ln`, `cp` and `mv` say: what gets which other name. Loaded for texts that use them; knows no file."""

from __future__ import annotations

import posixpath
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from paratask.languages.shell.words import Word
    from paratask.plugins.hookspecs import Invocation

SYMBOLIC = re.compile(r"-\w*s\w*|--symbolic(-link)?")
_AS_IT_IS = re.compile(r"-\w*[nT]\w*|--no-dereference|--no-target-directory")
_FOLDER = ("-t", "--target-directory")
_PROGRAMS = ("ln", "cp", "mv")


def naming(call: Invocation) -> tuple[str, Sequence[Word]]:
    """The program that gives names, which another one may start, and its words; nothing where there is none."""
    program = next((word for word in call.words if word in _PROGRAMS), None)
    return (program, call.words[call.words.index(program) + 1 :]) if program else ("", ())


def has(words: Sequence[Word], *options: re.Pattern[str]) -> bool:
    """Whether one of the words is such an option."""
    return any(word and option.fullmatch(word) for word in words for option in options)


def named(cwd: str, words: Sequence[Word]) -> Iterator[tuple[Word, str, str | None]]:
    """What gets another name, the target as it is written, and the name below it: "" where the target is the name itself, None where only the
    run tells. Where the target may be a folder or the name, both.
    """
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
            yield source, target, ""
        if is_folder or not has(words, _AS_IT_IS):
            name = "" if source is None else posixpath.basename(source.rstrip("/"))
            yield source, target, name if name not in ("", ".", "..") else None


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
