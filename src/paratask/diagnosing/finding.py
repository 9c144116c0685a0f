"""Something that `--doctor` found."""

from __future__ import annotations

from paratask.errors import Position
from paratask.frozen import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`kind` names the check; `is_problem` is for what fails, or does something else than is written. `why` says what comes of it."""

    kind: str
    message: str
    why: str
    help: str
    is_problem: bool
    position: Position | None = None
