"""Whether and how text is coloured. go-task: flags (NO_COLOR, FORCE_COLOR, CI) and its palette.

The escape sequences are colorama's table; it is loaded only when something is painted.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Paint = Callable[[str, str], str]


def wants_color(*, asked: bool | None, environ: Mapping[str, str], is_terminal: bool) -> bool:
    """`asked` is what --color, TASK_COLOR say; None when they say nothing. FORCE_COLOR and CI=true colour without a terminal."""
    if asked is not None:
        return asked
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR") or environ.get("CI", "").lower() in ("1", "t", "true"):
        return True
    return is_terminal and environ.get("TERM") != "dumb"


def painter(*, enabled: bool) -> Paint:
    """A function of a colour's name and a text."""
    return _paint if enabled else _leave


def _leave(color: str, text: str) -> str:
    del color
    return text


def _paint(color: str, text: str) -> str:
    from colorama import Fore, Style

    return f"{getattr(Fore, color.upper())}{text}{Style.RESET_ALL}"
