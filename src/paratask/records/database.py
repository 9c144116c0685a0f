"""The file behind the history: opened for one question or change at a time, brought up to date, set aside when it is damaged.

Safe with several paratasks at once: sqlite's own locking, short transactions, a short wait for whoever is faster. Nothing here raises
for the state of the file: a question then has no answer, a change is not kept, and `warn` is told what people should know. Knows the
tables' shape (`SCHEMA`), and nothing of what is in them.
"""

from __future__ import annotations

import os
import stat

from paratask.errors import system_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence
    from typing import TypeVar

    T = TypeVar("T")
    Row = tuple[object, ...]

SCHEMA_VERSION = 4
LOCKED = "another program has it locked"
UNREAD = f"the history cannot be read, {LOCKED}"
DAMAGED = ".damaged"
SCHEMA = """
create table if not exists runs (run text primary key, calls text not null, started_at real not null, seconds real not null,
  exit_code integer not null, jobs integer not null, one_at_a_time real, saved real, recovery real not null, predicted real,
  stopped_by text not null default '');
create table if not exists jobs (id integer primary key, run text not null, task text not null, variables text not null,
  started_at real not null, state text not null, exit_code integer, seconds real not null, command_seconds real not null,
  cpu_seconds real not null, peak_bytes integer not null, read_bytes integer not null, written_bytes integer not null,
  neighbours integer not null, attempts integer not null, recovery real not null, saved real not null,
  queued_seconds real not null default 0);
create index if not exists jobs_by_task on jobs (task, started_at);
create table if not exists conflicts (first text not null, second text not null, run text not null, at real not null,
  primary key (first, second));
create table if not exists seen (run text primary key);
"""
FROM_VERSION_1 = """
insert into jobs (run, task, variables, started_at, state, exit_code, seconds, command_seconds, cpu_seconds, peak_bytes,
  read_bytes, written_bytes, neighbours, attempts, recovery, saved)
  select run, task, '', 0, 'succeeded', 0, seconds, seconds, cpu, 0, 0, 0, 0, 1, 0, 0 from durations order by run;
drop table durations;
"""
FROM_VERSION_3 = """
alter table runs add column stopped_by text not null default '';
"""
FROM_VERSION_2 = f"""
alter table jobs add column queued_seconds real not null default 0;
{FROM_VERSION_3}
"""


def say_nothing(_: str) -> None:
    """For questions of which nobody has to hear."""


class Database:
    """`path` is the file's. `warn` gets one sentence for what is wrong with it.

    For a lock that somebody else holds it waits `patience_seconds`, and once that was not enough it does not wait again: whoever asks
    ten questions is not to wait ten times. That a question got no answer for this reason is said once, with what follows of it
    (`without`); without a word where nothing is known to follow, as who asks has `is_unread`.
    """

    def __init__(
        self, path: str, *, patience_seconds: float, without: str = "", warn: Callable[[str], None] = say_nothing
    ) -> None:
        self._path = path
        self._patience_seconds = patience_seconds
        self._without = without
        self._warn = warn
        self._is_stuck = False
        self.was_locked = False
        self.is_unread = False
        """Whether a question was not answered because the file was locked."""
        self.unread_because = ""
        """Why else one was not answered, of a file that is there: it is another user's, or a later version's."""

    def read(self, question: str, values: Sequence[object] = ()) -> list[Row]:
        """The rows; none where there is no file, or where it cannot be used."""
        if not os.path.exists(self._path):
            return []

        def ask(connection: sqlite3.Connection) -> list[Row]:
            return list(connection.execute(question, values))

        return self._use(ask, [], is_locked=self._tell_unread, trouble=self._note_unread) or []

    def wait_again(self) -> None:
        """Some time has passed: whoever held the lock may have let go of it."""
        self.was_locked = False

    def change(self, work: Callable[[sqlite3.Connection], T], *, matters: bool = True) -> T | None:
        """What `work` returns; it runs in a transaction of its own. None where nothing could be written.

        One that does not matter, because it can be made up for later, fails without a word.
        """

        def carry_out(connection: sqlite3.Connection) -> T:
            connection.execute("begin immediate")
            done = work(connection)
            connection.execute("commit")
            return done

        def tell(words: str) -> None:
            if matters:
                self._warn(f"the history is not kept: {words}")

        return self._use(carry_out, None, trouble=tell, is_locked=lambda: tell(LOCKED))

    def _use(
        self,
        work: Callable[[sqlite3.Connection], T],
        otherwise: T | None,
        *,
        is_locked: Callable[[], None],
        trouble: Callable[[str], None],
    ) -> T | None:
        import sqlite3

        inode = _inode(self._path)
        try:
            connection = self._connect()
            try:
                return work(connection)
            finally:
                connection.close()
        except (sqlite3.Error, OSError, ValueError, OverflowError) as error:
            if is_lock(error):
                self.was_locked = True
                is_locked()
            elif _is_damage(error):
                self._set_aside(inode, error)
            else:
                trouble(system_words(error))
            return otherwise

    def _tell_unread(self) -> None:
        if self._without and not self.is_unread:
            self._warn(f"{UNREAD}: {self._without}")
        self.is_unread = True

    def _note_unread(self, words: str) -> None:
        self.unread_because = words

    def _connect(self) -> sqlite3.Connection:
        import sqlite3

        os.makedirs(os.path.dirname(self._path), exist_ok=True)
        if is_of_another(self._path):
            raise PermissionError(f"{self._path} belongs to another user")
        if words := why_unusable(self._path):
            raise sqlite3.DatabaseError(words)
        patience = 0.0 if self.was_locked else self._patience_seconds
        connection = sqlite3.connect(self._path, timeout=patience, isolation_level=None)
        try:
            _refuse_programs(connection)
            _bring_up_to_date(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _set_aside(self, inode: int, error: Exception) -> None:
        """Only the file that was found damaged: somebody else may have put a good one in its place meanwhile."""
        kept = self._path + DAMAGED
        if not inode or _inode(self._path) != inode:
            return
        try:
            os.replace(self._path, kept)
        except OSError as failed:
            if not self._is_stuck:
                self._is_stuck = True
                self._warn(f"the history is damaged ({error}), and cannot be put aside: {system_words(failed)}")
            return
        self._warn(f"the history is damaged ({error}), and begins anew; the old one is {os.path.basename(kept)} beside it")


def is_of_another(path: str) -> bool:
    """Whether the file is another user's, and so not to be believed."""
    try:
        return os.stat(path).st_uid != os.geteuid()
    except OSError:
        return False


def why_unusable(path: str) -> str:
    """Why what has the history's name is no file that anybody could open, in words: a folder, or one without a right to read it. Empty
    where it can be opened, or is not there. A link could lead to another program's database, in which our tables would be made.
    """
    try:
        mode = os.lstat(path).st_mode
    except OSError:
        return ""
    if stat.S_ISLNK(mode):
        return "it is a symbolic link"
    if not stat.S_ISREG(mode):
        return "it is a folder" if stat.S_ISDIR(mode) else "it is no plain file"
    return "" if os.access(path, os.R_OK) else "its permissions do not let it be read"


def is_lock(error: Exception) -> bool:
    """Whether sqlite says that another program has the file, or a table of it, for itself."""
    return "is locked" in str(error)


def _refuse_programs(connection: sqlite3.Connection) -> None:
    """Our tables have neither views nor triggers: a file of somebody else's that has could make any question one without an end.

    Raises sqlite3.DatabaseError.
    """
    import sqlite3

    odd = "select name from sqlite_master where type not in ('table', 'index') or sql like 'create virtual%' limit 1"
    if connection.execute(odd).fetchone() is not None:
        raise sqlite3.DatabaseError("it has views, triggers or virtual tables")


def _bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Raises sqlite3.OperationalError for a file of a later version, which is left alone."""
    import sqlite3

    if _version(connection) == SCHEMA_VERSION:
        return
    connection.execute("begin immediate")  # nobody else does it at the same time
    version = _version(connection)
    if version > SCHEMA_VERSION:
        raise sqlite3.OperationalError(f"it was written by a later version of paratask ({version})")
    if version < SCHEMA_VERSION:
        script = SCHEMA + {1: FROM_VERSION_1, 2: FROM_VERSION_2, 3: FROM_VERSION_3}.get(version, "")
        for statement in filter(str.strip, script.split(";")):
            connection.execute(statement)
        connection.execute(f"pragma user_version = {SCHEMA_VERSION}")
    connection.execute("commit")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("pragma user_version").fetchone()[0])


def _inode(path: str) -> int:
    try:
        return os.stat(path).st_ino
    except OSError:
        return 0


def _is_damage(error: Exception) -> bool:
    """Whether the file is no database, or one of another shape; not whether it is locked, full or read-only."""
    import sqlite3

    if isinstance(error, sqlite3.OperationalError):
        return str(error).startswith(("no such table", "no such column", "table "))
    return type(error) is sqlite3.DatabaseError  # its other subclasses are about what was asked
