"""Which kinds of jobserver the tools on a PATH understand. Asked of the tools themselves, once for each program and run.

make: `R,W` as `--jobserver-fds` up to 4.1, as `--jobserver-auth` from 4.2 on, named pipes from 4.4 on; up to 4.3 it ends with an error
when it is told of one. ninja: named pipes from 1.13 on; Kitware's build, which PyPI has, says in its version what it understands.
cargo and gcc pass it on to a make, so they get what every make understands.
"""

from __future__ import annotations

from paratask.frozen import dataclass
from paratask.processes.probes import answer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

FIFO, PIPE, OLD_PIPE = "fifo", "pipe", "old pipe"
STYLES = ("auto", FIFO, PIPE, "off")
GNU_MAKE = "GNU Make "
FIFO_MAKE, AUTH_MAKE = (4, 4), (4, 2)
FIFO_NINJA = (1, 13)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A program by its name. `asks` is the program whose version decides; empty where every version understands `R,W`.

    `variable` is where it looks for its jobserver.
    """

    name: str
    asks: str = ""
    variable: str = "MAKEFLAGS"


TOOLS = {
    tool.name: tool
    for tool in (
        Tool(name="make", asks="make"),
        Tool(name="gmake", asks="gmake"),
        Tool(name="ninja", asks="ninja"),
        Tool(name="ninja-build", asks="ninja-build"),
        Tool(name="meson", asks="ninja"),
        Tool(name="cmake"),
        Tool(name="cargo", variable="CARGO_MAKEFLAGS"),
        Tool(name="rustc", variable="CARGO_MAKEFLAGS"),
        Tool(name="maturin", variable="CARGO_MAKEFLAGS"),
        Tool(name="gcc"),
        Tool(name="g++"),
    )
}


class Versions:
    """`find` finds a program on a PATH. Answers are kept for the run."""

    def __init__(self, find: Callable[[str, str], str | None]) -> None:
        self._find = find
        self._known: dict[str, tuple[str, ...]] = {}

    def styles(self, name: str, path: str, program: str = "") -> tuple[str, ...]:
        """The styles that a program understands, best first; none where it is not there or knows no jobserver."""
        if not name:
            return (PIPE, FIFO)
        located = program or self._find(name, path)
        if located is None:
            return ()
        if located not in self._known:
            self._known[located] = parse_styles(name, answer(located))
        return self._known[located]


def parse_styles(name: str, text: str) -> tuple[str, ...]:
    """The styles by what a program's `--version` prints."""
    line = text.splitlines()[0] if text else ""
    if name.endswith("make"):
        if not line.startswith(GNU_MAKE):
            return ()
        version = _numbers(line.removeprefix(GNU_MAKE))
        return (FIFO, PIPE) if version >= FIFO_MAKE else (PIPE,) if version >= AUTH_MAKE else (OLD_PIPE,)
    if "jobserver-pipe" in line:
        return (FIFO, PIPE)
    if "kitware.jobserver" in line:
        return (PIPE,)
    return (FIFO,) if _numbers(line) >= FIFO_NINJA else ()


def _numbers(text: str) -> tuple[int, ...]:
    parts = (text.split() or [""])[0].split(".")[:2]
    return tuple(int(part) if part.isascii() and part.isdigit() else 0 for part in parts)
