"""What is drawn at the bottom of a terminal, as bytes. See "A live view" in docs/design.md.

The cursor stays at the beginning, on an empty line: taking the region away is to erase all below it, however wide the terminal is by then, and
what is typed meanwhile does no harm. No mode of the terminal is changed, so nothing has to be put back, whatever ends us. Pure.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

ERASE = b"\x1b[0m\r\x1b[K\x1b[C\x1b[J\r"
"""Takes the region away. Not all at once from the first column: where that is the whole screen, tmux keeps what it erases in its history."""


def region_bytes(lines: Sequence[str]) -> bytes:
    """Draws the region, in the place of one that is there; the cursor is where it was before. Nothing for no lines."""
    if not lines:
        return b""
    text = "".join(f"\r\n{line}\x1b[K" for line in lines)
    return f"\x1b[0m\r\x1b[K{text}\x1b[J\x1b[{len(lines)}A\r".encode(errors="replace")
