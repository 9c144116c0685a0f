"""How many cores commands keep busy, of real processes; and what is made of that."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from paratask.execution.leases import Leases
from paratask.processes.busy_cores import tree_seconds
from paratask.scheduling.budget import Budget, Cost, Reading

pytestmark = pytest.mark.skipif(not os.path.exists("/proc/self/schedstat"), reason="the kernel does not count queues")

BUSY = "import time\nend = time.process_time() + 0.3\nwhile time.process_time() < end: pass\nprint(flush=True)\ninput()"


def test_a_process_and_what_it_started():
    below = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BUSY!r}])"
    with subprocess.Popen([sys.executable, "-c", below], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline()
        assert tree_seconds([process.pid])[process.pid] >= 0.3
        process.stdin.write(b"\n")


def test_one_that_waits_keeps_none_busy():
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as process:
        before = tree_seconds([process.pid])[process.pid]
        time.sleep(0.2)  # so long it waits
        assert tree_seconds([process.pid])[process.pid] - before < 0.1
        process.stdin.close()


def test_one_that_is_gone():
    with subprocess.Popen(["true"]) as process:
        pass
    assert tree_seconds([process.pid]) == {process.pid: 0}


class Clock:
    """A loop for leases that are granted at once."""

    def now(self):
        return 0.0


@pytest.mark.parametrize(
    ("cost", "cores", "free"),
    [
        (Cost(), 0.2, 1.75), (Cost(), 0.0, 1.9), (Cost(), 1.9, 0.0), (Cost(), 0.9, 1.0), (Cost(cpu=0.5, is_declared=True), 0.0, 1.5),
    ],
)  # fmt: skip
def test_what_is_seen_of_a_command_is_its_cost_from_then_on(cost, cores, free):
    leases = Leases(Clock(), Budget(cpus=2.0), Reading)
    ticket = leases._admission.request(cost)
    assert leases._admission.grant(Reading()) == [ticket]
    leases.note_cores(ticket, cores)
    assert 2.0 - leases.cpu_in_use == pytest.approx(free)
    leases.give_back(ticket)
    assert leases.cpu_in_use == 0.0
    leases.note_cores(ticket, cores)
    assert leases.cpu_in_use == 0.0
