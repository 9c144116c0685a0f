"""A run's folder and its logs: `.paratask/runs/<id>/<job>.log`, byte for byte what each job wrote.

A full disk or a read-only checkout must not fail a run: after the first error nothing more is kept, and `trouble` says why. Knows
nothing of jobs but their ids.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

STATE_FOLDER = ".paratask"
HISTORY_FILE = "history.sqlite"


class LogFile:
    """One job's log, open for as long as the run."""

    def __init__(self, path: str, trouble: Callable[[OSError], None]) -> None:
        self._trouble = trouble
        self._fd = -1
        try:
            self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
        except OSError as error:
            trouble(error)

    def write(self, data: bytes) -> None:
        if self._fd < 0:
            return
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(self._fd, view) :]
        except OSError as error:
            self.close()
            self._trouble(error)

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


class RunFolder:
    """The folder of one run, made when something is first kept. `state` is the absolute path of `.paratask`."""

    def __init__(self, state: str, run: str) -> None:
        self.run = run
        self.path = os.path.join(state, "runs", run)
        self.trouble = ""
        self._state = state
        self._logs: dict[str, LogFile] = {}
        self._made = False

    def of(self, job: str) -> LogFile:
        """The log of a job."""
        log = self._logs.get(job)
        if log is None:
            self._make()
            log = self._logs[job] = LogFile(self.log_path(job), self._note)
        return log

    def log_path(self, job: str) -> str:
        return os.path.join(self.path, f"{job}.log")

    def set_aside(self, job: str) -> str:
        """Keep the log of a first attempt beside the one that follows."""
        log = self._logs.pop(job, None)
        if log is not None:
            log.close()
        kept = os.path.join(self.path, f"{job}.first-attempt.log")
        try:
            os.replace(self.log_path(job), kept)
        except OSError as error:
            self._note(error)
        return kept

    def close_log(self, job: str) -> None:
        log = self._logs.pop(job, None)
        if log is not None:
            log.close()

    def write_file(self, name: str, text: str) -> None:
        """Atomically."""
        self._make()
        path = os.path.join(self.path, name)
        try:
            with open(f"{path}.tmp", "w", encoding="utf-8", errors="surrogateescape") as file:
                file.write(text)
            os.replace(f"{path}.tmp", path)
        except OSError as error:
            self._note(error)

    def close(self) -> None:
        for log in self._logs.values():
            log.close()
        self._logs.clear()

    def _note(self, error: OSError) -> None:
        self.trouble = self.trouble or f"{error.strerror}: {error.filename or self.path}"

    def _make(self) -> None:
        if self._made:
            return
        self._made = True
        try:
            os.makedirs(self.path, exist_ok=True)
            ignore = os.path.join(self._state, ".gitignore")
            if not os.path.exists(ignore):
                with open(ignore, "w", encoding="ascii") as file:
                    file.write("*\n")
        except OSError as error:
            self._note(error)


def prune_runs(state: str, keep: int, *, before: Callable[[str], None] = lambda _: None) -> None:
    """Remove all but the newest `keep` runs. Ids sort by time. `before` is told of the newest one that goes."""
    folder = os.path.join(state, "runs")
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return
    old = names[: max(0, len(names) - keep)]
    if old:
        before(old[-1])
    for name in old:
        _remove_flat(os.path.join(folder, name))


def is_in_history(state: str, run: str) -> bool:
    """Whether the lessons of a run are in the history, or it has none. Looks at times only: that file is younger than the summary."""
    try:
        summary = os.stat(os.path.join(state, "runs", run, "summary.json")).st_mtime
    except OSError:
        return True
    try:
        return os.stat(os.path.join(state, HISTORY_FILE)).st_mtime >= summary
    except OSError:
        return False


def _remove_flat(folder: str) -> None:
    """A folder that holds files only."""
    try:
        for name in os.listdir(folder):
            os.unlink(os.path.join(folder, name))
        os.rmdir(folder)
    except OSError:
        pass
