"""What earlier runs taught: what jobs and runs took, and which tasks must not overlap. `.paratask/history.sqlite`.

One row for each job that ran and one for each run, taken from runs' summaries, and journals of those that were killed, when somebody asks, or before a summary is removed:
a run that asks nothing pays nothing. Of both there is a bounded number. A broken or unwritable file costs the lessons, never the
run (database.py). Knows nothing of what is made of the rows.
"""

from __future__ import annotations

import os
import time
from itertools import accumulate

from paratask.records.database import Database, say_nothing
from paratask.records.lessons import JOB_COLUMNS, RUN_COLUMNS, SAMPLE_COLUMNS, TELLING, read_lessons, samples_of
from paratask.records.logs import HISTORY_FILE, SUMMARY_FILE, lessons_size, mark_learned, was_killed

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Sequence

    from paratask.records.database import Row

MAX_ROWS_A_TASK = 200
MAX_JOBS = 20_000
MAX_RUNS = 2_000
MAX_CONFLICTS = 2_000
RUN_WAITS_SECONDS = 0.2
ASKED_WAITS_SECONDS = 2.0
"""For somebody else's lock: a run is about its tasks, and goes on without what it might have known."""

WITHOUT_FOR_RUN = "this run foresees nothing, and does not know what must not run side by side"
TRY_AGAIN = "try again when that program is done; `paratask --doctor` says how to find it"
MOST_BYTES_BEFORE = 1 << 20
"""Of what later runs teach, taken in before one is removed: some 2,000 jobs, which take a twentieth of a second."""

MANY_UNSEEN = 4
"""So many new summaries are read anew by each run that asks; with more, writing down what they teach takes less time."""


class History:
    """Opened for one question or lesson at a time. `state` is the absolute path of `.paratask`; `warn` hears of a broken file.

    One that is asked `for_run` waits less for other programs, and keeps what could not be written for a later attempt (`catch_up`).
    `without` is what follows where the file cannot be read because somebody else has it; else who asks looks at `is_unread`.
    """

    def __init__(
        self, state: str, *, warn: Callable[[str], None] = say_nothing, for_run: bool = False, without: str = ""
    ) -> None:
        self._state = state
        self._for_run = for_run
        self._untold: list[tuple[str, str, str, float]] = []
        self._database = Database(
            os.path.join(state, HISTORY_FILE), warn=warn, patience_seconds=RUN_WAITS_SECONDS if for_run else ASKED_WAITS_SECONDS,
            without=WITHOUT_FOR_RUN if for_run else without,
        )  # fmt: skip

    @property
    def is_unread(self) -> bool:
        """Whether a question was not answered because another program had the file for itself."""
        return self._database.is_unread

    @property
    def unread_because(self) -> str:
        """Why else a question was not answered, in words; empty where none was left so."""
        return self._database.unread_because

    @property
    def is_locked(self) -> bool:
        """Whether a question or a lesson came to nothing for that reason: what is not written down now can be later."""
        return self._database.was_locked

    def conflicts(self) -> frozenset[frozenset[str]]:
        """Pairs of task names that failed beside each other and passed alone."""
        return frozenset(frozenset((first, second)) for first, second, _ in self.remembered())

    def remembered(self) -> list[tuple[str, str, float]]:
        """The same pairs, sorted, with the moment of the last time."""
        rows = self._database.read("select first, second, at from conflicts order by first, second")
        return [(str(first), str(second), float(str(at))) for first, second, at in rows]

    def remember_conflict(self, task: str, others: Iterable[str], *, run: str, at: float) -> None:
        """`task` failed beside `others` and passed alone."""
        self._untold += [(min(task, other), max(task, other), run, at) for other in others]
        self._remember(matters=not self._for_run)

    def catch_up(self) -> None:
        """The run ends: what could not be written down while it went on is tried once more, and it is said if that fails too."""
        if self._untold:
            self._database.wait_again()
            self._remember(matters=True)

    def _remember(self, *, matters: bool) -> None:
        pairs = self._untold

        def remember(connection: sqlite3.Connection) -> bool:
            connection.executemany("insert or replace into conflicts values (?, ?, ?, ?)", pairs)
            _keep_newest(connection, "conflicts", "at", MAX_CONFLICTS)
            return True

        if self._database.change(remember, matters=matters) or matters:
            self._untold = []

    def forget_conflicts(self, tasks: Sequence[str] = (), *, own_name: Callable[[str], str] = str) -> list[tuple[str, str]]:
        """Trust pairs again, and say which: all of them, those of one task, or those between several. `own_name` says which names are of
        one task: what is typed may be an alias, and older pairs may have one.
        """
        wanted = frozenset(map(own_name, tasks))
        chosen = [(a, b) for a, b, _ in self.remembered() if _is_meant(own_name(a), own_name(b), wanted)]

        def forget(connection: sqlite3.Connection) -> list[tuple[str, str]]:
            connection.executemany("delete from conflicts where first = ? and second = ?", chosen)
            return chosen

        return (self._database.change(forget) or []) if chosen else []

    def jobs(self) -> list[Row]:
        """Every job that is known, newest first; the columns are lessons.JOB_COLUMNS."""
        self.learn()
        return self._database.read(f"select {', '.join(JOB_COLUMNS)} from jobs order by run desc, id desc")  # noqa: S608

    def samples(self) -> list[Row]:
        """Of the jobs that came to their end, newest first; the columns are lessons.SAMPLE_COLUMNS.

        A run waits for them before it starts anything, and so not for the disk: a few new summaries are not written down yet. A journal, which
        takes longer to read, is.
        """
        unseen = self._unseen(self._kept())
        if (len(unseen) > MANY_UNSEEN or any(not self._has_summary(run) for run in unseen)) and self.learn():
            unseen = []
        fresh = [sample for run in reversed(unseen) for sample in samples_of(read_lessons(self._folder(run))[1])]
        columns = ", ".join(SAMPLE_COLUMNS)
        chosen = f"state in ({', '.join('?' * len(TELLING))})"
        question = f"select {columns} from jobs where {chosen} order by run desc, id desc"  # noqa: S608
        known = self._database.read(question, TELLING)
        return [*fresh, *known]

    def runs(self) -> list[Row]:
        """Every run that is known, newest first; the columns are lessons.RUN_COLUMNS."""
        self.learn()
        return self._database.read(f"select {', '.join(RUN_COLUMNS)} from runs order by run desc")  # noqa: S608

    def learn(self, *, matters: bool = False) -> bool:
        """Take in what runs that ended, or were killed, and were not seen yet, have left, and drop what is old. Where it matters, it is said if that
        fails. Whether all is known that they teach.
        """
        names = self._kept()
        return self._take_in(self._unseen(names), names, matters=matters)

    def learn_before(self, runs: Sequence[str]) -> bool:
        """Take in what these runs teach, the oldest, which are about to be removed, and some of what those after them do: so that one run in a few pays
        a little, and none for all of them. Whether all is known that they teach.
        """
        names = self._kept()
        unseen = self._unseen(names)
        bytes_before = accumulate((lessons_size(self._folder(run)) for run in unseen), initial=0)
        chosen = [run for run, size in zip(unseen, bytes_before, strict=False) if run in runs or size < MOST_BYTES_BEFORE]
        if not self._take_in(chosen, names, matters=False):
            return False
        for run in names & self._seen():  # an earlier version, or one that could not, may have left them without a mark
            mark_learned(self._folder(run))
        return True

    def _take_in(self, unseen: Sequence[str], names: set[str], *, matters: bool) -> bool:
        lessons = [(run, read_lessons(self._folder(run))) for run in unseen]
        if not lessons:
            return not self.is_unread

        def take_in(connection: sqlite3.Connection) -> bool:
            for run, (row, jobs) in lessons:
                if connection.execute("insert or ignore into seen values (?)", (run,)).rowcount and row:
                    _insert(connection, "runs", RUN_COLUMNS, [(run, *row)])
                    _insert(connection, "jobs", JOB_COLUMNS, [(run, *job) for job in jobs])
            gone = [(str(run),) for (run,) in connection.execute("select run from seen") if run not in names]
            connection.executemany("delete from seen where run = ?", gone)
            _prune(connection, min(max(names), time.strftime("%Y%m%d", time.gmtime())))
            return True

        is_written = self._database.change(take_in, matters=matters) is True
        for run in unseen if is_written else ():
            mark_learned(self._folder(run))
        return is_written

    def _kept(self) -> set[str]:
        try:
            return set(os.listdir(os.path.join(self._state, "runs")))
        except OSError:
            return set()

    def _unseen(self, names: set[str]) -> list[str]:
        """None where the file cannot be read just now: it cannot be told which are in it."""
        seen = self._seen() if names else set()
        if self.is_unread:
            return []
        return [run for run in sorted(names - seen) if self._has_summary(run) or was_killed(self._folder(run))]

    def _seen(self) -> set[str]:
        return {str(run) for (run,) in self._database.read("select run from seen")}

    def _has_summary(self, run: str) -> bool:
        return os.path.exists(os.path.join(self._folder(run), SUMMARY_FILE))

    def _folder(self, run: str) -> str:
        return os.path.join(self._state, "runs", run)


def _insert(connection: sqlite3.Connection, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    marks = ", ".join("?" * len(columns))
    connection.executemany(f"insert or replace into {table} ({', '.join(columns)}) values ({marks})", rows)  # noqa: S608


def _prune(connection: sqlite3.Connection, newest: str) -> None:
    """What is older than a year before the newest run goes, and what is beyond the bounds. One of the future does not count: a clock was wrong
    once, and all that is learned would go each time.
    """
    if newest[:4].isdecimal():
        horizon = (f"{int(newest[:4]) - 1}{newest[4:]}",)
        connection.execute("delete from jobs where run < ?", horizon)
        connection.execute("delete from runs where run < ?", horizon)
    connection.execute(
        "delete from jobs where id in (select id from"
        " (select id, row_number() over (partition by task order by run desc, id desc) as place from jobs) where place > ?)",
        (MAX_ROWS_A_TASK,),
    )
    _keep_newest(connection, "jobs", "run", MAX_JOBS)
    _keep_newest(connection, "runs", "run", MAX_RUNS)


def _keep_newest(connection: sqlite3.Connection, table: str, order: str, most: int) -> None:
    connection.execute(
        f"delete from {table} where rowid in"  # noqa: S608 - names of ours
        f" (select rowid from {table} order by {order} desc, rowid desc limit -1 offset ?)",
        (most,),
    )


def _is_meant(first: str, second: str, tasks: frozenset[str]) -> bool:
    if len(tasks) > 1:
        return first in tasks and second in tasks
    return not tasks or first in tasks or second in tasks
