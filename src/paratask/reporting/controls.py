"""Control characters in texts that others wrote, made visible: a terminal would obey them, and a checkout that is only looked at is to do
nothing to it. Colours may stay, and line breaks and tabs. Pure text.
"""

from __future__ import annotations

import re

_CONTROL = re.compile(r"\x1b\[[0-9;:]*m|[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def visible(text: str) -> str:
    """`text` with ESC as a backslash, `x1b`, and so on. ECMA-48: C0, C1 and SGR."""
    return _CONTROL.sub(lambda found: found[0] if len(found[0]) > 1 else f"\\x{ord(found[0]):02x}", text)
