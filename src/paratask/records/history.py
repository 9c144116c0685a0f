"""What earlier runs taught: how long jobs take, and which tasks must not overlap. `.paratask/history.sqlite`.

Safe with several paratasks at once (sqlite's own locking, short transactions); a broken or unwritable file costs the lessons,
never the run. Durations are read from runs' summaries when somebody asks, so that a run that asks nothing pays nothing.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

SCHEMA_VERSION = 1
MAX_DURATIONS = 20
_SCHEMA = """
create table if not exists durations (task text not null, run text not null, seconds real not null, cpu real not null);
create index if not exists durations_by_task on durations (task);
create table if not exists conflicts (first text not null, second text not null, run text not null, at real not null,
  primary key (first, second));
create table if not exists seen (run text primary key);
"""


class History:
    """Opened for one question or lesson at a time. `state` is the absolute path of `.paratask`."""

    def __init__(self, state: str) -> None:
        self._state = state
        self._path = os.path.join(state, "history.sqlite")

    def conflicts(self) -> frozenset[frozenset[str]]:
        """Pairs of task names that failed beside each other and passed alone."""
        rows = self._ask("select first, second from conflicts")
        return frozenset(frozenset((str(a), str(b))) for a, b in rows)

    def remember_conflict(self, task: str, others: Iterable[str], *, run: str, at: float) -> None:
        """`task` failed beside `others` and passed alone."""
        pairs = [(*sorted((task, other)), run, at) for other in others]
        self._tell("insert or replace into conflicts values (?, ?, ?, ?)", pairs)

    def forget_conflicts(self) -> None:
        """Start trusting again."""
        self._tell("delete from conflicts where first >= ?", [("",)])

    def estimates(self) -> dict[str, float]:
        """Median wall seconds of each task, over its last runs that succeeded."""
        self._learn()
        found: dict[str, list[float]] = {}
        for task, seconds in self._ask("select task, seconds from durations order by run desc"):
            kept = found.setdefault(str(task), [])
            if len(kept) < MAX_DURATIONS:
                kept.append(float(str(seconds)))
        return {task: sorted(values)[len(values) // 2] for task, values in found.items()}

    def _learn(self) -> None:
        """Take in the summaries of runs that ended and were not seen yet, and drop what is old."""
        runs = os.path.join(self._state, "runs")
        try:
            names = set(os.listdir(runs))
        except OSError:
            return
        fresh = sorted(names - {str(row[0]) for row in self._ask("select run from seen")})
        fresh = [run for run in fresh if os.path.exists(os.path.join(runs, run, "summary.json"))]
        rows = [row for run in fresh for row in _durations(os.path.join(runs, run, "summary.json"), run)]
        if fresh:
            self._tell("insert into durations values (?, ?, ?, ?)", rows)
            self._tell("insert or ignore into seen values (?)", [(run,) for run in fresh])
            self._tell("delete from durations where run < ?", [(_horizon(names),)])

    def _connect(self) -> sqlite3.Connection:
        import sqlite3

        os.makedirs(self._state, exist_ok=True)
        connection = sqlite3.connect(self._path, timeout=5)
        try:
            version = connection.execute("pragma user_version").fetchone()[0]
            if version not in (0, SCHEMA_VERSION):
                raise sqlite3.DatabaseError(f"written by another version ({version})")
            connection.executescript(_SCHEMA + f"pragma user_version = {SCHEMA_VERSION};")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _ask(self, question: str) -> list[tuple[object, ...]]:
        if not os.path.exists(self._path):
            return []
        import sqlite3

        try:
            connection = self._connect()
            try:
                return list(connection.execute(question))
            finally:
                connection.close()
        except (sqlite3.Error, OSError):
            return []

    def _tell(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        import sqlite3

        try:
            connection = self._connect()
            try:
                with connection:
                    connection.executemany(statement, rows)
            finally:
                connection.close()
        except (sqlite3.Error, OSError):
            pass


def _horizon(names: Iterable[str]) -> str:
    """Durations of runs that were pruned long ago are dropped: older than a year before the newest, by the ids' first digits."""
    newest = max(names, default="")
    return f"{int(newest[:4]) - 1}{newest[4:]}" if newest[:4].isdecimal() else ""


def _durations(path: str, run: str) -> list[tuple[object, ...]]:
    """How long jobs took: by their commands, without the waiting for their turn; by the clock where they called others."""
    import json

    try:
        with open(path, encoding="utf-8") as file:
            jobs = json.load(file)["jobs"]
        parents = {j["parent"] for j in jobs}
        return [
            (str(j["task"]), run, float(j["seconds" if j["id"] in parents else "command_seconds"]), float(j["cpu_seconds"]))
            for j in jobs
            if j["state"] == "succeeded" and j["seconds"]
        ]
    except (OSError, ValueError, KeyError, TypeError):
        return []
