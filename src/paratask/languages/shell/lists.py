"""Commands joined by `&&`, `||` and `|`, regrouped as the shell binds them.

tree-sitter-bash hangs a redirection on all that stands before it (`cd a && x > f` as `{ cd a && x; } > f`), a pipe after it
likewise, and keeps what follows a here-document inside that. Here all is laid out flat and put together again: redirections
belong to the command before them, and `|` binds closer than `&&` and `||`, which bind alike, from the left.

Knows nothing of what the commands do.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

JOINTS = frozenset({"list", "pipeline", "redirected_statement"})
PIPES = frozenset({"|", "|&"})
_OPERATORS = frozenset({"&&", "||", *PIPES})
_HEREDOC_PARTS = frozenset({"heredoc_start", "heredoc_body", "heredoc_end"})


class Part:
    """One command with its redirections, and the operator before it ("" for the first)."""

    __slots__ = ("body", "operator", "redirects")

    def __init__(self, body: Node | None, operator: str = "") -> None:
        self.body = body
        self.operator = operator
        self.redirects: list[Node] = []


def pipelines(node: Node) -> list[tuple[str, list[Part]]]:
    """The pipelines of `node`, each with `&&`, `||` or "" before it, in written order; most have a single part."""
    found: list[tuple[str, list[Part]]] = []
    for part in _parts(node):
        if part.operator in PIPES:
            found[-1][1].append(part)
        else:
            found.append((part.operator, [part]))
    return found


def tail_parts(heredoc: Node) -> list[Node]:
    """The children of a here-document's redirection that are commands after it."""
    return [child for child in heredoc.named_children if _is_tail(child)]


def fed(redirects: Sequence[Node], before: bool) -> bool:
    """Whether standard input comes from what the text names, not from somebody who types; `before` is what it is without `redirects`."""
    for redirect in redirects:
        if _feeds(redirect):
            target = redirect.child_by_field_name("destination")
            before = target is None or target.text != b"/dev/tty"
    return before


def _feeds(redirect: Node) -> bool:
    """Whether a redirection gives standard input: `< file`, here-documents and here-strings; not `3< file`, and not what it is anyway."""
    if redirect.type != "file_redirect":
        return True
    number, target = redirect.child_by_field_name("descriptor"), redirect.child_by_field_name("destination")
    given = any(child.type in ("<", "<&", "<>") for child in redirect.children)
    stays = target is not None and target.text in (b"/dev/stdin", b"0")
    return given and not stays and (number is None or number.text == b"0")


def _parts(node: Node) -> list[Part]:
    if node.type in ("list", "pipeline"):
        return _joined(node.children)
    if node.type != "redirected_statement":
        return [Part(node)]
    body = node.child_by_field_name("body")
    parts = _parts(body) if body else [Part(None)]
    redirects = [child for child in node.children if child.type.endswith("_redirect")]
    parts[-1].redirects += redirects
    for redirect in redirects:
        if redirect.type == "heredoc_redirect":
            parts += _joined(list(_after(redirect)))
    return parts


def _joined(children: Sequence[Node]) -> list[Part]:
    parts: list[Part] = []
    operator = ""
    for child in children:
        if child.is_named:
            more = _parts(child) if child.type != "comment" else []
            if more and operator:
                more[0].operator = operator
            parts += more
            operator = ""
        elif child.type in _OPERATORS:
            operator = child.type
    return parts


def _after(heredoc: Node) -> Iterator[Node]:
    """The operators and commands after `<<EOF` on its line; a pipe stands inside the pipeline that it starts."""
    for child in heredoc.children:
        if child.type == "pipeline":
            yield from child.children
        elif child.type in _OPERATORS or _is_tail(child):
            yield child


def _is_tail(child: Node) -> bool:
    return (
        child.is_named
        and child.type not in _HEREDOC_PARTS
        and not child.type.endswith("_redirect")
        and child not in (child.parent.children_by_field_name("argument") if child.parent else [])
        and child.type not in ("file_descriptor", "comment")
    )
