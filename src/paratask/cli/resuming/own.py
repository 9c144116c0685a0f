"""What paratask itself writes in a checkout beside its records: reports, a job log, fingerprints. To no job is it news.

Who goes on with a run looks at files, and at folders in which something came or went. These files are known by their names; that a
folder changed is put down to them where it did so when they were made. Knows nothing of what jobs read.
"""

from __future__ import annotations

import os

from paratask.cli.resuming.files import TICK_SECONDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from paratask.cli.options import Typed
    from paratask.cli.resuming.files import Change
    from paratask.execution.workbench import Workbench
    from paratask.records.finished import FinishedJobs

BEFORE_SECONDS = 0.5
"""A job log is opened so long before its run says that it began, at most."""

KEEPING_SECONDS = 0.05
"""A fingerprint is written so long before its job has ended, at most."""

FINGERPRINTS = ("checksum", "timestamp")
"""What is in the folder of fingerprints. That may be one in which the user has other things: `TASK_TEMP_DIR=build`."""


def asked_files(typed: Typed, root: str) -> tuple[str, ...]:
    """The files that were asked for, as seen from the root."""
    found = []
    if typed.text("report"):
        from paratask.reporting.exports.registry import parse_wanted

        found += [wanted.target for wanted in parse_wanted(typed.text("report")) if wanted.format != "otel"]
    if typed.text("joblog"):
        found.append(typed.text("joblog"))
    return tuple(os.path.relpath(os.path.abspath(path), root) for path in found if path != "-")


def kept_folders(typed: Typed, bench: Workbench) -> tuple[str, ...]:
    """Where fingerprints and remote Taskfiles are kept, as seen from the root."""
    from paratask.cli.remote import remote_folder
    from paratask.remote.cache import FOLDER

    root = bench.project.root_dir
    found = [os.path.join(bench.fingerprints, name) for name in FINGERPRINTS]
    found.append(os.path.join(remote_folder(typed, root, bench.environ), FOLDER))
    return tuple(os.path.relpath(path, root) for path in found)


class OwnFiles:
    """The files that paratask itself writes: those of the earlier runs, those that this run was `asked` for, and all below
    `folders` (see kept_folders) and `state`, where records are. This run begins `now`.
    """

    def __init__(
        self, root: str, earlier: FinishedJobs, *, asked: tuple[str, ...], folders: tuple[str, ...], state: str, now: float
    ) -> None:
        self._root = root
        self._folders = (*folders, os.path.relpath(state, root))
        written = [*earlier.asked_for, *((path, now + BEFORE_SECONDS, None) for path in asked)]
        self._files = frozenset(path for path, _, _ in written)
        self._moments = [moment for one in written for moment in self._made(*one)]
        for above in {above for folder in folders if os.path.isdir(os.path.join(root, folder)) for above in _above(folder)}:
            self._moments += [(above, max(began, ended - KEEPING_SECONDS), ended) for began, ended in earlier.succeeded]

    def _made(self, path: str, began_at: float, ended_at: float | None) -> Iterator[tuple[str, float, float]]:
        """When something came or went for this file in each of the folders above it: a job log at the beginning of a run, a
        report at its end.
        """
        try:
            made_at = os.lstat(os.path.join(self._root, path)).st_ctime
        except OSError:
            made_at = 0.0
        for folder in _above(path):  # they may have been made for it
            yield folder, began_at - BEFORE_SECONDS, began_at
            if ended_at is not None and made_at:
                yield folder, ended_at, made_at

    def explain(self, change: Change) -> bool:
        """Whether paratask itself made the change."""
        if any(change.path == folder or change.path.startswith(f"{folder}/") for folder in self._folders):
            return True
        if not change.is_folder:
            return change.path in self._files
        return any(
            folder == change.path and began - TICK_SECONDS <= change.moment <= ended + TICK_SECONDS
            for folder, began, ended in self._moments
        )


def _above(path: str) -> Iterator[str]:
    """The folders that a path is in, innermost first; the root is an empty one."""
    while path:
        path = os.path.dirname(path)
        yield path
