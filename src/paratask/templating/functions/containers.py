"""`index` and `len`. Go: text/template, funcs.go. Knows nothing of slices' capacities."""

from __future__ import annotations

from paratask.templating.failures import FunctionError, UnknownValueError
from paratask.templating.values import (
    MISSING,
    UNKNOWN,
    Missing,
    Uint8,
    byte_length,
    is_int,
    to_bytes,
    type_name,
    unpacked,
)


def index(item: object, *keys: object) -> object:
    """`item[key][key]…`; a missing key of a map gives nil."""
    if item is None or item is MISSING:
        raise FunctionError("index of untyped nil")
    for key in keys:
        item = _indexed(item, key)
        if item is UNKNOWN:
            raise UnknownValueError(str(key))
    return item


def length(item: object) -> int:
    """Entries of a list or map, bytes of a string."""
    item = unpacked(item)
    if isinstance(item, str):
        return byte_length(item)
    if isinstance(item, (list, tuple, dict)):
        return len(item)
    if item is None or isinstance(item, Missing):
        raise FunctionError("len of nil")
    raise FunctionError(f"len of type {type_name(item)}")


def _indexed(item: object, key: object) -> object:
    item = unpacked(item)
    if isinstance(item, dict):
        return _of_map(item, key)
    if isinstance(item, str):
        data = to_bytes(item)
        return Uint8(data[_position(key, len(data))])
    if isinstance(item, (list, tuple)):
        return item[_position(key, len(item))]
    if item is None or item is MISSING:
        raise FunctionError("index of nil pointer")
    raise FunctionError(f"can't index item of type {type_name(item)}")


def _of_map(item: dict[object, object], key: object) -> object:
    name = type_name(item)
    if name.startswith("map[string]"):
        if key is None or key is MISSING:
            raise FunctionError("value is nil; should be of type string")
        if not isinstance(key, str):
            raise FunctionError(f"value has type {type_name(key)}; should be string")
        return item.get(key, "" if name == "map[string]string" else None)
    return next((value for known, value in item.items() if type(known) is type(key) and known == key), None)


def _position(key: object, size: int) -> int:
    if key is None or key is MISSING:
        raise FunctionError("cannot index slice/array with nil")
    if not is_int(key):
        raise FunctionError(f"cannot index slice/array with type {type_name(key)}")
    assert isinstance(key, int)
    if not 0 <= key < size:
        raise FunctionError(f"index out of range: {key}")
    return int(key)
