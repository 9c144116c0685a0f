"""Amounts of bytes for people."""

from __future__ import annotations

NONE = "-"


def shown_bytes(size: int) -> str:
    """`15 M`, `1.2 G`; a dash for none."""
    if not size:
        return NONE
    if size < 1024**3:
        return f"{max(1, round(size / 1024**2))} M"
    return f"{size / 1024**3:.1f} G"
