"""Rounds: run, wait for a change, stop what still runs, run again. go-task: watchTasks.

Runs tasks through `run`, hears of changes through a Notifier, and asks `Sources` whether they matter. Knows nothing of how tasks
run and what is said about that.
"""

from __future__ import annotations

import os
from itertools import chain

from paratask.kernel.cancel import CancelScope
from paratask.kernel.groups import TaskGroup
from paratask.kernel.loop import Event
from paratask.watching.folders import is_ignored

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
    from typing import Protocol

    from paratask.kernel.loop import Loop
    from paratask.watching.definitions import Definitions
    from paratask.watching.notifier import Change, Notifier
    from paratask.watching.sources import Sources

    class Say(Protocol):
        """Something to tell the user who asked for more (--verbose); `stream` is 1 or 2."""

        def __call__(self, text: str, *, stream: int, color: str) -> None: ...


DEFAULT_INTERVAL_SECONDS = 0.1
MAX_INTERVALS = 10
"""So many intervals after a change there is a look, even if files go on changing."""


class Watcher:
    """`runs` makes what a round carries out side by side; `begin_round` is called before each. `root` is for shown paths. `redefined` is
    told which of the `definitions` changed, `nothing_watched` that no task has sources, so that no change begins a round.
    """

    def __init__(
        self,
        *,
        loop: Loop,
        sources: Sources,
        make_notifier: Callable[[Callable[[Sequence[Change]], None]], Notifier],
        interval_seconds: float,
        runs: Sequence[Callable[[], Coroutine[object, object, None]]],
        begin_round: Callable[[], None],
        say: Say,
        root: str,
        definitions: Definitions,
        redefined: Callable[[Sequence[str]], None],
        nothing_watched: Callable[[], None],
    ) -> None:
        self._definitions = definitions
        self._redefined = redefined
        self._nothing_watched = nothing_watched
        self._loop = loop
        self._sources = sources
        self._notifier = make_notifier(self._hear)
        self._interval = interval_seconds
        self._runs = runs
        self._begin_round = begin_round
        self._say = say
        self._root = root
        self._folders: frozenset[str] = frozenset()
        self._above: frozenset[str] = frozenset()
        self._is_lost = False  # what was watched is not what has its path now
        self._heard: list[Change] = []
        self._woken = Event(loop)

    async def watch(self) -> None:
        """Rounds until cancelled. Raises ParataskError when files cannot be watched."""
        try:
            while True:
                await self._round()
        finally:
            self._notifier.close()

    async def _round(self) -> None:
        self._begin_round()
        self._sources.learn_known()
        self._follow()
        self._sources.remember()  # before anything runs: a change that a run may have missed starts the next
        self._follow()  # what sources are links to is known now, and a run may have no end
        async with TaskGroup(self._loop) as group:
            group.start(self._run)
            await self._until_changed()
            group.scope.cancel("a source changed")

    async def _run(self) -> None:
        async with TaskGroup(self._loop) as group:
            for run in self._runs:
                group.start(run)
        await self._sources.learn_all()
        if not self._sources.has_any():
            self._nothing_watched()
        self._wake()

    def _hear(self, changes: Sequence[Change]) -> None:
        for change in changes:
            if change.kind != "WRITE" and self._is_watched(change.path):
                self._is_lost = True
            elif self._is_beside(change.path):
                if os.path.basename(change.path) in self._definitions.names:
                    self._heard.append(change)
                continue
            self._say(f'task: received watch event: {change.kind:<13} "{change.path}"', stream=2, color="magenta")
            if is_ignored(change.path):
                self._say(f"task: event skipped for being an ignored dir: {change.path}", stream=2, color="magenta")
            else:
                self._heard.append(change)
        if self._heard:
            self._wake()

    def _is_watched(self, path: str) -> bool:
        return path in self._folders or path in self._above or path in self._definitions.folders

    def _is_beside(self, path: str) -> bool:
        """Whether it lies in a folder that is watched for the definitions alone, or for the folders in it."""
        folder = os.path.dirname(path)
        return (
            (folder in self._definitions.folders or folder in self._above)
            and folder not in self._folders
            and path not in self._folders
        )

    def _wake(self) -> None:
        self._woken.set()

    async def _until_changed(self) -> None:
        while True:
            await self._woken.wait()
            await self._settle()
            heard, self._heard = self._heard, []
            self._follow()
            changed = self._sources.changed()
            if redefined := self._definitions.changed():
                self._redefined(redefined)
            if changed:
                return
            for path in dict.fromkeys(change.path for change in heard if not self._is_beside(change.path)):
                self._say(f"task: skipped for file not in sources: {self._shown(path)}", stream=2, color="magenta")

    async def _settle(self) -> None:
        """Wait until nothing has been heard for an interval."""
        latest = self._loop.now() + MAX_INTERVALS * self._interval
        while self._loop.now() < latest:
            self._woken = Event(self._loop)
            with CancelScope(self._loop, deadline=self._loop.now() + self._interval) as quiet:
                await self._woken.wait()
            if quiet.cancelled:
                return
        self._woken = Event(self._loop)

    def _follow(self) -> None:
        """Watch the folders that matter now. Those that appear meanwhile are seen by looking again after each change of watches.

        The system watches a folder, and not its path: one that was removed and made anew, or that another or a link took the place of, is
        watched anew. Who moves a folder above it tells only the folder above that.
        """
        while (folders := self._sources.folders()) != self._folders or self._is_lost:
            self._is_lost = False
            self._above = frozenset(_between(self._root, folders))
            self._notifier.watch(folders | self._definitions.folders | self._above)
            for folder in sorted(folders - self._folders):
                self._say(f"task: watching new dir: {self._shown(folder)}", stream=1, color="green")
            self._folders = folders

    def _shown(self, path: str) -> str:
        return os.path.relpath(path, self._root)


def _between(root: str, folders: Iterable[str]) -> Iterator[str]:
    """The folders below `root` that these are in."""
    for folder in folders:
        above = os.path.dirname(folder)
        while above.startswith(f"{root}/"):
            yield above
            above = os.path.dirname(above)


def interval_seconds(*asked: float) -> float:
    """The first one that is not zero: what was typed, then the Taskfile's. go-task: watchTasks."""
    return max(0.0, next(filter(None, chain(asked, (DEFAULT_INTERVAL_SECONDS,)))))
