"""Functions on lists. Go: slim-sprig's list.go. Nothing here changes a list in place. Knows no order but the given one."""

from __future__ import annotations

from paratask.templating.failures import FunctionError
from paratask.templating.values import Lists, NilList, deep_equal, is_list, is_true, kind_name, unpacked


def _items(value: object, verb: str) -> list[object] | tuple[object, ...]:
    items = unpacked(value)
    if not isinstance(items, (list, tuple)):
        raise FunctionError(f"cannot {verb} type {kind_name(value)}")
    return items


def make_list(*values: object) -> list[object]:
    """A list of the arguments."""
    return list(values)


def append(value: object, item: object) -> list[object]:
    """The list with `item` at the end."""
    return [*_items(value, "push on"), item]


def prepend(value: object, item: object) -> list[object]:
    """The list with `item` at the start."""
    return [item, *_items(value, "prepend on")]


def first(value: object) -> object:
    """The first entry, or nil."""
    items = _items(value, "find first on")
    return items[0] if items else None


def last(value: object) -> object:
    """The last entry, or nil."""
    items = _items(value, "find last on")
    return items[-1] if items else None


def rest(value: object) -> list[object]:
    """All but the first."""
    items = _items(value, "find rest on")
    return list(items[1:]) if items else NilList()


def initial(value: object) -> list[object]:
    """All but the last."""
    items = _items(value, "find initial on")
    return list(items[:-1]) if items else NilList()


def reverse(value: object) -> list[object]:
    """Last to first."""
    return list(_items(value, "find reverse on")[::-1])


def compact(value: object) -> list[object]:
    """Without empty entries."""
    return [item for item in _items(value, "compact") if is_true(item)]


def unique(value: object) -> list[object]:
    """Each entry once, where it came first."""
    kept: list[object] = []
    for item in _items(value, "find uniq on"):
        if not any(deep_equal(item, known) for known in kept):
            kept.append(item)
    return kept


def without(value: object, *omitted: object) -> list[object]:
    """Without the entries that equal one of `omitted`."""
    items = _items(value, "find without on")
    return [item for item in items if not any(deep_equal(item, unwanted) for unwanted in omitted)]


def has(wanted: object, value: object) -> bool:
    """Whether an entry equals `wanted`."""
    return value is not None and any(deep_equal(wanted, item) for item in _items(value, "find has on"))


def cut(value: object, *limits: object) -> object:
    """Entries from the first limit to before the second; nil for an empty list."""
    from paratask.templating.functions.numbers import to_int

    if not is_list(value):
        raise FunctionError(f"cannot slice type {kind_name(value)}")
    items = _items(value, "slice")
    if not items:
        return None
    start = to_int(limits[0]) if limits else 0
    end = to_int(limits[1]) if len(limits) > 1 else len(items)
    if not 0 <= start <= end <= len(items):
        raise FunctionError(f"slice bounds out of range [{start}:{end}] with length {len(items)}")
    return type(items)(items[start:end])


def concatenate(*values: object) -> list[object]:
    """The entries of all lists in one."""
    result = [item for value in values for item in _items(value, "concat")]
    return result or NilList()


def chunk(size: int, value: object) -> Lists:
    """Lists of `size` entries; the last may have fewer."""
    items = _items(value, "chunk")
    if size <= 0:
        raise FunctionError(f"cannot chunk into pieces of {size}")
    return Lists(list(items[start : start + size]) for start in range(0, len(items), size))
