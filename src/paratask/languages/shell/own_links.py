"""Symbolic links that a shell text makes and then goes through: where those lead, no file tells before the text runs.

Loaded for texts that make links. Knows what a call's words say, and no file.
"""

from __future__ import annotations

import posixpath
import re

from paratask.claims.overlap import escape, overlap
from paratask.languages.shell.branches import WILDCARDS
from paratask.plugins.hookspecs import Invocation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from paratask.languages.shell.walk import Item
    from paratask.languages.shell.words import Word

_SYMBOLIC = {"ln": re.compile(r"-\w*s\w*|--symbolic"), "cp": re.compile(r"-\w*s\w*|--symbolic-link")}
_FOLDER = ("-t", "--target-directory")
_AS_IT_IS = re.compile(r"-\w*[nT]\w*|--no-dereference|--no-target-directory")
_THEMSELVES = frozenset(["ln", "rm", "unlink", "readlink", "test", "[", "[["])
"""They do something with a link, where it is what they are given, and go through it to what is named below it."""
_SAYING = frozenset(["echo", "printf"])


def gone_through(items: Sequence[Item]) -> str:
    """A link that the text makes and goes through, as it is written there. Empty where there is none."""
    links = [(link, word, item) for item in items if isinstance(item, Invocation) for link, word in _made(item)]
    return next((word for link, word, maker in links for item in items if _goes_through(item, link, maker)), "")


def _made(call: Invocation) -> Iterator[tuple[str, str]]:
    """The links that a call may make, by their absolute paths, and how the words have them."""
    program = next((word for word in call.words if word in _SYMBOLIC), None)
    words = call.words[call.words.index(program) + 1 :] if program else ()
    if program is None or not any(word and _SYMBOLIC[program].fullmatch(word) for word in words):
        return
    folder, operands = _operands(words)
    *sources, target = operands if folder is None else (*operands, folder)
    if not sources:
        sources, target = [target], "."
    if target is None:
        return  # nobody understands that call
    made = posixpath.normpath(posixpath.join(call.cwd, target))
    is_folder = folder is not None or len(sources) > 1 or target.endswith("/") or f"{call.cwd}/".startswith(f"{made}/")
    if not is_folder:
        yield made, target
    if is_folder or not any(word and _AS_IT_IS.fullmatch(word) for word in words):
        for source in sources:
            name = "." if source is None else posixpath.basename(source.rstrip("/")) or "."
            yield posixpath.normpath(posixpath.join(made, name)), target if name == "." else posixpath.join(target, name)


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


def _goes_through(item: Item, link: str, maker: Item) -> bool:
    if not isinstance(item, Invocation):
        return item.path is not None and _is_on(item.path, link, itself=True)
    name = item.words[0] if item.words else None
    if name in _SAYING:
        return False
    itself = name not in _THEMSELVES and item is not maker
    paths = [posixpath.join(item.cwd, text) for word in item.words[1:] if word for text in _named(word)]
    return _is_on(item.cwd, link, itself=True) or any(_is_on(path, link, itself=itself) for path in paths)


def _named(word: str) -> Iterator[str]:
    """What may be a path: a word, or the value of an option in it."""
    yield word
    if "=" in word:
        yield word.partition("=")[2]
    if word.startswith("-") and not word.startswith("--"):
        yield word[2:]


def _is_on(path: str, link: str, *, itself: bool) -> bool:
    """Whether the way to `path` leads through the link; also where it ends there, if that counts."""
    if not WILDCARDS.isdisjoint(path):
        pattern = posixpath.normpath(path)
        return overlap(pattern, f"{escape(link)}/*/**") or (itself and overlap(pattern, escape(link)))
    at, names = "/", path.split("/")
    for number, name in enumerate(names):
        at = posixpath.normpath(posixpath.join(at, name))
        if at == link:
            return itself or number + 1 < len(names)
    return False
