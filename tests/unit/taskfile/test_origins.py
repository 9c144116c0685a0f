"""The seam for Taskfiles that are not local: what the reader asks for, and where what goes wrong is said to be."""

from __future__ import annotations

import pytest

from paratask.errors import Position, TaskfileFetchError, TaskfileNotFoundError, TaskfileNotTrustedError
from paratask.taskfile.origins import NoRemoteFiles, Origin, local_origin
from paratask.taskfile.reader import TaskfileReader


class PlayedAddress:
    """`far:x` includes `y` as `far:y`; folders are relative to /far."""

    def __init__(self, text):
        self.location = f"far://{text}"

    def joined(self, written):
        return f"far:{written}"

    def folder_base(self, folder, parent_folder):
        return f"/far{folder}+{parent_folder or ''}"


class PlayedFiles:
    def __init__(self, files):
        self.files = files
        self.read_with = []

    def address(self, text):
        return PlayedAddress(text[4:]) if text.startswith("far:") else None

    def read(self, address, checksum):
        self.read_with.append((address.location, checksum))
        data = self.files[address.location]
        if isinstance(data, Exception):
            raise data
        return data.encode()


def reader(files):
    played = PlayedFiles(files)
    opened = []

    def open_remote():
        opened.append(played)
        return played

    return TaskfileReader(environ={}, fill=lambda text, _: text, open_remote=open_remote), played, opened


LEAF = "version: '3'\ntasks: {t: echo t}\n"


def test_nothing_is_opened_for_local_files(tmp_path):
    (tmp_path / "a.yml").write_text(LEAF)
    (tmp_path / "Taskfile.yml").write_text("version: '3'\nincludes: {a: a.yml, none: {taskfile: none.yml, optional: true}}\n")
    one, _, opened = reader({})
    assert list(one.read(local_origin(str(tmp_path / "Taskfile.yml"))).tasks) == ["a:t"]
    assert opened == []


def test_remote_files_include_what_is_beside_them(tmp_path):
    (tmp_path / "Taskfile.yml").write_text("version: '3'\nincludes: {a: {taskfile: 'far:a', dir: d, checksum: c}, b: far:b}\n")
    nested = "version: '3'\nincludes: {n: {taskfile: b, dir: e}}\n"
    one, played, opened = reader({"far://a": nested, "far://b": LEAF})
    taskfile = one.read(local_origin(str(tmp_path / "Taskfile.yml")))
    assert {name: task.position.file for name, task in taskfile.tasks.items()} == {"a:n:t": "far://b", "b:t": "far://b"}
    assert taskfile.tasks["a:n:t"].dir == f"/far{tmp_path}/d+{tmp_path}/e"
    assert played.read_with == [("far://a", "c"), ("far://b", "")]
    assert len(opened) == 1


def test_what_goes_wrong_is_where_it_is_included(tmp_path):
    path = tmp_path / "Taskfile.yml"
    path.write_text("version: '3'\nincludes:\n  a: far:a\n")
    one, _, _ = reader({"far://a": TaskfileNotTrustedError("no")})
    with pytest.raises(TaskfileNotTrustedError) as caught:
        one.read(local_origin(str(path)))
    assert caught.value.position == Position(file=str(path), line=3, column=6)


def test_a_remote_root_has_no_position_of_its_own():
    one, _, _ = reader({"far://a": TaskfileNotTrustedError("no")})
    with pytest.raises(TaskfileNotTrustedError) as caught:
        one.read(Origin(location="far://a", folder="", address=PlayedAddress("a")))
    assert caught.value.position is None


def test_optional_is_for_what_is_not_there_only(tmp_path):
    path = tmp_path / "Taskfile.yml"
    path.write_text("version: '3'\nincludes: {a: {taskfile: 'far:a', optional: true}}\n")
    one, _, _ = reader({"far://a": TaskfileNotFoundError("gone")})
    with pytest.raises(TaskfileNotFoundError):
        one.read(local_origin(str(path)))


@pytest.mark.parametrize("text", ["https://h/x.yml", "git@h:a.git"])
def test_without_remote_files_addresses_are_refused(text):
    with pytest.raises(TaskfileFetchError):
        NoRemoteFiles().address(text)
    assert NoRemoteFiles().address("a:b") is None
