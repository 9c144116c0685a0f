"""Which branches of a `case` a run takes, where the text tells the word that chooses. Knows no command and no file."""

from __future__ import annotations

from paratask.languages.shell.values import expanded, is_plain
from paratask.languages.shell.words import resolve_words, source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from tree_sitter import Node

    from paratask.languages.shell.flow import State
    from paratask.languages.shell.words import Word

_ANY = "*"
_QUOTED = ("string", "raw_string")


def chooses(case: Node, state: State) -> Word:
    """The word that a `case` looks at; None where only the run tells."""
    value = case.child_by_field_name("value")
    words = resolve_words(value, lambda node: expanded(node, state)) if value is not None else ()
    return words[0] if len(words) == 1 and is_plain(words[0]) else None


def matches(patterns: Iterable[Node], word: Word) -> bool | None:
    """Whether a branch with these patterns is for `word`; None where that is not told."""
    answers = [_matches(pattern, word) for pattern in patterns]
    return True if True in answers else None if None in answers else False


def _matches(pattern: Node, word: Word) -> bool | None:
    text = source(pattern)
    if text == _ANY:
        return True
    plain = text[1:-1] if pattern.type in _QUOTED else text
    if word is None or not is_plain(plain) or (plain != word and plain.lower() == word.lower()):
        return None
    return plain == word
