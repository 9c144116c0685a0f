from __future__ import annotations

from paratask.observing.accesses import Accesses
from paratask.observing.hazards import Hazard, HazardKind, hazards, union


def some(**kinds: tuple[str, ...]) -> Accesses:
    return Accesses(**{kind: frozenset(paths) for kind, paths in kinds.items()})


def test_each_kind_has_its_first_path_and_a_count():
    first = some(writes=("out/a", "out/b", "log"), reads=("conf",))
    second = some(reads=("out/a", "out/b"), writes=("log", "conf"))
    assert hazards(first, second) == (
        Hazard(kind=HazardKind.BOTH_WRITE, path="log", count=1),
        Hazard(kind=HazardKind.WRITTEN_THEN_READ, path="out/a", count=2),
        Hazard(kind=HazardKind.READ_THEN_WRITTEN, path="conf", count=1),
    )


def test_two_that_read_the_same_have_none():
    assert hazards(some(reads=("a",), looks=("b",)), some(reads=("a",), missing=("b",))) == ()


def test_what_was_looked_for_in_vain_and_then_made_is_one():
    (hazard,) = hazards(some(missing=("a",)), some(writes=("a",), made=("a",)))
    assert hazard.kind is HazardKind.READ_THEN_WRITTEN


def test_a_name_that_comes_into_a_listed_folder_is_one_but_not_at_the_top():
    (hazard,) = hazards(some(lists=("src",)), some(writes=("src/new",), made=("src/new",)))
    assert hazard == Hazard(kind=HazardKind.READ_THEN_WRITTEN, path="src/new", count=1)
    assert hazards(some(lists=("",)), some(writes=("new",), made=("new",))) == ()


def test_a_folder_that_one_makes_and_the_other_writes_in_is_one_unless_both_ask_for_it():
    maker = some(writes=("out",), made=("out",), ensured=("out",))
    (hazard,) = hazards(maker, some(writes=("out/a",)))
    assert (hazard.kind, hazard.path) == (HazardKind.WRITTEN_THEN_READ, "out")
    assert hazards(maker, some(writes=("out/a",), ensured=("out",))) == ()


def test_what_an_earlier_part_made_is_no_read_of_a_later_one():
    found = union([some(writes=("a",), made=("a",), reads=("b",)), some(reads=("a", "c"))])
    assert found.reads == {"b", "c"}
