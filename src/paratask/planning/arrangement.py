"""What was decided about neighbours: which waits for which. Pure, and light: every call has an arrangement, if only a trivial one.

Knows nothing of why; sets.py decides.
"""

from __future__ import annotations

from paratask.frozen import dataclass, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """What was decided about neighbours, by index in written order.

    `after[i]` are those that i waits for; `reasons[i]` says why it runs when it does; `blocks` are the ranges that follow each
    other whole: inside a range of more than one, something may overlap.
    """

    after: tuple[frozenset[int], ...]
    reasons: tuple[str, ...]
    blocks: tuple[tuple[int, int], ...]

    reasons_beside: tuple[str, ...] = ()
    """The same for whom those that may run beside it are named already; none where all are as in `reasons`."""

    before: tuple[int, ...] = ()
    """For each, all that come before it at any distance, as a bit mask."""

    evidence: tuple[str, ...] = ()
    """For each, what lets others run beside it: declared, observed, inferred, author (who wrote `&`), or none; empty where nobody may."""

    @property
    def is_parallel(self) -> bool:
        """Whether any two may run at the same time."""
        return any(end - start > 1 for start, end in self.blocks)

    def together(self, index: int, limit: int = 0) -> tuple[int, ...]:
        """Those that may run at the same time as `index`: neither before it nor after it; the first `limit` of them, or all."""
        start, end = next(block for block in self.blocks if block[0] <= index < block[1])
        found: list[int] = []
        for other in range(start, end):
            if other != index and not self.before[index] >> other & 1 and not self.before[other] >> index & 1:
                found.append(other)
                if len(found) == limit:
                    break
        return tuple(found)

    def together_masks(self) -> tuple[int, ...]:
        """For each, all that may run at the same time, as a bit mask."""
        every = (1 << len(self.after)) - 1
        later = [0] * len(self.after)
        for index in range(len(self.after) - 1, -1, -1):
            reached = later[index] | 1 << index
            for earlier in self.after[index]:
                later[earlier] |= reached
        return tuple(
            every & ~(before | follows | 1 << index)
            for index, (before, follows) in enumerate(zip(self.before, later, strict=True))
        )


def all_together(count: int, reason: str) -> Arrangement:
    """No order among so many neighbours."""
    return Arrangement(after=(frozenset(),) * count, reasons=(reason,) * count, blocks=((0, count),), before=(0,) * count)


def one_after_another(count: int, reason: str) -> Arrangement:
    """Written order."""
    return one_by_one([reason] * count)


def one_by_one(reasons: Sequence[str]) -> Arrangement:
    """Written order, with a reason for each."""
    count = len(reasons)
    after = tuple(frozenset((index - 1,)) if index else frozenset[int]() for index in range(count))
    blocks = tuple((index, index + 1) for index in range(count))
    before = tuple((1 << index) - 1 for index in range(count))
    return Arrangement(after=after, reasons=tuple(reasons), blocks=blocks, before=before)


def last_first(arrangement: Arrangement) -> tuple[tuple[int, ...], Arrangement]:
    """The order in which go-task starts dependencies, and the arrangement for members in that order.

    Go's scheduler runs the goroutine that was made last, and then the others in order. Where the last one has to wait for
    another, written order stands.
    """
    count = len(arrangement.after)
    if count < 2 or arrangement.after[-1]:
        return tuple(range(count)), arrangement
    order = (count - 1, *range(count - 1))
    after = (arrangement.after[-1], *(frozenset(i + 1 for i in waits_for) for waits_for in arrangement.after[:-1]))
    reasons = tuple(arrangement.reasons[i] for i in order)
    return order, replace(arranged(after), reasons=reasons)


def arranged(after: tuple[frozenset[int], ...]) -> Arrangement:
    """An arrangement of these edges, which lead from lower to higher indexes; without reasons."""
    before = _before(after)
    return Arrangement(after=after, reasons=(), blocks=_blocks(before), before=before)


def _before(after: Sequence[frozenset[int]]) -> tuple[int, ...]:
    """For each, all that come before it at any distance, as bits."""
    masks: list[int] = []
    for earlier in after:
        mask = 0
        for index in earlier:
            mask |= masks[index] | 1 << index
        masks.append(mask)
    return tuple(masks)


def _blocks(before: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Ranges such that everything in one comes after everything in the ones before it."""
    count = len(before)
    starts = []
    follows = count
    for index in range(count - 1, -1, -1):
        lowest_not_before = (~before[index] & (before[index] + 1)).bit_length() - 1
        follows = min(follows, lowest_not_before)
        if follows >= index:
            starts.append(index)
    starts.reverse()
    return tuple(zip(starts, [*starts[1:], count], strict=True)) if count else ()
