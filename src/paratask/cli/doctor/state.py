"""What `--doctor` finds in `.paratask`: what killed runs left, a damaged history. Changes nothing there."""

from __future__ import annotations

import os

from paratask.cli.doctor.unignored import check_unignored, typed
from paratask.diagnosing.finding import Finding
from paratask.errors import Position
from paratask.processes.running import stale_records
from paratask.records.database import DAMAGED, LOCKED, SCHEMA_VERSION, is_lock, is_of_another, why_unusable
from paratask.records.logs import HISTORY_FILE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

LITTLE_BYTES = 16 * 1024**2
LATER = "it was written by a later version of paratask"


def check_state(state: str, cwd: str) -> Iterator[Finding]:
    """`state` is the path of `.paratask`; commands in `help` are to be typed in `cwd`."""
    yield from check_unignored(os.path.dirname(state), cwd)
    folders = (state, os.path.join(state, "runs"))
    in_the_way = next((path for path in folders if os.path.lexists(path) and not os.path.isdir(path)), "")
    if in_the_way:
        yield Finding(
            kind="state-not-writable", message="this is no folder", why="no logs are kept, and nothing is learned",
            help=f"rm {typed(in_the_way, cwd)}", is_problem=True, position=Position(file=in_the_way),
        )  # fmt: skip
        return
    if not os.path.isdir(state):
        return
    there = os.statvfs(state)
    if there.f_flag & os.ST_RDONLY:
        yield Finding(
            kind="state-not-writable", message="the file system is mounted read-only", why="no logs are kept, and nothing is learned",
            help="mount it writable, or run in a copy", is_problem=True, position=Position(file=state),
        )  # fmt: skip
    elif there.f_bavail * there.f_frsize < LITTLE_BYTES:
        yield Finding(
            kind="disk-full", message=f"less than {LITTLE_BYTES // 1024**2} M are free on this disk",
            why="logs and records of runs are left out where they find no room",
            help="make room: `paratask --prune 1` removes all runs but the last", is_problem=True, position=Position(file=state),
        )  # fmt: skip
    if not there.f_flag & os.ST_RDONLY and not os.access(state, os.W_OK):
        yield Finding(
            kind="state-not-writable", message="`.paratask` cannot be written", why="no logs are kept, and nothing is learned",
            help=f'chown -R "$USER" {typed(state, cwd)}', is_problem=True, position=Position(file=state),
        )  # fmt: skip
    for path in stale_records(state):
        yield Finding(
            kind="killed-run", message="a run was killed, and may have left processes running", why="they use what later runs need",
            help="the next run here ends them", is_problem=False, position=Position(file=path),
        )  # fmt: skip
    yield from _check_history(os.path.join(state, HISTORY_FILE), cwd)


def _check_history(path: str, cwd: str) -> Iterator[Finding]:
    why = "what earlier runs taught is lost: times, and which tasks must not overlap"
    trouble = _trouble(path) if os.path.exists(path) else ""
    is_closed = os.path.exists(path) and not os.access(path, os.W_OK) and os.access(os.path.dirname(path), os.W_OK)
    if is_of_another(path) or (is_closed and not trouble):
        whose = "it belongs to another user" if is_of_another(path) else "it may not be written"
        change = 'chown "$USER"' if is_of_another(path) else "chmod u+w"
        yield Finding(
            kind="history-not-writable", message=f"nothing is added to the history: {whose}", why="runs teach nothing",
            help=f"{change} {typed(path, cwd)}", is_problem=True, position=Position(file=path),
        )  # fmt: skip
    elif trouble == LOCKED:
        yield Finding(
            kind="history-locked", message=f"the history cannot be read: {trouble}",
            why="runs foresee nothing meanwhile, and do not know which tasks must not overlap",
            help=f"fuser -v {typed(path, cwd)}", is_problem=True, position=Position(file=path),
        )  # fmt: skip
    elif trouble == LATER:
        yield Finding(
            kind="history-of-later-version", message=f"the history cannot be read: {trouble}",
            why="runs teach nothing, and do not know which tasks must not overlap",
            help="use the newest version here, and no other", is_problem=True, position=Position(file=path),
        )  # fmt: skip
    elif trouble:
        yield Finding(
            kind="damaged-history", message=f"the history is damaged: {trouble}", why=why,
            help="the next run puts it aside and begins a new one", is_problem=True, position=Position(file=path),
        )  # fmt: skip
    if os.path.exists(path + DAMAGED):
        yield Finding(
            kind="damaged-history-kept", message="a damaged history was put aside", why=why,
            help=f"rm {'-r ' if os.path.isdir(path + DAMAGED) else ''}{typed(path + DAMAGED, cwd)}", is_problem=False, position=Position(file=path + DAMAGED),
        )  # fmt: skip


def _trouble(path: str) -> str:
    """What sqlite says against the file, LOCKED or LATER; else what makes it none."""
    import sqlite3
    from urllib.parse import quote

    if words := why_unusable(path):
        return words
    try:
        connection = sqlite3.connect(f"file:{quote(os.fsencode(path))}?mode=ro", uri=True, timeout=0.5)
        try:
            answer = str(connection.execute("pragma quick_check(1)").fetchone()[0])
            if answer == "ok" and connection.execute("pragma user_version").fetchone()[0] > SCHEMA_VERSION:
                return LATER
        finally:
            connection.close()
    except sqlite3.Error as error:
        return LOCKED if is_lock(error) else str(error)
    return "" if answer == "ok" else answer.strip().split("\n")[-1]
