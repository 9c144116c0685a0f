"""The arithmetic of job slots. See "Jobserver" in docs/design.md.

Whoever takes part has one slot of its own, for which it holds no token, and a token for each further slot it uses. Pure.
"""

from __future__ import annotations

from math import ceil


def tokens_needed(cpu_in_use: float) -> int:
    """The tokens that one must hold while commands of this cost run: the first slot is one's own."""
    return max(0, ceil(cpu_in_use) - 1)


def tokens_missing(slots: int, *, held: int, free: int) -> int:
    """How many tokens were lost when nobody else holds any; below zero where more came back than went out."""
    return slots - 1 - held - free
