"""Small choices, drawn with hypothesis: the first of a row is the simplest, and what a failing example shrinks to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")
Draw = Callable[[st.SearchStrategy[object]], object]


class Choices:
    """What generators choose with."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw

    def number(self, most: int) -> int:
        """From 0 to `most`."""
        drawn = self._draw(st.integers(0, most))
        assert isinstance(drawn, int)
        return drawn

    def one_of(self, items: Sequence[T]) -> T:
        return items[self.number(len(items) - 1)]

    def some_of(self, items: Sequence[T], most: int) -> list[T]:
        """Some of the items, in their order."""
        chosen = {self.number(len(items) - 1) for _ in range(self.number(min(most, len(items))))}
        return [item for place, item in enumerate(items) if place in chosen]

    def chance(self, percent: int) -> bool:
        return self.number(99) >= 100 - percent
