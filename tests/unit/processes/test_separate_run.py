"""A program run apart: with real processes."""

from __future__ import annotations

import os
import re
import resource
import signal
import sys

import psutil
import pytest

from paratask.processes import separate_run
from paratask.processes.running import RunningRecord
from paratask.processes.separate_run import Start, allows_private_mounts, run_separately


@pytest.fixture
def start(tmp_path):
    def make(text, **options):
        options.setdefault("environment", dict(os.environ))
        return Start(argv=["/bin/sh", "-c", text], folder=str(tmp_path), log=str(tmp_path / "log"), **options)

    return make


@pytest.fixture
def separately(tmp_path):
    """Runs it; afterwards nothing may be kept of what runs."""
    record = RunningRecord(str(tmp_path / "running"))
    yield lambda start: run_separately(start, record)
    for file in (tmp_path / "running").glob("*"):
        assert not re.search("^(group|folder)", file.read_text(), re.MULTILINE)
    record.close()


def test_its_end_and_its_output(tmp_path, start, separately):
    took = separately(start("echo out; echo err >&2; pwd; echo $NAME; cat; exit 3", environment={"NAME": "value"}))
    assert (took.exit_code, took.left_behind) == (3, 0)
    assert took.seconds > 0
    assert (tmp_path / "log").read_text() == f"out\nerr\n{tmp_path}\nvalue\n"


def test_a_signal_becomes_an_exit_code(start, separately):
    assert separately(start("kill -9 $$")).exit_code == 137


class Clock:
    """Time that passes only where somebody sleeps."""

    def __init__(self):
        self.now = 0.0

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


@pytest.fixture
def as_on_macos(monkeypatch):
    """Its Python has no descriptors of processes, and `waitid` from 3.13 on only."""
    for name in ("pidfd_open", "waitid"):
        monkeypatch.delattr(os, name, raising=False)


@pytest.mark.usefixtures("as_on_macos")
def test_its_end_where_processes_have_no_descriptors(start, separately):
    took = separately(start("exit 3"))
    assert (took.exit_code, took.left_behind) == (3, 0)
    assert took.peak_bytes > 0


@pytest.mark.usefixtures("as_on_macos")
def test_memory_is_looked_at_as_seldom_where_processes_have_no_descriptors(monkeypatch):
    clock, looks = Clock(), []
    monkeypatch.setattr(separate_run, "time", clock)
    monkeypatch.setattr(separate_run, "tree_bytes", lambda pids: looks.append(clock.now) or {7: 50})
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    monkeypatch.setattr(separate_run.os, "wait4", lambda pid, options: (pid if clock.now > 1 else 0, 256, usage))
    assert separate_run._Watch(7).until_ended()[0] == 256
    assert len(looks) <= 1 + 1 / separate_run.SAMPLE_SECONDS


HOLDER = """
import os, sys
held = bytes(1) * 40_000_000
while not os.path.exists("seen"):
    pass
"""


def test_memory_is_that_of_the_whole_tree(tmp_path, start, monkeypatch, separately):
    """Two children hold 40 MB each, until both have been seen to."""
    measure = separate_run.tree_bytes

    def seen(pids):
        found = measure(pids)
        if max(found.values(), default=0) > 80_000_000:
            (tmp_path / "seen").touch()
        return found

    monkeypatch.setattr(separate_run, "tree_bytes", seen)
    (tmp_path / "hold.py").write_text(HOLDER)
    took = separately(start(f"{sys.executable} hold.py & {sys.executable} hold.py & wait"))
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024  # the kernel counts what a child was before its exec
    assert 80_000_000 < took.peak_bytes < max(400_000_000, own + 1)


def test_what_it_leaves_behind_is_ended(tmp_path, start, separately):
    took = separately(start("sleep 1000 & echo $! > pid"))
    assert (took.exit_code, took.left_behind) == (0, 1)
    pid = int((tmp_path / "pid").read_text())
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


class _Signal(KeyboardInterrupt):
    pass


def _interrupt(*_):
    raise _Signal


@pytest.fixture
def alarmed():
    before = signal.signal(signal.SIGUSR1, _interrupt)
    yield f"kill -USR1 {os.getpid()}"
    signal.signal(signal.SIGUSR1, before)


def test_an_interrupt_is_passed_on_and_waited_for(tmp_path, start, alarmed, separately):
    with pytest.raises(_Signal):
        separately(start(f"trap 'echo ended > ended; exit' INT; {alarmed}; while :; do sleep 0.01; done"))
    assert (tmp_path / "ended").read_text() == "ended\n"


def test_mounts_are_seen_by_the_program_alone(tmp_path, start, separately):
    if not allows_private_mounts(str(tmp_path)):
        pytest.skip("this machine allows no private mounts")
    for name in ("shown", "place"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    took = separately(
        start("cat place/file; echo written > place/file", mounts=[(str(tmp_path / "shown"), str(tmp_path / "place"))])
    )  # fmt: skip
    assert took.exit_code == 0
    assert (tmp_path / "log").read_text() == "shown"
    assert (tmp_path / "place" / "file").read_text() == "place"
    assert (tmp_path / "shown" / "file").read_text() == "written\n"


def test_mounts_that_cannot_be_made_end_it(tmp_path, start, separately):
    took = separately(start("echo not reached", mounts=[(str(tmp_path / "nothing"), str(tmp_path))]))
    assert took.exit_code == 125
    assert (tmp_path / "log").read_text().startswith("paratask: no private mounts here: ")
