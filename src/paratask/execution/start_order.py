"""In which order those start that may start at the same moment: as written, or drawn from a seed (`--seed`).

A seed gives the same order again: it is drawn from the place in the tree of groups, never from what happened when. `reversed` is the
order in which every pair that may start together starts the other way round. Loaded only where there is a seed.
"""

from __future__ import annotations

import random

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

REVERSED = "reversed"


def start_order(seed: str, path: Sequence[int], count: int) -> tuple[int, ...]:
    """The members of a group of `count`, first to start first. `path` leads to the group: the member taken at each level above."""
    if seed == REVERSED:
        return tuple(range(count - 1, -1, -1))
    drawn = list(range(count))
    random.Random(f"{seed}/{'.'.join(map(str, path))}/{count}").shuffle(drawn)  # noqa: S311 - nothing secret
    return tuple(drawn)
