"""Answers that are kept for as long as the same `Place` is asked, which does not change. Knows neither questions nor answers."""

from __future__ import annotations

from functools import lru_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    Function = TypeVar("Function", bound=Callable[..., object])


def remembered(size: int) -> Callable[[Function], Function]:
    """Decorator: the last `size` answers are kept. A place is told from others by being itself, which type checkers do not know."""

    def decorate(function: Function) -> Function:
        return lru_cache(maxsize=size)(function)  # type: ignore[return-value]

    return decorate
