"""What execution asks of whoever keeps the logs. The files are records/logs.py's."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from paratask.processes.capture import Log

    class LogStore(Protocol):
        """One log a job."""

        def of(self, job: str) -> Log:
            """The job's log, made when it is first asked for."""

        def set_aside(self, job: str, attempt: int) -> str:
            """Keep what the job's attempt of that number logged under another name, and start anew; the path of what was kept."""
