"""What runs on a CI service: whether jobs' output is folded there, and how. Loaded where one of its variables is set.

Knows the environment and what stdout and stderr are; the lines are reporting.ci's.
"""

from __future__ import annotations

import os
import stat

from paratask.execution.leases import SLOTS_VARIABLE
from paratask.reporting.ci import Piece, service_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from paratask.execution.jobs import Job
    from paratask.reporting.ci import Service
    from paratask.reporting.colors import Paint
    from paratask.taskfile.model import Output


class ServiceFrames:
    """See execution.view.Frames."""

    def __init__(self, service: Service, paint: Paint, *, joins: bool) -> None:
        self._service = service
        self._paint = paint
        self.marker = service.marker.encode()
        self.joins = joins

    def around(self, job: Job) -> tuple[bytes, bytes]:
        piece = Piece(
            job=job.id, task=job.task, label=job.label, state=job.state.value, started_at=job.started_at, ended_at=job.ended_at
        )
        before, after = self._service.lines(piece, self._paint)
        return before.encode(errors="replace"), after.encode(errors="replace")


def frames_for(environ: Mapping[str, str], output: Output, paint: Paint) -> ServiceFrames | None:
    """What goes around jobs' output; None where somebody chose how it is shown, where no service reads it as it comes, and below
    another paratask, since all we write is part of a job then.
    """
    service = service_of(environ)
    if service is None or not _leaves_it_to_us(output) or SLOTS_VARIABLE in environ or not _is_pipe(1):
        return None
    return ServiceFrames(service, paint, joins=_is_pipe(2))


def _leaves_it_to_us(output: Output) -> bool:
    return not output.style or (output.style == "group" and not (output.begin or output.end or output.error_only))


def _is_pipe(fd: int) -> bool:
    """A file, a terminal and /dev/null are read by nobody who folds."""
    try:
        mode = os.fstat(fd).st_mode
    except OSError:
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)
