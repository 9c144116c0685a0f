"""Lines of a journal as the events that they were: for who is told of a run in another process. Knows nothing of files."""

from __future__ import annotations

import json

from paratask.events import (
    AttemptBegan,
    BegunAnew,
    CommandEnded,
    FellBack,
    HeldBack,
    JobChanged,
    JobMade,
    Notice,
    QueuedAgain,
    Retried,
    RunBegan,
    RunEnded,
    SetArranged,
    StageMade,
    StepsBegan,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

    from paratask.events import Event

KINDS: Mapping[str, Callable[..., Event]] = {
    kind.__name__: kind
    for kind in (
        RunBegan, RunEnded, JobMade, StageMade, JobChanged, StepsBegan, CommandEnded, SetArranged, AttemptBegan, BegunAnew, FellBack, Retried,
        QueuedAgain, HeldBack, Notice,
    )
}  # fmt: skip
WITH_TUPLES = frozenset((RunBegan, SetArranged, FellBack, HeldBack))
DECODE = json.JSONDecoder().raw_decode
JOB_ENTRY = b'{"event":"JobEntry"'
"""How the journal's own lines begin, which are no events. A quote in a text is escaped there: this stands nowhere else."""

RUN_BEGAN, RUN_ENDED = b'{"event":"RunBegan"', b'{"event":"RunEnded"'


def events_in(lines: bytes) -> bytes:
    """Whole lines of a journal without its own."""
    if JOB_ENTRY not in lines:
        return lines
    return b"".join(line for line in lines.splitlines(keepends=True) if not line.startswith(JOB_ENTRY))


def before_end(lines: bytes) -> tuple[bytes, bytes]:
    """These events up to the end of the run, and from there on."""
    at = lines.find(RUN_ENDED)
    return (lines, b"") if at < 0 else (lines[:at], lines[at:])


def first_events(lines: bytes, count: int) -> bytes:
    """So many of these events, and those with which a run begins or ends."""
    every = lines.splitlines(keepends=True)
    first = max(0, count)
    return b"".join([*every[:first], *(line for line in every[first:] if line.startswith((RUN_BEGAN, RUN_ENDED)))])


def parse_events(lines: Sequence[bytes]) -> Iterator[Event | None]:
    """The event of each line, None where it is none that there is. Bytes that are no text are what they were (surrogateescape)."""
    try:
        found, _ = DECODE((b"[" + b",".join(lines) + b"]").decode("utf-8", "surrogateescape"))
    except ValueError:
        found = []
    if len(found) != len(lines):  # one of them is cut, or none of a journal
        found = [_decoded(line) for line in lines]
    return map(_event, found)


def _decoded(line: bytes) -> object:
    try:
        return DECODE(line.decode("utf-8", "surrogateescape"))[0]
    except ValueError:
        return None


def _event(fields: dict[str, Any]) -> Event | None:
    try:
        kind = KINDS[fields.pop("event")]
        if kind in WITH_TUPLES:
            fields = {name: _frozen(value) for name, value in fields.items()}
        return kind(**fields)
    except (LookupError, TypeError, AttributeError):
        return None


def _frozen(value: object) -> object:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
