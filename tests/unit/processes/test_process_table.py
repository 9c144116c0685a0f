"""Which processes run, by /proc and by psutil."""

from __future__ import annotations

import os
import subprocess

import pytest

from paratask.processes import process_table
from paratask.processes.process_table import group_of, is_running, parent_of, read_processes


@pytest.fixture(params=["proc", "psutil"])
def way(request, monkeypatch):
    if request.param == "psutil":
        monkeypatch.setattr(process_table, "has_proc", lambda: False)
    elif not process_table.has_proc():
        pytest.skip("there is no /proc")


def test_a_child_is_seen_until_it_has_ended(way):
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, start_new_session=True) as child:
        seen = read_processes()[child.pid]
        assert (seen.parent, seen.group) == (os.getpid(), child.pid)
        assert (parent_of(child.pid), group_of(child.pid)) == (os.getpid(), child.pid)
        assert seen.started >= read_processes()[os.getpid()].started
        assert is_running(child.pid)
    assert child.pid not in read_processes()
    assert (parent_of(child.pid), group_of(child.pid)) == (0, 0)
    assert not is_running(child.pid)


def test_a_zombie_does_not_run():
    if not process_table.has_proc():
        pytest.skip("there is no /proc")
    child = subprocess.Popen(["true"])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert not is_running(child.pid)
    assert child.pid not in read_processes()
    child.wait()
