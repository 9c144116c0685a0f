"""Keeps what a run does just now where other processes can read it (records/present.py), for `--why` of a run that goes on.

Looks once a second, at the same things as the live view, and writes only what has changed: a server that starts anew when any file of the
checkout changes must not do so as long as nothing happens. Loaded when a run has lasted a second. Knows nothing of who reads it.
"""

from __future__ import annotations

import json
import os
from itertools import islice

from paratask.names import shown_name
from paratask.records.logs import PRESENT_FILE
from paratask.records.present import present_document
from paratask.reporting.live_reasons import reason_text
from paratask.state_files import remove_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from paratask.execution.jobs import Job
    from paratask.execution.looking import Lookout
    from paratask.records.logs import RunFolder

EACH_SECONDS = 1.0
MOST_WAITING = 1000


class PresentRecord:
    """Of one run. `later` calls back after so many seconds, if the run still goes on then."""

    def __init__(
        self,
        *,
        folder: RunFolder,
        lookout: Lookout,
        job_of: Callable[[str], Job],
        mask_all: Callable[[object], object],
        later: Callable[[float, Callable[[], None]], object],
        warn: Callable[[str], None],
    ) -> None:
        self._folder = folder
        self._lookout = lookout
        self._job_of = job_of
        self._mask_all = mask_all
        self._later = later
        self._warn = warn
        self._is_over = False
        self._known: dict[str, object] = {}

    def look(self) -> None:
        """Now, and every second from now on. A defect here ends this, and not the run."""
        if self._is_over:
            return
        self._later(EACH_SECONDS, self.look)
        try:
            self._write()
        except Exception as error:  # noqa: BLE001 - whatever it is
            self.close()
            self._warn(f"what the run does is not kept while it goes on: {error!r}")

    def _write(self) -> None:
        lookout = self._lookout
        holds = islice(lookout.holds().items(), MOST_WAITING)
        waits = [(job, reason_text(hold, self._name, "", lookout.budget)) for job, hold in holds]
        document = present_document(lookout.began(), waits)
        if document != self._known:
            self._known = document
            text = json.dumps(self._mask_all({"at": lookout.now(), **document}), ensure_ascii=False)
            self._folder.write_file(PRESENT_FILE, text + "\n")

    def close(self) -> None:
        """The run has ended, and what it came to is kept."""
        self._is_over = True
        remove_file(os.path.join(self._folder.path, PRESENT_FILE))

    def _name(self, job: str) -> str:
        return shown_name(job, self._job_of(job).task)
