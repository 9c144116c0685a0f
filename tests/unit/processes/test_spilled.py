"""Output that waits on disk: what is read of it, whatever became of the file."""

from __future__ import annotations

import os

import pytest

from paratask.processes.spilled import Spool, Stretch, open_log


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "a.log"
    path.write_bytes(b"before" + b"out1" + b"err" + b"out2" + b"after")
    return path


def stretch_of(source) -> Stretch:
    stretch = Stretch(source, 6)
    stretch.extend(1, 3)
    stretch.extend(1, 1)
    stretch.extend(2, 3)
    stretch.extend(1, 4)
    return stretch


def test_a_stretch_of_a_log_is_read_by_streams(log):
    stretch = stretch_of(open_log(str(log)))
    assert list(stretch.read()) == [(1, b"out1"), (2, b"err"), (1, b"out2")]
    assert (stretch.end, stretch.last_byte()) == (17, b"2")
    stretch.join_streams()
    assert list(stretch.read()) == [(1, b"out1errout2")]


def test_of_a_log_that_somebody_made_shorter_there_is_what_is_left(log):
    """And reading it comes to an end."""
    stretch = stretch_of(open_log(str(log)))
    os.truncate(log, 12)
    assert list(stretch.read()) == [(1, b"out1"), (2, b"er")]
    assert stretch.last_byte() == b""


@pytest.fixture
def scarce(monkeypatch):
    """Descriptors are: none is kept open for a log."""
    monkeypatch.setattr(os, "sysconf", lambda name: 0)


@pytest.mark.usefixtures("scarce")
def test_a_log_that_is_not_kept_open_is_found_under_another_name(log):
    opened = len(os.listdir("/proc/self/fd"))
    stretch = stretch_of(open_log(str(log)))
    assert len(os.listdir("/proc/self/fd")) == opened
    log.rename(log.with_name("a.first-attempt.log"))
    log.write_bytes(b"the second attempt's: another file of the name")
    assert [data for _, data in stretch.read()] == [b"out1", b"err", b"out2"]
    del stretch
    assert len(os.listdir("/proc/self/fd")) == opened


@pytest.mark.usefixtures("scarce")
def test_a_log_that_is_gone_cannot_be_read(log):
    stretch = stretch_of(open_log(str(log)))
    log.unlink()
    with pytest.raises(FileNotFoundError):
        list(stretch.read())
    assert stretch.last_byte() == b""


@pytest.mark.usefixtures("scarce")
def test_a_temporary_file_is_kept_open_as_it_has_no_name(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    spool = Spool()
    assert (list(tmp_path.iterdir()), spool.write(b"some"), spool.write(b"thing"), spool.size) == ([], 4, 5, 9)
    stretch = Stretch(spool.source, 0)
    stretch.extend(2, 9)
    assert list(stretch.read()) == [(2, b"something")]
    assert not spool.source.is_log("")
