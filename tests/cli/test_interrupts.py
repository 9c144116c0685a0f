"""Signals, and who is left afterwards: nobody. See "Processes" in docs/design.md."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

TASKFILE = """\
version: '3'
tasks:
  both: {cmds: [{defer: echo cleaned up}, {task: a}, {task: b}, {task: after}]}
  a: ["echo $$ > a.pid; echo up > ready; sleep 1000 & wait"]
  b: ["trap '' INT TERM; echo $$ > b.pid; echo up > ready; while :; do sleep 1000; done"]
  after: touch after
  lone: {cmds: [{defer: echo lone cleaned up}, 'echo $$ > a.pid; echo up > ready; sleep 1000']}
"""


@pytest.fixture
def waiting(workspace):
    workspace.taskfile(TASKFILE)
    workspace.write("paratask.toml", '[tasks.a]\nwrites = ["a"]\n[tasks.b]\nwrites = ["b"]\n[tasks.after]\nwrites = ["**"]\n')
    os.mkfifo(workspace.root / "ready")
    workspace.ready = os.open(workspace.root / "ready", os.O_RDWR)  # both ends, so that no writer ever finds it closed
    yield workspace
    os.close(workspace.ready)


def await_jobs(workspace, count: int) -> None:
    """Until so many jobs have said that they are up."""
    seen = b""
    while seen.count(b"up\n") < count:
        seen += os.read(workspace.ready, 100)


def group_is_gone(pid_file: Path) -> bool:
    """Whether no process of that group is left, once those that were killed have had the time to die."""
    deadline = time.monotonic() + 10
    while is_alive(pid_file.read_text().strip()):
        if time.monotonic() > deadline:
            return False
    return True


def is_alive(group: str) -> bool:
    """Whether a process of the group runs, the dead that nobody has reaped yet aside."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, pgrp, *_ = stat.read_text().rpartition(")")[2].split()
        except (OSError, ValueError):
            continue
        if pgrp == group and state != "Z":
            return True
    return False


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_once_ends_everything_in_order(waiting, number):
    process = waiting.start("lone")
    await_jobs(waiting, 1)
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 201
    assert "lone cleaned up\n" in out
    assert "task: Signal received: " in out
    assert "error: `lone` failed: stopped by a signal" in err
    assert group_is_gone(waiting.root / "a.pid")


@pytest.mark.slow
def test_a_set_leaves_no_process_even_if_one_ignores_the_signal(waiting):
    process = waiting.start("both", env={"PARATASK_JOBS": "2"})
    await_jobs(waiting, 2)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=20)
    assert process.returncode == 201
    assert "cleaned up\n" in out
    assert not (waiting.root / "after").exists()
    assert all(group_is_gone(waiting.root / name) for name in ("a.pid", "b.pid"))


@pytest.mark.slow
def test_twice_is_at_once(waiting):
    process = waiting.start("both", env={"PARATASK_JOBS": "2"})
    await_jobs(waiting, 2)
    process.send_signal(signal.SIGINT)
    line = process.stdout.readline()
    assert line == 'task: Signal received: "interrupt"\n'
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert process.returncode == 1
    assert all(group_is_gone(waiting.root / name) for name in ("a.pid", "b.pid"))


def test_an_ignored_signal_stays_ignored(waiting):
    """`nohup`, or a job in the background of a script."""
    workspace = waiting
    workspace.taskfile("version: '3'\ntasks:\n  kill: kill -INT $PPID; echo alive\n")
    done = subprocess.run(
        ["bash", "-c", "trap '' INT; exec \"$@\"", "bash", *workspace.argv("kill")],
        cwd=workspace.root, env=workspace.environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "alive\n")


def test_whoever_reads_may_go_away(workspace):
    workspace.taskfile("version: '3'\ntasks:\n  endless: yes\n")
    with workspace.start("endless") as process:
        assert process.stdout.readline() == "y\n"
        process.stdout.close()
        process.stderr.read()
        assert process.wait(timeout=20) == 201
