"""`spew`: a value with all its types, for looking into it. Go: davecgh/go-spew's Sdump. Knows no other layout."""

from __future__ import annotations

from paratask.templating.printf import quoted
from paratask.templating.values import (
    GoObject,
    byte_length,
    is_nil,
    refuse_unknown,
    sorted_items,
    text_of,
    type_name,
)


def dump(*values: object) -> str:
    """Each value on lines of its own."""
    refuse_unknown(values)
    return "".join(f"{_dumped(value, '')}\n" for value in values)


def _dumped(value: object, indent: str) -> str:
    if value is None:
        return "(interface {}) <nil>"
    name = f"({type_name(value)})"
    if isinstance(value, GoObject):
        return f"{name} {value.go_text()}"
    if isinstance(value, str):
        length = f" (len={byte_length(value)})" if value else ""
        return f"{name}{length} {quoted(value)}"
    if isinstance(value, (list, tuple)):
        if is_nil(value):
            return f"{name} <nil>"
        lines = [f"{indent} {_dumped(item, indent + ' ')}" for item in value]
        size = f" (len={len(value)} cap={len(value)})" if value else ""
        return _braced(f"{name}{size}", lines, indent)
    if isinstance(value, dict):
        if is_nil(value):
            return f"{name} <nil>"
        lines = [f"{indent} {_dumped(key, indent + ' ')}: {_dumped(item, indent + ' ')}" for key, item in sorted_items(value)]
        return _braced(f"{name} (len={len(value)})" if value else name, lines, indent)
    return f"{name} {text_of(value)}"


def _braced(head: str, lines: list[str], indent: str) -> str:
    inside = ",\n".join(lines) + "\n" if lines else ""
    return f"{head} {{\n{inside}{indent}}}"
