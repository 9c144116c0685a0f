"""Texts that are read again only where a file may have changed."""

from __future__ import annotations

import os
import time

import pytest

from paratask.languages.place import Disk
from paratask.languages.remembered import MAX_BYTES, SETTLED_NANOSECONDS, Texts


class Clock:
    def __init__(self) -> None:
        self.ahead = 2 * SETTLED_NANOSECONDS

    def __call__(self) -> int:
        return time.time_ns() + self.ahead


class Reads:
    """Disk, and what was read of it."""

    def __init__(self) -> None:
        self.paths: list[str] = []

    def __call__(self, path: str, limit: int) -> bytes | None:
        self.paths.append(path)
        return Disk().read(path, limit)


@pytest.fixture
def reads() -> Reads:
    return Reads()


def test_a_file_that_stays_the_same_is_read_once(tmp_path, reads):
    path = str(tmp_path / "a.go")
    (tmp_path / "a.go").write_text("package a")
    texts = Texts(reads, Clock())
    assert [texts.of(path) for _ in range(3)] == ["package a"] * 3
    assert texts.of(path) is texts.of(path)
    assert reads.paths == [path]


@pytest.mark.parametrize("change", ["content", "replaced", "gone"])
def test_a_file_that_changed_is_read_again(tmp_path, reads, change):
    file = tmp_path / "a.go"
    file.write_text("package a")
    before = file.stat()
    texts = Texts(reads, Clock())
    assert texts.of(str(file)) == "package a"
    if change == "content":  # with its old time put back
        file.write_text("package bb")
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    elif change == "replaced":
        (tmp_path / "new").write_text("package b")
        os.replace(tmp_path / "new", file)
    else:
        file.unlink()
    assert texts.of(str(file)) == {"content": "package bb", "replaced": "package b", "gone": None}[change]


def test_a_file_that_has_just_changed_is_not_believed(tmp_path, reads):
    file = tmp_path / "a.go"
    file.write_text("package a")
    clock = Clock()
    clock.ahead = 0
    texts = Texts(reads, clock)
    assert [texts.of(str(file)) for _ in range(2)] == ["package a"] * 2
    assert len(reads.paths) == 2


@pytest.mark.parametrize("data", [b"\xff", b"a\0b", b"x" * (MAX_BYTES + 1)])
def test_what_is_no_text(tmp_path, data):
    (tmp_path / "file").write_bytes(data)
    assert Texts(Disk().read).of(str(tmp_path / "file")) is None


def test_what_cannot_be_read(tmp_path):
    assert Texts(Disk().read).of(str(tmp_path)) is None
    assert Texts(Disk().read).of(str(tmp_path / "no")) is None
    assert Texts(Disk().read).of("a\0b") is None
