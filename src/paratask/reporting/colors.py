"""Whether and how text is coloured. go-task: flags (NO_COLOR, FORCE_COLOR, CI) and the logger's palette with its TASK_COLOR_ names.

Each text is wrapped by itself, its newline included where it has one: a run's stderr is then the same as task's, byte for byte.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Paint = Callable[[str, str], str]

RESET = "\x1b[0m"
PALETTE = {
    "reset": "0", "red": "31", "green": "32", "yellow": "33", "blue": "34", "magenta": "35", "cyan": "36", "bright_red": "91",
    "bright_green": "92", "bright_yellow": "93", "bright_blue": "94", "bright_magenta": "95", "bright_cyan": "96",
}  # fmt: skip
"""ANSI codes by colour; "reset" is the terminal's own colour. TASK_COLOR_RED=35;1 is another red, 255,0,0 one in 24 bits."""
TRUE_WORDS = frozenset(("1", "t", "T", "true", "TRUE", "True"))


def wants_color(*, asked: bool | None, environ: Mapping[str, str], is_terminal: bool) -> bool:
    """`asked` is what --color, TASK_COLOR say; None when they say nothing. FORCE_COLOR and CI=true colour without a terminal.

    NO_COLOR stands above all of them, --color=true as well.
    """
    if environ.get("NO_COLOR"):
        return False
    if asked is not None:
        return asked
    if environ.get("TASK_COLOR"):  # no truth value: as if it said so
        return True
    if environ.get("FORCE_COLOR") or environ.get("CI") in TRUE_WORDS:
        return True
    return is_terminal and environ.get("TERM") != "dumb"


def painter(*, enabled: bool, environ: Mapping[str, str]) -> Paint:
    """A function of a colour's name in the palette and a text."""
    if not enabled:
        return unpainted
    if sys.platform == "win32":  # elsewhere terminals know these sequences, and loading colorama is a fifth of a short run
        from colorama import just_fix_windows_console

        just_fix_windows_console()
    starts = {name: f"\x1b[{_codes(name, code, environ)}m" for name, code in PALETTE.items()}
    return lambda color, text: f"{starts[color]}{text}{RESET}"


def unpainted(color: str, text: str) -> str:
    """A Paint that leaves all as it is."""
    del color
    return text


def warning_line(text: str, paint: Paint = unpainted) -> str:
    """How a warning looks, wherever it comes from."""
    return f"paratask: {paint('yellow', 'warning:')} {text}\n"


def _codes(name: str, code: str, environ: Mapping[str, str]) -> str:
    """What the environment says instead, where it is a list of numbers."""
    asked = environ.get(f"TASK_COLOR_{name.upper()}", "")
    if asked.count(",") == 2:
        asked = "38;2;" + asked.replace(",", ";")
    parts = asked.split(";")
    return asked if all(part.isascii() and part.isdecimal() for part in parts) else code
