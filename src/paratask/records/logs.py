"""A run's folder and its logs: `.paratask/runs/<id>/<job>.log`, byte for byte what each job wrote.

A full disk or a read-only checkout must not fail a run: after the first error nothing more is kept, and `trouble` says why. Knows
nothing of jobs but their ids.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress

from paratask.names import ordinal
from paratask.state_files import (
    hold,
    is_locked,
    make_state_folder,
    open_kept,
    open_plain,
    read_kept,
    remove_file,
    replace_file,
    take_lock,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

STATE_FOLDER = ".paratask"
HISTORY_FILE = "history.sqlite"
JOURNAL_FILE = "journal.jsonl"
SUMMARY_FILE = "summary.json"
PRESENT_FILE = "now.jsonl"
"""What the run does just now; see present.py."""

COMMANDS_FILE = "commands.json"
"""What a run of plain commands was to carry out; not there in a run of tasks."""

LEARNED_FILE = "learned"
"""Empty: there once the history has what the run teaches."""

OVERTAKEN_FILE = "overtaken"
"""In `.paratask`: the ids of runs, a line each, that began before others whose ids sort before theirs: the clock was in the future then."""

INNER = "-inner"
"""How the ids of runs end that a command of another one began."""


PID_NAMESPACE = "/proc/self/ns/pid"
FIRST_NAMESPACE = 0xEFFFFFFC
"""Linux: PROC_PID_INIT_INO in proc_ns.h."""

STAMP = "%Y%m%d-%H%M%S"
STAMP_LENGTH = 15


def new_run_id(number: int = 0, *, is_inner: bool = False) -> str:
    """Sorts by time, and is one of a kind: the moment, our process, and a number where several begin at that moment.

    In UTC: local time is another one in a container, and goes back in autumn. Containers that share a checkout have the same few processes,
    so there the moment is told finer.
    """
    moment = time.time()
    stamp = time.strftime(STAMP, time.gmtime(moment))
    digits = 6 if _is_in_container() else 3
    part = f"{int(moment * 10**digits) % 10**digits:0{digits}d}"
    suffix = f"-{number}" if number else ""
    return f"{stamp}-{part}-{os.getpid()}{suffix}{INNER if is_inner else ''}"


def _is_in_container() -> bool:
    """Whether process ids are counted anew where we are."""
    try:
        return os.stat(PID_NAMESPACE).st_ino != FIRST_NAMESPACE
    except OSError:
        return False


class LogFile:
    """One job's log: opened at its first byte. Most short jobs write none, and descriptors for all that wait would run out.

    Open until the job has ended. What it left running may still write, each time at the end of the file.
    """

    def __init__(self, path: str, make_folder: Callable[[], None], trouble: Callable[[OSError], None]) -> None:
        self._path = path
        self._make_folder = make_folder
        self._trouble = trouble
        self._fd = -1
        self._ended = False
        self._closed = False

    def write(self, data: bytes) -> None:
        if self._closed or not data:
            return
        try:
            if self._fd < 0:
                self._make_folder()
                self._fd = _open(self._path)
            while (count := os.write(self._fd, data)) < len(data):  # a disk that is nearly full
                data = data[count:]
        except OSError as error:
            self.close()
            self._trouble(error)
        if self._ended:
            self._give_back()

    def place(self, count: int) -> tuple[str, int] | None:
        """The file and the offset of the last `count` bytes that were written; None where they may not be there."""
        return (self._path, os.lseek(self._fd, 0, os.SEEK_CUR) - count) if self._fd >= 0 else None

    def lock(self) -> None:
        """Show that this run is alive, by a lock (state_files.py); to be called once something is written."""
        try:
            take_lock(self._fd)
        except OSError:  # a file system without locks, or nothing could be written
            pass

    def hold(self) -> None:
        """Keep the file locked whatever else in this process opens and closes it."""
        if self._fd >= 0:
            hold(self._fd)

    def end(self) -> None:
        """The job has ended: from here on the file is open only while something is written."""
        self._ended = True
        self._give_back()

    def close(self) -> None:
        """Nothing more is kept."""
        self._closed = True
        self._give_back()

    def _give_back(self) -> None:
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
            log = self._logs[job] = LogFile(self.log_path(job), self._make, self._note)
        return log

    def journal(self) -> LogFile:
        """What is announced goes here, a line each."""
        return LogFile(os.path.join(self.path, JOURNAL_FILE), self._make, self._note)

    def log_path(self, job: str) -> str:
        return os.path.join(self.path, f"{job}.log")

    def attempt_path(self, job: str, attempt: int) -> str:
        """Where the log of an attempt is kept once another follows."""
        return os.path.join(self.path, f"{job}.{ordinal(attempt)}-attempt.log")

    def set_aside(self, job: str, attempt: int) -> str:
        """Keep the log of an attempt beside the one that follows; an empty one where it wrote nothing. Its path, empty where it is lost."""
        log = self._logs.pop(job, None)
        if log is not None:
            log.close()
        kept = self.attempt_path(job, attempt)
        try:
            self._make()
            os.close(_open(self.log_path(job)))
            os.replace(self.log_path(job), kept)
        except OSError as error:
            self._note(error)
            return ""
        return kept

    def end_log(self, job: str) -> None:
        """The job has ended."""
        log = self._logs.pop(job, None)
        if log is not None:
            log.end()

    def has_records(self, ending: str = "") -> bool:
        """Whether something is kept, in a file of such a name: what a full disk had no room for may be there, and empty."""
        try:
            with os.scandir(self.path) as entries:
                return any(entry.name.endswith(ending) and entry.stat().st_size for entry in entries)
        except OSError:
            return False

    def write_file(self, name: str, text: str) -> None:
        """Write a whole file in one step."""
        self._make()
        try:
            replace_file(os.path.join(self.path, name), text.encode(errors="surrogateescape"))
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
            make_state_folder(self._state, "runs", self.run)
            _note_overtaken(self._state, self.run)
        except OSError as error:
            self._note(error)


def prune_runs(
    state: str,
    keep: int,
    *,
    before: Callable[[Sequence[str]], bool] = lambda _: True,
    spares: Callable[[str], bool] = lambda _: False,
    own: Collection[str] = (),
) -> None:
    """Remove old runs, but for folders that `spares` holds for, and the runs that are our `own`. `before` is told of those that go, oldest
    first, and says whether they may go now.
    """
    folder = os.path.join(state, "runs")
    names = oldest_first(state)
    old = [name for name in old_runs(names, keep) if name not in own and not spares(os.path.join(folder, name))]
    if old and before(old):
        for name in old:
            _remove_flat(os.path.join(folder, name))


def oldest_first(state: str) -> list[str]:
    """The ids of all runs in the order in which they began. Ids sort by time, but for those that the clock was in the future of."""
    try:
        runs = sorted(os.listdir(os.path.join(state, "runs")))
    except OSError:
        return []
    overtaken = _overtaken(state)
    return sorted(runs, key=lambda run: run not in overtaken) if overtaken else runs


def _overtaken(state: str) -> frozenset[str]:
    try:
        return frozenset(read_kept(os.path.join(state, OVERTAKEN_FILE)).decode(errors="replace").split("\n"))
    except OSError:
        return frozenset()


def _note_overtaken(state: str, own: str) -> None:
    """A run begins, and is newer than all that there are. What has an id of the future was begun when the clock was wrong. Raises OSError."""
    now = time.strftime(STAMP, time.gmtime(time.time()))
    runs = os.listdir(os.path.join(state, "runs"))
    ahead = [run for run in runs if run[:STAMP_LENGTH] > now and run > own]
    known = _overtaken(state)
    if not (ahead or known):
        return
    still = sorted({*ahead, *known} & set(runs))
    path = os.path.join(state, OVERTAKEN_FILE)
    if not still:
        remove_file(path)
    elif set(still) != known:
        replace_file(path, "\n".join(still).encode())


def old_runs(runs: Sequence[str], keep: int) -> list[str]:
    """Of all runs, oldest first, those that are not the newest `keep`. Runs inside others do not count: they go with those, or when there
    are as many of them.
    """
    inner = [run for run in runs if run.endswith(INNER)]
    outer = [run for run in runs if not run.endswith(INNER)]
    gone = {*outer[: max(0, len(outer) - keep)], *inner[: max(0, len(inner) - keep)]}
    before = next((place for place, run in enumerate(runs) if not (run in gone or run.endswith(INNER))), 0)
    return [run for place, run in enumerate(runs) if run in gone or (place < before and run.endswith(INNER))]


def goes_on(folder: str) -> bool:
    """Whether the run of that folder still goes on."""
    if os.path.exists(os.path.join(folder, SUMMARY_FILE)):
        return False
    return is_written(os.path.join(folder, JOURNAL_FILE))


def was_killed(folder: str) -> bool:
    """Whether the run of that folder began, and did not come to its end, in another process than this one. It is not looked at what is
    ours: who closes a file gives up its lock.
    """
    journal = os.path.join(folder, JOURNAL_FILE)
    if maker_of(os.path.basename(folder)) == os.getpid() or not os.path.exists(journal):
        return False
    return not goes_on(folder) and not os.path.exists(os.path.join(folder, SUMMARY_FILE))


def maker_of(run: str) -> int:
    """The process that made the run of that id."""
    parts = run.split("-")
    return int(parts[3]) if len(parts) > 3 and parts[3].isdecimal() else 0


def is_written(journal: str) -> bool:
    """Whether the run of that journal still goes on, in another process. It may be another user's, so that we may only read it."""
    try:
        fd = open_plain(journal)
    except OSError:
        return False
    try:
        return is_locked(fd)
    except OSError:  # a file system without locks
        return False
    finally:
        os.close(fd)


def is_in_history(state: str, run: str) -> bool:
    """Whether the lessons of a run are in the history, or it has none. Looks at names only."""
    folder = os.path.join(state, "runs", run)
    if os.path.exists(os.path.join(folder, LEARNED_FILE)) and os.path.exists(os.path.join(state, HISTORY_FILE)):
        return True
    return not lessons_size(folder)


def lessons_size(folder: str) -> int:
    """How many bytes have to be read to learn from the run of that folder; 0 where it has nothing to teach."""
    if os.path.exists(os.path.join(folder, COMMANDS_FILE)):
        return 0
    return _size(folder, SUMMARY_FILE) or _size(folder, JOURNAL_FILE)


def mark_learned(folder: str) -> None:
    """The lessons of that run are in the history. Where that cannot be noted, somebody looks there another time."""
    with suppress(OSError):
        os.close(os.open(os.path.join(folder, LEARNED_FILE), os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o666))


def _size(folder: str, name: str) -> int:
    """0 where there is no such file."""
    try:
        return os.stat(os.path.join(folder, name)).st_size
    except OSError:
        return 0


def end_of(path: str, most_bytes: int) -> str:
    """The last bytes of a log, as text; empty where there is none."""
    try:
        with open_kept(path) as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - most_bytes))
            return file.read().decode("utf-8", errors="replace")
    except OSError:
        return ""


def _open(path: str) -> int:
    """A descriptor that writes at the end of a log. Raises OSError."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)


def _remove_flat(folder: str) -> None:
    """A folder that holds files only."""
    try:
        for name in os.listdir(folder):
            os.unlink(os.path.join(folder, name))
        os.rmdir(folder)
    except OSError:
        pass
