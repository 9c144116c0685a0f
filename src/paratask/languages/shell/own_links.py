"""Symbolic links that a shell text makes and then goes through: where those lead, no file tells before the text runs.

Loaded for texts that make links. Knows what a call's words say, and no file.
"""

from __future__ import annotations

import posixpath

from paratask.claims.overlap import escape, overlap
from paratask.languages.shell.branches import WILDCARDS
from paratask.languages.shell.naming import SYMBOLIC, has, named, naming
from paratask.plugins.hookspecs import Invocation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from paratask.languages.shell.walk import Item

_THEMSELVES = frozenset(["ln", "rm", "unlink", "readlink", "test", "[", "[["])
"""They do something with a link, where it is what they are given, and go through it to what is named below it."""
_SAYING = frozenset(["echo", "printf"])


def gone_through(items: Sequence[Item]) -> str:
    """A link that the text makes and goes through, as it is written there. Empty where there is none."""
    links = [(link, word, item) for item in items if isinstance(item, Invocation) for link, word in _made(item)]
    return next((word for link, word, maker in links for item in items if _goes_through(item, link, maker)), "")


def _made(call: Invocation) -> Iterator[tuple[str, str]]:
    """The links that a call may make, by their absolute paths, and how the words have them."""
    program, words = naming(call)
    if program != "mv" and has(words, SYMBOLIC):
        for _source, target, name in named(call.cwd, words):
            written = posixpath.join(target, name) if name else target
            yield posixpath.normpath(posixpath.join(call.cwd, written)), written


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
