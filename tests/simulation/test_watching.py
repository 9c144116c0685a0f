"""Rounds on simulated time: made-up events, and jobs that only take time. See "Watching" in docs/design.md."""

from __future__ import annotations

import pytest

from paratask.errors import ParataskError
from paratask.kernel.cancel import Cancelled, CancelScope
from paratask.kernel.loop import Loop
from paratask.watching.definitions import Definitions
from paratask.watching.notifier import Change
from paratask.watching.watcher import Watcher, interval_seconds
from simulation.clock import SimulatedPoller

INTERVAL = 0.1


class Disk:
    """Stands for Sources and for the Notifier: what is written to it changes it, and is reported."""

    def __init__(self, poller: SimulatedPoller) -> None:
        self._poller = poller
        self._report = None
        self.source_folders = frozenset({"/r/src"})
        self.has_sources = True
        self.content: dict[str, float] = {}
        self.remembered: dict[str, float] = {}
        self.learned: list[float] = []
        self.watched: list[set[str]] = []
        self.closed = False

    def notifier(self, report) -> Disk:
        self._report = report
        return self

    def write(self, at: float, *paths: str) -> None:
        """At that time files change. Those below src/ are sources."""

        def happen() -> None:
            self.content.update(dict.fromkeys(paths, at))
            self._report([Change(kind="WRITE", path=path) for path in paths])

        self._poller.at(at, happen)

    def watch(self, folders) -> None:
        self.watched.append(set(folders))

    def close(self) -> None:
        self.closed = True

    def learn_known(self) -> None:
        """Nothing to learn."""

    async def learn_all(self) -> None:
        self.learned.append(self._poller.now())

    def folders(self):
        return self.source_folders

    def remember(self) -> None:
        self.remembered = dict(self.content)

    def has_any(self):
        return self.has_sources

    def changed(self):
        changed = {path for path, _ in self.content.items() ^ self.remembered.items()}
        return frozenset(path for path in changed if path.startswith("/r/src/"))


class Stage:
    """A watch over jobs that take so many seconds each; `trace` is what happened, and when."""

    def __init__(self, *durations: float, ends_after: float = 0.0) -> None:
        self.poller = SimulatedPoller()
        self.loop = Loop(self.poller)
        self.disk = Disk(self.poller)
        self.trace: list[tuple[float, str]] = []
        self.said: list[str] = []
        self.ends_after = ends_after
        self.watcher = Watcher(
            loop=self.loop, sources=self.disk, make_notifier=self.disk.notifier, interval_seconds=INTERVAL,
            runs=[self._job(name, seconds) for name, seconds in zip("abc", durations, strict=False)],
            begin_round=lambda: self.tell("round"), say=self._say, root="/r", definitions=Definitions(()),
            redefined=lambda _paths: None, nothing_watched=lambda: self.tell("nothing watched"),
        )  # fmt: skip

    def tell(self, what: str) -> None:
        self.trace.append((round(self.loop.now(), 3), what))

    def _say(self, text: str, *, stream: int, color: str) -> None:
        self.said.append(text)

    def _job(self, name: str, seconds: float):
        async def run() -> None:
            self.tell(f"{name} begins")
            try:
                await self.loop.sleep(seconds)
            except Cancelled:
                with CancelScope(self.loop, shield=True):
                    await self.loop.sleep(self.ends_after)
                self.tell(f"{name} stopped")
                raise
            self.tell(f"{name} ends")

        return run

    def play(self, until: float):
        self.loop.run(self._main(until))
        assert self.disk.closed
        return self.trace

    async def _main(self, until: float) -> None:
        with CancelScope(self.loop, deadline=until):
            await self.watcher.watch()


def test_a_watch_of_nothing_waited_without_a_word():
    stage = Stage(1.0)
    stage.disk.has_sources = False
    assert stage.play(10.0) == [(0.0, "round"), (0.0, "a begins"), (1.0, "a ends"), (1.0, "nothing watched")]


def test_a_change_after_the_end_starts_the_next_round():
    stage = Stage(1.0)
    stage.disk.write(5.0, "/r/src/x")
    assert stage.play(10.0) == [
        (0.0, "round"), (0.0, "a begins"), (1.0, "a ends"),
        (5.1, "round"), (5.1, "a begins"), (6.1, "a ends"),
    ]  # fmt: skip
    assert stage.disk.learned == [1.0, 6.1]


def test_a_change_during_a_job_stops_it_and_waits_for_its_end():
    stage = Stage(100.0, ends_after=1.5)
    stage.disk.write(5.0, "/r/src/x")
    assert stage.play(10.0) == [
        (0.0, "round"), (0.0, "a begins"), (6.6, "a stopped"),
        (6.6, "round"), (6.6, "a begins"), (11.5, "a stopped"),
    ]  # fmt: skip


def test_what_changes_while_the_old_round_ends_is_seen_by_the_new_one():
    stage = Stage(100.0, ends_after=1.5)
    stage.disk.write(5.0, "/r/src/x")
    stage.disk.write(6.0, "/r/src/y")
    assert [what for _, what in stage.play(10.0)].count("round") == 2
    assert stage.disk.remembered.keys() == {"/r/src/x", "/r/src/y"}


def test_several_changes_within_an_interval_are_one():
    stage = Stage(0.0)
    for at in (5.0, 5.05, 5.1, 5.18):
        stage.disk.write(at, "/r/src/x", "/r/src/y")
    assert [at for at, what in stage.play(10.0) if what == "round"] == [0.0, 5.28]


def test_changes_without_end_do_not_put_a_round_off_for_ever():
    stage = Stage(0.0)
    for number in range(40):
        stage.disk.write(5.0 + number * 0.05, "/r/src/x")
    rounds = [at for at, what in stage.play(10.0) if what == "round"]
    assert rounds[:2] == [0.0, 6.0]


def test_other_files_neither_stop_nor_start_anything():
    stage = Stage(7.0)
    stage.disk.write(5.0, "/r/other")
    stage.disk.write(8.0, "/r/other")
    assert stage.play(10.0) == [(0.0, "round"), (0.0, "a begins"), (7.0, "a ends")]
    assert stage.said == [
        "task: watching new dir: src",
        'task: received watch event: WRITE         "/r/other"',
        "task: skipped for file not in sources: other",
        'task: received watch event: WRITE         "/r/other"',
        "task: skipped for file not in sources: other",
    ]


def test_ignored_folders_are_not_even_looked_at():
    stage = Stage(0.0)
    stage.disk.changed = lambda: pytest.fail("it looked") if stage.loop.now() > 1 else frozenset()
    stage.disk.write(5.0, "/r/.git/index", "/r/.task/checksum/a")
    assert stage.play(10.0)[-1] == (0.0, "a ends")
    assert stage.said[-1] == "task: event skipped for being an ignored dir: /r/.task/checksum/a"


def test_all_tasks_run_again_whichever_changed():
    stage = Stage(1.0, 100.0)
    stage.disk.write(5.0, "/r/src/x")
    assert stage.play(6.0) == [
        (0.0, "round"), (0.0, "a begins"), (0.0, "b begins"), (1.0, "a ends"), (5.1, "b stopped"),
        (5.1, "round"), (5.1, "a begins"), (5.1, "b begins"), (6.0, "a stopped"), (6.0, "b stopped"),
    ]  # fmt: skip


def test_new_folders_are_watched_from_the_event_on_that_told_of_them():
    stage = Stage(0.0)
    stage.poller.at(4.9, lambda: setattr(stage.disk, "source_folders", frozenset({"/r/src", "/r/src/new"})))
    stage.disk.write(5.0, "/r/other")
    stage.play(10.0)
    assert stage.disk.watched == [{"/r/src"}, {"/r/src", "/r/src/new"}]


@pytest.mark.parametrize(("path", "kind", "is_new"), [
    ("/r/src/deep", "REMOVE", True), ("/r/src/deep", "CREATE", True), ("/r/src", "CREATE", True), ("/r/src/deep", "WRITE", False),
    ("/r/src/beside", "CREATE", False), ("/r/src/deep/file", "REMOVE", False),
])  # fmt: skip
def test_what_took_the_place_of_a_folder_was_not_watched(path, kind, is_new):
    """Its path was the same, so that nothing seemed to be new."""
    stage = Stage(0.0)
    stage.disk.source_folders = frozenset({"/r/src/deep"})
    stage.poller.at(5.0, lambda: stage.disk._report([Change(kind=kind, path=path)]))
    stage.play(10.0)
    assert stage.disk.watched == [{"/r/src", "/r/src/deep"}] * (1 + is_new)
    assert stage.said.count("task: watching new dir: src/deep") == 1


def test_a_notifier_that_fails_ends_the_watch():
    stage = Stage(100.0)

    def fail(folders) -> None:
        raise ParataskError("files cannot be watched: no")

    stage.disk.watch = fail
    with pytest.raises(ParataskError, match="files cannot be watched: no"):
        stage.play(10.0)
    assert stage.disk.closed


@pytest.mark.parametrize(("asked", "expected"), [((0.0, 0.0), 0.1), ((0.0, 0.5), 0.5), ((2.0, 0.5), 2.0), ((-1.0, 0.5), 0.0)])
def test_the_interval(asked, expected):
    assert interval_seconds(*asked) == expected
