"""What a program that ran to its end leaves running is ended, and nothing else."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest
from execution.real import has_died, is_alive

from paratask.processes import ending
from paratask.processes.adoption import Adoption

PR_GET_CHILD_SUBREAPER = 37
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="orphans come to us on Linux")


@pytest.fixture
def before():
    """A process of ours that runs already."""
    with subprocess.Popen(["sleep", "600"]) as process:
        yield process
        process.kill()


def leaves(text: str) -> tuple[int, int]:
    """The session of a program that has ended, and the id of what it left."""
    with subprocess.Popen(["sh", "-c", text], start_new_session=True, stdout=subprocess.PIPE, text=True) as process:
        return process.pid, int(process.stdout.readline())


def adopts() -> bool:
    found = ctypes.c_int()
    ctypes.CDLL(None).prctl(PR_GET_CHILD_SUBREAPER, ctypes.byref(found), 0, 0, 0)
    return bool(found.value)


@LINUX
@pytest.mark.parametrize("session", ["", "setsid "])
def test_orphans_come_to_us_whatever_session_they_went_to(before, session):
    with Adoption() as adoption:
        assert adopts()
        program, left = leaves(f"{session}sh -c 'sleep 600 & wait' > /dev/null & echo $!")
        assert is_alive(left)
        assert adoption.end(program) >= 1
        assert not is_alive(left)
        assert adoption.end(program) == 0
    assert not adopts()
    assert before.poll() is None


STUBBORN = """
sh -c 'trap "" TERM; echo $$; while :; do sleep 600; done' &
"""
POLITE = """
sh -c 'trap "echo bye > said; exit" TERM; sleep 600 & echo $$; wait' &
"""


@LINUX
def test_an_orphan_that_ignores_the_signal_is_killed(before, monkeypatch):
    monkeypatch.setattr(ending, "GRACE_SECONDS", 0.1)
    with Adoption() as adoption:
        program, left = leaves(STUBBORN)
        adoption.end(program)
        assert not is_alive(left)
    assert before.poll() is None


@LINUX
def test_an_orphan_may_come_to_its_end(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with Adoption() as adoption:
        program, _ = leaves(POLITE)
        assert adoption.end(program) == 2
    assert (tmp_path / "said").read_text() == "bye\n"


def test_elsewhere_those_in_its_session_are_found(before):
    adoption = Adoption()
    adoption._adopts = False
    with adoption:
        program, left = leaves("sleep 600 > /dev/null & echo $!")
        assert adoption.end(program) == 1
        assert has_died(left)
    assert before.poll() is None
