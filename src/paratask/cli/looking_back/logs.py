"""`--logs`: what jobs of a kept run wrote, byte for byte; with --follow as they write it. Runs nothing.

One log is shown as it is; of several, each has a line above it with its job's name. The commands of a task that run side by side have one
each, which are its own.
"""

from __future__ import annotations

import os
import sys
import time

from paratask.cli.looking_back.meant import Meant
from paratask.cli.looking_back.runs import runs_with, say_doubt
from paratask.cli.looking_back.state import find_state, names_of
from paratask.cli.setup import painter_for
from paratask.errors import ParataskError, system_words
from paratask.names import shown_name
from paratask.records.logs import JOURNAL_FILE, is_written
from paratask.records.runs import read_run
from paratask.state_files import open_kept

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any, BinaryIO

    from paratask.cli.options import Typed
    from paratask.records.runs import KeptRun
    from paratask.reporting.colors import Paint

BLOCK_BYTES = 1 << 16
PAUSE_SECONDS = 0.1
MOST_NAMED = 5


def show_logs(typed: Typed) -> int:
    """`--logs`: show the logs of the named tasks, or of all, in the newest run that has them. The exit code: 1 where there is
    none. Raises ParataskError.
    """
    bench, state = find_state(typed)
    logs = Logs(typed, painter_for(typed, 1))
    missing = 0
    for name in names_of(typed) or ("",):
        meant = Meant(name, bench)
        found = next(runs_with(typed, state, meant), None)
        if found is None:
            sys.stderr.write(f"paratask: {meant.not_kept()}\n")
            missing = 1
        elif not logs.show(found, meant) and typed.flag("failed"):
            who = f"`{name}` did not fail" if name else "nothing failed"
            sys.stderr.write(f"paratask: {who} in run {found.run}{_left(found)}\n")
        elif typed.flag("failed") and (silent := list(_failed_in_silence(found, meant))):
            sys.stderr.writelines(silent)
        elif not logs.wrote:
            who = f"`{name}`" if name else "what failed" if typed.flag("failed") else "all that ran"
            where = _where_done(found, meant) or _who_wrote(found, meant)
            sys.stderr.write(f"paratask: {who} wrote nothing in run {found.run}{where}\n")
    return missing


class Logs:
    """What is shown, and how far each log has been. `wrote` is whether the last that was asked for had anything to show."""

    def __init__(self, typed: Typed, paint: Paint) -> None:
        self._typed = typed
        self._paint = paint
        self._out: BinaryIO = sys.stdout.buffer
        self._places: dict[str, tuple[int, int]] = {}  # which file each path was, by its inode, and how much of it was shown
        self._last = ""
        self._ends_in_line = True
        self.wrote = False

    def show(self, kept: KeptRun, meant: Meant) -> bool:
        """Whether any job was meant."""
        follows = self._typed.flag("follow")
        shown = self.wrote = False
        while True:
            goes_on = follows and is_written(os.path.join(kept.folder, JOURNAL_FILE))
            jobs = list(self._meant(kept, meant))
            if not shown:
                say_doubt(meant, jobs)
            for job in jobs:
                self._copy(kept, job, is_lone=bool(meant.name) and len(jobs) == 1)
            shown = shown or bool(jobs)
            self._out.flush()
            if not goes_on:
                return shown
            time.sleep(PAUSE_SECONDS)  # the run is another process, which tells nobody
            kept = read_run(kept.folder) or kept

    def _meant(self, kept: KeptRun, meant: Meant) -> Iterator[Mapping[str, Any]]:
        whole: dict[str, str] = {}
        for job in kept.jobs:
            is_meant = meant.job(job)
            if is_meant:
                whole[job["id"]] = f"{job['task']}#"
            is_part = job["parent"] in whole and str(job["task"]).startswith(whole[job["parent"]])
            if (job["state"] == "failed" or not self._typed.flag("failed")) and (is_meant or is_part):
                yield job

    def _copy(self, kept: KeptRun, job: Mapping[str, Any], *, is_lone: bool) -> None:
        """What is new in a job's log. One that began again has another file there: what the one before it had left to show comes first."""
        path = kept.log_path(str(job["id"]))
        file, place = self._places.get(path, (0, 0))
        log = _opened(path)
        now = os.fstat(log.fileno()).st_ino if log is not None else 0
        if file and now != file:
            self._show(_set_aside(kept.folder, str(job["id"]), file), place, path, job, is_lone=is_lone)
            self._places.pop(path)
            self._last, place = "", 0
        if log is not None:
            self._places[path] = now, self._show(log, place, path, job, is_lone=is_lone)

    def _show(self, log: BinaryIO | None, place: int, path: str, job: Mapping[str, Any], *, is_lone: bool) -> int:
        """A file from `place` to its end, which is returned."""
        if log is None:
            return place
        with log:
            log.seek(place)
            while block := log.read(BLOCK_BYTES):
                if path != self._last and not is_lone:
                    self._out.write(b"" if self._ends_in_line else b"\n")
                    self._out.write(self._paint("cyan", _heading(job)).encode(errors="surrogateescape") + b"\n")
                self._last = path
                self._out.write(block)
                self._ends_in_line = block.endswith(b"\n")
                self.wrote = True
            return log.tell()


def _opened(path: str) -> BinaryIO | None:
    """A log, to be read; None where there is none. Raises ParataskError."""
    try:
        return open_kept(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ParataskError(f"a log cannot be read: {system_words(error)}") from None


def _set_aside(folder: str, job: str, file: int) -> BinaryIO | None:
    """The log of an earlier attempt of that job: the file that its log was then. None where it is gone."""
    try:
        paths = [os.path.join(folder, name) for name in os.listdir(folder) if name.startswith(f"{job}.")]
        path = next((path for path in paths if os.lstat(path).st_ino == file), "")
    except OSError:
        return None
    return _opened(path) if path else None


def _failed_in_silence(kept: KeptRun, meant: Meant) -> Iterator[str]:
    """Why each job failed that wrote nothing: for a precondition, say. Not those that failed since one that they called did."""
    for job in kept.jobs:
        failed = job["state"] == "failed" and not job.get("passed_on") and meant.job(job)
        if failed and not _has_content(kept.log_path(str(job["id"]))):
            name = shown_name(job["id"], job["task"])
            yield f"paratask: `{name}` failed in run {kept.run} and wrote nothing: {job.get('state_reason', '')}\n"


def _has_content(path: str) -> bool:
    try:
        return os.lstat(path).st_size > 0
    except OSError:
        return False


def _where_done(kept: KeptRun, meant: Meant) -> str:
    """Where else to look for what a job wrote that an earlier run had finished."""
    was_done = meant.name and any(job.get("done_before") and meant.job(job) for job in kept.jobs)
    run = kept.document.get("resumes", "")
    return f": run {run} had finished it (`--logs --run {run}`)" if was_done else ""


def _who_wrote(kept: KeptRun, meant: Meant) -> str:
    """The jobs that one called which only calls others, as far as these wrote something."""
    callers = {job["id"] for job in kept.jobs if meant.name and meant.job(job)}
    called = [job for job in kept.jobs if job["parent"] in callers and os.path.lexists(kept.log_path(str(job["id"])))]
    names = [f"`{shown_name(job['id'], job['task'])}`" for job in called[:MOST_NAMED]]
    more = f" and {len(called) - MOST_NAMED} more" if len(called) > MOST_NAMED else ""
    return f"; it called {', '.join(names)}{more}" if names else ""


def _left(kept: KeptRun) -> str:
    """What keeps that from being all there is to say."""
    if kept.result == "running":
        return ", which goes on"
    return f", which was {kept.how_it_ended}" if kept.result in ("stopped", "killed") else ""


def _heading(job: Mapping[str, Any]) -> str:
    """The line above a job's log. It is one line, though the name of a plain command may have several."""
    return f"==> {' '.join(shown_name(job['id'], job['task'], job.get('label', '')).split())}, {job['state']}"
