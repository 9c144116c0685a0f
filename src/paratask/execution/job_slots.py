"""Numbers of slots: each command that runs has one, the lowest that is free, counted from 1. GNU parallel: `{%}`.

Knows nothing of leases: who has one has a slot.
"""

from __future__ import annotations

import heapq
from contextlib import contextmanager

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

MARK = "{%}"


class JobSlots:
    """Those of one run."""

    def __init__(self) -> None:
        self._free: list[int] = []
        self._made = 0

    @contextmanager
    def placed(self, text: str) -> Iterator[str]:
        """The command's text, with the number of a slot where it asks for it; the slot is its own meanwhile."""
        if self._free:
            number = heapq.heappop(self._free)
        else:
            number = self._made = self._made + 1
        try:
            yield text.replace(MARK, str(number))
        finally:
            heapq.heappush(self._free, number)
