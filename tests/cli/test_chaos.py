"""A few rounds of chaos.py, and what the next run does about one that was killed. See "Processes" in docs/design.md.

`paratask races` plays many rounds. One that failed is played again with PARATASK_SEED=123.
"""

from __future__ import annotations

import os
import signal

import pytest

from chaos import play
from up_and_gone import await_jobs, group_is_gone

REPLAYED = os.environ.get("PARATASK_SEED", "")
SEEDS = [int(REPLAYED)] if REPLAYED else list(range(int(os.environ.get("PARATASK_ROUNDS", "12"))))

TASKFILE = """\
version: '3'
silent: true
tasks:
  lone: 'echo $$ > a.pid; echo up > ready; sleep 1000 & wait'
  outer: python -m paratask inner
  inner: 'echo $$ > a.pid; echo up > ready; sleep 1000 & wait'
  daemon: {cmds: ['sleep 1000 > /dev/null 2>&1 & echo $! > a.pid', 'echo up > ready; sleep 1000']}
  after: echo after
"""


@pytest.fixture
def waiting(workspace):
    workspace.taskfile(TASKFILE)
    os.mkfifo(workspace.root / "ready")
    workspace.ready = os.open(workspace.root / "ready", os.O_RDWR)
    yield workspace
    os.close(workspace.ready)


def kill(workspace, *args: str) -> None:
    process = workspace.start(*args)
    await_jobs(workspace, 1)
    process.kill()
    process.communicate()


def records(workspace) -> list[str]:
    return os.listdir(workspace.root / ".paratask" / "running")


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_lost_and_nothing_left_behind(seed):
    play(seed)


@pytest.mark.slow
@pytest.mark.parametrize("task", ["lone", "outer"])
def test_the_next_run_ends_what_a_killed_one_left(waiting, task):
    kill(waiting, task)
    assert records(waiting)
    done = waiting.run("after")
    assert (done.returncode, done.stdout) == (0, "after\n")
    assert done.stderr.startswith("paratask: ended ")
    assert " that a killed run had left behind: " in done.stderr
    assert done.stderr.count("\n") == 1
    assert group_is_gone(waiting.root / "a.pid")
    assert not records(waiting)
    assert waiting.run("after").stderr == ""


@pytest.mark.slow
@pytest.mark.parametrize("looks", [["--list"], ["--plan", "after"], ["--dry", "after"], ["--status", "after"]])
def test_whoever_only_looks_ends_nothing(waiting, looks):
    kill(waiting, "lone")
    assert "left behind" not in waiting.run(*looks).stderr
    group = int((waiting.root / "a.pid").read_text())
    os.killpg(group, 0)
    assert len(records(waiting)) == 1
    waiting.run("after")
    assert group_is_gone(waiting.root / "a.pid")


@pytest.mark.slow
def test_what_an_ended_command_left_on_purpose_stays(waiting):
    """Of a run that goes well, and of one that is killed later."""
    kill(waiting, "daemon")
    done = waiting.run("after")
    assert done.stderr.startswith("paratask: ended ")
    daemon = int((waiting.root / "a.pid").read_text())
    os.kill(daemon, 0)
    os.kill(daemon, signal.SIGKILL)


@pytest.mark.slow
def test_a_run_beside_a_living_one_ends_nothing_of_it(waiting):
    living = waiting.start("lone")
    await_jobs(waiting, 1)
    assert waiting.run("after").stderr == ""
    os.killpg(int((waiting.root / "a.pid").read_text()), signal.SIGTERM)
    living.communicate(timeout=20)
    assert living.returncode == 201
    assert not records(waiting)
