"""Traps for EXIT and ERR that are carried out to their end, as by go-task's own shell: `-e` does not hold in them.

In bash, `trap 'kill $server; rm -r tmp' EXIT` fails with `-e` where the server has ended by itself: `tmp` stays, and the command fails.
So what a trap runs becomes the inside of `! { … }`, where bash passes over failures, and `$?` is what it was. Pure; loads the grammar
where there is such a trap.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

CONDITIONS = (b"EXIT", b"ERR")
NO_ACTIONS = (b"", b"-", b"-p", b"-l")
BEGIN = b"'! { '"
END = rb"$'\n\n:\n}'"
"""On lines of its own: what is run may end in a comment or a backslash, or be nothing but blanks."""


def without_errexit(text: str) -> str:
    """`text` with such traps changed; as it is where the grammar does not understand all of it."""
    if "trap" not in text or not any(name.decode() in text for name in CONDITIONS):
        return text
    from paratask.processes.bash_grammar import with_words

    return with_words(text, _around_actions)


def _around_actions(root: Node) -> Iterator[tuple[int, bytes]]:
    """What goes around what the traps run: the word after `trap`, but for one that takes a trap away (`-`, `''`)."""
    from paratask.processes.bash_grammar import arguments_of

    for words in arguments_of(b"trap", root):
        if words and words[0].text == b"--":
            del words[0]
        if any(_bare(word) in CONDITIONS for word in words[1:]) and _bare(words[0]) not in NO_ACTIONS:
            yield words[0].start_byte, BEGIN
            yield words[0].end_byte, END


def _bare(word: Node) -> bytes:
    return (word.text or b"").strip(b"\"'")
