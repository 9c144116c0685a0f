"""The runs that are kept, newest first: each by its summary, or by its journal where it was killed or still goes on.

Whoever writes a journal holds a lock on it, which the kernel gives up with the process. Knows files, and nothing of how they are shown.
"""

from __future__ import annotations

import os

from paratask.frozen import dataclass
from paratask.records.journal import document_of, read_journal
from paratask.records.logs import JOURNAL_FILE, SUMMARY_FILE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRun:
    """`document` has summary.json's keys. `result` is succeeded, failed, killed or running."""

    folder: str
    document: Mapping[str, Any]
    result: str

    @property
    def run(self) -> str:
        return os.path.basename(self.folder)

    @property
    def jobs(self) -> Sequence[Mapping[str, Any]]:
        return [job for job in self.document["jobs"] if isinstance(job, dict) and "id" in job and "task" in job]

    def lines(self) -> list[dict[str, Any]]:
        """Of its journal."""
        return read_journal(os.path.join(self.folder, JOURNAL_FILE))

    def log_path(self, job: str) -> str:
        """Where a job's log is, or would be."""
        return os.path.join(self.folder, f"{job}.log")


def run_ids(state: str) -> list[str]:
    """Newest first. `state` is the path of `.paratask`."""
    try:
        return sorted(os.listdir(os.path.join(state, "runs")), reverse=True)
    except OSError:
        return []


def kept_runs(state: str) -> Iterator[KeptRun]:
    """Newest first; folders that say nothing of a run are passed over."""
    for run in run_ids(state):
        found = read_run(os.path.join(state, "runs", run))
        if found is not None:
            yield found


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
            return KeptRun(folder=folder, document=document, result="running" if goes_on else "killed")
    return KeptRun(folder=folder, document=document, result="failed" if document["exit_code"] else "succeeded")


def is_written(journal: str) -> bool:
    """Whether the run of that journal still goes on, in another process."""
    try:
        fd = os.open(journal, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        os.lockf(fd, os.F_TEST, 0)
    except (BlockingIOError, PermissionError):
        return True
    except OSError:  # a file system without locks
        return False
    else:
        return False
    finally:
        os.close(fd)


def _read_summary(path: str) -> dict[str, Any] | None:
    import json

    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            document = json.load(file)
    except (OSError, ValueError):
        return None
    usable = isinstance(document, dict) and isinstance(document.get("jobs"), list) and "exit_code" in document
    return document if usable else None
