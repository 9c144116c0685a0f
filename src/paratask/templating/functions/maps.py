"""Functions on maps. Go: slim-sprig's dict.go, go-task's merge.

`put` and `remove` change the map in place, as in Go. Where Go's order is random, it is that of sorted keys here.
"""

from __future__ import annotations

from paratask.templating.failures import FunctionError, UnknownValueError
from paratask.templating.values import UNKNOWN, NilMap, kind_name, text_of, to_bytes, type_name


def _known(value: object) -> object:
    if value is UNKNOWN:
        raise UnknownValueError
    return value


def make_map(*values: object) -> dict[str, object]:
    """A map of keys and values in turn; a last key without one gets ""."""
    padded = (*values, "") if len(values) % 2 else values
    return {text_of(padded[place]): padded[place + 1] for place in range(0, len(padded), 2)}


def get(mapping: dict[str, object], key: str) -> object:
    """The value, or ""."""
    return _known(mapping.get(key, ""))


def put(mapping: dict[str, object], key: str, value: object) -> dict[str, object]:
    """Sets a key, and gives the map."""
    if isinstance(mapping, NilMap):
        raise FunctionError("assignment to entry in nil map")
    mapping[key] = value
    return mapping


def remove(mapping: dict[str, object], key: str) -> dict[str, object]:
    """Removes a key, and gives the map."""
    mapping.pop(key, None)
    return mapping


def has_key(mapping: dict[str, object], key: str) -> bool:
    """Whether there is such a key."""
    return key in mapping


def pluck(key: str, *mappings: dict[str, object]) -> list[object]:
    """The key's value in each map that has it."""
    return [_known(mapping[key]) for mapping in mappings if key in mapping]


def _sorted(mapping: dict[str, object]) -> list[str]:
    return sorted(mapping, key=to_bytes)


def keys(*mappings: dict[str, object]) -> list[object]:
    """The keys of all maps."""
    from paratask.templating.values import Strings

    return Strings(key for mapping in mappings for key in _sorted(mapping))


def values(mapping: dict[str, object]) -> list[object]:
    """The values, in the order of their keys."""
    return [_known(mapping[key]) for key in _sorted(mapping)]


def pick(mapping: dict[str, object], *wanted: str) -> dict[str, object]:
    """The map with only these keys."""
    return {key: mapping[key] for key in wanted if key in mapping}


def omit(mapping: dict[str, object], *unwanted: str) -> dict[str, object]:
    """The map without these keys."""
    return {key: value for key, value in mapping.items() if key not in unwanted}


def merge(*mappings: dict[str, object]) -> dict[str, object]:
    """One map of all; the later ones win."""
    result: dict[str, object] = {}
    for mapping in mappings:
        result.update(mapping)
    return result


def dig(*arguments: object) -> object:
    """Follows keys into nested maps: keys, then what to give where one is missing, then the map."""
    if len(arguments) < 3:
        raise FunctionError("dig needs at least three arguments")
    *path, fallback, value = arguments
    wrong = [type_name(key) for key in path if not isinstance(key, str)]
    if wrong:
        raise FunctionError(f"keys to dig for must be strings, not {wrong[0]}")
    for place, key in enumerate(path):
        if not isinstance(value, dict) or type_name(value) != "map[string]interface {}":
            name = kind_name(value) if place == 0 else type_name(value)
            raise FunctionError(f"cannot dig into {name}: it is not a map[string]interface {{}}")
        if key not in value:
            return fallback
        value = _known(value[key])
    return value
