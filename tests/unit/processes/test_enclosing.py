"""Which paratask we are part of."""

from __future__ import annotations

import os
import subprocess
import sys

from paratask.processes.running import RUNNING_FOLDER, RunningRecord

ASK = "import sys; from paratask.processes.enclosing import enclosing_process; print(enclosing_process(sys.argv[1]))"


def asked_inside(state) -> int:
    """What a process that we start finds."""
    return int(subprocess.run([sys.executable, "-c", ASK, state], capture_output=True, check=True).stdout)


def test_a_record_with_the_same_process_id_from_another_container_hid_the_one_that_holds(tmp_path):
    folder = tmp_path / RUNNING_FOLDER
    folder.mkdir()
    for name in range(30):
        (folder / f"{name:x}-{os.getpid()}").write_text("run 1 1 0.0 another-boot/pid:[1]\n")
    assert asked_inside(tmp_path) == 0
    record = RunningRecord(str(folder))
    record.starting(1)
    assert asked_inside(tmp_path) == os.getpid()
    record.close()
