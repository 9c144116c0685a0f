"""`--joblog PATH`: a line for each command that ended, in GNU parallel's columns. What cannot be written is a warning, no failure. A run
that goes on with another goes on with its job log, too, as `parallel --resume` does.

A subscriber. One column differs from GNU parallel's: Receive counts what the log has, of stdout and of stderr.
"""

from __future__ import annotations

import os

from paratask.cli.own_streams import own_stream
from paratask.events import JobChanged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from paratask.cli.exec.project import Line
    from paratask.events import Event
    from paratask.execution.jobs import Job

HEADER = "Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand\n"
THIS_HOST = ":"
ENDED = frozenset(("succeeded", "failed", "cancelled"))


class JobLog:
    """`lines` are number and command line by the task's name, `log_path` where a job's log is; `warn` hears once of what is wrong."""

    def __init__(
        self,
        path: str,
        *,
        lines: Mapping[str, Line],
        job_of: Callable[[str], Job],
        log_path: Callable[[str], str],
        warn: Callable[[str], None],
        goes_on: bool = False,
    ) -> None:
        self._lines = lines
        self._job_of = job_of
        self._log_path = log_path
        self._warn = warn
        self._path = path
        self._fd = -1
        stream = own_stream(path)
        try:
            keeping = os.O_APPEND if goes_on else os.O_TRUNC
            if stream is not None:
                self._fd = os.dup(stream.fileno())
            else:
                self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | keeping | os.O_CLOEXEC, 0o644)
            if not goes_on or not os.fstat(self._fd).st_size:
                self._write(HEADER)
        except OSError as error:
            self._give_up(error)

    def __call__(self, event: Event) -> None:
        if isinstance(event, JobChanged) and event.state in ENDED and self._fd >= 0:
            job = self._job_of(event.job)
            if job.exit_status is not None:
                self._write(self._line(job))

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def _line(self, job: Job) -> str:
        line = self._lines[job.task]
        exit_status = 0 if job.signal else job.exit_status
        times = f"{job.ended_at - job.own_seconds:10.3f}\t{job.own_seconds:10.3f}"
        shown = line.text.replace("\n", "\0")  # as GNU parallel does: a command is a line
        return f"{line.number}\t{THIS_HOST}\t{times}\t0\t{self._size(job.id)}\t{exit_status}\t{job.signal}\t{shown}\n"

    def _size(self, job: str) -> int:
        try:
            return os.stat(self._log_path(job)).st_size
        except OSError:
            return 0

    def _write(self, text: str) -> None:
        try:
            view = memoryview(os.fsencode(text))
            while view:
                view = view[os.write(self._fd, view) :]
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        self.close()
        self._warn(f"the job log `{self._path}` is incomplete: {error.strerror}")
