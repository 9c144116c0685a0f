"""Short turns: asked for this process, as it is, and for nothing that it starts."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(
    sys.platform != "linux"
    or platform.machine() not in ("x86_64", "aarch64", "riscv64")
    or tuple(int(part) for part in platform.release().split(".")[:2]) < (6, 12),
    reason="no turns of one's own choice before Linux 6.12",
)

PROGRAM = """
import ctypes, os, subprocess, sys
from paratask.processes import short_turns

def turn():
    attributes = ctypes.create_string_buffer(short_turns._ATTRIBUTES.size)
    number = short_turns._NUMBERS[os.uname().machine][1]
    assert ctypes.CDLL(None).syscall(number, 0, attributes, len(attributes), 0) == 0
    return short_turns._ATTRIBUTES.unpack(attributes.raw)[5]

if sys.argv[1] == "child":
    print(turn())
else:
    os.nice(int(sys.argv[1]))
    before = turn()
    print(short_turns.ask_for_short_turns(), turn() == 100_000, os.nice(0), flush=True)
    child = subprocess.run([sys.executable, sys.argv[2], "child"], capture_output=True, text=True, check=True)
    print(int(child.stdout) == before)
"""


def said(tmp_path, nice: int) -> list[str]:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    done = subprocess.run([sys.executable, program, str(nice), program], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_our_turns_are_short_and_those_of_what_we_start_are_as_they_were(tmp_path):
    if os.nice(0) < 0:
        pytest.skip("runs before others already")
    assert said(tmp_path, 1) == ["True", "True", str(os.nice(0) + 1), "True"]


def test_who_goes_before_others_asks_nothing_since_what_it_starts_would_lose_that(tmp_path):
    step = -2 - os.nice(0)
    if subprocess.run([sys.executable, "-c", f"import os; os.nice({step})"], capture_output=True, check=False).returncode:
        pytest.skip("only root may go before others")
    assert said(tmp_path, step) == ["False", "False", "-2", "True"]
