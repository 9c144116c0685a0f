"""`while` and `until` loops that end well, as in go-task's own shell: their exit status is 0, not the last round's.

In bash, `while read -r x; do [ "$x" = a ] && echo "$x"; done` fails with `-e` where the last round's test does not hold, and with it
the command; in go-task's shell it never does. So a `:` goes before their `done`. Pure; loads the grammar where there is such a loop.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

KEYWORDS = ("while", "until")


def with_zero_status(text: str) -> str:
    """`text` with such loops changed; as it is where the grammar does not understand all of it."""
    if "done" not in text or not any(word in text for word in KEYWORDS):
        return text
    from paratask.processes.bash_grammar import with_words

    return with_words(text, _ends)


def _ends(root: Node) -> Iterator[tuple[int, bytes]]:
    """A `:` where the `done` of each loop begins."""
    below = [root]
    while below:
        node = below.pop()
        below += node.children
        if node.type == "while_statement" and node.children[-1].type == "do_group":
            yield node.children[-1].children[-1].start_byte, b":; "
