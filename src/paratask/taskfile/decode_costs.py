"""What paratask.toml says of resources and of what tasks take of them: `[resources]`, `uses`, `cost`. From nodes to plain values."""

from __future__ import annotations

from paratask.amounts import parse_count, parse_memory
from paratask.errors import TaskfileDecodeError, UsageError
from paratask.taskfile.nodes import Mapping
from paratask.taskfile.settings import DeclaredCost, TaskClaims

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from paratask.errors import Position
    from paratask.taskfile.decode import Decoder
    from paratask.taskfile.nodes import Node

    T = TypeVar("T")

COST_KEYS = frozenset(("cpu", "memory"))
MAX_CPU = 100_000.0


def decode_resources(decoder: Decoder, node: Node | None, claims: dict[str, TaskClaims]) -> dict[str, tuple[int, float]]:
    """What there is, by name. Raises TaskfileDecodeError, also where a task uses more of one than there is, or one that is not there."""
    found: dict[str, tuple[int, float]] = {}
    if node is not None:
        if not isinstance(node, Mapping):
            raise decoder.wrong_type(node, "resources")
        for key, value in node.pairs:
            found[key.text] = parsed(decoder, value, parse_count)
    for declared in claims.values():
        _check(declared, found)
    return found


def _check(declared: TaskClaims, resources: dict[str, tuple[int, float]]) -> None:
    for name, count in declared.counts.items():
        position = declared.positions[name]
        there = resources.get(name)
        if there is None and count > 1:
            help_text = f"say how many there are: `[resources]` with `{name} = {count}`"
            raise TaskfileDecodeError(
                f"{count} of `{name}` are used, which is no resource with a number", position=position, help=help_text
            )
        if there is not None and count > there[0]:
            raise TaskfileDecodeError(f"{count} of `{name}` are used at once, and there are {there[0]}", position=position)


def decode_uses(decoder: Decoder, node: Node, positions: dict[str, Position]) -> dict[str, int]:
    """How many of what: a list of names stands for one of each. `positions` gets where they stand. Raises TaskfileDecodeError."""
    counts: dict[str, int] = {}
    if isinstance(node, Mapping):
        for key, value in node.pairs:
            positions.setdefault(key.text, decoder.at(key))
            counts[key.text] = parsed(decoder, value, _whole)
        return counts

    def one(item: Node) -> str:
        text = decoder.text(item)
        if not text.strip():
            raise decoder.error(item, f"`{text}` names nothing")
        positions.setdefault(text, decoder.at(item))
        return text

    return dict.fromkeys(decoder.many(node, one, "[]string"), 1)


def decode_cost(decoder: Decoder, node: Node) -> DeclaredCost:
    """`{ cpu = 2, memory = "1.5G" }`. Raises TaskfileDecodeError."""
    found = decoder.fields(node, COST_KEYS, "cost")
    return DeclaredCost(
        cpu=parsed(decoder, found["cpu"], _cpu) if "cpu" in found else 0.0,
        memory_bytes=parsed(decoder, found["memory"], parse_memory) if "memory" in found else 0,
    )


def parsed(decoder: Decoder, node: Node, parse: Callable[[str], T]) -> T:
    """What `parse` makes of a text. Raises TaskfileDecodeError for its UsageError, with the place."""
    text = decoder.text(node)
    try:
        return parse(text)
    except UsageError as error:
        raise TaskfileDecodeError(str(error), position=decoder.at(node), help=error.help) from None


def _cpu(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= MAX_CPU:
        raise UsageError(f"`{text}` is no number of cores", help="write how many it keeps busy, such as `2` or `0.1`")
    return value


def _whole(text: str) -> int:
    count, seconds = parse_count(text)
    if seconds:
        raise UsageError(
            f"`{text}` is no number of a resource", help="the rate stands in `[resources]`; here is how many are used"
        )
    return count
