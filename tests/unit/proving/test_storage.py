"""Where copies lie, and that they go."""

from __future__ import annotations

import errno
import os
import tempfile

import pytest

from paratask.errors import VerificationError
from paratask.proving import storage
from paratask.proving.storage import make_holder, measure, remove, remove_holder


def test_what_is_left_out_takes_no_room(tmp_path):
    (tmp_path / "a").write_bytes(b"x" * 10_000)
    (tmp_path / ".paratask").mkdir()
    (tmp_path / ".paratask" / "b").write_bytes(b"x" * 1_000_000)
    size, count, sample = measure([str(tmp_path)], frozenset((str(tmp_path / ".paratask"),)))
    assert (10_000 <= size < 100_000, count, sample) == (True, 1, str(tmp_path / "a"))


def test_copies_are_made_below_tmpdir(tmp_path):
    holder = make_holder({"TMPDIR": str(tmp_path)}, "/checkout", 1, "")
    assert os.path.dirname(holder) == str(tmp_path)
    assert os.stat(holder).st_mode & 0o777 == 0o700


def test_what_does_not_fit_is_said_before_anything_is_copied(tmp_path, monkeypatch):
    monkeypatch.setattr(storage, "_clones", lambda *_: False)
    monkeypatch.setattr(storage, "_free_bytes", lambda _: 20_000_000)
    with pytest.raises(VerificationError) as caught:
        make_holder({"TMPDIR": str(tmp_path)}, "/checkout", 5_400_000, "")
    assert caught.value.message == f"the copies need 21 M, and {tmp_path} has 19 M left"
    assert caught.value.help == "TMPDIR=/folder/with/room paratask --verify …"
    assert os.listdir(tmp_path) == []


def test_copies_that_share_their_blocks_need_no_room(tmp_path, monkeypatch):
    monkeypatch.setattr(storage, "_clones", lambda *_: True)
    monkeypatch.setattr(storage, "_free_bytes", lambda _: 0)
    assert os.path.isdir(make_holder({"TMPDIR": str(tmp_path)}, "/checkout", 1 << 40, ""))


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(VerificationError) as caught:
        make_holder({"TMPDIR": str(tmp_path / "not" / "there")}, "/checkout", 1, "")
    assert caught.value.message == f"cannot make copies in {tmp_path}/not/there: no such file or directory"


def test_the_checkout_is_no_place_for_copies_of_it(tmp_path):
    (tmp_path / "tmp").mkdir()
    with pytest.raises(VerificationError, match="lies in the checkout"):
        make_holder({"TMPDIR": str(tmp_path / "tmp")}, str(tmp_path), 1, "")


def test_folders_without_permission_are_removed_and_links_are_not_followed(tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "file").touch()
    inner = tmp_path / "gone" / "a" / "b"
    inner.mkdir(parents=True)
    (inner / "file").touch()
    (inner / "link").symlink_to(tmp_path / "kept")
    inner.chmod(0o000)
    inner.parent.chmod(0o500)
    remove(str(tmp_path / "gone"), pytest.fail)
    remove(str(tmp_path / "gone"), pytest.fail)
    assert sorted(os.listdir(tmp_path)) == ["kept"]
    assert (tmp_path / "kept" / "file").exists()


def test_the_record_of_a_holder_went_before_the_copies_so_that_nobody_removed_those_after_a_kill(tmp_path, monkeypatch):
    holder = tmp_path / "holder"
    for name in ("a", "record", "z"):
        (holder / name / "inner").mkdir(parents=True)
    removed = []

    def rmtree(folder: str) -> None:
        removed.append(os.path.relpath(folder, tmp_path))
        assert os.path.isdir(holder / "record")
        real(folder)

    real = storage.shutil.rmtree
    monkeypatch.setattr(storage.shutil, "rmtree", rmtree)
    remove_holder(str(holder), "record", pytest.fail)
    assert sorted(removed[:-1]) == ["holder/a", "holder/z"]
    assert removed[-1] == "holder"
    assert not holder.exists()


def test_where_nobody_may_write_into_a_temporary_folder_a_proof_ended_in_a_traceback(monkeypatch):
    def refuse(**_: object) -> str:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", list)
    monkeypatch.setattr(tempfile, "mkdtemp", refuse)
    with pytest.raises(VerificationError) as caught:
        make_holder({}, "/checkout", 1, "")
    assert caught.value.message == "cannot make copies in /tmp: read-only file system"
