"""A task's `retry` in paratask.toml, from nodes: `2`, or `{ count = 3, wait = "1s", factor = 2, max_wait = "30s" }`; and its `timeout`.

What these do, and which tasks may have them, is not known here.
"""

from __future__ import annotations

from paratask.taskfile.decode import parse_duration
from paratask.taskfile.nodes import Mapping
from paratask.taskfile.settings import Retry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.taskfile.decode import Decoder
    from paratask.taskfile.nodes import Node

RETRY_KEYS = frozenset(("count", "wait", "factor", "max_wait"))
MAX_COUNT = 999
MAX_FACTOR = 1000.0
USUAL = Retry(count=0)


def decode_attempts(decoder: Decoder, found: dict[str, Node]) -> tuple[Retry | None, float]:
    """A task's `retry`, and the seconds of its `timeout`. Raises TaskfileDecodeError."""
    seconds = _duration(decoder, found["timeout"], above_zero=True) if "timeout" in found else 0.0
    if "retry" not in found:
        return None, seconds
    retry = _retry(decoder, found["retry"])
    if retry.count and "local" in found and not decoder.flag(found["local"]):
        raise decoder.error(
            found["retry"], "`retry` is for what stays in this checkout, and `local = false` says that it does not"
        )
    return retry, seconds


def _retry(decoder: Decoder, node: Node) -> Retry:
    if not isinstance(node, Mapping):
        return Retry(count=_count(decoder, node))
    found = decoder.fields(node, RETRY_KEYS, "retry")
    if "count" not in found:
        raise decoder.error(node, "`retry` has no `count`")
    wait = _duration(decoder, found["wait"]) if "wait" in found else USUAL.wait_seconds
    return Retry(
        count=_count(decoder, found["count"]),
        wait_seconds=wait,
        factor=_factor(decoder, found["factor"]) if "factor" in found else USUAL.factor,
        max_wait_seconds=_duration(decoder, found["max_wait"]) if "max_wait" in found else max(wait, USUAL.max_wait_seconds),
    )


def _duration(decoder: Decoder, node: Node, *, above_zero: bool = False) -> float:
    """A Go duration such as `1m30s`, in seconds."""
    text = decoder.text(node)
    try:
        seconds = parse_duration(text)
    except ValueError:
        raise decoder.error(node, f"`{text}` is no duration such as `1m30s`") from None
    if seconds < 0 or (above_zero and not seconds):
        raise decoder.error(node, f"`{text}` is not above zero" if above_zero else f"`{text}` is below zero")
    return seconds


def _count(decoder: Decoder, node: Node) -> int:
    text = decoder.text(node)
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(MAX_COUNT)):
        raise decoder.error(node, f"`{text}` is no number from 0 to {MAX_COUNT}")
    return int(text)


def _factor(decoder: Decoder, node: Node) -> float:
    text = decoder.text(node)
    try:
        factor = float(text)
    except ValueError:
        factor = 0.0
    if not 1.0 <= factor <= MAX_FACTOR:
        raise decoder.error(node, f"`{text}` is no number from 1 to {MAX_FACTOR:g}")
    return factor
