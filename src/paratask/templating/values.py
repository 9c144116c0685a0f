"""Go's view of Python values: their type names, what is true, what is equal, and how %v prints them. Go: fmt, reflect.

str, bool, int, float, None, list or tuple, and dict stand for string, bool, int, float64, nil, []interface {} and
map[string]interface {}. Where a function returns another Go type that templates can tell apart, it returns one of the
subclasses here. `MISSING` is Go's invalid reflect.Value: what a missing key gives, printed as <no value>.
Knows no templates and no functions; objects with methods (dates, uuids) bring their own text through `GoObject`.
"""

from __future__ import annotations

from paratask.templating.failures import FunctionError, UnknownValueError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


class Missing:
    """The class of `MISSING`."""

    __slots__ = ()


class Unknown:
    """The class of `UNKNOWN`: a value that exists, but is not known yet."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __copy__(self) -> Unknown:
        return self

    def __deepcopy__(self, memo: object) -> Unknown:
        return self


MISSING = Missing()
UNKNOWN = Unknown()


class Int64(int):
    """Go's int64: prints and compares as an int, but is not taken where an int is asked for."""

    __slots__ = ()
    go_type = "int64"


class Uint64(int):
    """Go's uint64: what YAML gives for integers that no int64 holds."""

    __slots__ = ()
    go_type = "uint64"


class Uint8(int):
    """Go's uint8: what indexing a string gives."""

    __slots__ = ()
    go_type = "uint8"


class Strings(list[object]):
    """[]string."""

    __slots__ = ()
    go_type = "[]string"


class NilStrings(Strings):
    """A nil []string: empty, but `null` in JSON."""

    __slots__ = ()


class Ints(list[object]):
    """[]int."""

    __slots__ = ()
    go_type = "[]int"


class Lists(list[object]):
    """[][]interface {}."""

    __slots__ = ()
    go_type = "[][]interface {}"


class NilList(list[object]):
    """A nil []interface {}."""

    __slots__ = ()
    go_type = "[]interface {}"


class StringMap(dict[str, object]):
    """map[string]string."""

    __slots__ = ()
    go_type = "map[string]string"


class NilMap(dict[str, object]):
    """A nil map[string]interface {}: reads as empty, cannot be written."""

    __slots__ = ()
    go_type = "map[string]interface {}"


class GoObject:
    """A value with a Go type of its own. Subclasses give text and methods."""

    __slots__ = ()
    go_type = "struct"
    go_kind = "struct"

    def go_text(self) -> str:
        """What %v prints."""
        raise NotImplementedError

    def go_methods(self) -> Mapping[str, Callable[..., object]]:
        """Its methods, by name."""
        return {}

    def go_items(self) -> tuple[object, ...]:
        """What it holds, where it is an array."""
        return ()


def unpacked(value: object) -> object:
    """The elements of an array, which counts, is indexed and looped over as a list is; anything else as it is."""
    return value.go_items() if isinstance(value, GoObject) and value.go_kind == "array" else value


_NIL_CLASSES = (NilList, NilMap, NilStrings)
_TYPES: dict[type, str] = {
    str: "string",
    bool: "bool",
    int: "int",
    float: "float64",
    type(None): "<nil>",
    Missing: "<nil>",
    list: "[]interface {}",
    tuple: "[]interface {}",
}
_KINDS = {
    "string": "string",
    "bool": "bool",
    "int": "int",
    "int64": "int64",
    "uint8": "uint8",
    "uint64": "uint64",
    "float64": "float64",
}
_ORDER = {str: 0, bool: 1, int: 2, float: 3}


def type_name(value: object) -> str:
    """The Go type, as %T prints it."""
    name = _TYPES.get(type(value)) or getattr(value, "go_type", None)
    if isinstance(name, str):
        return name
    if isinstance(value, dict):
        return "map[string]interface {}" if all(isinstance(key, str) for key in value) else "map[interface {}]interface {}"
    for base in (str, int, float, list, tuple):
        if isinstance(value, base):
            return _TYPES[base]
    return type(value).__name__


def kind_name(value: object) -> str:
    """The Go kind, as reflect names it."""
    if value is None or value is MISSING:
        return "invalid"
    if isinstance(value, GoObject):
        return value.go_kind
    name = type_name(value)
    if name.startswith("["):
        return "slice"
    return "map" if name.startswith("map[") else _KINDS.get(name, "struct")


def is_list(value: object) -> bool:
    """Whether `value` is a Go slice."""
    return isinstance(value, (list, tuple))


def is_int(value: object) -> bool:
    """Whether `value` is of a Go integer type."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_nil(value: object) -> bool:
    """Whether `value` is nil, or a nil slice or map."""
    return value is None or value is MISSING or isinstance(value, _NIL_CLASSES)


def is_true(value: object) -> bool:
    """Go templates' truth: not the zero of its type."""
    if value is UNKNOWN:
        raise UnknownValueError
    if value is None or value is MISSING:
        return False
    return True if isinstance(value, GoObject) and not isinstance(value, int) else bool(value)


def byte_length(text: str) -> int:
    """The length that Go sees."""
    return len(text) if text.isascii() else len(to_bytes(text))


def to_bytes(text: str) -> bytes:
    """A Go string's bytes."""
    return text.encode("utf-8", "surrogateescape")


def from_bytes(data: bytes) -> str:
    """A Go string of these bytes, which need not be UTF-8."""
    return data.decode("utf-8", "surrogateescape")


def sorted_items(mapping: Mapping[object, object]) -> list[tuple[object, object]]:
    """In the order that Go prints and ranges over maps. Keys of different types go by type."""

    def rank(item: tuple[object, object]) -> tuple[int, object]:
        key = item[0]
        if isinstance(key, str):
            return 0, to_bytes(key)
        return _ORDER.get(type(key), 4), key if isinstance(key, (bool, int, float)) else str(key)

    return sorted(mapping.items(), key=rank)


def text_of(value: object) -> str:
    """What %v prints. Raises UnknownValueError."""
    if isinstance(value, str):
        return value
    if isinstance(value, GoObject):
        return value.go_text()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        return float_text(value)
    if value is None or value is MISSING:
        return "<nil>"
    if isinstance(value, (list, tuple)):
        return f"[{' '.join(map(text_of, value))}]"
    if isinstance(value, dict):
        return f"map[{' '.join(f'{text_of(k)}:{text_of(v)}' for k, v in sorted_items(value))}]"
    if value is UNKNOWN:
        raise UnknownValueError
    return str(value)


def output_text(value: object) -> str:
    """What an action prints: %v, less that nothing at all is <no value>."""
    if type(value) is str:
        return value
    return "<no value>" if value is MISSING or value is None else text_of(value)


def float_text(value: float) -> str:
    """The shortest %g that reads back the same: 1e+06 from a million on. Go: strconv.FormatFloat(value, 'g', -1, 64)."""
    if value != value:  # noqa: PLR0124 - NaN
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "+Inf" if value > 0 else "-Inf"
    sign, digits, point = float_digits(value)
    exponent = point - 1
    if -4 <= exponent < 6:
        return sign + place_point(digits, point)
    mantissa = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
    return f"{sign}{mantissa}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


def float_digits(value: float) -> tuple[str, str, int]:
    """Sign, shortest digits without trailing zeros, and where the point stands: 0.DIGITS times ten to that power."""
    text = repr(value)
    sign = "-" if text.startswith("-") else ""
    mantissa, _, exponent = text.lstrip("-").partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = whole + fraction
    point = len(whole) + int(exponent or 0)
    stripped = digits.lstrip("0")
    point -= len(digits) - len(stripped)
    digits = stripped.rstrip("0")
    return (sign, digits, point) if digits else (sign, "0", 1)


def place_point(digits: str, point: int) -> str:
    """Digits written out, without an exponent."""
    if point <= 0:
        return "0." + "0" * -point + digits
    if point >= len(digits):
        return digits + "0" * (point - len(digits))
    return f"{digits[:point]}.{digits[point:]}"


def deep_equal(left: object, right: object) -> bool:
    """Go: reflect.DeepEqual. Types count: an int64 never equals an int."""
    if UNKNOWN in (left, right):
        raise UnknownValueError
    if left is None or right is None or left is MISSING or right is MISSING:
        return is_nil(left) and is_nil(right) and not isinstance(left, (list, dict)) and not isinstance(right, (list, dict))
    if type_name(left) != type_name(right) or is_nil(left) != is_nil(right):
        return False
    if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        return len(left) == len(right) and all(map(deep_equal, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(deep_equal(value, right[key]) for key, value in left.items())
    return left == right


def refuse_unknown(values: Iterable[object]) -> None:
    """Raises UnknownValueError if one of `values` is not known."""
    for value in values:
        if value is UNKNOWN:
            raise UnknownValueError


def wrap_int64(value: int) -> Int64:
    """As Go's arithmetic does when it overflows."""
    return Int64((value + 2**63) % 2**64 - 2**63)


def not_a(wanted: str, value: object) -> FunctionError:
    """The error for an argument of the wrong type."""
    name = type_name(value)
    hint = "turn it into an int with `int`" if wanted == "int" and name == "int64" else None
    return FunctionError(f"wrong type for value; expected {wanted}; got {name}", help=hint)


def is_plain(value: object) -> bool:
    """Whether there is nothing to fill in, and nothing to copy."""
    return "{{" not in value if isinstance(value, str) else not isinstance(value, (list, tuple, dict))


def texts_in(value: object) -> list[str]:
    """Every text in it, at any depth; keys of maps are none."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, (list, tuple)):
        return [text for item in value for text in texts_in(item)]
    if isinstance(value, dict):
        return [text for item in value.values() for text in texts_in(item)]
    return []


def copied(value: object) -> object:
    """One that may be changed: its lists and maps are its own."""
    if isinstance(value, dict):
        return type(value)((key, copied(item)) for key, item in value.items())
    return type(value)(map(copied, value)) if isinstance(value, list) else value
