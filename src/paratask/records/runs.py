"""The runs that are kept, newest first: each by its summary, or by its journal where it was killed or still goes on. What a run's own
commands ran with paratask comes after it.

Whoever writes a journal holds a lock on it, which the kernel gives up with the process. Knows files, and nothing of how they are shown.
"""

from __future__ import annotations

import os

from paratask.frozen import dataclass, replace
from paratask.records.journal import BLANK_JOB, document_of, read_journal
from paratask.records.logs import JOURNAL_FILE, SUMMARY_FILE, is_written, oldest_first
from paratask.records.shapes import HEAD, is_shaped, shaped_jobs
from paratask.state_files import open_kept, parse_kept, read_kept

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

    from paratask.records.present import Present

HEAD_BYTES = 4096
SAME_SECONDS = 2.0
"""Between what is announced and that it is written. File systems may count whole seconds."""

BLANK_HEAD: Mapping[str, object] = {
    "run": "", "calls": [], "started_at": None, "ended_at": None, "seconds": None, "stopped_by": "", "parallel": "",
    "done_before": 0, "shared": 0, "saved_seconds": None,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRun:
    """`document` has summary.json's keys. `result` is succeeded, failed, stopped, killed or running. `depth` is inside how many kept runs
    it ran. `present` is what it does, or did last, where it did not come to its end.
    """

    folder: str
    document: Mapping[str, Any]
    result: str
    depth: int = 0
    present: Present | None = None

    @property
    def run(self) -> str:
        return os.path.basename(self.folder)

    @property
    def how_it_ended(self) -> str:
        """The result in words, with what stopped a run that was stopped."""
        by = self.document.get("stopped_by", "")
        return f"{self.result} ({by})" if by and self.result == "stopped" else self.result

    @property
    def within(self) -> str:
        """The run one of whose commands called this one; empty where none did."""
        return str(self.document.get("within", ""))

    @property
    def jobs(self) -> Sequence[Mapping[str, Any]]:
        jobs: Sequence[Mapping[str, Any]] = self.document["jobs"]
        return jobs

    def lines(self) -> list[dict[str, Any]]:
        """The lines of its journal."""
        return read_journal(os.path.join(self.folder, JOURNAL_FILE))

    def log_path(self, job: str) -> str:
        """Where a job's log is, or would be."""
        return os.path.join(self.folder, f"{job}.log")


def run_ids(state: str) -> list[str]:
    """Newest first. `state` is the path of `.paratask`."""
    return oldest_first(state)[::-1]


def kept_runs(state: str, read: Callable[[str], KeptRun | None] | None = None) -> Iterator[KeptRun]:
    """Newest first, each followed by the runs inside it, in the order in which they began. Folders that say nothing of a run are passed
    over.

    No more is read than is asked for: a run inside another is younger, so it has been seen when that one is reached. What has a
    run's folder `read` otherwise than as a whole is given.
    """
    ids = run_ids(state)
    inside: dict[str, list[KeptRun]] = {run: [] for run in ids}
    for run in ids:
        found = (read or read_run)(os.path.join(state, "runs", run))
        followers = inside.pop(run)
        if found is None:
            yield from followers
            continue
        tree = [found, *(replace(follower, depth=follower.depth + 1) for follower in followers)]
        if found.within in inside:
            inside[found.within][:0] = tree
        else:
            yield from tree


def read_run(folder: str) -> KeptRun | None:
    """The run of that folder, None where it holds nothing of one."""
    document = _read_summary(os.path.join(folder, SUMMARY_FILE))
    if document is None:
        journal = os.path.join(folder, JOURNAL_FILE)
        goes_on = is_written(journal)  # before it is read: it may end meanwhile
        lines = read_journal(journal)
        if not lines:
            return None
        document = document_of(lines, run=os.path.basename(folder))
        if document["exit_code"] is None:
            from paratask.records.present import read_present

            present = read_present(folder)
            if goes_on:
                return KeptRun(folder=folder, document=document, result="running", present=present)
            last = max(present.at, _last_words_at(folder, document, lines))
            return KeptRun(folder=folder, document=_lasted(document, last), result="killed", present=present)
    return KeptRun(folder=folder, document=document, result=_result(document))


def _last_words_at(folder: str, document: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> float:
    """When a job last wrote something that had not ended when its run was killed: a command may run for an hour in which nothing else happens. 0
    where files do not tell: they may have been copied, and then the journal is younger than its last line, too.
    """
    try:
        if (
            abs(os.stat(os.path.join(folder, JOURNAL_FILE)).st_mtime - max(line.get("at", 0.0) for line in lines))
            > SAME_SECONDS
        ):
            return 0.0
        logs = [os.path.join(folder, f"{job['id']}.log") for job in document["jobs"] if job["state"] == "running"]
        return max((os.stat(log).st_mtime for log in logs if os.path.exists(log)), default=0.0)
    except OSError:
        return 0.0


def _lasted(document: dict[str, Any], at: float) -> dict[str, Any]:
    """Of a run that still was there at that moment, when nothing may have happened for long."""
    began, ended = document["started_at"], document["ended_at"]
    if not began or at <= (ended or began):
        return document
    return {**document, "ended_at": at, "seconds": round(at - began, 6)}


def read_head(folder: str) -> KeptRun | None:
    """The same without its jobs: of a run that ended without reading what it has of them."""
    head = read_summary_head(os.path.join(folder, SUMMARY_FILE))
    if "exit_code" not in head:
        return read_run(folder)
    return KeptRun(folder=folder, document={**head, "jobs": []}, result=_result(head))


def _result(document: Mapping[str, Any]) -> str:
    """The result of a run that came to its end, or was stopped before."""
    if document.get("stopped_by"):
        return "stopped"
    return "failed" if document["exit_code"] else "succeeded"


def read_summary_head(path: str) -> dict[str, Any]:
    """What stands above a summary's jobs; nothing where it is not there, spoiled, or very long."""
    try:
        with open_kept(path) as file:
            text = file.read(HEAD_BYTES).decode(errors="replace")
        head = parse_kept(text[: text.index(',\n "jobs": [')] + "}")
    except (OSError, ValueError):
        return {}
    return head if isinstance(head, dict) and is_shaped(head, HEAD) else {}


def _read_summary(path: str) -> dict[str, Any] | None:
    try:
        document = parse_kept(read_kept(path))
    except (OSError, ValueError):
        return None
    if (
        not isinstance(document, dict)
        or not is_shaped(document, HEAD, ("exit_code",))
        or not isinstance(document.get("jobs"), list)
    ):
        return None
    return {**BLANK_HEAD, **document, "jobs": shaped_jobs(document["jobs"], BLANK_JOB)}
