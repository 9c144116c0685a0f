"""Types, kinds and deep equality by their Go names. Go: slim-sprig's reflect.go. Knows what values.py knows."""

from __future__ import annotations

from paratask.templating.values import deep_equal, kind_name, type_name


def type_of(value: object) -> str:
    """The Go type."""
    return type_name(value)


def type_is(name: str, value: object) -> bool:
    """Whether it is the Go type."""
    return type_name(value) == name


def type_is_like(name: str, value: object) -> bool:
    """Whether it is the Go type, or a pointer to it."""
    return type_name(value) in (name, f"*{name}")


def kind_of(value: object) -> str:
    """The Go kind."""
    return kind_name(value)


def kind_is(name: str, value: object) -> bool:
    """Whether it is the Go kind."""
    return kind_name(value) == name


def is_deep_equal(left: object, right: object) -> bool:
    """Go: reflect.DeepEqual."""
    return deep_equal(left, right)
