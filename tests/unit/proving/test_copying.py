"""A copy is the same tree, and nothing that is done to it reaches the original."""

from __future__ import annotations

import errno
import os
import socket
import stat

import pytest

from paratask.proving import copying
from paratask.proving.copying import Copier, Move, moved


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "source"
    folder.mkdir()
    return folder


@pytest.fixture
def copied(tmp_path, source):
    """Copies `source`; returns the copy and what was warned of."""

    def copy(**options):
        warnings: list[str] = []
        move = Move(source=str(source), target=str(tmp_path / "inner" / "copy"))
        left_out = frozenset(options.pop("left_out", ()))
        Copier(links=options.pop("links", (move,)), left_out=left_out, warn=warnings.append).copy(move)
        return tmp_path / "inner" / "copy", warnings

    return copy


def test_content_modes_and_times_are_kept(source, copied):
    (source / "dir").mkdir()
    file = source / "dir" / "run.sh"
    file.write_bytes(b"x" * 100_000)
    file.chmod(0o751)
    os.utime(file, ns=(1_000_000_000, 1_234_567_890_123_456_789))
    (source / "empty").touch()
    (source / "dir").chmod(0o500)
    os.utime(source / "dir", ns=(5, 7_000_000_001))
    copy, warnings = copied()
    made = copy / "dir" / "run.sh"
    assert made.read_bytes() == file.read_bytes()
    assert stat.S_IMODE(made.stat().st_mode) == 0o751
    assert made.stat().st_mtime_ns == 1_234_567_890_123_456_789
    assert stat.S_IMODE((copy / "dir").stat().st_mode) == 0o500
    assert (copy / "dir").stat().st_mtime_ns == 7_000_000_001
    assert (copy / "empty").read_bytes() == b""
    assert warnings == []


@pytest.mark.parametrize("mode", ["a", "r+", "w"])
def test_what_is_written_in_place_in_the_copy_leaves_the_original_alone(source, copied, mode):
    (source / "a").write_text("as it was")
    os.link(source / "a", source / "b")
    copy, _ = copied()
    with (copy / "a").open(mode) as file:
        file.write("spoilt")
    (copy / "a").chmod(0o600)
    assert (source / "a").read_text() == (source / "b").read_text() == "as it was"
    assert (source / "a").stat().st_ino != (copy / "a").stat().st_ino
    assert (source / "a").stat().st_nlink == 2
    assert (copy / "b").read_text() == "as it was"


def test_where_blocks_can_be_shared_no_bytes_are_copied(source, copied, monkeypatch):
    monkeypatch.setattr(copying, "clone", lambda old, new: os.sendfile(new, old, 0, 1 << 20))
    monkeypatch.setattr(copying, "copy_bytes", pytest.fail)
    (source / "a").write_text("shared")
    copy, warnings = copied()
    assert ((copy / "a").read_text(), warnings) == ("shared", [])


def test_a_file_system_without_shared_blocks_is_asked_once(source, copied, monkeypatch):
    tries = []

    def refuse(old, new):
        tries.append((old, new))
        raise OSError(errno.EOPNOTSUPP, "not here")

    monkeypatch.setattr(copying, "clone", refuse)
    for name in "abc":
        (source / name).write_text(name * 10)
    copy, _ = copied()
    assert [(copy / name).read_text() for name in "abc"] == ["a" * 10, "b" * 10, "c" * 10]
    assert len(tries) == 1


def test_without_copy_file_range_the_bytes_are_copied_by_hand(source, copied, monkeypatch):
    def refuse(*_):
        raise OSError(errno.EXDEV, "across")

    monkeypatch.setattr(copying.os, "copy_file_range", refuse)
    (source / "a").write_bytes(bytes(range(256)) * 10_000)
    copy, _ = copied()
    assert (copy / "a").read_bytes() == (source / "a").read_bytes()


def test_a_full_disk_is_not_hidden(source, copied, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(copying, "clone", full)
    (source / "a").write_text("a")
    with pytest.raises(OSError, match="No space left"):
        copied()


def test_holes_stay_holes(source, copied):
    size = 50 << 20
    with (source / "sparse").open("wb") as file:
        file.seek(10 << 20)
        file.write(b"middle")
        file.truncate(size)
    if (source / "sparse").stat().st_blocks * 512 > size // 2:
        pytest.skip("this file system has no holes")
    copy, _ = copied()
    found = (copy / "sparse").stat()
    assert found.st_size == size
    assert found.st_blocks * 512 < 1 << 20
    with (copy / "sparse").open("rb") as file:
        file.seek(10 << 20)
        assert file.read(7) == b"middle\0"


def test_links_stay_links_and_absolute_ones_lead_into_the_copy(tmp_path, source, copied):
    (source / "file").write_text("x")
    for name, leads in {
        "relative": "file",
        "dangling": "nowhere",
        "inside": str(source / "file"),
        "itself": str(source),
        "outside": str(tmp_path),
        "neighbour": f"{source}-other/file",
    }.items():
        (source / name).symlink_to(leads)
    copy, _ = copied()
    assert {name: os.readlink(copy / name) for name in os.listdir(copy) if (copy / name).is_symlink()} == {
        "relative": "file",
        "dangling": "nowhere",
        "inside": str(copy / "file"),
        "itself": str(copy),
        "outside": str(tmp_path),
        "neighbour": f"{source}-other/file",
    }


def test_what_is_no_file_is_skipped_with_a_warning(source, copied, monkeypatch):
    os.mkfifo(source / "pipe")
    monkeypatch.chdir(source)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        copy, warnings = copied()
    assert os.listdir(copy) == []
    assert sorted(warnings) == [
        f"not copied: {source}/pipe is a named pipe",
        f"not copied: {source}/socket is a socket",
    ]


def test_what_cannot_be_read_is_skipped_with_a_warning(source, copied, monkeypatch):
    (source / "secret").write_text("x")
    (source / "open").write_text("y")
    opened = os.open

    def refuse(path, *args, **options):
        if path == str(source / "secret"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return opened(path, *args, **options)

    monkeypatch.setattr(copying.os, "open", refuse)
    copy, warnings = copied()
    assert os.listdir(copy) == ["open"]
    assert warnings == [f"not copied: {source}/secret: Permission denied"]


def test_what_is_left_out_is_not_there(source, copied):
    (source / ".paratask").mkdir()
    (source / "deep" / ".paratask").mkdir(parents=True)
    copy, _ = copied(left_out=[str(source / ".paratask")])
    assert sorted(path.relative_to(copy).as_posix() for path in copy.rglob("*")) == ["deep", "deep/.paratask"]


def test_deep_trees_do_not_exhaust_the_stack(source, copied):
    deep = source
    for _ in range(300):
        deep = deep / "d"
    deep.mkdir(parents=True)
    (deep / "end").write_text("end")
    copy, _ = copied()
    assert (copy / deep.relative_to(source) / "end").read_text() == "end"


def test_names_that_are_no_text_are_copied(source, copied):
    name = os.fsdecode(b"caf\xe9\n")
    (source / name).write_text("x")
    copy, _ = copied()
    assert os.listdir(copy) == [name]


def test_a_path_moves_with_its_folder_only():
    moves = (Move(source="/a/b", target="/x/b"), Move(source="/a", target="/y"))
    assert [moved(path, moves) for path in ("/a/b", "/a/b/c", "/a/bc", "/ab", "rel")] == [
        "/x/b",
        "/x/b/c",
        "/y/bc",
        "/ab",
        "rel",
    ]
