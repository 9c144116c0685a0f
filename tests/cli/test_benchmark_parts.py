"""The parts that are measured by themselves still know the program that they measure. How long they take is not asked here."""

from __future__ import annotations

import pathlib
import subprocess
import sys

import pytest

BENCHMARKS = pathlib.Path(__file__).parents[2] / "benchmarks"


@pytest.mark.parametrize(
    ("script", "line"), [("planning.py", "closure and partition of 100 tasks:"), ("claims.py", "overlap(), two globs")]
)
def test_a_part_is_measured(script, line):
    done = subprocess.run([sys.executable, BENCHMARKS / script, "100"], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert line in done.stdout
