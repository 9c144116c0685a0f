"""Frozen records that cost nothing to declare.

`@dataclass(frozen=True, slots=True, kw_only=True)` from the standard library compiles six methods for each class when it is
declared, which made up half of a short run (see "Budgets" in docs/design.md). The decorator here means the same for the
subset that paratask uses, and compiles a class's `__init__` when more than a few objects of it were made. Type checkers see the
real one.

Knows nothing of any record; not for classes with `field()`, inheritance from other records, or `__post_init__`.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dataclasses import dataclass, replace
else:
    from operator import attrgetter

    FEW = 50
    """Objects of a class that are made without a compiled `__init__`, which takes as long to compile as to make a hundred."""

    def dataclass(*, frozen, slots, kw_only):
        """Class decorator: see `dataclasses.dataclass`. All three flags must be true."""
        if not (frozen and slots and kw_only):
            raise TypeError("records here are frozen, slotted and keyword-only")
        return _record

    def replace(record, **changes):
        """A copy of `record` with some fields changed, as `dataclasses.replace`."""
        values = {name: getattr(record, name) for name in record.__slots__}
        values.update(changes)
        return type(record)(**values)

    def _record(cls):
        names = tuple(cls.__dict__.get("__annotations__", ()))
        body = {k: v for k, v in cls.__dict__.items() if k not in ("__dict__", "__weakref__")}
        defaults = {name: body.pop(name) for name in names if name in body}
        body["__slots__"] = names
        body["_defaults"] = defaults
        body["_names"] = frozenset(names)
        body["_made"] = [0]
        body["_all_of"] = attrgetter("__class__", *names)
        for method in (_first_init, _refuse_set, _refuse_delete, _equal, _hash, _repr):
            body.setdefault(_METHODS[method], method)
        body.setdefault("__getstate__", _get_state)
        body.setdefault("__setstate__", _set_state)
        return type(cls)(cls.__name__, cls.__bases__, body)

    def _first_init(self, **values):
        """Stands in for `__init__` until a class has more than a few objects, then is replaced by the compiled one; that also says
        what is wrong with values that do not fit.
        """
        cls = type(self)
        cls._made[0] += 1
        given = {**cls._defaults, **values}
        if cls._made[0] > FEW or given.keys() != cls._names:
            _compile_init(cls)
            cls.__init__(self, **values)
            return
        for name, value in given.items():
            _put(self, name, value)

    def _compile_init(cls):
        scope = {f"_put_{n}": getattr(cls, n).__set__ for n in cls.__slots__}
        scope.update({f"_default_{n}": v for n, v in cls._defaults.items()})
        params = ", ".join(f"{n}=_default_{n}" if n in cls._defaults else n for n in cls.__slots__)
        lines = "".join(f"\n _put_{n}(self, {n})" for n in cls.__slots__) or "\n pass"
        exec(f"def __init__(self{', *, ' if params else ''}{params}):{lines}", scope)  # noqa: S102 - as dataclasses does
        cls.__init__ = scope["__init__"]

    _put = object.__setattr__

    def _refuse_set(self, name, value):  # noqa: ARG001 - the protocol's
        raise AttributeError(f"cannot assign to field {name!r} of a frozen {type(self).__name__}")

    def _refuse_delete(self, name):
        raise AttributeError(f"cannot delete field {name!r} of a frozen {type(self).__name__}")

    def _values(self):
        return tuple(getattr(self, name) for name in self.__slots__)

    def _equal(self, other):
        if type(other) is not type(self):
            return NotImplemented
        return self._all_of(self) == self._all_of(other)

    def _hash(self):
        return hash(self._all_of(self))

    def _repr(self):
        inside = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__slots__)
        return f"{type(self).__name__}({inside})"

    def _get_state(self):
        return _values(self)

    def _set_state(self, state):
        for name, value in zip(self.__slots__, state, strict=True):
            getattr(type(self), name).__set__(self, value)

    _METHODS = {
        _first_init: "__init__",
        _refuse_set: "__setattr__",
        _refuse_delete: "__delattr__",
        _equal: "__eq__",
        _hash: "__hash__",
        _repr: "__repr__",
    }

__all__ = ["dataclass", "replace"]
