"""Our dataclass does what the standard library's does, for the subset that is used."""

from __future__ import annotations

import copy
import dataclasses
import pickle

import pytest

from paratask import frozen
from paratask.errors import Position


@frozen.dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """Two fields."""

    a: int
    b: tuple[int, ...] = ()

    @property
    def total(self) -> int:
        return self.a + sum(self.b)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Theirs:
    """Two fields."""

    a: int
    b: tuple[int, ...] = ()


@frozen.dataclass(frozen=True, slots=True, kw_only=True)
class Empty:
    """No fields."""


@pytest.mark.parametrize("values", [{"a": 1}, {"a": 1, "b": (2, 3)}])
def test_values_equality_and_text_are_the_standard_library_s(values: dict[str, object]) -> None:
    ours, theirs = Ours(**values), Theirs(**values)  # type: ignore[arg-type]
    assert (ours.a, ours.b) == (theirs.a, theirs.b)
    assert repr(ours) == repr(theirs).replace("Theirs", "Ours")
    assert ours == Ours(**values)  # type: ignore[arg-type]
    assert hash(ours) == hash(Ours(**values))  # type: ignore[arg-type]
    assert ours != Ours(a=2)
    assert ours != theirs


@pytest.mark.parametrize("kind", [Ours, Theirs])
def test_missing_unknown_and_positional_values_are_refused(kind: type) -> None:
    for arguments, values in (((), {}), ((), {"a": 1, "c": 2}), ((1,), {})):
        with pytest.raises(TypeError):
            kind(*arguments, **values)
    with pytest.raises(TypeError):
        kind(1)


def test_the_many_are_as_the_few() -> None:
    few: int = frozen.FEW  # type: ignore[attr-defined]

    @frozen.dataclass(frozen=True, slots=True, kw_only=True)
    class Many:
        a: int
        b: tuple[int, ...] = ()

    first = Many.__init__
    made = [Many(b=(index,), a=index) for index in range(few)]
    assert Many.__init__ is first, "nothing is compiled for so few"
    made += [Many(a=index, b=(index,)) for index in range(few, few + 3)]
    assert Many.__init__ is not first
    assert [(record.a, record.b) for record in made] == [(index, (index,)) for index in range(few + 3)]
    assert Many(a=1) == Many(a=1, b=())
    assert made[1] == Many(a=1, b=(1,))


@pytest.mark.parametrize("values", [{}, {"a": 1, "c": 2}, {"b": (1,)}])
def test_values_that_do_not_fit_are_named(values: dict[str, object]) -> None:
    @frozen.dataclass(frozen=True, slots=True, kw_only=True)
    class Fresh:
        a: int
        b: tuple[int, ...] = ()

    for _ in range(2):
        with pytest.raises(TypeError, match="'c'" if "c" in values else "'a'"):
            Fresh(**values)  # type: ignore[arg-type]
    assert Fresh(a=1).b == ()


@pytest.mark.parametrize("kind", [Ours, Theirs])
def test_records_are_frozen_and_slotted(kind: type) -> None:
    record = kind(a=1)
    with pytest.raises(AttributeError):
        record.a = 2
    with pytest.raises(AttributeError):
        del record.a
    with pytest.raises((AttributeError, TypeError)):
        record.c = 1
    assert not hasattr(record, "__dict__")


def test_replace_changes_some_fields() -> None:
    record = Ours(a=1, b=(2,))
    assert frozen.replace(record, a=5) == Ours(a=5, b=(2,))
    assert record == Ours(a=1, b=(2,))
    with pytest.raises(TypeError):
        frozen.replace(record, c=1)


def test_methods_and_docstring_stay() -> None:
    assert (Ours(a=1, b=(2, 3)).total, Ours.__doc__, Ours.__name__, Ours.__module__) == (6, "Two fields.", "Ours", __name__)


def test_copies_and_pickles_are_equal() -> None:
    record = Ours(a=1, b=(2,))
    for other in (copy.copy(record), copy.deepcopy(record), pickle.loads(pickle.dumps(record))):
        assert other == record


def test_record_without_fields() -> None:
    assert Empty() == Empty()
    assert repr(Empty()) == "Empty()"


def test_records_of_different_kinds_differ() -> None:
    assert Empty() != Ours(a=1)
    assert Ours(a=1) != Position(file="")


def test_other_flags_are_refused() -> None:
    with pytest.raises(TypeError):
        frozen.dataclass(frozen=False, slots=True, kw_only=True)
