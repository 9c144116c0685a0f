"""Ruby source, read with a real grammar: which methods it calls, with which literal words.

Gemfiles, Rakefiles and binstubs are programs. What they say is taken from calls whose arguments are literals (texts, symbols,
and paths put together with `File.join`, `File.expand_path` and `__dir__`); of anything else it is only told that it is there.
Knows no file and no tool; runs nothing.
"""

from __future__ import annotations

import posixpath
from functools import cache, lru_cache

from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tree_sitter import Node, Parser

_TEXTS = frozenset({"string", "bare_string", "string_content"})
_STARTS = frozenset({"subshell", "method", "singleton_method", "heredoc_beginning", "yield", "super"})
"""What may run more than the calls that are written: shells, methods of the file's own, text that may be a program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """What a call is given. `complete` is False where only the run tells (`*list`, `**options`, `&block`)."""

    words: tuple[Node, ...]
    named: Mapping[str, Node]
    complete: bool


def parse_ruby(text: str) -> Node | None:
    """The root of the text's tree; None where something in it is not Ruby."""
    root = _tree(text)
    return None if root.has_error else root


@lru_cache(maxsize=1_024)
def _tree(text: str) -> Node:
    return _parser().parse(text.encode("utf-8", "surrogateescape")).root_node


@cache
def _parser() -> Parser:
    import tree_sitter
    import tree_sitter_ruby

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_ruby.language()))


def source(node: Node | None) -> str:
    """The text of a node as written; empty for none."""
    return "" if node is None or node.text is None else node.text.decode("utf-8", "surrogateescape")


def nodes(root: Node) -> Iterator[Node]:
    """`root` and all below it, in written order."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(node.named_children))


def calls(root: Node) -> Iterator[Node]:
    """All calls with a receiver, arguments or a block. A bare word, which may be a call too, is not among them."""
    return (node for node in nodes(root) if node.type == "call")


def method_of(call: Node) -> str:
    """The called method, with its receiver as written ("Gem.bin_path", "gem")."""
    receiver, method = source(call.child_by_field_name("receiver")), source(call.child_by_field_name("method"))
    return f"{receiver}.{method}" if receiver else method


def arguments(call: Node) -> Arguments:
    """What the call is given, without its block."""
    words: list[Node] = []
    named: dict[str, Node] = {}
    complete = True
    given = call.child_by_field_name("arguments")
    for node in given.named_children if given is not None else ():
        key = symbol(node.child_by_field_name("key")) if node.type == "pair" else None
        value = node.child_by_field_name("value")
        if key is not None and value is not None:
            named[key] = value
        elif node.type in ("pair", "splat_argument", "hash_splat_argument", "block_argument", "forward_argument"):
            complete = False
        else:
            words.append(node)
    return Arguments(words=tuple(words), named=named, complete=complete)


def symbol(node: Node | None) -> str | None:
    """The name that a symbol or a literal text is; None for anything else."""
    if node is not None and node.type in ("simple_symbol", "hash_key_symbol"):
        return source(node).removeprefix(":").strip('"')
    if node is not None and node.type == "bare_symbol":
        return source(node)
    return None if node is None else literal(node, "")


def symbols(node: Node | None) -> tuple[str, ...] | None:
    """The names in a literal array, or the one name; None where one is not literal."""
    if node is None:
        return None
    if node.type not in ("array", "symbol_array", "string_array"):
        one = symbol(node)
        return None if one is None else (one,)
    found = [symbol(child) for child in node.named_children]
    known = tuple(name for name in found if name is not None)
    return known if len(known) == len(found) else None


def literal(node: Node, file: str) -> str | None:
    """The text that an expression in `file` comes to, where that can be seen; paths may be relative."""
    if node.type in _TEXTS:
        return _joined_text(node, file)
    if node.type in ("file", "identifier", "constant", "call") and source(node) in ("__FILE__", "__dir__"):
        return file if source(node) == "__FILE__" else posixpath.dirname(file)
    if node.type == "parenthesized_statements" and node.named_child_count == 1:
        return literal(node.named_children[0], file)
    if node.type != "call" or method_of(node) not in ("File.join", "File.expand_path", "File.dirname"):
        return None
    given = arguments(node)
    parts = [literal(word, file) for word in given.words]
    known = [part for part in parts if part is not None]
    if not known or len(known) < len(parts) or given.named or not given.complete:
        return None
    return _path(method_of(node), known)


def _joined_text(node: Node, file: str) -> str | None:
    """A text with interpolated `__dir__`, and no escapes."""
    if node.type == "string_content":
        return source(node)
    parts: list[str] = []
    for child in node.named_children:
        inner = child.named_children
        if child.type == "string_content":
            parts.append(source(child))
        elif child.type == "interpolation" and len(inner) == 1 and (value := literal(inner[0], file)) is not None:
            parts.append(value)
        else:
            return None
    return "".join(parts)


def _path(method: str, parts: list[str]) -> str | None:
    if method == "File.join":
        return "/".join(part.strip("/") if index else part.rstrip("/") for index, part in enumerate(parts))
    if method == "File.dirname":
        return posixpath.dirname(parts[0])
    if len(parts) > 2 or parts[0].startswith("~"):
        return None
    return posixpath.normpath(posixpath.join(*reversed(parts)))


def only_calls(root: Node, allowed: frozenset[str]) -> bool:
    """Whether the program calls nothing but methods of these names, and runs nothing in other ways."""
    if any(node.type in _STARTS for node in nodes(root)):
        return False
    return all(source(call.child_by_field_name("method")) in allowed for call in calls(root))
