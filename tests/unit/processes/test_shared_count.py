"""A number that two processes have."""

from __future__ import annotations

import os
import signal

import pytest

from paratask.processes import shared_count
from paratask.processes.shared_count import SharedCount, counter


@pytest.mark.parametrize("system", ["linux", "another"])
def test_what_another_process_counts_is_seen_also_when_it_crashes(monkeypatch, system):
    monkeypatch.setattr(shared_count.sys, "platform", system)
    number = SharedCount()
    assert number.value == 0
    pid = os.fork()
    if not pid:
        count = counter(number.fd)
        for _ in range(3):
            count()
        os.kill(os.getpid(), signal.SIGKILL)
    number.close()
    os.waitpid(pid, 0)
    assert number.value == 3


def test_no_descriptor_is_left_where_it_cannot_be_had(monkeypatch):
    closed = []

    def refuse(*_):
        raise OSError("no memory")

    monkeypatch.setattr(shared_count.mmap, "mmap", refuse)
    monkeypatch.setattr(shared_count.os, "close", closed.append)
    with pytest.raises(OSError, match="no memory"):
        SharedCount()
    (fd,) = closed
    monkeypatch.undo()
    os.close(fd)
