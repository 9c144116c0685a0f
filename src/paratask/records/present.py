"""What a run does just now: `now.jsonl` in its folder, for who asks while it goes on. Replaced as that changes, and gone when the run has ended.

That of a run that was killed stays. Whatever else stands in such a file says nothing. It has the ending of the journal, which changes at the same
moments: programs that watch a checkout for `*.json` are left alone by both. Knows nothing of where the reasons come from.
"""

from __future__ import annotations

import os

from paratask.frozen import dataclass
from paratask.records.logs import PRESENT_FILE
from paratask.records.shapes import PRESENT, is_shaped
from paratask.state_files import parse_kept, read_kept

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """`at` that moment `running` were the jobs with a command that ran, with when it began, and `waits` what others waited for, by their
    ids. All times are seconds since the epoch.
    """

    at: float
    running: Mapping[str, float]
    waits: Mapping[str, str]


UNKNOWN = Present(at=0.0, running={}, waits={})


def present_document(running: Mapping[str, float], waits: Iterable[tuple[str, str]]) -> dict[str, object]:
    """The file's content, but for the moment. `waits` are ids and reasons; those that wait for the same stand together, since there may be many."""
    jobs: dict[str, list[str]] = {}
    for job, why in waits:
        jobs.setdefault(why, []).append(job)
    return {"running": dict(running), "waiting": [{"why": why, "jobs": ids} for why, ids in jobs.items()]}


def read_present(folder: str) -> Present:
    """That of a run's folder; UNKNOWN where there is none."""
    try:
        document: Any = parse_kept(read_kept(os.path.join(folder, PRESENT_FILE)))
    except (OSError, ValueError):
        return UNKNOWN
    if not is_shaped(document, PRESENT, tuple(PRESENT)):
        return UNKNOWN
    waits = {job: entry["why"] for entry in document["waiting"] for job in entry["jobs"]}
    return Present(at=float(document["at"]), running=document["running"], waits=waits)
