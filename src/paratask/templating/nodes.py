"""What a parsed template is made of. Go: text/template/parse, node.go.

Plain slotted classes rather than records: a run parses many templates and most use five of these. `position` is an offset in
characters in the template's text. Knows neither how nodes are made nor what they mean.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    from paratask.templating.functions import Function


class Text:
    """Literal text."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class Action:
    """`{{ pipeline }}`: prints its value, unless it declares or assigns."""

    __slots__ = ("pipeline",)

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline


class Branch:
    """`if`, `with` or `range` (`kind`), with its body and what stands after `else`."""

    __slots__ = ("body", "kind", "otherwise", "pipeline")

    def __init__(self, kind: str, pipeline: Pipeline, body: Body, otherwise: Body) -> None:
        self.kind = kind
        self.pipeline = pipeline
        self.body = body
        self.otherwise = otherwise


class Jump:
    """`{{break}}` or `{{continue}}`."""

    __slots__ = ("kind",)

    def __init__(self, kind: str) -> None:
        self.kind = kind


class Include:
    """`{{template "name" pipeline}}`; also what a `{{block}}` leaves where it stands."""

    __slots__ = ("name", "pipeline", "position")

    def __init__(self, position: int, name: str, pipeline: Pipeline | None) -> None:
        self.position = position
        self.name = name
        self.pipeline = pipeline


class Pipeline:
    """Commands joined by `|`; `declares` are variables set to its value, new ones unless `assigns`."""

    __slots__ = ("assigns", "commands", "declares", "position")

    def __init__(self, position: int, commands: tuple[Command, ...], declares: tuple[str, ...], *, assigns: bool) -> None:
        self.position = position
        self.commands = commands
        self.declares = declares
        self.assigns = assigns


class Command:
    """An operand with its arguments."""

    __slots__ = ("arguments", "head")

    def __init__(self, head: Operand, arguments: tuple[Operand, ...]) -> None:
        self.head = head
        self.arguments = arguments


class Field:
    """`.A.B`"""

    __slots__ = ("names", "position")

    def __init__(self, position: int, names: tuple[str, ...]) -> None:
        self.position = position
        self.names = names


class Variable:
    """`$x.A.B`; `name` has its dollar sign."""

    __slots__ = ("name", "names", "position")

    def __init__(self, position: int, name: str, names: tuple[str, ...]) -> None:
        self.position = position
        self.name = name
        self.names = names


class Chain:
    """Fields of a parenthesised pipeline or of a function's result: `(list 1).A`, `now.Year`."""

    __slots__ = ("inner", "names", "position")

    def __init__(self, position: int, inner: Operand, names: tuple[str, ...]) -> None:
        self.position = position
        self.inner = inner
        self.names = names


class Name:
    """A function, by its name."""

    __slots__ = ("function", "position")

    def __init__(self, position: int, function: Function) -> None:
        self.position = position
        self.function = function


class Dot:
    """`.`"""

    __slots__ = ("position",)

    def __init__(self, position: int) -> None:
        self.position = position


class Nil:
    """`nil`"""

    __slots__ = ("position",)

    def __init__(self, position: int) -> None:
        self.position = position


class Literal:
    """A string or a boolean; `text` is how it was written."""

    __slots__ = ("position", "text", "value")

    def __init__(self, position: int, text: str, value: str | bool) -> None:
        self.position = position
        self.text = text
        self.value = value


class Number:
    """A constant that takes the type its place asks for: `integer` and `real` are None where it cannot be one.

    `value` is what it is where any type will do.
    """

    __slots__ = ("integer", "position", "real", "text", "value")

    def __init__(self, position: int, text: str, *, integer: int | None, real: float | None, value: object) -> None:
        self.position = position
        self.text = text
        self.integer = integer
        self.real = real
        self.value = value


class Template:
    """A parsed text: its body, what it defines by name, and whether it calls a function that changes maps in place."""

    __slots__ = ("body", "definitions", "mutates", "source")

    def __init__(self, source: str, body: Body, definitions: Mapping[str, Body], *, mutates: bool) -> None:
        self.source = source
        self.body = body
        self.definitions = definitions
        self.mutates = mutates


if TYPE_CHECKING:
    Operand: TypeAlias = Field | Variable | Chain | Name | Dot | Nil | Literal | Number | Pipeline
    Node: TypeAlias = Text | Action | Branch | Jump | Include
    Body: TypeAlias = tuple[Node, ...]
