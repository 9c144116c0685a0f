"""Numbers of slots: each command that runs has one, the lowest that is free, counted from 1. GNU parallel: `{%}`.

Knows a command's text, and nothing of leases: who has one has a slot.
"""

from __future__ import annotations

import heapq
from contextlib import contextmanager

from paratask.frozen import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from paratask.execution.commands import Order

MARK = "{%}"


class JobSlots:
    """Those of one run."""

    def __init__(self) -> None:
        self._free: list[int] = []
        self._made = 0

    @contextmanager
    def placed(self, order: Order) -> Iterator[Order]:
        """The order, with the number of a slot where its text asks for it; the slot is its own meanwhile."""
        if self._free:
            number = heapq.heappop(self._free)
        else:
            number = self._made = self._made + 1
        try:
            yield replace(order, text=order.text.replace(MARK, str(number)))
        finally:
            heapq.heappush(self._free, number)
