"""The grammar of bash, for the few texts that need another word here and there to mean what they mean to go-task's shell. Pure."""

from __future__ import annotations

import tree_sitter
import tree_sitter_bash

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


def with_words(text: str, find: Callable[[tree_sitter.Node], Iterable[tuple[int, bytes]]]) -> str:
    """`text` with the words put in that `find` has for its tree, each with its place; as it is where the grammar does not understand all of it."""
    written = text.encode("utf-8", "surrogateescape")
    root = tree_sitter.Parser(tree_sitter.Language(tree_sitter_bash.language())).parse(written).root_node
    if root.has_error:
        return text
    for place, word in sorted(find(root), reverse=True):
        written = written[:place] + word + written[place:]
    return written.decode("utf-8", "surrogateescape")


def arguments_of(name: bytes, root: tree_sitter.Node) -> Iterator[list[tree_sitter.Node]]:
    """The words after the name, of each command of that name."""
    below = [root]
    while below:
        node = below.pop()
        below += node.children
        called = node.child_by_field_name("name") if node.type == "command" else None
        if called is not None and called.text == name:
            yield node.children_by_field_name("argument")
