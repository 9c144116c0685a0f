"""YAML text to nodes, from libyaml's events.

Built on events rather than on PyYAML's composer because Taskfiles in the wild define an anchor twice, which go-yaml allows,
and because a scalar must keep its text. Aliases share nodes; what an alias bomb would make of them is bounded here, with
go-yaml's idea of it: too many nodes reached through aliases. So is the depth, aliases followed, so that nobody who walks the
nodes has to fear for the stack. Knows nothing of Taskfiles.
"""

from __future__ import annotations

from paratask.errors import Position, TaskfileDecodeError, TaskfileSyntaxError
from paratask.taskfile.nodes import Mapping, Scalar, Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Protocol

    from paratask.taskfile.nodes import Node

    class Mark(Protocol):
        """A place in the text; both count from 0."""

        line: int
        column: int

    class Event(Protocol):
        """One of PyYAML's events. Only scalars have `style` and `value`, and aliases have no `tag`."""

        start_mark: Mark
        anchor: str | None
        tag: str | None
        style: str | None
        value: str

    class Loader(Protocol):
        """One of PyYAML's loaders."""

        def get_event(self) -> Event: ...


MAX_ALIASED_NODES = 200_000
MAX_DEPTH = 100
_OF_TEMPLATES = "a text that begins with `{{` needs quotes"
_CORE_TAG = "tag:yaml.org,2002:"


def parse_yaml(text: bytes, file: str) -> Node | None:
    """The document's root, or None for an empty document. Only the first document counts.

    Raises TaskfileSyntaxError (yaml_errors.py), and TaskfileDecodeError where the parts do not fit together
    (an anchor inside itself, too many aliases), as go-yaml does.
    """
    import yaml

    try:
        loader: Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)(text)  # the latter where PyYAML has no libyaml
        return _Composer(loader, yaml.events, file).document()
    except yaml.MarkedYAMLError as error:
        from paratask.taskfile.yaml_errors import syntax_error

        raise syntax_error(text, file, error) from None
    except yaml.reader.ReaderError as error:
        from paratask.taskfile.yaml_errors import character_error

        raise character_error(text, file, error) from None


class _Composer:
    """Turns one document's events into nodes."""

    def __init__(self, loader: Loader, events: ModuleType, file: str) -> None:
        self._next = loader.get_event
        self._events = events
        self._file = file
        self._anchors: dict[str, Node] = {}
        self._open: set[str] = set()
        self._measured: dict[int, tuple[int, int]] = {}
        self._aliased = 0
        self._depth = 0

    def document(self) -> Node | None:
        self._next()  # stream start
        event = self._next()
        if type(event) is self._events.StreamEndEvent:
            return None
        return self._node(self._next())

    def _node(self, event: Event) -> Node:
        kind = type(event)
        if kind is self._events.ScalarEvent:
            scalar = _scalar(event)
            if event.anchor:
                self._anchors[event.anchor] = scalar
            return scalar
        if kind is self._events.AliasEvent:
            return self._alias(event)
        anchor = event.anchor
        if anchor:
            self._open.add(anchor)
        self._deepen(event, 1)
        node = self._sequence(event) if kind is self._events.SequenceStartEvent else self._mapping(event)
        self._depth -= 1
        if anchor:
            self._open.discard(anchor)
            self._anchors[anchor] = node
        return node

    def _deepen(self, event: Event, levels: int) -> None:
        if self._depth + levels > MAX_DEPTH:
            raise TaskfileSyntaxError(f"nested more than {MAX_DEPTH} deep", position=self._at(event))
        self._depth += levels

    def _alias(self, event: Event) -> Node:
        name = event.anchor or ""
        if name in self._open:
            raise self._error(event, f"anchor `{name}` contains itself")
        if name not in self._anchors:
            raise TaskfileSyntaxError(f"anchor `{name}` is not defined", position=self._at(event))
        node = self._anchors[name]
        size, height = self._measure(node)
        self._deepen(event, height)
        self._depth -= height
        self._aliased += size
        if self._aliased > MAX_ALIASED_NODES:
            raise self._error(event, f"aliases stand for more than {MAX_ALIASED_NODES:,} values")
        return node

    def _measure(self, node: Node) -> tuple[int, int]:
        """How many nodes it stands for, and how many levels."""
        if isinstance(node, Scalar):
            return 1, 0
        known = self._measured.get(id(node))
        if known is None:
            children = node.items if isinstance(node, Sequence) else [value for _, value in node.pairs]
            measures = [self._measure(child) for child in children]
            size = 1 + sum(size for size, _ in measures)
            known = self._measured[id(node)] = size, 1 + max((height for _, height in measures), default=0)
        return known

    def _sequence(self, event: Event) -> Sequence:
        items: list[Node] = []
        end = self._events.SequenceEndEvent
        while type(inner := self._next()) is not end:
            items.append(self._node(inner))
        mark = event.start_mark
        return Sequence(items, line=mark.line + 1, column=mark.column + 1)

    def _mapping(self, event: Event) -> Mapping:
        pairs: list[tuple[Scalar, Node]] = []
        merged: list[Node] = []
        end = self._events.MappingEndEvent
        while type(inner := self._next()) is not end:
            key = self._node(inner)
            if not isinstance(key, Scalar):
                raise self._error(inner, "keys must be text", help_line=_OF_TEMPLATES if isinstance(key, Mapping) else "")
            value = self._node(self._next())
            if key.text == "<<" and key.plain:
                merged.extend(value.items if isinstance(value, Sequence) else [value])
            else:
                pairs.append((key, value))
        if merged:
            pairs = self._merge(pairs, merged, event)
        mark = event.start_mark
        return Mapping(pairs, line=mark.line + 1, column=mark.column + 1)

    def _merge(self, pairs: list[tuple[Scalar, Node]], merged: list[Node], event: Event) -> list[tuple[Scalar, Node]]:
        """YAML merge keys: what is written here wins, then the earlier of what is merged."""
        seen = {key.text for key, _ in pairs}
        for node in merged:
            if not isinstance(node, Mapping):
                raise self._error(event, "`<<` takes a mapping or a list of mappings")
            fresh = [(key, value) for key, value in node.pairs if key.text not in seen]
            seen.update(key.text for key, _ in fresh)
            pairs = pairs + fresh
        return pairs

    def _error(self, event: Event, message: str, help_line: str = "") -> TaskfileDecodeError:
        return TaskfileDecodeError(message, position=self._at(event), help=help_line)

    def _at(self, event: Event) -> Position:
        mark = event.start_mark
        return Position(file=self._file, line=mark.line + 1, column=mark.column + 1)


def _scalar(event: Event) -> Scalar:
    mark = event.start_mark
    tag = event.tag or ""
    if tag and tag.startswith(_CORE_TAG):
        tag = "!!" + tag[len(_CORE_TAG) :]
    style = event.style
    return Scalar(event.value, plain=not style, line=mark.line + 1, column=mark.column + 1, tag=tag)
