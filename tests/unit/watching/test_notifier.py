"""The real library, on real files: each test waits for the event itself."""

from __future__ import annotations

import sys

import pytest

from paratask.errors import ParataskError
from paratask.kernel.loop import Event, Loop
from paratask.kernel.poller import SystemPoller
from paratask.watching.notifier import Change, WatchfilesNotifier


class Ear:
    """Hears what a notifier reports, until it has heard of a path."""

    def __init__(self) -> None:
        self.loop = Loop(SystemPoller())
        self.heard: list[Change] = []
        self.said: list[str] = []
        self._changed = Event(self.loop)
        self.notifier = WatchfilesNotifier(self.loop, report=self._hear, say=self.said.append)

    def _hear(self, changes) -> None:
        self.heard.extend(changes)
        self._changed.set()

    def until(self, *steps) -> None:
        """Each step is a pair: do this, then wait for an event of that path."""

        async def main() -> None:
            try:
                for act, path in steps:
                    act()
                    while not any(change.path == str(path) for change in self.heard):
                        self._changed = Event(self.loop)
                        await self._changed.wait()
            finally:
                self.notifier.close()

        try:
            self.loop.run(main())
        finally:
            self.loop.poller.close()


@pytest.fixture
def tree(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "a" / "old").touch()
    return tmp_path


@pytest.mark.slow
def test_files_that_come_change_and_go(tree):
    ear = Ear()
    ear.notifier.watch(frozenset({str(tree / "a")}))
    new, old = tree / "a" / "new", tree / "a" / "old"
    ear.until((new.touch, new), (old.unlink, old))
    assert Change(kind="CREATE", path=str(new)) in ear.heard
    assert Change(kind="REMOVE", path=str(old)) in ear.heard
    assert ear.said == []


@pytest.mark.slow
def test_other_folders_take_the_place_of_the_first(tree):
    ear = Ear()
    ear.notifier.watch(frozenset({str(tree / "a")}))
    ear.notifier.watch(frozenset({str(tree / "b")}))
    deep = tree / "b" / "deep"
    ear.until((deep.mkdir, deep), ((deep / "below").touch, deep), ((tree / "b" / "last").touch, tree / "b" / "last"))
    assert {change.path for change in ear.heard} == {str(deep), str(tree / "b" / "last")}


@pytest.mark.slow
def test_a_folder_that_has_gone_meanwhile(tree):
    ear = Ear()
    ear.notifier.watch(frozenset({str(tree / "a"), str(tree / "gone")}))
    ear.until(((tree / "a" / "x").touch, tree / "a" / "x"))


@pytest.mark.slow
def test_where_the_system_takes_no_more_watches_files_are_polled(tree, monkeypatch):
    import watchfiles._rust_notify as library

    real = library.RustNotify

    def full(paths, debug, force_polling, *rest):
        if not force_polling:
            raise OSError("no space left for watches")
        return real(paths, debug, force_polling, *rest)

    monkeypatch.setattr(library, "RustNotify", full)
    ear = Ear()
    ear.notifier.watch(frozenset({str(tree / "a")}))
    ear.until(((tree / "a" / "x").touch, tree / "a" / "x"))
    assert ear.said == [
        "paratask: files are looked at every 300 ms, since the system takes no more watches: no space left for watches"
    ]


def test_without_the_library(tree, monkeypatch):
    monkeypatch.setitem(sys.modules, "watchfiles._rust_notify", None)
    ear = Ear()
    with pytest.raises(ParataskError) as raised:
        ear.notifier.watch(frozenset({str(tree / "a")}))
    assert (raised.value.message, raised.value.help) == ("watching needs the package `watchfiles`", "pip install watchfiles")
    ear.until()


def test_no_folders_are_nothing_to_wait_for(tree):
    ear = Ear()
    ear.notifier.watch(frozenset())
    ear.until()
    assert ear.heard == []
