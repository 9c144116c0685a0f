"""JSON as Go reads and writes it: all numbers are floats, keys come sorted, <, > and & are escaped. Go: encoding/json."""

from __future__ import annotations

from paratask.templating.failures import FunctionError, UnknownValueError
from paratask.templating.values import UNKNOWN, GoObject, float_digits, is_nil, place_point, to_bytes, type_name

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_HTML = frozenset("<>&")


def parse_json(text: str) -> object:
    """The value. Raises FunctionError."""
    too_large: list[str] = []
    value = _parsed(text, too_large)
    if too_large:
        raise FunctionError(f"not valid JSON: cannot hold number {too_large[0]}")
    return value


def _parsed(text: str, too_large: list[str]) -> object:
    """The value; numbers that no float holds are infinite, and noted in `too_large`."""
    import json

    def refuse(constant: str) -> object:
        raise ValueError(f"invalid value {constant}")

    def number(digits: str) -> float:
        value = float(digits)
        if value - value != 0:
            too_large.append(digits)
        return value

    try:
        return _readable(json.loads(text, parse_int=number, parse_float=number, parse_constant=refuse))
    except (ValueError, RecursionError) as error:
        raise FunctionError(f"not valid JSON: {error}") from None


def _readable(value: object) -> object:
    """`value`, with halves of surrogate pairs, and bytes that are not UTF-8, replaced, as Go does."""
    if isinstance(value, str):
        return value if value.isascii() else "".join(map(_readable_char, value))
    if isinstance(value, list):
        return [_readable(item) for item in value]
    return {_readable(key): _readable(item) for key, item in value.items()} if isinstance(value, dict) else value


def _readable_char(char: str) -> str:
    return "\ufffd" if 0xD800 <= ord(char) <= 0xDFFF else char


def parse_json_or_nil(text: str) -> object:
    """The value; nil for what is no JSON."""
    try:
        return _parsed(text, [])
    except FunctionError:
        return None


def to_json(value: object) -> str:
    """Compact. Raises FunctionError for what JSON has no form for."""
    return _Writer(html=True).written(value, "")


def to_json_or_empty(value: object) -> str:
    """Compact; "" for what JSON has no form for."""
    try:
        return to_json(value)
    except FunctionError:
        return ""


def to_pretty_json(value: object) -> str:
    """Indented by two spaces. Raises FunctionError."""
    return _Writer(html=True, indent="  ").written(value, "\n")


def to_pretty_json_or_empty(value: object) -> str:
    """Indented by two spaces; "" for what JSON has no form for."""
    try:
        return to_pretty_json(value)
    except FunctionError:
        return ""


def to_raw_json(value: object) -> str:
    """Compact, with <, > and & as they are. Raises FunctionError."""
    return _Writer(html=False).written(value, "")


class _Writer:
    """Writes one value; without `indent`, all in one line."""

    __slots__ = ("_html", "_indent")

    def __init__(self, *, html: bool, indent: str = "") -> None:
        self._html = html
        self._indent = indent

    def written(self, value: object, line_end: str) -> str:
        """`value`, where inner lines start with `line_end`."""
        if value is UNKNOWN:
            raise UnknownValueError
        if isinstance(value, GoObject):
            return self._string(value.go_json() if hasattr(value, "go_json") else value.go_text())
        if isinstance(value, str):
            return self._string(value)
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int):
            return int.__repr__(value)
        if isinstance(value, float):
            return _number(value)
        if is_nil(value):
            return "null"
        if isinstance(value, (list, tuple)):
            return self._enclosed("[", [self.written(item, line_end + self._indent) for item in value], "]", line_end)
        if isinstance(value, dict):
            return self._mapping(value, line_end)
        raise FunctionError(f"json: unsupported type: {type_name(value)}")

    def _mapping(self, value: dict[object, object], line_end: str) -> str:
        if not all(isinstance(key, (str, int, float)) and not isinstance(key, bool) for key in value):
            raise FunctionError(f"json: unsupported type: {type_name(value)}")
        colon = ": " if self._indent else ":"
        named = {_number(key) if isinstance(key, float) else str(key): item for key, item in value.items()}
        keys = sorted(named, key=to_bytes)
        items = [self._string(key) + colon + self.written(named[key], line_end + self._indent) for key in keys]
        return self._enclosed("{", items, "}", line_end)

    def _enclosed(self, left: str, items: list[str], right: str, line_end: str) -> str:
        if not items:
            return left + right
        inner = line_end + self._indent
        return f"{left}{inner}{(',' + inner).join(items)}{line_end}{right}"

    def _string(self, text: str) -> str:
        return f'"{"".join(map(self._char, text))}"' if not text.isalnum() else f'"{text}"'

    def _char(self, char: str) -> str:
        code = ord(char)
        if char in _ESCAPES:
            return _ESCAPES[char]
        if code < 0x20 or code in (0x2028, 0x2029) or (self._html and char in _HTML):
            return f"\\u{code:04x}"
        return _readable_char(char)


def _number(value: float) -> str:
    """Go: floatEncoder; an exponent only outside of 1e-6 to 1e21."""
    if value - value != 0:
        raise FunctionError(f"json: unsupported value: {value}")
    sign, digits, point = float_digits(value)
    if value == 0 or -6 <= point - 1 < 21:
        return sign + place_point(digits, point)
    mantissa = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
    exponent = point - 1
    return f"{sign}{mantissa}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}".replace("e-0", "e-")
