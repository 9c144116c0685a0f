"""Something that `--doctor` found."""

from __future__ import annotations

from paratask.errors import Position
from paratask.frozen import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`kind` names the check; `is_problem` is for what fails, or does something else than is written. `why` says what comes of it.

    Of a kind of which there may be many, `together` says what they are, `short` what this one is among them, and `help_together`
    what to do about all of them.
    """

    kind: str
    message: str
    why: str
    help: str
    is_problem: bool
    position: Position | None = None
    together: str = ""
    short: str = ""
    why_together: str = ""
    help_together: str = ""
