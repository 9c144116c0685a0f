"""What is kept of commands that share job slots."""

from __future__ import annotations

import os
import subprocess

import pytest

from paratask.execution.jobserver.sharing import Sharing
from paratask.execution.leases import SLOTS_VARIABLE, Leases
from paratask.kernel.loop import Loop
from paratask.kernel.poller import SystemPoller
from paratask.processes.process import Ended, Process
from paratask.processes.shell import Shell
from paratask.scheduling.budget import Budget, Reading

NO_PID = 2**22 + 1
"""More than Linux gives to anybody."""


@pytest.fixture
def loop():
    poller = SystemPoller()
    yield Loop(poller)
    poller.close()


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def sharing(loop, told):
    """With a pool of its own, of two slots."""
    found = Sharing(
        loop=loop, leases=Leases(loop, Budget(cpus=2.0), Reading), shell=Shell({}), environ={}, slots=2, style="auto",
        say=told.append, tell=told.append, at_exit=[],
    )  # fmt: skip
    yield found
    found.close()


@pytest.fixture
def server():
    """A process that is still there, in a group of its own."""
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, start_new_session=True) as process:
        yield process.pid


def take_a_token(sharing: Sharing) -> None:
    """As a command that never gives it back."""
    invitation = sharing.invite("paratask x", ["paratask", "x"], {}, "/", ())
    assert invitation is not None
    path = invitation.environment[SLOTS_VARIABLE].partition("fifo:")[2].split()[0]
    fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    assert len(os.read(fd, 1)) == 1
    os.close(fd)


def refuse(*_: object) -> None:
    raise AssertionError("it waited")


def ended(loop: Loop, pid: int = NO_PID) -> Process:
    process = Process(loop, pid)
    process.ended = Ended(exit_status=0, signal=0, cpu_seconds=2.0, seconds=4.0, taken_seconds=0.1)
    return process


def test_the_kernel_was_believed_to_have_counted_how_long_a_command_waited_for_a_slot(loop, sharing):
    invited, other = ended(loop), ended(loop)
    sharing.ended(other)
    sharing.started(NO_PID)
    sharing.ended(invited)
    assert (invited.ended.taken_seconds, invited.ended.cpu_seconds) == (float("inf"), 2.0)
    assert other.ended.taken_seconds == 0.1


def test_each_command_waited_two_seconds_for_what_a_make_had_left_running(loop, sharing, server, monkeypatch):
    sharing.invite("paratask x", ["paratask", "x"], {}, "/", ())
    sharing.started(server)
    sharing.ended(ended(loop, server))
    monkeypatch.setattr(Loop, "sleep", refuse)
    loop.run(sharing.settle())


def test_for_slots_that_are_missing_only_the_first_command_waits(loop, sharing, server, told, monkeypatch):
    monkeypatch.setattr("paratask.execution.jobserver.sharing.PATIENCE_SECONDS", 0.05)
    take_a_token(sharing)
    sharing.started(server)
    sharing.ended(ended(loop, server))
    loop.run(sharing.settle())
    monkeypatch.setattr(Loop, "sleep", refuse)
    loop.run(sharing.settle())
    assert told == []


def test_who_had_ended_kept_slots_where_nobody_took_note_of_it(loop, sharing, told):
    take_a_token(sharing)
    with subprocess.Popen(["true"], start_new_session=True) as process:
        sharing.started(process.pid)
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        sharing.ended(ended(loop, process.pid))
    assert told == ["paratask: 1 job slot is free again that commands took and did not give back"]
