"""`--names` of other things than tasks, for completions: a line each, with a description after a tab. Runs nothing.

Who presses a key waits for it, so of what is kept no more is read than is worth that.
"""

from __future__ import annotations

import sys

from paratask.cli.init_kinds import DESCRIPTIONS
from paratask.cli.looking_back.state import state_of
from paratask.names import file_name, shown_seconds
from paratask.records.runs import kept_runs, read_head
from paratask.reporting.runs_text import shown_calls

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from paratask.cli.options import Typed

MOST_JOBS = 2000
NO_REPORTER = ("off", "none of those that paratask.toml names")


def print_names(typed: Typed) -> int:
    """Kinds of --init; reporters; jobs that --why and --logs know; runs that are kept, with --resume those that can be gone on with.
    Raises ParataskError.
    """
    sys.stdout.write("".join(f"{name}\t{description}\n" for name, description in _offered(typed)))
    return 0


def _offered(typed: Typed) -> Iterable[tuple[str, str]]:
    if typed.flag("init"):
        return DESCRIPTIONS.items()
    if typed.text("reporter"):
        return _reporters()
    if typed.flag("why"):
        return _jobs(typed)
    return _runs(state_of(typed, says=False), resumable=typed.flag("resume"))


def _reporters() -> Iterator[tuple[str, str]]:
    from paratask.plugins.installed import installed_reporters

    yield from sorted(installed_reporters().items())
    yield NO_REPORTER


def _jobs(typed: Typed) -> Iterator[tuple[str, str]]:
    """Of the run that is named, or of the newest; a task that was called several times, and each of these calls."""
    from paratask.cli.looking_back.meant import Meant
    from paratask.cli.looking_back.runs import runs_with

    said: set[str] = set()
    seen = 0
    for kept in runs_with(typed, state_of(typed, says=False), Meant()):
        for job in kept.jobs:
            took = f", {shown_seconds(job['seconds'])}" if job.get("seconds") is not None else ""
            task, one = str(job["task"]), str(job["id"])
            for name in (task,) if one == file_name(task) else (task, one):
                if name not in said and "\n" not in name:
                    said.add(name)
                    yield name, f"{job.get('state', '')}{took}, in {kept.run}"
        seen += len(kept.jobs)
        if seen >= MOST_JOBS:
            return


def _runs(state: str, *, resumable: bool) -> Iterator[tuple[str, str]]:
    for kept in kept_runs(state, read_head):
        if not (resumable and kept.result in ("succeeded", "running")):
            calls = " ".join(shown_calls(kept.document.get("calls", ())).split())
            yield kept.run, f"{kept.how_it_ended}: {calls}"
