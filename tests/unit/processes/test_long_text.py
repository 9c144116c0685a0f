"""A text that is too long for an argument, in a file that the shell reads."""

from __future__ import annotations

import subprocess
import sys
import tempfile

import pytest

from paratask.processes.long_text import in_file


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it is a temporary file")
def test_a_long_text_needed_a_temporary_folder(monkeypatch):
    """In a container whose disk is read-only there is none."""
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    with in_file(["sh", "-c", "echo $LONG ü"], {"LONG": "x" * 5_000}, closes=False) as (argv, environment):
        done = subprocess.run(argv, env=environment, close_fds=False, capture_output=True, check=True)
    assert done.stdout.decode() == "x" * 5_000 + " ü\n"
