"""`paratask.claims.toml`: what was observed, written for people and read back. See docs/reference.md for its keys.

The same entries give the same bytes: no times, no machine, everything sorted. Knows no disk.
"""

from __future__ import annotations

import json

from paratask.claims.observed import Observed
from paratask.errors import Position, TaskfileDecodeError
from paratask.observing.entries import Entry, Key
from paratask.taskfile.nodes import Mapping, Scalar, Sequence
from paratask.taskfile.project import CLAIMS_NAME

TYPE_CHECKING = False
if TYPE_CHECKING:
    import collections.abc

    from paratask.taskfile.nodes import Node

HEADER = """\
# What tasks were seen to read and write, so that paratask knows which of them may run side by side.
# Made by `paratask --learn TASK`, which adds to it what it sees; meant to be committed.
# An entry counts for as long as its task is written as it was (`definition`). To see one anew, delete it and learn again.
"""
_KEYS = frozenset(("task", "variables", "definition", "reads", "writes", "ports", "rewrites", "contacts", "outside"))


def render_claims(entries: collections.abc.Mapping[Key, Entry], *, home: str) -> str:
    """The file's text. Paths below `home` are written with `~`."""
    titles = sorted((key.title(), key.variables, key) for key in entries)
    return HEADER + "".join(_render(title, key, entries[key], home) for title, _, key in titles)


def _render(title: str, key: Key, entry: Entry, home: str) -> str:
    seen = entry.observed
    lines = [f"\n[{_quoted(title)}]"]
    if key.variables:
        pairs = ", ".join(f"{_quoted(name)} = {_quoted(value)}" for name, value in key.variables)
        lines += [f"task = {_quoted(key.task)}", f"variables = {{ {pairs} }}"]
    lines.append(f"definition = {_quoted(entry.definition)}")
    lines += _list("reads", [_homely(pattern, home) for pattern in seen.reads])
    lines += _list("writes", [_homely(pattern, home) for pattern in seen.writes])
    if seen.ports:
        lines.append(f"ports = {list(seen.ports)}")
    if seen.rewrites:
        lines.append("rewrites = true  # it changed files that it had read")
    if seen.contacts:
        lines.append("contacts = true  # it spoke with other machines")
    if seen.outside:
        lines.append("outside = true  # it wrote outside the checkout")
    return "\n".join(lines) + "\n"


def _list(name: str, patterns: list[str]) -> list[str]:
    if not patterns:
        return []
    if len(patterns) == 1:
        return [f"{name} = [{_quoted(patterns[0])}]"]
    return [f"{name} = [", *(f"    {_quoted(pattern)}," for pattern in patterns), "]"]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _homely(pattern: str, home: str) -> str:
    return f"~{pattern[len(home) :]}" if home and pattern.startswith(home + "/") else pattern


def decode_claims(root: Mapping, *, file: str, home: str) -> dict[Key, Entry]:
    """The entries of a parsed file. Raises TaskfileDecodeError."""
    found: dict[Key, Entry] = {}
    for title, table in root.pairs:
        key, entry = _decode(title, table, file, home)
        found[key] = entry
    return found


def _decode(title: Scalar, table: Node, file: str, home: str) -> tuple[Key, Entry]:
    if not isinstance(table, Mapping):
        raise _error(title, file, f"`{title.text}` is no table")
    values = {key.text: value for key, value in table.pairs}
    for name, _ in table.pairs:
        if name.text not in _KEYS:
            raise _error(name, file, f"unknown key `{name.text}`")
    variables = values.get("variables")
    if variables is not None and not isinstance(variables, Mapping):
        raise _error(variables, file, "`variables` is no table")
    pairs = tuple(sorted((name.text, _text(value, "variables", file)) for name, value in variables.pairs)) if variables else ()
    key = Key(task=_text(values["task"], "task", file) if "task" in values else title.text, variables=pairs)
    observed = Observed(
        reads=tuple(_expanded(pattern, home) for pattern in _texts(values.get("reads"), "reads", file)),
        writes=tuple(_expanded(pattern, home) for pattern in _texts(values.get("writes"), "writes", file)),
        ports=tuple(_ports(values.get("ports"), file)),
        rewrites=_flag(values.get("rewrites"), "rewrites", file),
        contacts=_flag(values.get("contacts"), "contacts", file),
        outside=_flag(values.get("outside"), "outside", file),
    )
    definition = _text(values["definition"], "definition", file) if "definition" in values else ""
    return key, Entry(definition=definition, observed=observed)


def _expanded(pattern: str, home: str) -> str:
    return home + pattern[1:] if pattern.startswith("~/") else pattern


def _text(node: Node, name: str, file: str) -> str:
    if not isinstance(node, Scalar) or (node.native is not None and not isinstance(node.native, str)):
        raise _error(node, file, f"`{name}` is no text")
    return node.text


def _texts(node: Node | None, name: str, file: str) -> list[str]:
    if node is None:
        return []
    if not isinstance(node, Sequence):
        raise _error(node, file, f"`{name}` is no list")
    return [_text(item, name, file) for item in node.items]


def _ports(node: Node | None, file: str) -> list[int]:
    if node is None:
        return []
    items = node.items if isinstance(node, Sequence) else [node]
    numbers = [item.native for item in items if isinstance(item, Scalar)]
    if not isinstance(node, Sequence) or len(numbers) < len(items) or not all(type(number) is int for number in numbers):
        raise _error(node, file, "`ports` is no list of numbers")
    return [number for number in numbers if isinstance(number, int)]


def _flag(node: Node | None, name: str, file: str) -> bool:
    if node is None:
        return False
    if not isinstance(node, Scalar) or not isinstance(node.native, bool):
        raise _error(node, file, f"`{name}` is neither true nor false")
    return node.native


def _error(node: Node, file: str, message: str) -> TaskfileDecodeError:
    return TaskfileDecodeError(
        message, position=Position(file=file, line=node.line), help=f"delete {CLAIMS_NAME} and run `paratask --learn` again"
    )
