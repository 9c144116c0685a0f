"""Which processes run, by /proc and by psutil; and how much they compute."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from paratask.processes import process_table
from paratask.processes.process_table import busy_seconds, group_of, is_running, parent_of, read_processes

BUSY = "import time\nend = time.process_time() + 0.3\nwhile time.process_time() < end: pass\nprint(flush=True)\ninput()"
counts_queues = pytest.mark.skipif(not os.path.exists("/proc/self/schedstat"), reason="the kernel does not count queues")


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


@counts_queues
def test_a_process_is_as_busy_as_what_it_started():
    below = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BUSY!r}])"
    with subprocess.Popen([sys.executable, "-c", below], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline()
        assert busy_seconds([process.pid])[process.pid] >= 0.3
        process.stdin.write(b"\n")


@counts_queues
def test_one_that_waits_keeps_no_core_busy():
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as process:
        before = busy_seconds([process.pid])[process.pid]
        time.sleep(0.2)  # so long it waits
        assert busy_seconds([process.pid])[process.pid] - before < 0.1
        process.stdin.close()


@counts_queues
def test_one_that_is_gone_keeps_no_core_busy():
    with subprocess.Popen(["true"]) as process:
        pass
    assert busy_seconds([process.pid]) == {process.pid: 0}
