"""A document as a tree of positioned nodes, the same for YAML and TOML.

Scalars keep their text; what type they have is decided when they are decoded, by go-yaml's rules (YAML 1.2 core schema with
a few 1.1 survivors), since Taskfiles are written for those. Knows nothing of Taskfiles.
"""

from __future__ import annotations

from paratask.templating.values import Uint64

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias


class Scalar:
    """A leaf: its text, whether it was written plain (no quotes, no block), and a native value where the format typed it."""

    __slots__ = ("column", "line", "native", "plain", "tag", "text")

    def __init__(self, text: str, *, plain: bool, line: int, column: int, tag: str = "", native: object = None) -> None:
        self.text = text
        self.plain = plain
        self.line = line
        self.column = column
        self.tag = tag
        self.native = native


class Sequence:
    """A list of nodes."""

    __slots__ = ("column", "items", "line")

    def __init__(self, items: list[Node], *, line: int, column: int) -> None:
        self.items = items
        self.line = line
        self.column = column


class Mapping:
    """Pairs in written order; keys are scalars. A key may occur twice: the decoder judges that."""

    __slots__ = ("column", "line", "pairs")

    def __init__(self, pairs: list[tuple[Scalar, Node]], *, line: int, column: int) -> None:
        self.pairs = pairs
        self.line = line
        self.column = column


if TYPE_CHECKING:
    Node: TypeAlias = Scalar | Sequence | Mapping

_WORDS: dict[str, object] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
_BASES = (("0b", "01"), ("0o", "01234567"), ("0x", "0123456789abcdef"))
_LARGEST_INTEGER = 2**64 - 1
_LARGEST_SIGNED = 2**63 - 1
_SMALLEST_INTEGER = -(2**63)
_NUMBER_STARTS = frozenset("0123456789+-.")
_FLOAT_CHARS = frozenset("0123456789+-.eE")


def short_tag(node: Node) -> str:
    """The tag that go-yaml would name in an error: `!!str`, `!!seq` …"""
    if isinstance(node, Sequence):
        return "!!seq"
    if isinstance(node, Mapping):
        return "!!map"
    return _TAGS.get(type(scalar_value(node)), "!!str")


_TAGS = {type(None): "!!null", bool: "!!bool", int: "!!int", float: "!!float", str: "!!str"}


def is_null(node: Node) -> bool:
    """Whether the node is YAML's null (also an empty value)."""
    return isinstance(node, Scalar) and node.plain and node.tag in ("", "!!null") and scalar_value(node) is None


def scalar_value(node: Scalar) -> object:
    """The scalar as go-yaml would give it to an untyped field: None, bool, int, float or str."""
    if node.native is not None:
        return node.native
    if node.tag == "!!str" or (not node.plain and not node.tag):
        return node.text
    if node.tag == "!!binary":
        return _decoded(node.text)
    value = plain_value(node.text)
    return float(value) if node.tag == "!!float" and type(value) is int else value


def _decoded(text: str) -> str:
    """The text that base64 stands for, as it is where it is none."""
    import binascii

    try:
        return binascii.a2b_base64(text).decode("utf-8", "surrogateescape")
    except ValueError:
        return text


def plain_value(text: str) -> object:
    """What a plain scalar means (go-yaml v3, resolve.go's rules)."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_STARTS:
        return text
    plain = text.replace("_", "")
    number = _integer(plain)
    if number is None and _FLOAT_CHARS.issuperset(plain) and any(c.isdigit() for c in plain):
        try:
            number = float(plain)
        except ValueError:
            return text
    return text if number is None or number in (float("inf"), float("-inf")) else number


def _integer(text: str) -> int | float | None:
    """An integer of Go's size in one of its notations (`0x1f`, `0o17`, `017`, `0b11`); None for what is none."""
    sign, digits = (-1, text[1:]) if text[:1] == "-" else (1, text[1:] if text[:1] == "+" else text)
    base, allowed = 10, "0123456789"
    for prefix, of_base in _BASES:
        if digits[:2].lower() == prefix:
            digits, base, allowed = digits[2:].lower(), len(of_base), of_base
    if base == 10 and digits[:1] == "0":
        base, allowed = 8, _BASES[1][1]
    if not digits or len(digits) > 64 or not set(allowed).issuperset(digits):
        return None
    number = sign * int(digits, base)
    if not _SMALLEST_INTEGER <= number <= _LARGEST_INTEGER:
        return None
    return number if number <= _LARGEST_SIGNED else Uint64(number)


def value_of(node: Node) -> object:
    """The whole node as plain Python values: None, bool, int, float, str, list, dict.

    Keys are texts where all of them are (go-yaml: map[string]any), else what they are worth (map[any]any). The last of several
    values for a key counts; see `repeated_key`.
    """
    if isinstance(node, Scalar):
        return scalar_value(node)
    if isinstance(node, Sequence):
        return [value_of(item) for item in node.items]
    keys = [scalar_value(key) for key, _ in node.pairs]
    if all(isinstance(key, str) for key in keys) or len(set(keys)) < len(keys):  # 1 and true are one key to Python
        keys = [key.text for key, _ in node.pairs]
    return {key: value_of(value) for key, (_, value) in zip(keys, node.pairs, strict=True)}


def repeated_key(node: Node) -> tuple[Scalar, Scalar] | None:
    """A key that stands twice in a mapping of `node`, and where it stood before."""
    if isinstance(node, Sequence):
        return next((found for item in node.items if (found := repeated_key(item))), None)
    if isinstance(node, Scalar):
        return None
    seen: dict[str, Scalar] = {}
    for key, value in node.pairs:
        if key.text in seen:
            return key, seen[key.text]
        seen[key.text] = key
        if (found := repeated_key(value)) is not None:
            return found
    return None
