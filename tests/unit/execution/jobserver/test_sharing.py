"""What is kept of commands that share job slots."""

from __future__ import annotations

import pytest

from paratask.execution.jobserver.sharing import Sharing
from paratask.execution.leases import Leases
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


def ended(loop: Loop) -> Process:
    process = Process(loop, NO_PID)
    process.ended = Ended(exit_status=0, signal=0, cpu_seconds=2.0, seconds=4.0, taken_seconds=0.1)
    return process


def test_the_kernel_was_believed_to_have_counted_how_long_a_command_waited_for_a_slot(loop):
    sharing = Sharing(
        loop=loop, leases=Leases(loop, Budget(cpus=2.0), Reading), shell=Shell({}), environ={}, slots=2, style="auto",
        say=print, tell=print, at_exit=[],
    )  # fmt: skip
    invited, other = ended(loop), ended(loop)
    sharing.ended(other)
    sharing.started(NO_PID)
    sharing.ended(invited)
    assert (invited.ended.taken_seconds, invited.ended.cpu_seconds) == (float("inf"), 2.0)
    assert other.ended.taken_seconds == 0.1
