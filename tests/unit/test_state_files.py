"""Files of our own state: what counts as one, how one is replaced, and the lock of an open file as each system wants it asked for."""

from __future__ import annotations

import fcntl
import json
import os
import struct

import pytest

from paratask import state_files
from paratask.errors import system_words


@pytest.fixture
def asked(monkeypatch):
    """What was asked of the kernel, where its locks of open files have the number 90."""
    found = []
    monkeypatch.setattr(fcntl, "F_OFD_SETLK", 90, raising=False)
    monkeypatch.setattr(fcntl, "fcntl", lambda *words: found.append(words))
    return found


@pytest.mark.parametrize(
    ("system", "layout", "fields"),
    [
        ("linux", "hhqqi", ("type", "whence", "start", "length", "pid")),
        ("darwin", "qqihh", ("start", "length", "pid", "type", "whence")),
    ],
)
def test_the_first_byte_is_asked_for_in_the_systems_own_order(monkeypatch, asked, system, layout, fields):
    """fcntl.h of Linux and of xnu: `struct flock`."""
    monkeypatch.setattr(state_files.sys, "platform", system)
    state_files.hold(7)
    ((fd, how, request),) = asked
    assert (fd, how) == (7, 90)
    assert dict(zip(fields, struct.unpack(layout, request), strict=True)) == {
        "type": fcntl.F_WRLCK, "whence": os.SEEK_SET, "start": 0, "length": state_files.HELD_BYTES, "pid": 0,
    }  # fmt: skip


def test_where_there_are_no_such_locks_nothing_is_asked_for(monkeypatch, asked):
    monkeypatch.delattr(fcntl, "F_OFD_SETLK")
    state_files.hold(7)
    assert asked == []


@pytest.mark.parametrize("writable", [False, True])
def test_only_a_plain_file_counts(tmp_path, writable):
    (tmp_path / "plain").write_text("text")
    (tmp_path / "link").symlink_to("plain")
    os.mkfifo(tmp_path / "pipe")
    os.close(state_files.open_plain(str(tmp_path / "plain"), writable=writable))
    for name in ("link", "pipe", "nothing", "n" * 300):
        with pytest.raises(FileNotFoundError):
            state_files.open_plain(str(tmp_path / name), writable=writable)


def test_a_file_is_replaced_whole_and_never_through_a_link(tmp_path):
    path, victim = tmp_path / "file", tmp_path / "victim"
    victim.write_text("as it was")
    path.symlink_to(victim)
    (tmp_path / f"file.{os.getpid()}.tmp").symlink_to(victim)
    state_files.replace_file(str(path), b"new")
    assert (path.read_text(), path.is_symlink(), victim.read_text()) == ("new", False, "as it was")
    assert sorted(os.listdir(tmp_path)) == ["file", "victim"]


def test_what_cannot_be_replaced_leaves_nothing_beside_it(tmp_path):
    (tmp_path / "file").mkdir()
    with pytest.raises(OSError, match="directory") as raised:
        state_files.replace_file(str(tmp_path / "file"), b"new")
    assert system_words(raised.value) == f"Is a directory: {tmp_path}/file"
    assert os.listdir(tmp_path) == ["file"]


def test_the_state_folder_keeps_itself_out_of_git_and_its_own_rules(tmp_path):
    state = tmp_path / "state"
    state_files.make_state_folder(str(state), "runs", "x")
    assert (state / ".gitignore").read_text() == "*\n"
    assert json.loads((state / ".prettierrc").read_text()) == {"rangeEnd": 0}
    (state / ".gitignore").write_text("runs\n")
    state_files.make_state_folder(str(state), "runs", "x")
    assert (state / ".gitignore").read_text() == "runs\n"
