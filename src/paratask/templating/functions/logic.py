"""Comparison and logic. Go: text/template, funcs.go.

Only values of one basic kind compare: an int never with a float or a bool. Knows no operators of its own beyond these.
"""

from __future__ import annotations

from paratask.templating.failures import FunctionError
from paratask.templating.values import GoObject, is_nil, is_true, kind_name, text_of, to_bytes, type_name


def both(*values: object) -> object:
    """The first false value, or the last. The evaluator does not call it: it stops at the first that decides."""
    return next((value for value in values if not is_true(value)), values[-1])


def either(*values: object) -> object:
    """The first true value, or the last. As `both`."""
    return next((value for value in values if is_true(value)), values[-1])


def negate(value: object) -> bool:
    """Whether `value` is false."""
    return not is_true(value)


def equal(first: object, *others: object) -> bool:
    """Whether `first` equals one of `others`."""
    if not others:
        raise FunctionError("missing argument for comparison")
    return any(_equal(first, other) for other in others)


def differ(left: object, right: object) -> bool:
    """Not `equal`."""
    return not _equal(left, right)


def less(left: object, right: object) -> bool:
    """`left` before `right`."""
    left_kind, right_kind = _kind(left), _kind(right)
    if not left_kind or not right_kind:
        raise FunctionError("invalid type for comparison")
    if left_kind != right_kind:
        raise _incompatible(left, right)
    if left_kind == "bool":
        raise FunctionError("invalid type for comparison")
    if isinstance(left, str) and isinstance(right, str):
        return to_bytes(left) < to_bytes(right)
    return left < right  # type: ignore[operator, no-any-return]


def less_or_equal(left: object, right: object) -> bool:
    """`left` before `right`, or the same."""
    return less(left, right) or _equal(left, right)


def greater(left: object, right: object) -> bool:
    """`left` after `right`."""
    return not less_or_equal(left, right)


def greater_or_equal(left: object, right: object) -> bool:
    """`left` after `right`, or the same."""
    return not less(left, right)


def call(function: object, *_arguments: object) -> object:
    """Go's call of a function value. No variable of a Taskfile holds one."""
    if is_nil(function):
        raise FunctionError("call of nil")
    raise FunctionError(f"not a function: {text_of(function)} of type {type_name(function)}")


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "int"
    if isinstance(value, float):
        return "float"
    return "string" if isinstance(value, str) else ""


def _equal(left: object, right: object) -> bool:
    left_kind, right_kind = _kind(left), _kind(right)
    if left_kind != right_kind:
        if _is_invalid(left) or _is_invalid(right):
            return False
        raise _incompatible(left, right)
    if left_kind:
        return left == right
    if not _is_invalid(left) and not _is_invalid(right) and kind_name(left) != kind_name(right):
        raise FunctionError(f"non-comparable types {text_of(left)}: {type_name(left)}, {text_of(right)}: {type_name(right)}")
    if is_nil(left) or is_nil(right):
        return is_nil(left) and is_nil(right)
    for value in (left, right):
        if not isinstance(value, GoObject):
            raise FunctionError(f"non-comparable type {text_of(value)}: {type_name(value)}")
    return left == right


def _is_invalid(value: object) -> bool:
    return is_nil(value) and not isinstance(value, (list, dict))


def _incompatible(left: object, right: object) -> FunctionError:
    names = {"int": "int", "int64": "int", "float64": "float64", "bool": "bool", "string": "string"}
    left_type, right_type = type_name(left), type_name(right)
    help_text = None
    if names.get(left_type) == "string" or names.get(right_type) == "string":
        help_text = "turn one into the other's type with `int`, `float64` or `toString`"
    return FunctionError(f"incompatible types for comparison: {left_type} and {right_type}", help=help_text)
