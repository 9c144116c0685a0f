"""The lock of an open file, as each system wants it asked for."""

from __future__ import annotations

import fcntl
import os
import struct

import pytest

from paratask import locks


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
    monkeypatch.setattr(locks.sys, "platform", system)
    locks.hold(7)
    ((fd, how, request),) = asked
    assert (fd, how) == (7, 90)
    assert dict(zip(fields, struct.unpack(layout, request), strict=True)) == {
        "type": fcntl.F_WRLCK, "whence": os.SEEK_SET, "start": 0, "length": locks.HELD_BYTES, "pid": 0,
    }  # fmt: skip


def test_where_there_are_no_such_locks_nothing_is_asked_for(monkeypatch, asked):
    monkeypatch.delattr(fcntl, "F_OFD_SETLK")
    locks.hold(7)
    assert asked == []
