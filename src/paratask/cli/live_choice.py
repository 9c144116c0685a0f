"""Whether a run is shown in a live view; loaded where stdout and stderr are terminals, or where one was asked for. See "A live view" in docs/design.md."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from paratask.cli.options import Typed

STYLE = "live"


def chooses_live(
    typed: Typed, *, style: str, one_at_a_time: bool, environ: Mapping[str, str], warn: Callable[[str], None]
) -> bool:
    """`style` is the output style: none, or live. Warns why there is no live view, where the command line or the environment asks for one."""
    is_asked = style == STYLE
    why_not = _why_not(typed, one_at_a_time=one_at_a_time, environ=environ)
    if why_not and is_asked and typed.text("output") == STYLE:
        warn(f"no live view: {why_not}")
    return not why_not and (is_asked or environ.get("CI", "").lower() in ("", "0", "false"))


def _why_not(typed: Typed, *, one_at_a_time: bool, environ: Mapping[str, str]) -> str:
    if not _is_one_terminal():
        return "stdout and stderr are not the terminal that paratask was started at"
    if environ.get("TERM", "dumb") == "dumb":
        return "TERM names a terminal that cannot draw"
    if typed.flag("silent"):
        return "--silent"
    return "jobs run one at a time" if one_at_a_time else ""


def _is_one_terminal() -> bool:
    """Whether both streams are at the one that we were started at: a paratask above us gives its commands others, and draws itself."""
    try:
        return os.tcgetpgrp(1) > 0 and os.isatty(2) and os.fstat(1).st_rdev == os.fstat(2).st_rdev
    except OSError:
        return False
