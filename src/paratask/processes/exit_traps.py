"""Traps for EXIT and ERR that are carried out to their end, as by go-task's own shell: `-e` does not hold in them.

In bash, `trap 'kill $server; rm -r tmp' EXIT` fails with `-e` where the server has ended by itself: `tmp` stays, and the command fails.
So what a trap runs becomes the inside of `! { … }`, where bash passes over failures, and `$?` is what it was. Pure; loads the grammar
where there is such a trap.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
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
    from paratask.processes.bash_grammar import parsed

    written = text.encode("utf-8", "surrogateescape")
    root = parsed(written)
    if root is None:
        return text
    for start, end in sorted(_actions(root), reverse=True):
        written = written[:start] + BEGIN + written[start:end] + END + written[end:]
    return written.decode("utf-8", "surrogateescape")


def _actions(root: Node) -> list[tuple[int, int]]:
    """Where what the traps run begins and ends: the word after `trap`, but for one that takes a trap away (`-`, `''`)."""
    from paratask.processes.bash_grammar import arguments_of

    found = []
    for words in arguments_of(b"trap", root):
        if words and words[0].text == b"--":
            del words[0]
        if any(_bare(word) in CONDITIONS for word in words[1:]) and _bare(words[0]) not in NO_ACTIONS:
            found.append((words[0].start_byte, words[0].end_byte))
    return found


def _bare(word: Node) -> bytes:
    return (word.text or b"").strip(b"\"'")
