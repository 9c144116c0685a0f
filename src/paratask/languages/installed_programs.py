"""The programs that `go install` puts into the user's folder, by name: who installs one, and who might start it from there.

Each name is a resource (`go-bin:stringer`), exclusive to who installs it and shared by who starts it, so that different programs are
installed side by side, wherever they are put. `go-bin` stands for all of them: who does not tell which programs it starts or installs
has it alone. Does not know in which folder a shell finds a program.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access
from paratask.languages.inferred import claim

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from paratask.claims.model import Claim

ANY = "go-bin"
_STARTS_OTHERS = frozenset({"sh", "bash", "zsh", "dash", "env", "make", "task", "just", "mage"})


def program_of(path: str) -> str:
    """The name of the program that a package makes: its last part, or the one before a major version."""
    parts = path.partition("@")[0].rstrip("/").split("/")
    if len(parts) > 1 and parts[-1][:1] == "v" and parts[-1][1:].isdigit():
        parts.pop()
    return parts[-1]


def starting(programs: Iterable[str], reason: str) -> tuple[Claim, ...]:
    """Starting programs of these names."""
    names = (ANY, *(f"{ANY}:{name}" for name in programs))
    return tuple(claim(Access.SHARED, name, reason) for name in dict.fromkeys(names))


def starting_any(reason: str) -> tuple[Claim, ...]:
    """Starting whatever there is."""
    return (claim(Access.EXCLUSIVE, ANY, reason),)


def installing(programs: Sequence[str] | None, reason: str) -> tuple[Claim, ...]:
    """Installing programs of these names; None where they are not known."""
    if programs is None:
        return (claim(Access.EXCLUSIVE, ANY, reason),)
    held = (claim(Access.EXCLUSIVE, f"{ANY}:{name}", reason) for name in dict.fromkeys(programs))
    return (claim(Access.SHARED, ANY, reason), *held)


def starts_others(program: str) -> bool:
    """Whether a program is there to start others, so that its name does not tell which."""
    return "/" in program or posixpath.basename(program) in _STARTS_OTHERS
