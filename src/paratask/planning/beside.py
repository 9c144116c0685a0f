"""Of neighbours those that one may run beside, as bits: of three thousand, each may run beside nearly all others. Pure."""

from __future__ import annotations

from itertools import compress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class Beside:
    """Names in written order: those of `names` of which `mask` has the bit."""

    __slots__ = ("_mask", "_names")

    def __init__(self, names: Sequence[str] = (), mask: int = 0) -> None:
        self._names = names
        self._mask = mask

    @classmethod
    def all_of(cls, names: Iterable[str]) -> Beside:
        """All of these."""
        every = tuple(names)
        return cls(every, (1 << len(every)) - 1)

    def __len__(self) -> int:
        return self._mask.bit_count()

    def __iter__(self) -> Iterator[str]:
        return compress(self._names, map("1".__eq__, reversed(f"{self._mask:b}")))

    def others(self) -> Iterator[str]:
        """The names that are not among them."""
        left = ((1 << len(self._names)) - 1) & ~self._mask
        while left:
            lowest = left & -left
            yield self._names[lowest.bit_length() - 1]
            left ^= lowest
