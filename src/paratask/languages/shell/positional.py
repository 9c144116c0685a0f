"""What a script, a function or `set --` was given: `$1`, `${2:-x}`, `"$@"`. See `values` for what these become.

They stand in a state's values under their numbers; COUNT says how many there are, where that is known. From the first one on that only
the run tells and that is not quoted, or that has wildcards, nothing is known, since it may become several words, or none. Knows the few commands that change
them: `set`, `shift` and the call of a function.
"""

from __future__ import annotations

from paratask.languages.shell.flow import COUNT
from paratask.languages.shell.values import is_plain
from paratask.languages.shell.words import is_one_word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tree_sitter import Node

    from paratask.languages.shell.flow import State
    from paratask.languages.shell.words import Word


_WILDCARDS = frozenset("*?[")


_ONE = "\0"
"""Stands for a word that only the run tells, and that is surely one."""


def counted(nodes: Iterable[Node], words: Callable[[Node], Sequence[Word]]) -> list[Word]:
    """The words that `nodes` become, with _ONE for what is not known and stands between quotes."""
    return [_ONE if word is None and is_one_word(node) else word for node in nodes for word in words(node)]


def given(words: Sequence[Word], state: State) -> State:
    """The state in which these words are what was given."""
    known = next((index for index, word in enumerate(words) if word is None or not _WILDCARDS.isdisjoint(word)), len(words))
    found: dict[str, Word] = {str(number): word for number, word in enumerate(words[:known], start=1) if is_plain(word)}
    if known == len(words):
        found[COUNT] = str(known)
    return state.without_given().setting(found)


def changed(name: str, words: Sequence[Word], state: State) -> State:
    """After `set` or `shift` with these words."""
    if name == "shift":
        return _shifted(words, state)
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word in ("--", "-"):
            return given(rest, state) if word == "--" or rest else state
        if word is None:
            return state.without_given()
        if word[:1] not in ("-", "+"):
            return given([word, *rest], state)
        if "o" in word and rest:
            rest.pop(0)
    return state


def _shifted(words: Sequence[Word], state: State) -> State:
    """Where there are fewer than are to go, none goes."""
    by, count = words[0] if words else "1", state.values.get(COUNT)
    if by is None or not by.isdigit() or count is None:
        return state.without_given()
    if int(by) > int(count):
        return state
    moved: dict[str, Word] = {
        str(int(name) - int(by)): value for name, value in state.values.items() if name.isdigit() and int(name) > int(by)
    }
    return state.without_given().setting({**moved, COUNT: str(int(count) - int(by))})


def as_before(end: State, before: State) -> State:
    """What a function that ends in one state was called with gives way to what there was `before`."""
    return end.without_given().setting(
        {name: value for name, value in before.values.items() if name == COUNT or name.isdigit()}
    )
