"""The real library, on real files: each test waits for the event itself."""

from __future__ import annotations

import os
import shutil
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
@pytest.mark.parametrize("go", [shutil.rmtree, lambda folder: folder.rename(folder.with_name("moved"))])
def test_a_folder_that_goes_says_so_itself_and_what_takes_its_place_has_to_be_watched_anew(tree, go):
    ear = Ear()
    ear.notifier.watch(frozenset({str(tree / "a")}))

    def put_another_there() -> None:
        go(tree / "a")
        (tree / "a").mkdir()

    def watch_anew() -> None:
        assert Change(kind="REMOVE", path=str(tree / "a")) in ear.heard
        ear.notifier.watch(frozenset({str(tree / "a")}))
        (tree / "a" / "new").touch()

    ear.until((put_another_there, tree / "a"), (watch_anew, tree / "a" / "new"))


@pytest.mark.slow
def test_a_name_that_is_not_in_utf_8_was_the_last_that_was_heard_of(tree):
    ear = Ear()
    ear.notifier.watch(frozenset({str(tree / "a")}))
    odd, new = tree / "a" / os.fsdecode(b"m\xfcll"), tree / "a" / "new"
    ear.until((odd.touch, tree / "a"), (new.touch, new))
    assert ear.said == []


@pytest.mark.slow
def test_folders_of_such_names_are_left_out_and_that_is_said_once(tree):
    ear = Ear()
    odd, new = tree / os.fsdecode(b"m\xfcll"), tree / "a" / "new"
    odd.mkdir()
    ear.notifier.watch(frozenset({str(odd)}))
    ear.notifier.watch(frozenset({str(odd), str(tree / "a")}))
    ear.until((new.touch, new))
    assert ear.said == [f"paratask: what changes in folders whose names are not UTF-8 is not noticed by itself: {odd}"]


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
