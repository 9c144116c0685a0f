"""What to do about empty values. Go: slim-sprig's defaults.go. Empty is what templates call false. Knows no JSON."""

from __future__ import annotations

from paratask.templating.failures import FunctionError
from paratask.templating.values import is_true


def default(fallback: object, *given: object) -> object:
    """`given`, or `fallback` where it is empty or was left out."""
    return given[0] if given and is_true(given[0]) else fallback


def empty(value: object) -> bool:
    """Whether `value` is the zero of its type."""
    return not is_true(value)


def coalesce(*values: object) -> object:
    """The first that is not empty."""
    return next((value for value in values if is_true(value)), None)


def all_set(*values: object) -> bool:
    """Whether none is empty."""
    return all(map(is_true, values))


def any_set(*values: object) -> bool:
    """Whether one is not empty."""
    return any(map(is_true, values))


def ternary(if_true: object, if_false: object, condition: bool) -> object:
    """One of two values."""
    return if_true if condition else if_false


def fail(message: str) -> str:
    """Stops the template with the author's message."""
    raise FunctionError(message)
