"""What commands wrote, made fit to be read elsewhere, and how often something was. Pure."""

from __future__ import annotations

import re

ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_]|[ -/]+[0-~])")
"""ECMA-48: control sequences, operating system commands, and single escapes."""

CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 does not allow, and what no page shows."""

REDRAWN = re.compile(r"^[^\n]*\r(?=[^\n])", re.MULTILINE)
"""Begins where a line does: from each place in a long line it would go to the end of it and back."""


def without_escapes(text: str) -> str:
    """Without colours and other controls; of a line that was drawn again, the last that was seen."""
    if text.isprintable():
        return text
    return CONTROLS.sub("", REDRAWN.sub("", ESCAPES.sub("", text.replace("\r\n", "\n"))))


def last_lines(text: str, count: int) -> str:
    """The last lines; a first one says how many went before."""
    lines = text.splitlines()
    if len(lines) <= count:
        return "\n".join(lines)
    return "\n".join([f"… {len(lines) - count} earlier lines are in the log", *lines[-count:]])


def shown_times(count: int) -> str:
    """`once`, `twice`, `3 times`."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
