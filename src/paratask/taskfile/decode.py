"""Nodes to typed values, with go-task's idea of which forms fit and its words where they do not.

A `Decoder` carries the file name and collects oddities (unknown keys). The functions that know tasks are in decode_task.py
and decode_file.py; this one knows only text, flags, lists, durations and mappings.
"""

from __future__ import annotations

from paratask.errors import Position, TaskfileDecodeError
from paratask.names import nearest_name
from paratask.taskfile.model import Oddity
from paratask.taskfile.nodes import Mapping, Scalar, Sequence, is_null, repeated_key, scalar_value, short_tag, value_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from paratask.taskfile.nodes import Node

    T = TypeVar("T")

_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_LONGEST_SECONDS = 2**63 / 1e9
_LOOSE_BOOLEANS = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "off", "Off", "OFF"), False),
}


class Decoder:
    """What decoding one file needs to know, and what it found odd."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.oddities: list[Oddity] = []

    def at(self, node: Node) -> Position:
        return Position(file=self.file, line=node.line, column=node.column)

    def error(self, node: Node, message: str, help_line: str = "") -> TaskfileDecodeError:
        return TaskfileDecodeError(message, position=self.at(node), help=help_line)

    def wrong_type(self, node: Node, wanted: str) -> TaskfileDecodeError:
        """go-yaml's words for a value of the wrong type, and what may stand there."""
        if self.file.endswith(".toml"):
            return self._wrong_in_toml(node, wanted)
        found = short_tag(node)
        shown = f"{found} `{node.text}`" if isinstance(node, Scalar) else found
        return self.error(node, f"cannot unmarshal {shown} into {wanted}", help_line=self.form(wanted, node))

    def wrong_form(self, node: Node, wanted: str, form: str = "") -> TaskfileDecodeError:
        """The same in go-task's words, which leave out the value. `form` is the name of what may stand there, where it is another one."""
        if self.file.endswith(".toml"):
            return self._wrong_in_toml(node, form or wanted)
        return self.error(node, f"cannot unmarshal {short_tag(node)} into {wanted}", help_line=self.form(form or wanted, node))

    def _wrong_in_toml(self, node: Node, wanted: str) -> TaskfileDecodeError:
        """In words of our own, since `task` reads no such file."""
        from paratask.taskfile.forms import toml_form_of, wrong_in_toml

        text = node.text if isinstance(node, Scalar) else ""
        return self.error(node, wrong_in_toml(wanted, short_tag(node), text), help_line=toml_form_of(wanted))

    def form(self, wanted: str, node: Node) -> str:
        """What may stand in the node's place, as a line of help."""
        from paratask.taskfile.forms import form_of  # hardly ever needed

        return form_of(wanted, short_tag(node))

    def value(self, node: Node) -> object:
        """Whatever it is. go-yaml refuses a key that stands twice in a mapping, unlike go-task those of its own mappings."""
        repeated = repeated_key(node)
        if repeated is not None:
            key, before = repeated
            raise self.error(key, f'mapping key "{key.text}" already defined at line {before.line}')
        return value_of(node)

    def text(self, node: Node) -> str:
        """Any scalar as its text; null is empty."""
        if not isinstance(node, Scalar):
            raise self.wrong_type(node, "string")
        return "" if is_null(node) else node.text

    def flag(self, node: Node) -> bool:
        """A boolean; a typed field also takes yes/no/on/off, with quotes too (go-yaml)."""
        if isinstance(node, Scalar):
            value = scalar_value(node)
            if value is None:
                return False
            if isinstance(value, bool):
                return value
            if node.text in _LOOSE_BOOLEANS:
                return _LOOSE_BOOLEANS[node.text]
        raise self.wrong_type(node, "bool")

    def texts(self, node: Node) -> tuple[str, ...]:
        """A list of scalars."""
        return self.many(node, self.text, "[]string")

    def many(self, node: Node, one: Callable[[Node], T], wanted: str) -> tuple[T, ...]:
        """A list; null items are left out, as go-task does."""
        if is_null(node):
            return ()
        if not isinstance(node, Sequence):
            raise self.wrong_type(node, wanted)
        return tuple(one(item) for item in node.items if not is_null(item))

    def seconds(self, node: Node, what: str) -> float:
        """A Go duration such as `1m30s`, in seconds; `what` is the key."""
        text = self.text(node)
        try:
            return parse_duration(text)
        except ValueError:
            unit = f"with a unit: `{text}s`" if text.isdecimal() else "as in `500ms`, `30s` or `1m30s`"
            raise self.error(node, f"invalid {what} format: `{text}`", help_line=unit) from None

    def fields(
        self, node: Node, known: frozenset[str], what: str, elsewhere: dict[str, frozenset[str]] | None = None
    ) -> dict[str, Node]:
        """A mapping's values by key. Unknown keys become oddities with the nearest known key; a key twice is an error.

        `elsewhere` are the keys of what else there is, by what that is called.
        """
        if not isinstance(node, Mapping):
            raise self.wrong_type(node, what)
        found: dict[str, Node] = {}
        lines: dict[str, int] = {}
        for key, value in node.pairs:
            if key.text in lines:
                raise self.error(key, f"mapping key `{key.text}` already defined at line {lines[key.text]}")
            lines[key.text] = key.line
            if key.text not in known:
                self.odd_key(key, known, what, elsewhere)
                continue
            found[key.text] = value
        return found

    def odd_key(
        self, key: Scalar, known: frozenset[str], what: str, elsewhere: dict[str, frozenset[str]] | None = None
    ) -> None:
        places = [place for place, keys in (elsewhere or {}).items() if key.text in keys]
        nearest = nearest_name(key.text, known)
        if places:
            help_line = f"`{key.text}` is a key of {' and '.join(places)}"
        else:
            help_line = f"did you mean `{nearest}`?" if nearest else ""
        self.oddities.append(Oddity(message=f"unknown key `{key.text}` in {what}", position=self.at(key), help=help_line))


def parse_duration(text: str) -> float:
    """Go's time.ParseDuration, in seconds. Raises ValueError."""
    rest, sign = (text[1:], -1.0) if text[:1] == "-" else (text.removeprefix("+"), 1.0)
    if rest == "0":
        return 0.0
    total = 0.0
    while rest:
        digits = len(rest) - len(rest.lstrip("0123456789."))
        number, rest = float(rest[:digits]), rest[digits:]
        letters = len(rest) - len(rest.lstrip("nuµμmsh"))
        if rest[:letters] not in _UNITS:
            raise ValueError(text)
        total += number * _UNITS[rest[:letters]]
        rest = rest[letters:]
    if text in ("", "+", "-") or total > _LONGEST_SECONDS:
        raise ValueError(text)
    return sign * total
