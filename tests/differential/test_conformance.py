"""What the real `task` did on its own test Taskfiles, against what paratask does. The floor only rises."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

CONFORMANCE = Path(__file__).parents[3] / "shared" / "conformance"
FLOOR = 97.8
"""Percent of the checks that must agree; reached are 98.1. Some race timeouts of 100 ms, and a busy machine loses one or two of
these. Raise it with the score; docs/compatibility.md says what the rest is about."""

pytestmark = pytest.mark.skipif(
    not CONFORMANCE.is_dir(), reason="the recorded behaviour is kept beside the checkout, and is not there"
)


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_recorded_behaviour_of_task():
    done = subprocess.run(
        [
            sys.executable, str(CONFORMANCE / "conformance.py"), "check", "--subject", f"{sys.executable} -m paratask",
            "--data", str(CONFORMANCE / "go-task-testdata"), "--golden", str(CONFORMANCE / "golden.json"), "--limit", "60",
            "--at-least", str(FLOOR), "-v",
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    score = re.search(r"checks agree \((\d+\.\d) %\)", done.stdout)
    assert score, done.stdout + done.stderr
    assert done.returncode == 0, done.stdout
