"""A reporter: each job that fails becomes a line of a file, with the last line that it wrote, at once."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from paratask.events import JobChanged

if TYPE_CHECKING:
    from paratask.events import Event
    from paratask.plugins.reporters import RunInfo


class Failures:
    """Of one run. `PARATASK_FAILURES` names the file; without it, it is `failures.log` beside the root Taskfile."""

    def __init__(self, run: RunInfo) -> None:
        self._run = run
        self._path = Path(run.root, os.environ.get("PARATASK_FAILURES", "failures.log"))
        self._count = 0

    def hear(self, event: Event) -> None:
        """Of all events, those of jobs that failed."""
        if isinstance(event, JobChanged) and event.state == "failed":
            self._count += 1
            self._write(f"{_clock(event.at)} {event.task}: {self._last_line(event.job) or event.reason or 'failed'}")

    def finish(self) -> None:
        """What came of the run: nothing is written of one without failures."""
        if self._count:
            self._write(f"{_clock(time.time())} {self._count} failed in run {self._run.run}")

    def _last_line(self, job: str) -> str:
        try:
            written = Path(self._run.log_path(job)).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""
        return next((line for line in reversed(written.splitlines()) if line.strip()), "")

    def _write(self, line: str) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")


def _clock(at: float) -> str:
    return time.strftime("%H:%M:%S", time.localtime(at))
