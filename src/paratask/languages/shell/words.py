"""Words of shell text, from tree-sitter-bash's nodes to what a program is given. See "Claims" in docs/design.md.

Quotes and backslashes are taken away, braces multiplied out; unquoted wildcards stay as they are, since no file is looked at.
A word that is known only when the command runs is None: a leading `~`, a range (`{1..3}`), and any expansion that `values` does
not know. Of `--name=$X` and `-n$X` the option is known, as in `--name $X`. A word of nothing but variables that are not set is none;
between quotes it is an empty one, which a program may take for anything: it counts as not known. Knows nothing of commands, paths or folders, and cannot tell how many words an unquoted expansion will become.
"""

from __future__ import annotations

import re
from functools import cache

from paratask.claims.braces import expand

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from tree_sitter import Node, Parser

    Word: TypeAlias = str | None
    Values: TypeAlias = Callable[[Node], Word]
    """What an expansion becomes: one word of characters that mean nothing to the shell, or None."""

SUBSTITUTIONS = frozenset({"command_substitution", "process_substitution"})
_MAX_BRACES = 256
_PROTECTED = frozenset("\\{},")
_ESCAPED_IN_STRING = frozenset('$`"\\\n')
_PIPE = "/dev/fd/63"
_OPTION = re.compile(r"\"?(?:(--?[A-Za-z][\w.:-]*)=|(-[A-Za-z])(?=\"?[$`]))")
_EXPANSIONS = ("simple_expansion", "expansion")
_QUOTES = frozenset("'\"")
_NO_ALIAS = re.compile(r"(?m)(?<=\n)[ \t]*\\(?=[A-Za-z_./])")
"""What only says that no alias is meant (`\\rm`). After the end of a line the grammar takes it for one more word of the command above."""

_SEVERAL = re.compile(r"\$\{?[@*!]|\[[@*]\]")
"""What may become several words, also between quotes."""


def parse_tree(text: str) -> Node:
    """The root of the text's tree; `has_error` where something in it is not bash."""
    text = _NO_ALIAS.sub("", text) if "\n" in text else text
    return _parser().parse(text.encode("utf-8", "surrogateescape")).root_node


@cache
def _parser() -> Parser:
    import tree_sitter

    from paratask.languages.shell.grammar import bash

    return tree_sitter.Parser(tree_sitter.Language(bash()))


def first_error(node: Node) -> str:
    """The text of the innermost node that the parser could not make sense of."""
    while child := next((child for child in node.children if child.has_error or child.is_missing), None):
        node = child
    return source(node).strip().split("\n")[0][:40] or "the end of the text"


def resolve_words(node: Node, values: Values) -> tuple[Word, ...]:
    """The words that `node`, one word as written, becomes: several where it has braces, two where only an option's value is unknown."""
    if node.type == "process_substitution":
        return (_PIPE,)
    text = _protected(node, values)
    written = source(node)
    if text == "" and (node.type in _EXPANSIONS or _QUOTES.isdisjoint(written)):
        return ()
    if text is None or ("$" in written and (not text or text.endswith("="))):
        option = None if _SEVERAL.search(written) else _OPTION.match(written)
        return (option[1] or option[2], None) if option else (None,)
    if _has_home(written):
        return (None,)
    alternatives = expand(text, _MAX_BRACES)
    if alternatives is None:
        return (None,)
    return tuple(_bare(alternative) for alternative in alternatives)


def is_one_word(node: Node) -> bool:
    """Whether what stands there becomes one word for certain, whatever the run puts in."""
    return node.type == "string" and _SEVERAL.search(source(node)) is None


def resolve_value(node: Node, values: Values) -> Word:
    """What an assignment sets: no braces there, but `~` counts anywhere outside quotes."""
    text = _protected(node, values)
    if text is None or (node.type not in ("raw_string", "string") and "~" in text):
        return None
    return _bare(text)


def substitutions(node: Node) -> list[Node]:
    """The outermost `$(…)`, `` `…` ``, `<(…)` and `>(…)` in `node`, in written order; their commands run too."""
    found: list[Node] = []
    below = [node]
    while below:
        here = below.pop()
        if here.type in SUBSTITUTIONS:
            found.append(here)
        else:
            below.extend(reversed(here.children))
    return found


def test_words(node: Node, values: Values) -> Iterator[Word]:
    """The words of `[ … ]` and `[[ … ]]`, in order."""
    for child in node.children:
        if child.type in ("unary_expression", "binary_expression", "parenthesized_expression"):
            yield from test_words(child, values)
        elif child.is_named:
            yield from resolve_words(child, values)
        else:
            yield source(child)


def source(node: Node) -> str:
    """The node's text as written."""
    return (node.text or b"").decode("utf-8", "replace")


def _has_home(written: str) -> bool:
    """Whether a `~` stands where it becomes somebody's home folder."""
    return written.startswith("~") or "{~" in written or ",~" in written


def _protected(node: Node, values: Values) -> str | None:
    """The word without its quotes; what was quoted and would mean something to braces has a backslash before it."""
    text = source(node)
    match node.type:
        case "word" | "number" | "command_name" | "variable_name" | "test_operator" if not node.children or node.type == "word":
            return _unescaped(text)
        case "command_name":
            return _protected(node.children[0], values) if len(node.children) == 1 else None
        case "string":
            return _of_string(node, values)
        case "simple_expansion" | "expansion" | "command_substitution":
            return values(node)
        case "raw_string":
            return _quoted(text[1:-1])
        case "ansi_c_string":
            return None if "\\" in text else _quoted(text[2:-1])
        case "concatenation":
            return _together([_protected(child, values) for child in node.children])
        case _:
            return None


def _of_string(node: Node, values: Values) -> str | None:
    """What stands between double quotes. The parser leaves blanks before an expansion out of every child."""
    parts: list[str | None] = []
    end = node.start_byte
    for child in node.children:
        parts.append(None if child.start_byte != end else _of_string_part(child, values))
        end = child.end_byte
    return _together(parts)


def _of_string_part(node: Node, values: Values) -> str | None:
    if node.type == '"':
        return ""
    return _quoted(_unescaped_string(source(node))) if node.type == "string_content" else values(node)


def _together(parts: list[str | None]) -> str | None:
    known = [part for part in parts if part is not None]
    return "".join(known) if len(known) == len(parts) else None


def _unescaped(text: str) -> str:
    """An unquoted word: a backslash makes the next character an ordinary one, and joins lines."""
    if "\\" not in text:
        return text
    result: list[str] = []
    position = 0
    while position < len(text):
        char = text[position]
        if char == "\\" and position + 1 < len(text):
            position += 1
            char = "" if text[position] == "\n" else _quoted(text[position])
        result.append(char)
        position += 1
    return "".join(result)


def _unescaped_string(text: str) -> str:
    if "\\" not in text:
        return text
    result: list[str] = []
    position = 0
    while position < len(text):
        char = text[position]
        if char == "\\" and text[position + 1 : position + 2] in _ESCAPED_IN_STRING:
            position += 1
            char = text[position].replace("\n", "")
        result.append(char)
        position += 1
    return "".join(result)


def _quoted(text: str) -> str:
    return text if _PROTECTED.isdisjoint(text) else "".join("\\" + char if char in _PROTECTED else char for char in text)


def _bare(text: str) -> str:
    """`text` with the protecting backslashes taken away."""
    if "\\" not in text:
        return text
    result: list[str] = []
    position = 0
    while position < len(text):
        position += text[position] == "\\" and position + 1 < len(text)
        result.append(text[position])
        position += 1
    return "".join(result)
