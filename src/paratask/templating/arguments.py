"""Go's types for a call's arguments: what a constant becomes, and which values may be passed. Go: text/template, validateType.

The words for types are those of functions/table.py. Raises FunctionError; knows neither positions nor functions.
"""

from __future__ import annotations

from paratask.templating.failures import FunctionError, UnknownValueError
from paratask.templating.nodes import Literal, Nil, Number
from paratask.templating.values import MISSING, UNKNOWN, NilMap, not_a, type_name

_GO_NAMES = {"map": "map[string]interface {}", "time": "time.Time"}
_ANYTHING = ("any", "value")


def constant(node: Literal | Number | Nil, wanted: str) -> object:
    """The value of a constant where `wanted` is asked for."""
    name = _GO_NAMES.get(wanted, wanted)
    if isinstance(node, Nil):
        if wanted in _ANYTHING:
            return None
        if wanted == "map":
            return NilMap()
        raise FunctionError(f"cannot assign nil to {name}")
    if wanted in _ANYTHING:
        return node.value
    if isinstance(node, Number):
        value: object = node.integer if wanted == "int" else node.real if wanted == "float64" else None
        if value is not None:
            return value
    elif wanted == type_name(node.value):
        return node.value
    raise FunctionError(f"expected {name}; found {node.text}")


def accepted(value: object, wanted: str) -> object:
    """`value`, if it may be passed where `wanted` is asked for."""
    if value is UNKNOWN:
        raise UnknownValueError
    if wanted == "any":
        return None if value is MISSING else value
    if wanted == "value":
        return value
    name = _GO_NAMES.get(wanted, wanted)
    if value is not MISSING:
        if type_name(value) == name:
            return value
        raise not_a(name, value)
    if wanted == "map":
        return NilMap()
    raise FunctionError(f"invalid value; expected {name}", help='give it a value, as in `.NAME | default ""`')
